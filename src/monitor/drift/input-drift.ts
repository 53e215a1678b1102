import type { InputReference } from "../../domain/drift-reference.ts";
import { persistenceOf } from "./input-persistence.ts";

/** How far the newest values of one input are from where its model was trained. */
export interface InputDrift {
  readonly name: string;
  readonly samples: number;
  /** Independent samples that they are worth, since neighbours resemble one another; at least 1. */
  readonly effectiveSamples: number;
  /** Population stability index: Σ (p − q) ln(p / q) over the bins. */
  readonly psi: number;
  /** Kolmogorov-Smirnov distance, at the edges of the bins: below the exact one by a bin's share at most. */
  readonly ks: number;
  /** Distance that so many samples without any drift exceed in one look of a thousand, over all inputs together. */
  readonly ksByChance: number;
  /** Share of samples below the least or above the greatest value of the training rows. */
  readonly outOfRangeShare: number;
}

/** How often chance may be taken for drift, for all inputs of one look together. */
const falseAlarmRate = 1e-3;
/** A share of 0 would make the index infinite. */
const shareMin = 1e-6;
/** Jeffreys: half a sample in every bin beforehand. */
const priorCount = 0.5;

export interface DriftLook {
  /** Inputs that are looked at together. */
  readonly inputCount: number;
  /** Symbols that the samples are of. Their samples of one bar count as one, since symbols share their market. */
  readonly symbolCount: number;
}

export function measureInputDrift(
  name: string,
  values: Float64Array,
  { edges, shares, min, max }: InputReference,
  { inputCount, symbolCount }: DriftLook,
): InputDrift {
  const counts = new Float64Array(shares.length);
  let outside = 0;
  for (const value of values) {
    const bin = findBin(edges, value);
    counts[bin] = (counts[bin] ?? 0) + 1;
    if (value < min || value > max) outside++;
  }
  const samples = values.length;
  const effectiveSamples = Math.max(1, samples / (Math.max(1, symbolCount) * persistenceOf(name)));
  return {
    name,
    samples,
    effectiveSamples,
    psi: computePsi(counts, shares, samples),
    ks: computeKs(counts, shares, samples),
    // Massart's bound holds for any distribution and any number of samples.
    ksByChance: Math.min(1, Math.sqrt(Math.log((2 * inputCount) / falseAlarmRate) / (2 * effectiveSamples))),
    outOfRangeShare: samples === 0 ? 0 : outside / samples,
  };
}

/** The index, where the distance is one that chance does not explain; otherwise 0. */
export function driftBeyondChance({ psi, ks, ksByChance }: Pick<InputDrift, "psi" | "ks" | "ksByChance">): number {
  return ks > ksByChance ? psi : 0;
}

export function computePsi(counts: Float64Array, shares: readonly number[], samples: number): number {
  if (samples === 0) return 0;
  let index = 0;
  for (const [bin, share] of shares.entries()) {
    const live = ((counts[bin] ?? 0) + priorCount) / (samples + priorCount * shares.length);
    const expected = Math.max(share, shareMin);
    index += (live - expected) * Math.log(live / expected);
  }
  return index;
}

function computeKs(counts: Float64Array, shares: readonly number[], samples: number): number {
  if (samples === 0) return 0;
  let [live, expected, distance] = [0, 0, 0];
  for (const [bin, share] of shares.entries()) {
    live += (counts[bin] ?? 0) / samples;
    expected += share;
    distance = Math.max(distance, Math.abs(live - expected));
  }
  return distance;
}

/** The first bin whose upper edge is not below the value; the last where there is none. */
function findBin(edges: readonly number[], value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edges[middle] ?? 0) >= value) high = middle;
    else low = middle + 1;
  }
  return low;
}
