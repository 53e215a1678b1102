import type { Server } from "node:net";

/** Tells the harness that the server is ready, in the form in which the service does. */
export function announce(server: Server): void {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no address");
  announcePort(address.port);
}

export function announcePort(port: number): void {
  process.stderr.write(`ready at http://127.0.0.1:${port}\n`);
}
