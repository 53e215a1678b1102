/** How many decisions a second, from the count that the service keeps: the list of decisions may leave some out. */

export interface RateSample {
  /** Of the service's clock. */
  readonly atMs: number;
  /** Decisions since its start. */
  readonly total: number;
}

/** Samples kept: about two minutes of them. */
export const samplesMax = 80;
/** The rate shown is that of the last so many milliseconds: long enough not to flicker. */
const windowMs = 10_000;

/** Adds a sample; a count that fell is that of a service that was reset, with which the old ones do not compare. */
export function addSample(samples: readonly RateSample[], sample: RateSample): readonly RateSample[] {
  const last = samples.at(-1);
  if (last !== undefined && sample.atMs <= last.atMs) return samples;
  if (last !== undefined && sample.total < last.total) return [sample];
  return [...samples, sample].slice(-samplesMax);
}

/** Decisions a second lately; undefined before there are two samples. */
export function currentRate(samples: readonly RateSample[]): number | undefined {
  const last = samples.at(-1);
  if (last === undefined) return undefined;
  const first = samples.find((sample) => last.atMs - sample.atMs <= windowMs);
  return first === undefined || first === last ? undefined : rateBetween(first, last);
}

/** Decisions a second between each sample and the one before. */
export function listRates(samples: readonly RateSample[]): readonly number[] {
  return samples.slice(1).map((sample, index) => rateBetween(samples[index] ?? sample, sample));
}

function rateBetween(from: RateSample, to: RateSample): number {
  const elapsedMs = to.atMs - from.atMs;
  return elapsedMs <= 0 ? 0 : ((to.total - from.total) / elapsedMs) * 1000;
}
