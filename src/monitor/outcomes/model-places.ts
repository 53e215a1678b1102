import type { ModelIdentity } from "../../domain/decision.ts";

/** Models that are told apart: a version counts once for each file it has had. */
export const modelsKnownMax = 1_000;

/** Stands for a model past the cap. */
export const unknownPlace = 0;

/** Gives models small numbers. They are compared by what they say, since a decision may come from another process. */
export class ModelPlaces {
  readonly #models: (ModelIdentity | undefined)[] = [undefined];
  readonly #places = new Map<string, number>();
  readonly #modelsMax: number;
  /** The model asked for last, and its place: nearly every decision has the models of the one before. */
  #last: ModelIdentity | undefined;
  #lastPlace = unknownPlace;

  constructor(modelsMax: number = modelsKnownMax) {
    this.#modelsMax = modelsMax;
  }

  placeOf(model: ModelIdentity): number {
    const last = this.#last;
    if (last === undefined || !isSame(last, model)) {
      this.#lastPlace = this.#find(model);
      this.#last = model;
    }
    return this.#lastPlace;
  }

  /** Undefined for {@link unknownPlace}. */
  modelAt(place: number): ModelIdentity | undefined {
    return this.#models[place];
  }

  /** Models whose place is above this one, by place. */
  modelsAfter(place: number): ModelIdentity[] {
    return this.#models.slice(place + 1).filter((model) => model !== undefined);
  }

  #find(model: ModelIdentity): number {
    const key = `${model.name} ${model.version} ${model.sha256}`;
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    if (this.#places.size >= this.#modelsMax) return unknownPlace;
    const place = this.#models.length;
    this.#models.push(model);
    this.#places.set(key, place);
    return place;
  }
}

function isSame(one: ModelIdentity, other: ModelIdentity): boolean {
  return one === other || (one.version === other.version && one.name === other.name && one.sha256 === other.sha256);
}
