import type { Http2Session } from "node:http2";
import { Http2SessionManager } from "@connectrpc/connect-node";

/**
 * Keeps the error of a broken connection from ending the process. The manager takes its listeners off a connection that it has
 * given up (after GOAWAY, at `abort`) before that connection has told its error (seen with connect-node 2.2: "received
 * GOAWAY without any open streams"), and Node throws an error event that nobody hears.
 */
export class GuardedSessionManager extends Http2SessionManager {
  readonly #guarded = new WeakSet<Http2Session>();

  override async request(...args: Parameters<Http2SessionManager["request"]>) {
    const stream = await super.request(...args);
    const { session } = stream;
    if (session !== undefined && !this.#guarded.has(session)) {
      this.#guarded.add(session);
      session.on("error", () => undefined);
    }
    return stream;
  }
}
