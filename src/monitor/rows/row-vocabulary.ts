import type { ModelIdentity } from "../../domain/decision.ts";
import { LabelIndex } from "../label-index.ts";
import { ModelPlaces } from "../outcomes/model-places.ts";

/** Texts that get a number. */
export const termsMax = 4_096;
/** Longest text that gets one, in characters: the longest name that a feature may have. */
export const termLengthMax = 128;

/** What a vocabulary has learnt since it was asked last. */
export interface NewWords {
  readonly terms: readonly string[];
  readonly regimeModels: readonly ModelIdentity[];
  readonly signalModels: readonly ModelIdentity[];
}

/**
 * Texts and models that recur from decision to decision, each with a small number that rows hold in its place. Past the caps rows hold
 * the text itself, so that callers who make up names cannot grow it without bound.
 */
export class RowVocabulary {
  readonly terms = new LabelIndex(termsMax);
  /** Two, since each remembers the model that it was asked for last. */
  readonly models = { regime: new ModelPlaces(), signal: new ModelPlaces() };
  /** What was handed out by {@link takeNewWords}. */
  readonly #taken = { terms: 0, regime: 0, signal: 0 };

  /** For the vocabulary of another process that reads the rows; it learns them in the same order, so that the numbers are the same. */
  takeNewWords(): NewWords {
    const { terms, models } = this;
    const taken = this.#taken;
    const words = {
      terms: terms.labelsAfter(taken.terms),
      regimeModels: models.regime.modelsAfter(taken.regime),
      signalModels: models.signal.modelsAfter(taken.signal),
    };
    taken.terms += words.terms.length;
    taken.regime += words.regimeModels.length;
    taken.signal += words.signalModels.length;
    return words;
  }

  learn({ terms, regimeModels, signalModels }: NewWords): void {
    for (const term of terms) this.terms.placeOf(term);
    for (const model of regimeModels) this.models.regime.placeOf(model);
    for (const model of signalModels) this.models.signal.placeOf(model);
  }
}

export type ModelKind = keyof RowVocabulary["models"];
