import { type KnownRegime, regimeLabels } from "../../domain/regime.ts";
import type { JudgedClaim } from "./performance-window.ts";
import { type CalibrationGroup, ProbabilityRanking } from "./probability-ranking.ts";

/** A probability of 0 or 1 that was wrong would make the log loss infinite; training clips alike. */
const clip = 1e-12;

/** Claims of one kind. */
export interface ClaimShare {
  readonly count: number;
  /** Share that came true; 0 without any. */
  readonly trueShare: number;
  /** Share that was answered right; 0 without any. */
  readonly accuracy: number;
}

/** How good the claims of one model were. Everything is 0 without any, unless it says otherwise. */
export interface PerformanceFigures {
  readonly count: number;
  /** Undefined while every claim came true, or none. */
  readonly auc: number | undefined;
  /** Mean squared error of the probability. */
  readonly brier: number;
  /** Natural. */
  readonly logLoss: number;
  readonly accuracy: number;
  /** Share of claims that came true. */
  readonly trueShare: number;
  /** Mean distance of a decile's probability from what came true of it, weighted by the decile's size. */
  readonly calibrationError: number;
  readonly calibration: readonly CalibrationGroup[];
  /** By the regime that the decision was taken in. */
  readonly regimes: Readonly<Record<KnownRegime, ClaimShare>>;
  /** Decisions that let the trade through. */
  readonly allowed: ClaimShare;
  readonly refused: ClaimShare;
}

export function computePerformance(claims: readonly JudgedClaim[]): PerformanceFigures {
  const ranking = new ProbabilityRanking(claims);
  const calibration = ranking.calibrate();
  const { trueShare, accuracy, count } = countClaims(claims);
  const share = (sum: number): number => (count === 0 ? 0 : sum / count);
  let squares = 0;
  let losses = 0;
  for (const { probability, isTrue } of claims) {
    squares += (probability - Number(isTrue)) ** 2;
    const clipped = Math.min(Math.max(probability, clip), 1 - clip);
    losses -= Math.log(isTrue ? clipped : 1 - clipped);
  }
  let deviation = 0;
  for (const group of calibration) deviation += group.count * Math.abs(group.meanProbability - group.trueShare);
  const ofRegime = (regime: KnownRegime): ClaimShare => countClaims(claims.filter((claim) => claim.regime === regime));
  const [trending, ranging, stressed] = regimeLabels;
  return {
    count,
    auc: ranking.areaUnderCurve(),
    brier: share(squares),
    logLoss: share(losses),
    accuracy,
    trueShare,
    calibrationError: share(deviation),
    calibration,
    regimes: { TRENDING: ofRegime(trending), RANGING: ofRegime(ranging), STRESSED: ofRegime(stressed) },
    allowed: countClaims(claims.filter(({ allowed }) => allowed)),
    refused: countClaims(claims.filter(({ allowed }) => !allowed)),
  };
}

function countClaims(claims: readonly JudgedClaim[]): ClaimShare {
  let truths = 0;
  let hits = 0;
  for (const { isTrue, isHit } of claims) {
    if (isTrue) truths++;
    if (isHit) hits++;
  }
  const count = claims.length;
  return { count, trueShare: count === 0 ? 0 : truths / count, accuracy: count === 0 ? 0 : hits / count };
}
