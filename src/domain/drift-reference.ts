/** What one input looked like where the model was trained. */
export interface InputReference {
  /** Inner edges of the bins, ascending; bin k holds edges[k−1] < x ≤ edges[k]. */
  readonly edges: readonly number[];
  /** Share of the training rows in each bin, one more than edges; they sum to 1. */
  readonly shares: readonly number[];
  readonly min: number;
  readonly max: number;
}

/** By input name, as the model's metadata have it. */
export type DriftReference = ReadonlyMap<string, InputReference>;

/** Most bins of one input; `arbitrex-train` writes ten. */
export const driftBinsMax = 100;
const inputsMax = 256;
const sumTolerance = 1e-6;

/**
 * Reads `drift_reference` out of a model's metadata. The registry asks nothing of it, so an input whose reference makes no sense is
 * left out: it then counts as one without.
 */
export function readDriftReference(metadata: Readonly<Record<string, unknown>>): DriftReference {
  const reference = new Map<string, InputReference>();
  for (const [name, value] of Object.entries(toObject(metadata["drift_reference"])).slice(0, inputsMax)) {
    const input = toInputReference(toObject(value));
    if (input !== undefined) reference.set(name, input);
  }
  return reference;
}

function toInputReference(value: Readonly<Record<string, unknown>>): InputReference | undefined {
  const { edges, shares, min, max } = value;
  if (!isNumbers(edges) || !isNumbers(shares) || !isNumber(min) || !isNumber(max) || min > max) return undefined;
  if (shares.length !== edges.length + 1 || shares.length > driftBinsMax) return undefined;
  const isAscending = edges.every((edge, index) => index === 0 || edge > (edges[index - 1] ?? edge));
  const sum = shares.reduce((total, share) => total + share, 0);
  if (!isAscending || shares.some((share) => share < 0) || Math.abs(sum - 1) > sumTolerance) return undefined;
  return { edges, shares, min, max };
}

function toObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(isNumber);
}
