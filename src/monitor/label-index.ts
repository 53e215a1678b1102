/** Gives labels small numbers, so that counts by label are arrays that add up. Place 0 is what did not fit. */
export class LabelIndex {
  readonly #places = new Map<string, number>();
  readonly #labels: string[] = [otherLabel];
  readonly #labelsMax: number;

  /** Past the cap new labels share place 0, so that a caller cannot grow it without bound. */
  constructor(labelsMax: number) {
    this.#labelsMax = labelsMax;
  }

  placeOf(label: string): number {
    const known = this.#places.get(label);
    if (known !== undefined) return known;
    if (this.#places.size >= this.#labelsMax) return 0;
    const place = this.#labels.length;
    this.#places.set(label, place);
    this.#labels.push(label);
    return place;
  }

  labelAt(place: number): string {
    return this.#labels[place] ?? otherLabel;
  }

  /** Labels whose place is above this one, by place. */
  labelsAfter(place: number): string[] {
    return this.#labels.slice(place + 1);
  }
}

/** What labels past a cap count as. */
export const otherLabel = "other";
