/** A socket without a network, as far as a server uses one: what the client says is pushed, what it is told is kept. */

import { Socket } from "node:net";

export class MemorySocket extends Socket {
  readonly #sent: Buffer[] = [];
  /** Set while the client takes nothing. */
  #isStalled = false;
  #onTaken: (() => void) | undefined;
  hasEnded = false;

  /** Everything the server has said, in one piece. */
  sent(): Buffer {
    return Buffer.concat(this.#sent);
  }

  stall(): void {
    this.#isStalled = true;
  }

  flow(): void {
    this.#isStalled = false;
    const onTaken = this.#onTaken;
    this.#onTaken = undefined;
    onTaken?.();
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    // The writer may use its memory again as soon as this is done.
    this.#sent.push(Buffer.from(chunk));
    this.#finish(done);
  }

  override _writev(chunks: readonly { readonly chunk: Buffer }[], done: () => void): void {
    for (const { chunk } of chunks) this.#sent.push(Buffer.from(chunk));
    this.#finish(done);
  }

  override _final(done: () => void): void {
    this.hasEnded = true;
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.hasEnded = true;
    super._destroy(error, done);
  }

  #finish(done: () => void): void {
    if (this.#isStalled) this.#onTaken = done;
    else done();
  }
}
