/** The answer on an HTTP/2 stream as a writable stream, with the methods of HTTP/1.1's that its users have in common. */

import { Writable } from "node:stream";
import { errorCode } from "./frame.ts";
import { encodeFields } from "./hpack-encoder.ts";
import type { Http2Stream } from "./http2-stream.ts";

type HeaderValue = number | string | readonly string[];

/** Node's HTTP/1.1 puts them into a connection's answers; HTTP/2 forbids them. */
const connectionNames: ReadonlySet<string> = new Set(["connection", "keep-alive", "transfer-encoding", "upgrade"]);

/** What is no latin1, and control characters but the tab (RFC 9110, 5.5). */
const forbiddenInValue = /[^\t\x20-\x7e\x80-\xff]/;

export class Http2Response extends Writable {
  readonly stream: Http2Stream;
  statusCode = 200;
  readonly #headers = new Map<string, HeaderValue>();
  #trailers: readonly (readonly [string, string])[] = [];
  /** Continues a write that waits for the client. */
  #onRoom: (() => void) | undefined;

  constructor(stream: Http2Stream) {
    super({ autoDestroy: false, decodeStrings: true, highWaterMark: 65_536 });
    this.stream = stream;
  }

  get headersSent(): boolean {
    return this.stream.headersSent;
  }

  setHeader(name: string, value: HeaderValue): this {
    if (this.headersSent) throw new Error(`header ${name} is set after the headers have been sent`);
    // Here, where whoever sets it can still answer something else.
    if (forbiddenInValue.test(String(value)))
      throw new TypeError(`header ${name} has a character that no value may have`);
    const lower = name.toLowerCase();
    if (!connectionNames.has(lower)) this.#headers.set(lower, value);
    return this;
  }

  writeHead(status: number, headers: Readonly<Record<string, HeaderValue>> = {}): this {
    this.statusCode = status;
    for (const [name, value] of Object.entries(headers)) this.setHeader(name, value);
    this.flushHeaders();
    return this;
  }

  flushHeaders(): void {
    if (!this.headersSent) this.stream.respond(this.#headerBlock());
  }

  /** Trailers that follow the body; they must be known when the answer ends. */
  addTrailers(trailers: Readonly<Record<string, string>>): void {
    this.#trailers = Object.entries(trailers);
  }

  writeContinue(): void {
    this.stream.inform(encodeFields([[":status", "100"]]));
  }

  /** Room has come, or will never come. */
  resume(): void {
    const onRoom = this.#onRoom;
    this.#onRoom = undefined;
    onRoom?.();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.flushHeaders();
    if (this.stream.write(chunk) || this.stream.isClosed) done();
    else this.#onRoom = done;
  }

  override _final(done: () => void): void {
    if (this.headersSent) this.stream.end(this.#trailers.length === 0 ? undefined : encodeFields(this.#trailers));
    else if (this.#trailers.length === 0) this.stream.respondAndEnd(this.#headerBlock());
    else {
      this.flushHeaders();
      this.stream.end(encodeFields(this.#trailers));
    }
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.stream.close(errorCode.internalError);
    this.resume();
    done(error);
  }

  #headerBlock(): Buffer {
    return encodeFields(this.#fields());
  }

  *#fields(): Generator<readonly [string, string]> {
    yield [":status", String(this.statusCode)];
    if (!this.#headers.has("date")) yield ["date", new Date().toUTCString()];
    for (const [name, value] of this.#headers) {
      if (typeof value === "object") for (const each of value) yield [name, each];
      else yield [name, String(value)];
    }
  }
}
