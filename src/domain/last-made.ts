/**
 * What was made of the object that stood in a place last. Many parts of one decision after the other are the same objects; what is written of them is the
 * same as well, and copying it is faster than writing it. Made is kept only of what comes a second time, so that what never does costs no more than a look.
 */
export class LastMade<Source extends object, Made> {
  readonly #sources: (Source | undefined)[] = [];
  readonly #made: (Made | undefined)[] = [];

  /** What was kept of this object in this place. */
  find(place: number, source: Source): Made | undefined {
    return this.#sources[place] === source ? this.#made[place] : undefined;
  }

  /** True when this object stood there the last time too: then `keep` what is made of it. */
  isRepeated(place: number, source: Source): boolean {
    if (this.#sources[place] === source) return true;
    this.#sources[place] = source;
    this.#made[place] = undefined;
    return false;
  }

  keep(place: number, made: Made): void {
    this.#made[place] = made;
  }
}
