/** Finds the requests of one connection that the lane takes. */

import type { Http1Route } from "./http1-route.ts";
import { type RequestHead, readRequestHead } from "./request-head.ts";

export interface FoundRequest {
  readonly head: RequestHead;
  readonly route: Http1Route;
}

/** A client says the same again and again, and then its head need not be read. Longer ones are read each time. */
export const rememberedBytesMax = 1_024;

export class RequestFinder {
  readonly #routes: ReadonlyMap<string, Http1Route>;
  readonly #headBytesMax: number;
  /** Memory for the last head, and what was found in it. */
  #bytes: Buffer | undefined;
  #found: FoundRequest | undefined;

  constructor(routes: ReadonlyMap<string, Http1Route>, headBytesMax: number) {
    this.#routes = routes;
    this.#headBytesMax = headBytesMax;
  }

  /** The request whose head begins at `start`; undefined when it is not for the lane. */
  find(bytes: Buffer, start: number): FoundRequest | undefined {
    if (this.#found !== undefined && this.#isKnown(bytes, start, this.#found.head.bytes)) return this.#found;
    const head = readRequestHead(bytes, start, this.#headBytesMax);
    const route = head && this.#routes.get(head.path);
    if (head === undefined || route === undefined || !route.accepts(head)) return undefined;
    const found = { head, route };
    this.#remember(bytes, start, found);
    return found;
  }

  #isKnown(bytes: Buffer, start: number, length: number): boolean {
    const end = start + length;
    return (
      this.#bytes !== undefined &&
      end <= bytes.length &&
      // An empty line ends what is compared, so that equal bytes are the whole of an equal head.
      bytes.compare(this.#bytes, 0, length, start, end) === 0
    );
  }

  #remember(bytes: Buffer, start: number, found: FoundRequest): void {
    const length = found.head.bytes;
    if (length > rememberedBytesMax) return;
    this.#bytes ??= Buffer.allocUnsafeSlow(rememberedBytesMax);
    bytes.copy(this.#bytes, 0, start, start + length);
    this.#found = found;
  }
}
