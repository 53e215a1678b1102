/** A decision on its way from the worker that took it to the process that watches all of them. */
import {
  type ConfidenceLevel,
  type Contribution,
  type Decision,
  type DecisionInputs,
  type Explanation,
  type GateOutcome,
  gateNames,
  type ModelIdentity,
  type RegimeAssessment,
  type SignalAssessment,
} from "../domain/decision.ts";
import type { DecisionEvent } from "../domain/decision-event.ts";
import type { RegimeLabel } from "../domain/regime.ts";
import type { FactReader, FactWriter } from "./fact-columns.ts";

const labels = ["UNKNOWN", "TRENDING", "RANGING", "STRESSED"] as const satisfies readonly RegimeLabel[];
const levels = ["LOW", "MEDIUM", "HIGH"] as const satisfies readonly ConfidenceLevel[];
const units = ["PROBABILITY", "LOG_ODDS"] as const satisfies readonly Explanation["unit"][];

export function writeDecision(facts: FactWriter, event: DecisionEvent): void {
  const { decision } = event;
  facts.uniqueText(event.predictionId);
  facts.number(event.timestampMicros);
  facts.text(event.symbol);
  facts.text(event.timeframe);
  facts.number(event.barIndex);
  facts.optionalNumber(event.barTimeMicros);
  facts.text(event.requestId);
  facts.number(event.processingTimeMs);
  facts.flag(decision.allowTrade);
  facts.text(decision.configHash);
  writeModel(facts, decision.regimeModel);
  writeModel(facts, decision.signalModel);
  writeRegime(facts, decision.regime);
  writeSignal(facts, decision.signal);
  writeGates(facts, decision.gates);
  facts.texts(decision.reasons);
  writeInputs(facts, decision.inputs);
}

export function readDecision(facts: FactReader): DecisionEvent {
  return {
    predictionId: facts.text(),
    timestampMicros: facts.number(),
    symbol: facts.text(),
    timeframe: facts.text(),
    barIndex: facts.number(),
    barTimeMicros: facts.optionalNumber(),
    requestId: facts.text(),
    processingTimeMs: facts.number(),
    decision: readTaken(facts),
  };
}

function readTaken(facts: FactReader): Decision {
  // Written in this order; a literal evaluates its members in theirs.
  const allowTrade = facts.flag();
  const configHash = facts.text();
  const regimeModel = readModel(facts);
  const signalModel = readModel(facts);
  const regime = readRegime(facts);
  const signal = readSignal(facts);
  const gates = readGates(facts);
  const reasons = facts.texts();
  return {
    regime,
    signal,
    gates,
    allowTrade,
    reasons,
    inputs: readInputs(facts),
    regimeModel,
    signalModel,
    configHash,
  };
}

export function writeModel(facts: FactWriter, { name, version, sha256 }: ModelIdentity): void {
  facts.text(name);
  facts.text(version);
  facts.text(sha256);
}

export function readModel(facts: FactReader): ModelIdentity {
  return { name: facts.text(), version: facts.text(), sha256: facts.text() };
}

export function writeLabel(facts: FactWriter, label: RegimeLabel): void {
  facts.number(labels.indexOf(label));
}

export function readLabel(facts: FactReader): RegimeLabel {
  return pick(labels, facts.number());
}

function writeRegime(facts: FactWriter, regime: RegimeAssessment): void {
  writeLabel(facts, regime.label);
  facts.number(regime.confidence);
  facts.number(regime.probTrending);
  facts.number(regime.probRanging);
  facts.number(regime.probStressed);
  facts.number(regime.efficiencyRatio);
  facts.number(regime.volatilityPercentile);
  facts.text(regime.correlationRegime);
  facts.flag(regime.stable);
  facts.number(regime.recentLabels.length);
  for (const label of regime.recentLabels) writeLabel(facts, label);
  facts.flag(regime.explanation !== undefined);
  if (regime.explanation !== undefined) writeExplanation(facts, regime.explanation);
}

function readRegime(facts: FactReader): RegimeAssessment {
  const assessment = {
    label: readLabel(facts),
    confidence: facts.number(),
    probTrending: facts.number(),
    probRanging: facts.number(),
    probStressed: facts.number(),
    efficiencyRatio: facts.number(),
    volatilityPercentile: facts.number(),
    correlationRegime: facts.text(),
    stable: facts.flag(),
    recentLabels: Array.from({ length: facts.number() }, () => readLabel(facts)),
  };
  return facts.flag() ? { ...assessment, explanation: readExplanation(facts) } : assessment;
}

