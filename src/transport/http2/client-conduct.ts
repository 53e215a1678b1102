/** What a client may do that costs us more than it, and how often. */

import { Allowance } from "./allowance.ts";
import { ConnectionError, errorCode } from "./frame.ts";

/**
 * Streams that end in the middle of their call because of the client, at once and for good: those it resets
 * (CVE-2023-44487), and those it makes us reset by breaking the protocol (CVE-2025-8671). The figures are those of
 * nghttp2, which alone would be too few for a proxy that carries the calls of many, or for a client that hedges and
 * cancels the slower call. So every call that is let finish earns one more: who cancels no more than half of its calls is
 * never limited, and who attacks pays for each reset with a whole call, which costs us no more than serving it.
 */
const resetsBurst = 1_000;
const resetsPerSecond = 33;
/**
 * Frames without a request or a byte of one: pings, settings, priorities, requests that are refused unseen, beside those
 * that our DATA has earned. grpc-go pings once a round trip as long as DATA comes, to measure the connection: over loopback that
 * may be more often than this. Keepalives of grpc-java and others come every few seconds at most.
 */
const idleFramesBurst = 10_000;
const idleFramesPerSecond = 10_000;

/** Counts for one connection. What is too much throws the ConnectionError that ends it. */
export class ClientConduct {
  readonly #resets: Allowance;
  readonly #idleFrames: Allowance;
  readonly #takeEarned: () => boolean;

  /** @param takeEarned uses up one frame that an answer of ours has earned the client; false when there is none */
  constructor(monotonicMs: () => number, takeEarned: () => boolean) {
    this.#resets = new Allowance(resetsBurst, resetsPerSecond, monotonicMs);
    this.#idleFrames = new Allowance(idleFramesBurst, idleFramesPerSecond, monotonicMs);
    this.#takeEarned = takeEarned;
  }

  countReset(): void {
    if (!this.#resets.take()) throw new ConnectionError(errorCode.enhanceYourCalm, "too many streams reset");
  }

  countFinishedCall(): void {
    this.#resets.giveBack();
  }

  countIdleFrame(): void {
    if (this.#takeEarned() || this.#idleFrames.take()) return;
    throw new ConnectionError(errorCode.enhanceYourCalm, "too many frames about nothing");
  }
}
