import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { AlertmanagerAlert } from "../../../src/monitor/alerts/alertmanager-message.ts";

/** A receiver that answers the given statuses in turn, the last one from then on. */
export class AlertmanagerServer {
  readonly requests: { readonly method: string; readonly path: string; readonly alerts: AlertmanagerAlert[] }[] = [];
  readonly #statuses: readonly number[];
  readonly #server: Server;
  #waiting: (() => void)[] = [];

  private constructor(statuses: readonly number[]) {
    this.#statuses = statuses;
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const alerts: AlertmanagerAlert[] = JSON.parse(Buffer.concat(chunks).toString());
        response.statusCode = this.#statuses[Math.min(this.requests.length, this.#statuses.length - 1)] ?? 200;
        this.requests.push({ method: request.method ?? "", path: request.url ?? "", alerts });
        response.end(() => {
          for (const wake of this.#waiting.splice(0)) wake();
        });
      });
    });
  }

  static async listen(statuses: readonly number[] = [200]): Promise<AlertmanagerServer> {
    const server = new AlertmanagerServer(statuses);
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      server.#server.closeAllConnections();
      server.#server.close();
    });
    return server;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** Resolves when so many requests have been answered; the test's own timeout ends a wait in vain. */
  async received(count: number): Promise<void> {
    while (this.requests.length < count) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}
