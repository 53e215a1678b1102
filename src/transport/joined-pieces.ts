const noBytes = Buffer.alloc(0);

/**
 * Bytes that come in pieces. One piece alone is given back as it is; more are copied together as they come, so that what
 * is held is at most twice what has been received, however small the pieces are.
 */
export class JoinedPieces {
  #held: Buffer = noBytes;
  #length = 0;
  /** True while `#held` is a piece as it was given and not memory of our own. */
  #isBorrowed = false;

  get length(): number {
    return this.#length;
  }

  add(piece: Buffer): void {
    if (this.#length === 0) {
      this.#held = piece;
      this.#length = piece.length;
      this.#isBorrowed = true;
      return;
    }
    const length = this.#length + piece.length;
    if (this.#isBorrowed || length > this.#held.length) {
      const held = Buffer.allocUnsafeSlow(Math.max(length, 2 * this.#length));
      held.set(this.#held.subarray(0, this.#length));
      this.#held = held;
      this.#isBorrowed = false;
    }
    this.#held.set(piece, this.#length);
    this.#length = length;
  }

  /** All bytes so far; begins anew. */
  take(): Buffer {
    const bytes = this.#held.subarray(0, this.#length);
    this.clear();
    return bytes;
  }

  clear(): void {
    this.#held = noBytes;
    this.#length = 0;
    this.#isBorrowed = false;
  }
}
