import { once } from "node:events";
import { Client, credentials } from "@grpc/grpc-js";
import { batchPredictPath, predictPath } from "./protocol-paths.ts";

/** A client that is not ours, so that a contestant is checked against the protocol and not against itself. */
export async function withGrpcClient<T>(port: number, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  try {
    return await use(client);
  } finally {
    client.close();
  }
}

const keep = (bytes: Buffer): Buffer => bytes;
const deadline = () => ({ deadline: Date.now() + 10_000 });

/** One Predict; rejects unless its status is OK. */
export function callPredict(client: Client, message: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(predictPath, keep, keep, Buffer.from(message), deadline(), (error, answer) => {
      if (error !== null) reject(error);
      else if (answer === undefined) reject(new Error("no answer"));
      else resolve(answer);
    });
  });
}

/** A BatchPredict stream of the given messages; its answers, one by one. */
export async function callBatchPredict(client: Client, messages: readonly Uint8Array[]): Promise<Buffer[]> {
  const call = client.makeBidiStreamRequest(batchPredictPath, keep, keep, deadline());
  const answers: Buffer[] = [];
  call.on("data", (answer: Buffer) => answers.push(answer));
  for (const message of messages) call.write(Buffer.from(message));
  call.end();
  await once(call, "end");
  return answers;
}
