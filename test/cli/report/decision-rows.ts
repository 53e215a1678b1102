import type { DecisionRow, RunFacts } from "../../../src/cli/report/decision-row.ts";
import type { GateName, GateOutcome } from "../../../src/domain/decision.ts";
import type { RegimeLabel } from "../../../src/domain/regime.ts";
import type { Bar } from "../../../src/upstream/bar.ts";

const dayMs = 86_400_000;

/** Daily bars from 2020-01-01 on. */
export function makeBars(closes: readonly number[]): Bar[] {
  return closes.map((close, day) => {
    const timeMs = Date.UTC(2020, 0, 1) + day * dayMs;
    const time = new Date(timeMs).toISOString().slice(0, 10);
    return { time, timeMs, open: close, high: close, low: close, close, volume: 0 };
  });
}

export interface RowDraft extends Partial<Omit<DecisionRow, "regime" | "gates" | "allowed">> {
  readonly regime?: RegimeLabel;
  readonly qseValid?: boolean;
  /** Of the optional gate, where it is in force. */
  readonly outOfDistribution?: number;
}

/** A decision of the default thresholds, consistent in itself. */
export function makeRow(barIndex: number, bar: Bar, draft: RowDraft = {}): DecisionRow {
  const {
    regime = "TRENDING",
    qseValid = true,
    probability = 0.6,
    regimeConfidence = 0.7,
    outOfDistribution,
    ...rest
  } = draft;
  const gates = [
    gate("TRADING_ENABLED", 1, 1, true),
    gate("QSE_VALID", qseValid ? 1 : 0, 1, qseValid),
    gate("REGIME_ALLOWED", regime === "TRENDING" ? 1 : 0, 1, regime === "TRENDING"),
    gate("REGIME_CONFIDENCE", regimeConfidence, 0.6, regimeConfidence > 0.6),
    gate("SIGNAL_PROBABILITY", probability, 0.55, probability > 0.55),
    ...(outOfDistribution === undefined ? [] : [gate("IN_DISTRIBUTION", outOfDistribution, 1, outOfDistribution <= 1)]),
  ];
  return {
    barIndex,
    bar,
    predictionId: `prediction-${barIndex}`,
    regime,
    regimeConfidence,
    regimeStable: true,
    efficiencyRatio: 0.7,
    volatilityPercentile: 50,
    probability,
    allowed: gates.every(({ passed }) => passed),
    gates,
    reasons: [],
    explanation: {
      base: 0.5,
      contributions: [
        { name: "momentum_score", value: -1, contribution: -0.15 },
        { name: "regime", value: 1, contribution: 0.05 },
        { name: "clipping", value: 0.6, contribution: 0 },
      ],
      unit: "PROBABILITY",
    },
    processingTimeMs: 0.02,
    roundTripMs: 2,
    momentumScore: 1,
    logReturn: 0.01,
    failedChecks: [],
    ...rest,
  };
}

/** The facts of a run over these bars. */
export function makeFacts(bars: readonly Bar[], draft: Partial<RunFacts> = {}): RunFacts {
  const sha256 = "ab".repeat(32);
  return {
    symbol: "TEST",
    timeframe: "1D",
    fileName: "test.csv",
    bars,
    warnings: [],
    mlVersion: "0.0.1",
    configHash: "0123456789abcdef",
    regimeModel: { name: "regime_classifier", version: "v1", sha256 },
    signalModel: { name: "signal_filter", version: "v1", sha256 },
    streamMs: 100,
    outstandingMax: 32,
    unaryRoundTripsMs: [1, 2, 3],
    unaryAgreeing: 3,
    sharedProcess: true,
    madeAtMs: Date.UTC(2024, 0, 2, 3, 4, 5),
    ...draft,
  };
}

function gate(name: GateName, value: number, threshold: number, passed: boolean): GateOutcome {
  return { name, passed, value, threshold, margin: value - threshold, message: `${name} says so` };
}
