/** What requests may hold, all of them together, before they are complete. Connections are many, and each may leave many requests half sent. */

import { OverloadedError } from "../domain/errors.ts";

/** A request that is refused for want of memory has waited for slow ones. */
const memoryRetryAfterMs = 1_000;

export class UnfinishedRequests {
  readonly #bytesMax: number;
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** False when so much more would be too much; then nothing has been taken. */
  take(bytes: number): boolean {
    if (this.#bytes + bytes > this.#bytesMax) return false;
    this.#bytes += bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#bytes -= bytes;
  }
}

export function tooManyUnfinished(): OverloadedError {
  return new OverloadedError("too many requests are half received", memoryRetryAfterMs, "TOO_MANY_UNFINISHED");
}
