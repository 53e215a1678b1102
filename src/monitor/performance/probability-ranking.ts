import type { JudgedClaim } from "./performance-window.ts";

/** Claims whose probability is the same. */
interface Tie {
  readonly probability: number;
  readonly truths: number;
  readonly falsehoods: number;
}

/** One group of a calibration: claims whose probabilities are neighbours. */
export interface CalibrationGroup {
  readonly count: number;
  readonly probabilityMin: number;
  readonly probabilityMax: number;
  readonly meanProbability: number;
  /** Share of its claims that came true. */
  readonly trueShare: number;
}

/** Groups of a calibration: deciles. */
const groupCount = 10;

/** Claims ranked by their probability. */
export class ProbabilityRanking {
  readonly #ties: readonly Tie[];
  readonly #truths: number;
  readonly #falsehoods: number;

  constructor(claims: Iterable<JudgedClaim>) {
    const truths: number[] = [];
    const falsehoods: number[] = [];
    for (const { probability, isTrue } of claims) (isTrue ? truths : falsehoods).push(probability);
    this.#truths = truths.length;
    this.#falsehoods = falsehoods.length;
    // Two arrays of plain numbers, because their sort is many times as fast as one that calls back.
    this.#ties = mergeTies(Float64Array.from(truths).sort(), Float64Array.from(falsehoods).sort());
  }

  /**
   * P(a claim that came true has a higher probability than one that did not), ties half: the area under the ROC curve.
   * Undefined while there is only one kind.
   */
  areaUnderCurve(): number | undefined {
    if (this.#truths === 0 || this.#falsehoods === 0) return undefined;
    let wins = 0;
    let below = 0;
    for (const { truths, falsehoods } of this.#ties) {
      wins += truths * (below + falsehoods / 2);
      below += falsehoods;
    }
    return wins / (this.#truths * this.#falsehoods);
  }

  /**
   * Calibration by decile: equally filled groups by rank, lowest probability first. Equal probabilities stay together, in the decile
   * of their middle, so there may be fewer than ten groups.
   */
  calibrate(): CalibrationGroup[] {
    const total = this.#truths + this.#falsehoods;
    const groups = new Map<number, Tie[]>();
    let below = 0;
    for (const tie of this.#ties) {
      const count = tie.truths + tie.falsehoods;
      const decile = Math.floor((groupCount * (below + count / 2)) / total);
      const group = groups.get(decile);
      if (group === undefined) groups.set(decile, [tie]);
      else group.push(tie);
      below += count;
    }
    return [...groups.values()].map(toGroup);
  }
}

function toGroup(ties: readonly Tie[]): CalibrationGroup {
  let count = 0;
  let truths = 0;
  let sum = 0;
  for (const tie of ties) {
    count += tie.truths + tie.falsehoods;
    truths += tie.truths;
    sum += tie.probability * (tie.truths + tie.falsehoods);
  }
  return {
    count,
    probabilityMin: ties[0]?.probability ?? 0,
    probabilityMax: ties.at(-1)?.probability ?? 0,
    meanProbability: sum / count,
    trueShare: truths / count,
  };
}

/** Both ascending. */
function mergeTies(truths: Float64Array, falsehoods: Float64Array): Tie[] {
  const ties: Tie[] = [];
  let truth = 0;
  let falsehood = 0;
  while (truth < truths.length || falsehood < falsehoods.length) {
    const probability = Math.min(
      truths[truth] ?? Number.POSITIVE_INFINITY,
      falsehoods[falsehood] ?? Number.POSITIVE_INFINITY,
    );
    const [truthBegin, falsehoodBegin] = [truth, falsehood];
    while (truths[truth] === probability) truth++;
    while (falsehoods[falsehood] === probability) falsehood++;
    ties.push({ probability, truths: truth - truthBegin, falsehoods: falsehood - falsehoodBegin });
  }
  return ties;
}
