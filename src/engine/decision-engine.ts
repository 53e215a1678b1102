import type { Config, SignalFilterConfig } from "../domain/config.ts";
import type {
  ConfidenceLevel,
  Decision,
  DecisionInputs,
  GateOutcome,
  RegimeAssessment,
  SignalAssessment,
} from "../domain/decision.ts";
import type {
  BarRegime,
  RegimeModel,
  RegimeRules,
  RegimeThresholds,
  SignalEstimate,
  SignalModel,
} from "../domain/model.ts";
import type { DecisionRequest } from "../domain/request.ts";
import type { TrainedModel } from "../domain/trained-model.ts";
import { neutral, readDecisionInputs, requiredBars, unknownCorrelation } from "./decision-inputs.ts";
import type { EngineSnapshot, RuleBasedSnapshot } from "./engine-snapshot.ts";
import { evaluateDistribution, Gates, type HaltReason, type ScoredModel } from "./gates.ts";
import { classifyBar, probabilityOf, smoothLabels } from "./regime-classifier.ts";
import { assertRequest } from "./request-limits.ts";
import { estimateSignal } from "./signal-filter.ts";
import { createLapStarter, type StageLaps } from "./stage-laps.ts";
import { classifyByModel, estimateByModel, explainRegime, prepareExplainer } from "./trained-assessment.ts";

/**
 * Decides. Pure: the same request under the same snapshot has the same answer. With rule-based models it
 * answers at once; with a trained one it answers a promise, and has read all it needs from the request before.
 */
export interface DecisionEngine {
  readonly snapshot: EngineSnapshot;
  /** @throws InvalidInputError naming the field. */
  decide(request: DecisionRequest): Decision | Promise<Decision>;
  /** Reads what the models need, for a decision at another time. @throws InvalidInputError naming the field. */
  readInputs(request: DecisionRequest): DecisionInputs;
  /** Decides again from the inputs an audit record keeps. `halted` is the reason it kept, if any. */
  redecide(inputs: DecisionInputs, halted: HaltReason): Decision | Promise<Decision>;
}

/** An engine over rules: it answers at once. */
export interface RuleBasedEngine extends DecisionEngine {
  decide(request: DecisionRequest): Decision;
  redecide(inputs: DecisionInputs, halted: HaltReason): Decision;
}

/** Binds a snapshot. Nothing is shared between engines, so that one may replace another at any time. */
export function createDecisionEngine(snapshot: RuleBasedSnapshot): RuleBasedEngine;
export function createDecisionEngine(snapshot: EngineSnapshot): DecisionEngine;
export function createDecisionEngine(snapshot: EngineSnapshot): DecisionEngine {
  const models = [snapshot.regimeModel.identity, snapshot.signalModel.identity];
  const startLaps = createLapStarter(snapshot.stageObserver);
  const { config } = snapshot.config;
  const parts: EngineParts = { snapshot, gates: new Gates(config.regime.minConfidence, config.signalFilter) };
  const { logFeatureImportance } = config.governance;
  // Where nothing is explained, not even the preparation is paid for (some 100 ms for 300 trees).
  if (logFeatureImportance && "run" in snapshot.regimeModel) prepareExplainer(snapshot.regimeModel);
  if (logFeatureImportance && "run" in snapshot.signalModel) prepareExplainer(snapshot.signalModel);
  return {
    snapshot,
    decide(request) {
      const laps = startLaps();
      assertRequest(request);
      const inputs = readDecisionInputs(request, snapshot);
      laps?.end("read_inputs", undefined);
      const isExplained = logFeatureImportance && request.omitExplanation !== true;
      return decideFrom(inputs, snapshot.findHalt(request.symbol, models), parts, isExplained, laps);
    },
    readInputs: (request) => readDecisionInputs(request, snapshot),
    // Who decides again compares outcomes; nobody reads why.
    redecide: (inputs, halted) => decideFrom(inputs, halted, parts, false),
  };
}

/** What stays the same as long as the engine does. */
interface EngineParts {
  readonly snapshot: EngineSnapshot;
  readonly gates: Gates;
}

function decideFrom(
  inputs: DecisionInputs,
  halted: HaltReason,
  parts: EngineParts,
  isExplained: boolean,
  laps?: StageLaps,
): Decision | Promise<Decision> {
  const { snapshot } = parts;
  const { regimeModel, signalModel } = snapshot;
  const shortage = describeShortage(inputs, snapshot.config.config);
  if (shortage !== undefined)
    return conclude({ inputs, halted, shortage, regime: unknownRegime, signal: noSignal }, parts, laps);
  if ("run" in regimeModel || "run" in signalModel) {
    return decideWithTrained(inputs, halted, parts, isExplained, laps);
  }
  const regime = assessRegime(inputs, classifyBars(inputs, snapshot.config.config.regime, regimeModel.rules));
  laps?.end("regime", regimeModel.identity);
  const signal = assessSignal(estimateByRules(inputs, regime, signalModel), snapshot.config.config.signalFilter);
  laps?.end("signal", signalModel.identity);
  return conclude({ inputs, halted, shortage, regime, signal }, parts, laps);
}

