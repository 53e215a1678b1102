/** A header block that comes in several frames. */

import { ConnectionError, errorCode, protocolError } from "./frame.ts";

/** Whose headers these are, as its first frame said. */
export interface BlockPlace {
  readonly streamId: number;
  readonly endsStream: boolean;
  readonly dependsOnItself: boolean;
}

/** Nobody needs more for the fields we read; without a limit the frames cost us more than their sender (CVE-2024-27316). */
const fragmentsMax = 32;

export class HeaderBlock {
  readonly #bytesMax: number;
  #place: BlockPlace | undefined;
  #fragments: Buffer[] = [];
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** True between the first frame of a block and its last. */
  get isBegun(): boolean {
    return this.#place !== undefined;
  }

  begin(place: BlockPlace, fragment: Buffer): void {
    this.#place = place;
    this.#keep(fragment);
  }

  add(streamId: number, fragment: Buffer): BlockPlace {
    const place = this.#place;
    if (place === undefined || place.streamId !== streamId) throw protocolError("CONTINUATION of nothing");
    this.#keep(fragment);
    return place;
  }

  /** The whole block; the next one may begin. */
  take(): Buffer {
    const block = Buffer.concat(this.#fragments);
    this.#place = undefined;
    this.#fragments = [];
    this.#bytes = 0;
    return block;
  }

  #keep(fragment: Buffer): void {
    this.#bytes += fragment.length;
    if (this.#bytes > this.#bytesMax || this.#fragments.length === fragmentsMax) {
      throw new ConnectionError(errorCode.enhanceYourCalm, "headers without end");
    }
    // The frame is good only while it is read.
    this.#fragments.push(Buffer.from(fragment));
  }
}
