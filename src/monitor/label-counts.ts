/** Counts by label. Past the cap new labels count as `other`, so that a caller cannot grow it without bound. */
export class LabelCounts {
  readonly #counts = new Map<string, number>();
  readonly #labelsMax: number;

  constructor(labelsMax: number) {
    this.#labelsMax = labelsMax;
  }

  add(label: string): void {
    const known = this.#counts.get(label);
    if (known !== undefined) this.#counts.set(label, known + 1);
    else if (this.#counts.size < this.#labelsMax) this.#counts.set(label, 1);
    else this.#counts.set("other", (this.#counts.get("other") ?? 0) + 1);
  }

  entries(): Iterable<[string, number]> {
    return this.#counts.entries();
  }
}