function writeSignal(facts: FactWriter, signal: SignalAssessment): void {
  facts.number(signal.probability);
  facts.flag(signal.shouldEnter);
  facts.flag(signal.shouldExit);
  facts.number(levels.indexOf(signal.level));
  writeExplanation(facts, signal.explanation);
}

function readSignal(facts: FactReader): SignalAssessment {
  return {
    probability: facts.number(),
    shouldEnter: facts.flag(),
    shouldExit: facts.flag(),
    level: pick(levels, facts.number()),
    explanation: readExplanation(facts),
  };
}

function writeExplanation(facts: FactWriter, { base, contributions, unit, note }: Explanation): void {
  facts.number(base);
  facts.number(units.indexOf(unit));
  facts.optionalText(note);
  facts.number(contributions.length);
  for (const { name, value, contribution } of contributions) {
    facts.text(name);
    facts.number(value);
    facts.number(contribution);
  }
}

function readExplanation(facts: FactReader): Explanation {
  const base = facts.number();
  const unit = pick(units, facts.number());
  const note = facts.optionalText();
  const contributions = Array.from({ length: facts.number() }, () => readContribution(facts));
  return { base, contributions, unit, ...(note !== undefined && { note }) };
}

function readContribution(facts: FactReader): Contribution {
  return { name: facts.text(), value: facts.number(), contribution: facts.number() };
}

function writeGates(facts: FactWriter, gates: readonly GateOutcome[]): void {
  facts.number(gates.length);
  for (const { name, passed, value, threshold, margin, message } of gates) {
    facts.number(gateNames.indexOf(name));
    facts.flag(passed);
    facts.number(value);
    facts.number(threshold);
    facts.number(margin);
    facts.text(message);
  }
}

function readGates(facts: FactReader): GateOutcome[] {
  return Array.from({ length: facts.number() }, () => ({
    name: pick(gateNames, facts.number()),
    passed: facts.flag(),
    value: facts.number(),
    threshold: facts.number(),
    margin: facts.number(),
    message: facts.text(),
  }));
}

function writeInputs(facts: FactWriter, inputs: DecisionInputs): void {
  facts.number(inputs.bars);
  facts.optionalNumber(inputs.windowTooShort);
  facts.numbers(inputs.efficiencyRatio);
  facts.numbers(inputs.volatilityPercentile);
  facts.number(inputs.momentumScore);
  facts.number(inputs.trendConsistency);
  facts.number(inputs.trendPersistenceScore);
  facts.optionalFlag(inputs.signalValid);
  facts.flag(inputs.autocorrCheck);
  facts.flag(inputs.stationarityCheck);
  facts.flag(inputs.distributionCheck);
  facts.text(inputs.correlationRegime);
  facts.texts(inputs.missing);
  writeRows(facts, inputs.regimeRows);
  writeRows(facts, inputs.signalRow && [inputs.signalRow]);
}

function readInputs(facts: FactReader): DecisionInputs {
  const bars = facts.number();
  const windowTooShort = facts.optionalNumber();
  const read = {
    efficiencyRatio: facts.numbers(),
    volatilityPercentile: facts.numbers(),
    momentumScore: facts.number(),
    trendConsistency: facts.number(),
    trendPersistenceScore: facts.number(),
    signalValid: facts.optionalFlag(),
    autocorrCheck: facts.flag(),
    stationarityCheck: facts.flag(),
    distributionCheck: facts.flag(),
    correlationRegime: facts.text(),
    missing: facts.texts(),
  };
  const regimeRows = readRows(facts);
  const signalRow = readRows(facts)?.[0];
  return {
    bars,
    ...(windowTooShort !== undefined && { windowTooShort }),
    ...read,
    ...(regimeRows !== undefined && { regimeRows }),
    ...(signalRow !== undefined && { signalRow }),
  };
}

function writeRows(facts: FactWriter, rows: readonly (readonly number[])[] | undefined): void {
  facts.optionalNumber(rows?.length);
  for (const row of rows ?? []) facts.numbers(row);
}

function readRows(facts: FactReader): number[][] | undefined {
  const count = facts.optionalNumber();
  return count === undefined ? undefined : Array.from({ length: count }, () => facts.numbers());
}

function pick<T>(choices: readonly T[], place: number): T {
  const choice = choices[place];
  if (choice === undefined) throw new Error(`facts name choice ${place} of ${choices.length}`);
  return choice;
}
