/** Plain HTTP exchanges, over either version, one connection a client. */

import { Agent, request as requestHttp1 } from "node:http";
import { connect as connectHttp2 } from "node:http2";

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface HttpClient extends AsyncDisposable {
  send(request: HttpRequest): Promise<HttpAnswer>;
}

export function openHttp1(port: number): HttpClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return {
    send: ({ method, path, headers, body }) =>
      new Promise((resolve, reject) => {
        const request = requestHttp1({ host: "127.0.0.1", port, agent, method, path, headers: { ...headers } });
        request.on("error", reject).on("response", (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk)).on("error", reject);
          response.on("end", () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: Buffer.concat(chunks).toString("utf8"),
            }),
          );
        });
        request.end(body);
      }),
    async [Symbol.asyncDispose]() {
      agent.destroy();
    },
  };
}

export function openHttp2(port: number): HttpClient {
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  // Every stream reports it as well, and a stream is what a test waits for.
  session.on("error", () => session.destroy());
  return {
    send: ({ method, path, headers, body }) =>
      new Promise((resolve, reject) => {
        const stream = session.request({ ":method": method, ":path": path, ...headers });
        const chunks: Buffer[] = [];
        let answered: Omit<HttpAnswer, "body"> | undefined;
        stream.on("response", (received) => {
          const { ":status": status = 0, ...rest } = received;
          answered = { status, headers: rest };
        });
        stream.on("data", (chunk: Buffer) => chunks.push(chunk)).on("error", reject);
        stream.on("end", () => {
          if (answered === undefined) reject(new Error("the stream ended without an answer"));
          else resolve({ ...answered, body: Buffer.concat(chunks).toString("utf8") });
        });
        stream.end(body);
      }),
    async [Symbol.asyncDispose]() {
      session.destroy();
    },
  };
}