async function decideWithTrained(
  inputs: DecisionInputs,
  halted: HaltReason,
  parts: EngineParts,
  isExplained: boolean,
  laps: StageLaps | undefined,
): Promise<Decision> {
  const { snapshot } = parts;
  const { regimeModel, signalModel } = snapshot;
  const { config } = snapshot.config;
  const bars =
    "run" in regimeModel
      ? await classifyByModel(inputs, regimeModel)
      : classifyBars(inputs, config.regime, regimeModel.rules);
  const assessed = withScore(assessRegime(inputs, bars), regimeModel, inputs.regimeRows?.at(-1));
  const regime =
    isExplained && "run" in regimeModel
      ? { ...assessed, explanation: explainRegime(inputs, assessed, regimeModel) }
      : assessed;
  laps?.end("regime", regimeModel.identity);
  const estimate =
    "run" in signalModel
      ? await estimateByModel(inputs, regime.label, signalModel, isExplained)
      : estimateByRules(inputs, regime, signalModel);
  const signal = withScore(assessSignal(estimate, config.signalFilter), signalModel, inputs.signalRow);
  laps?.end("signal", signalModel.identity);
  return conclude({ inputs, halted, shortage: undefined, regime, signal }, parts, laps);
}

/** An assessment with the score of the row that its model read, where it is a trained one that can tell. */
function withScore<T extends RegimeAssessment | SignalAssessment>(
  assessment: T,
  model: RegimeModel | SignalModel | TrainedModel,
  row: readonly number[] | undefined,
): T {
  if (!("run" in model) || model.scoreRow === undefined || row === undefined) return assessment;
  return { ...assessment, outOfDistribution: model.scoreRow(row) };
}

interface Findings {
  readonly inputs: DecisionInputs;
  readonly halted: HaltReason;
  readonly shortage: string | undefined;
  readonly regime: RegimeAssessment;
  readonly signal: SignalAssessment;
}

function conclude(
  { inputs, halted, shortage, regime, signal }: Findings,
  { snapshot, gates: gatesInForce }: EngineParts,
  laps: StageLaps | undefined,
): Decision {
  const { config } = snapshot.config;
  const gates = gatesInForce.evaluate({
    halted,
    signalValid: inputs.signalValid,
    regime: regime.label,
    regimeConfidence: regime.confidence,
    probability: signal.probability,
  });
  const { outOfDistributionThreshold: outside } = config.governance;
  if (outside > 0) gates.push(evaluateDistribution(listScores(regime, signal, snapshot), outside));
  const allowTrade = shortage === undefined && gates.every((gate) => gate.passed);
  const reasons = explainDecision(shortage, allowTrade, gates, regime);
  laps?.end("gates", undefined);
  return {
    regime,
    signal,
    gates,
    allowTrade,
    reasons,
    inputs,
    regimeModel: snapshot.regimeModel.identity,
    signalModel: snapshot.signalModel.identity,
    configHash: snapshot.config.hash,
  };
}

function listScores(
  regime: RegimeAssessment,
  signal: SignalAssessment,
  { regimeModel, signalModel }: EngineSnapshot,
): ScoredModel[] {
  return [
    ...("run" in regimeModel ? [{ identity: regimeModel.identity, score: regime.outOfDistribution }] : []),
    ...("run" in signalModel ? [{ identity: signalModel.identity, score: signal.outOfDistribution }] : []),
  ];
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

function assessRegime(inputs: DecisionInputs, bars: readonly BarRegime[]): RegimeAssessment {
  const newest = bars.at(-1);
  const efficiencyRatio = inputs.efficiencyRatio.at(-1);
  const volatilityPercentile = inputs.volatilityPercentile.at(-1);
  if (newest === undefined || efficiencyRatio === undefined || volatilityPercentile === undefined) {
    throw new Error("no bar to classify");
  }
  const labels = bars.map((bar) => bar.label);
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

function classifyBars(inputs: DecisionInputs, thresholds: RegimeThresholds, rules: RegimeRules): BarRegime[] {
  return inputs.efficiencyRatio.map((ratio, index) => {
    const percentile = inputs.volatilityPercentile[index];
    if (percentile === undefined) throw new Error("decision inputs hold fewer volatility percentiles than bars");
    return classifyBar(ratio, percentile, thresholds, rules);
  });
}

function estimateByRules(inputs: DecisionInputs, regime: RegimeAssessment, model: SignalModel): SignalEstimate {
  return estimateSignal(
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
    model.weights,
  );
}

function assessSignal({ probability, explanation }: SignalEstimate, filter: SignalFilterConfig): SignalAssessment {
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
