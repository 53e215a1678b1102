import type { DriftReference, InputReference } from "./drift-reference.ts";

/**
 * How far a row is from the rows that its model was trained on: the distance of the farthest input from the range it had there, in units of that
 * input's interdecile range. 0 inside; no upper bound.
 */
export type RowScore = (row: ArrayLike<number>) => number;

/** @param references by place in the row; what has none is not looked at */
export function createRowScore(references: readonly (InputReference | undefined)[]): RowScore {
  const mins = Float64Array.from(references, (each) => each?.min ?? Number.NEGATIVE_INFINITY);
  const maxs = Float64Array.from(references, (each) => each?.max ?? Number.POSITIVE_INFINITY);
  const spreads = Float64Array.from(references, (each) => (each === undefined ? 1 : spreadOf(each)));
  return (row) => {
    let score = 0;
    for (let at = 0; at < mins.length; at++) {
      const value = row[at] ?? 0;
      const distance = Math.max((mins[at] ?? 0) - value, value - (maxs[at] ?? 0));
      if (distance > 0) score = Math.max(score, distance / (spreads[at] ?? 1));
    }
    // Of a huge value and a tiny spread. Callers compare it, log it and write it as JSON, which has no infinity.
    return Math.min(score, Number.MAX_VALUE);
  };
}

/**
 * The score of what a trained model reads.
 *
 * @returns undefined where an input has no reference: a score that leaves one out would vouch for what nobody looked at. The regime's places need
 *   none; they hold 0 until it is known, and 0 or 1 afterwards.
 */
export function createModelScore(
  inputs: readonly { readonly kind: string; readonly name: string }[],
  names: readonly string[],
  reference: DriftReference,
): RowScore | undefined {
  const references = inputs.map(({ kind }, at) => (kind === "regime" ? undefined : reference.get(names[at] ?? "")));
  const isWhole = inputs.every(({ kind }, at) => kind === "regime" || references[at] !== undefined);
  return isWhole && inputs.length > 0 ? createRowScore(references) : undefined;
}

function spreadOf({ edges, min, max }: InputReference): number {
  const spread = (edges.at(-1) ?? max) - (edges[0] ?? min);
  return spread > 0 ? spread : max > min ? max - min : 1;
}
