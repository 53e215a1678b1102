/** The streams that were closed last, for frames that come late: which of them are a mistake depends on how it ended. */

const rememberedStreams = 64;

export class ClosedStreams {
  readonly #ids = new Uint32Array(rememberedStreams);
  readonly #resetIds = new Uint32Array(rememberedStreams);
  #next = 0;
  #nextReset = 0;

  add(streamId: number): void {
    this.#ids[this.#next] = streamId;
    this.#next = (this.#next + 1) % rememberedStreams;
  }

  /** Frames of this stream may be on their way still. */
  addResetByUs(streamId: number): void {
    this.#resetIds[this.#nextReset] = streamId;
    this.#nextReset = (this.#nextReset + 1) % rememberedStreams;
  }

  has(streamId: number): boolean {
    return this.#ids.includes(streamId);
  }

  wasResetByUs(streamId: number): boolean {
    return this.#resetIds.includes(streamId);
  }
}
