import {
  Explanation_Unit,
  type GateResult,
  GateResult_Name,
  type Prediction,
  RegimePrediction_Label,
} from "../../gen/ts/arbitrex/ml/v1/common_pb.ts";
import {
  type Explanation,
  type GateName,
  type GateOutcome,
  gateNames,
  type ModelIdentity,
} from "../domain/decision.ts";
import { type RegimeLabel, regimeLabels } from "../domain/regime.ts";
import type { BarStatistics } from "../upstream/statistics-engine.ts";
import { ReplayError, type StreamedAnswer } from "./bar-stream.ts";
import type { ReplayPlan } from "./replay-plan.ts";
import type { DecisionRow } from "./report/decision-row.ts";

/**
 * Sets an answer next to its bar.
 *
 * @throws ReplayError when the answer lacks a part that every answer has.
 */
export function toDecisionRow({ barIndex, response, roundTripMs }: StreamedAnswer, plan: ReplayPlan): DecisionRow {
  const bar = plan.bars[barIndex];
  const { prediction } = response;
  const { regime, signal } = prediction ?? {};
  if (bar === undefined || prediction === undefined || regime === undefined || signal === undefined) {
    throw new ReplayError(`bar ${bar?.time}: the answer has no prediction`);
  }
  return {
    barIndex,
    bar,
    predictionId: response.predictionId,
    regime: toRegimeLabel(regime.regimeLabel),
    regimeConfidence: regime.regimeConfidence,
    regimeStable: regime.regimeStable,
    efficiencyRatio: regime.efficiencyRatio,
    volatilityPercentile: regime.volatilityPercentile,
    probability: signal.momentumSuccessProb,
    allowed: prediction.allowTrade,
    gates: prediction.gates.map(toGateOutcome),
    reasons: prediction.decisionReasons,
    explanation: toExplanation(signal.explanation),
    processingTimeMs: response.processingTimeMs,
    roundTripMs,
    momentumScore: plan.features.momentum_score[barIndex] ?? Number.NaN,
    logReturn: plan.features.log_return_1[barIndex] ?? Number.NaN,
    failedChecks: nameFailedChecks(plan.statistics[barIndex]),
  };
}

/** The identity of a model that an answer names. */
export function toModelIdentity(model: ModelIdentity | undefined): ModelIdentity {
  return { name: model?.name ?? "", version: model?.version ?? "", sha256: model?.sha256 ?? "" };
}

function toRegimeLabel(label: RegimePrediction_Label): RegimeLabel {
  return regimeLabels.find((name) => RegimePrediction_Label[name] === label) ?? "UNKNOWN";
}

function toGateOutcome({ name, passed, value, threshold, margin, message }: GateResult): GateOutcome {
  return { name: toGateName(name), passed, value, threshold, margin, message };
}

function toGateName(number: GateResult_Name): GateName {
  const name = gateNames.find((each) => GateResult_Name[each] === number);
  if (name === undefined) throw new ReplayError(`the service names a gate that this program does not know (${number})`);
  return name;
}

function toExplanation(explanation: NonNullable<Prediction["signal"]>["explanation"]): Explanation {
  const { base = 0, contributions = [], unit } = explanation ?? {};
  return { base, contributions, unit: unit === Explanation_Unit.LOG_ODDS ? "LOG_ODDS" : "PROBABILITY" };
}

function nameFailedChecks(statistics: BarStatistics | undefined): string[] {
  if (statistics === undefined) return [];
  const { validation } = statistics;
  const checks: readonly (readonly [string, boolean])[] = [
    ["stationarity", validation.stationarityCheckPassed],
    ["autocorrelation", validation.autocorrCheckPassed],
    ["distribution (z-score)", validation.distributionCheckPassed],
    ["trend persistence", validation.trendPersistenceCheckPassed],
  ];
  return checks.filter(([, passed]) => !passed).map(([name]) => name);
}
