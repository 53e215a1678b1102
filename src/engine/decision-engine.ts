import type { Config, HashedConfig, SignalFilterConfig } from "../domain/config.ts";
import type {
  ConfidenceLevel,
  Decision,
  DecisionInputs,
  GateOutcome,
  ModelIdentity,
  RegimeAssessment,
  SignalAssessment,
} from "../domain/decision.ts";
import type { BarRegime, RegimeModel, SignalModel } from "../domain/model.ts";
import type { KnownRegime } from "../domain/regime.ts";
import type { DecisionRequest } from "../domain/request.ts";
import { neutral, readDecisionInputs, requiredBars, unknownCorrelation } from "./decision-inputs.ts";
import { evaluateGates, type HaltReason } from "./gates.ts";
import { classifyBar, probabilityOf, smoothLabels } from "./regime-classifier.ts";
import { assertRequest } from "./request-limits.ts";
import { estimateSignal } from "./signal-filter.ts";

/** Answers why a symbol may not trade, or `undefined` while it may. */
export type HaltLookup = (symbol: string, models: readonly ModelIdentity[]) => HaltReason;

/** Everything a decision depends on besides the request. */
export interface EngineSnapshot {
  readonly config: HashedConfig;
  readonly regimeModel: RegimeModel;
  readonly signalModel: SignalModel;
  readonly findHalt: HaltLookup;
}

/** Decides. Pure: the same request under the same snapshot has the same answer. */
export interface DecisionEngine {
  readonly snapshot: EngineSnapshot;
  /** @throws InvalidInputError naming the field. */
  decide(request: DecisionRequest): Decision;
  /** Decides again from the inputs an audit record keeps. `halted` is the reason it kept, if any. */
  redecide(inputs: DecisionInputs, halted: HaltReason): Decision;
}

/** Binds a snapshot. Nothing is shared between engines, so that one may replace another at any time. */
export function createDecisionEngine(snapshot: EngineSnapshot): DecisionEngine {
  const models = [snapshot.regimeModel.identity, snapshot.signalModel.identity];
  return {
    snapshot,
    decide(request) {
      assertRequest(request);
      const inputs = readDecisionInputs(request, snapshot.config.config);
      return decideFrom(inputs, snapshot.findHalt(request.symbol, models), snapshot);
    },
    redecide: (inputs, halted) => decideFrom(inputs, halted, snapshot),
  };
}

function decideFrom(inputs: DecisionInputs, halted: HaltReason, snapshot: EngineSnapshot): Decision {
  const { config } = snapshot.config;
  const shortage = describeShortage(inputs, config);
  const regime = shortage === undefined ? assessRegime(inputs, snapshot) : unknownRegime;
  const signal = shortage === undefined ? assessSignal(inputs, regime, snapshot) : noSignal;
  const gates = evaluateGates(
    {
      halted,
      signalValid: inputs.signalValid,
      regime: regime.label,
      regimeConfidence: regime.confidence,
      probability: signal.probability,
    },
    config.regime.minConfidence,
    config.signalFilter,
  );
  const allowTrade = shortage === undefined && gates.every((gate) => gate.passed);
  return {
    regime,
    signal,
    gates,
    allowTrade,
    reasons: explainDecision(shortage, allowTrade, gates, regime),
    inputs,
    regimeModel: snapshot.regimeModel.identity,
    signalModel: snapshot.signalModel.identity,
    configHash: snapshot.config.hash,
  };
}

function describeShortage(inputs: DecisionInputs, config: Config): string | undefined {
  const required = requiredBars(config);
  if (inputs.bars < required) return `insufficient data: ${inputs.bars} of ${required} bars`;
  if (inputs.windowTooShort !== undefined) {
    return `insufficient data: window of ${inputs.windowTooShort} bars is too short to be read`;
  }
  return undefined;
}

/** What is answered when too few bars exist to tell. */
const unknownRegime: RegimeAssessment = {
  label: "UNKNOWN",
  confidence: 0,
  probTrending: 0.33,
  probRanging: 0.33,
  probStressed: 0.33,
  efficiencyRatio: neutral.efficiencyRatio,
  volatilityPercentile: neutral.volatilityPercentile,
  correlationRegime: unknownCorrelation,
  stable: false,
  recentLabels: [],
};

const noSignal: SignalAssessment = {
  probability: 0.5,
  shouldEnter: false,
  shouldExit: false,
  level: "LOW",
  explanation: { base: 0.5, contributions: [], unit: "PROBABILITY" },
};

function assessRegime(inputs: DecisionInputs, snapshot: EngineSnapshot): RegimeAssessment {
  const thresholds = snapshot.config.config.regime;
  const { rules } = snapshot.regimeModel;
  const labels: KnownRegime[] = [];
  let newest: BarRegime | undefined;
  let efficiencyRatio = 0;
  let volatilityPercentile = 0;
  for (const [index, ratio] of inputs.efficiencyRatio.entries()) {
    const percentile = inputs.volatilityPercentile[index];
    if (percentile === undefined) throw new Error("decision inputs hold fewer volatility percentiles than bars");
    efficiencyRatio = ratio;
    volatilityPercentile = percentile;
    newest = classifyBar(efficiencyRatio, volatilityPercentile, thresholds, rules);
    labels.push(newest.label);
  }
  if (newest === undefined) throw new Error("no bar to classify");
  const label = smoothLabels(labels);
  return {
    label,
    confidence: probabilityOf(label, newest.probabilities),
    probTrending: newest.probabilities.trending,
    probRanging: newest.probabilities.ranging,
    probStressed: newest.probabilities.stressed,
    efficiencyRatio,
    volatilityPercentile,
    correlationRegime: inputs.correlationRegime,
    stable: labels.every((each) => each === label),
    recentLabels: labels,
  };
}

function assessSignal(inputs: DecisionInputs, regime: RegimeAssessment, snapshot: EngineSnapshot): SignalAssessment {
  const filter = snapshot.config.config.signalFilter;
  const { probability, explanation } = estimateSignal(
    {
      momentumScore: inputs.momentumScore,
      trendConsistency: inputs.trendConsistency,
      trendPersistenceScore: inputs.trendPersistenceScore,
      volatilityPercentile: regime.volatilityPercentile,
      regime: regime.label,
      autocorrCheck: inputs.autocorrCheck,
      stationarityCheck: inputs.stationarityCheck,
      distributionCheck: inputs.distributionCheck,
    },
    snapshot.signalModel.weights,
  );
  return {
    probability,
    shouldEnter: probability > filter.entryThreshold,
    shouldExit: probability < filter.exitThreshold,
    level: levelOf(probability, filter),
    explanation,
  };
}

function levelOf(probability: number, filter: SignalFilterConfig): ConfidenceLevel {
  if (probability >= filter.highConfidenceThreshold) return "HIGH";
  return probability <= filter.lowConfidenceThreshold ? "LOW" : "MEDIUM";
}

function explainDecision(
  shortage: string | undefined,
  allowTrade: boolean,
  gates: readonly GateOutcome[],
  regime: RegimeAssessment,
): string[] {
  if (shortage !== undefined) return [shortage];
  const reasons: string[] = [];
  if (allowTrade) reasons.push("all gates passed");
  else for (const gate of gates) if (!gate.passed) reasons.push(gate.message);
  if (!regime.stable) reasons.push(`warning: regime is unstable (${regime.recentLabels.join(", ")})`);
  return reasons;
}
