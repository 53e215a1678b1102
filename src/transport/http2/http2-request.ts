/** A request on an HTTP/2 stream as a readable stream, for whoever serves HTTP/1.1 as well. */

import type { IncomingHttpHeaders } from "node:http";
import { Readable } from "node:stream";
import { errorCode } from "./frame.ts";
import type { Http2Stream } from "./http2-stream.ts";

export class Http2Request extends Readable {
  readonly httpVersion = "2.0";
  readonly headers: IncomingHttpHeaders;
  readonly method: string;
  readonly url: string;
  readonly authority: string | undefined;
  readonly stream: Http2Stream;
  /** The client gave the request up before it was complete. */
  aborted = false;

  constructor(stream: Http2Stream) {
    // What nobody reads waits in the stream, where the client's window limits it, and its pieces are joined.
    super({ autoDestroy: false, highWaterMark: 1 });
    const { headers } = stream;
    this.stream = stream;
    this.headers = headers;
    this.method = String(headers[":method"]);
    this.url = String(headers[":path"] ?? "");
    this.authority = headers[":authority"] === undefined ? undefined : String(headers[":authority"]);
  }

  override _read(): void {
    this.stream.resume();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.stream.close(errorCode.cancel);
    done(error);
  }

  receive(piece: Buffer): void {
    if (!this.push(piece)) this.stream.pause();
  }

  receiveEnd(): void {
    this.push(null);
  }

  /** The stream is closed: what has not been read never will be. */
  release(): void {
    if (!this.stream.isRemoteEnded) {
      this.aborted = true;
      this.emit("aborted");
    }
    this.destroy();
  }
}
