import {
  type Contribution,
  type Decision,
  type DecisionInputs,
  type Explanation,
  type GateOutcome,
  gateNames,
  type RegimeAssessment,
  type SignalAssessment,
} from "../domain/decision.ts";
import type { DecisionEvent } from "../domain/decision-event.ts";
import type { RegimeLabel } from "../domain/regime.ts";
import { tallyLevels, tallyRegimes } from "./decision-tally.ts";
import type { RowReader, RowWriter } from "./flat-rows.ts";

/**
 * A decision as a row of numbers and one of texts, and back again. Both functions name the same fields in the same order;
 * whoever adds one to the decision adds it to both, and the test that takes every kind of decision there and back tells when not.
 */
export function writeDecision(event: DecisionEvent, row: RowWriter): void {
  const { decision } = event;
  row.text(event.predictionId);
  row.text(event.symbol);
  row.text(event.timeframe);
  row.text(event.requestId);
  row.text(decision.configHash);
  row.number(event.timestampMicros);
  row.number(event.barIndex);
  row.optional(event.barTimeMicros);
  row.number(event.processingTimeMs);
  row.flag(decision.allowTrade);
  writeRegime(decision.regime, row);
  writeSignal(decision.signal, row);
  row.number(decision.gates.length);
  for (const gate of decision.gates) writeGate(gate, row);
  row.texts(decision.reasons);
  writeInputs(decision.inputs, row);
}

/** @param models those of the decision, which are kept apart: they are the same objects in thousands of decisions */
export function readDecision(row: RowReader, models: Pick<Decision, "regimeModel" | "signalModel">): DecisionEvent {
  const [predictionId, symbol, timeframe] = [row.text(), row.text(), row.text()];
  const [requestId, configHash] = [row.text(), row.text()];
  const [timestampMicros, barIndex, barTimeMicros] = [row.number(), row.number(), row.optional()];
  const [processingTimeMs, allowTrade] = [row.number(), row.flag()];
  const [regime, signal] = [readRegime(row), readSignal(row)];
  const gates = readSeveral(row, readGate);
  const [reasons, inputs] = [row.texts(), readInputs(row)];
  const { regimeModel, signalModel } = models;
  const decision: Decision = {
    regime,
    signal,
    gates,
    allowTrade,
    reasons,
    inputs,
    regimeModel,
    signalModel,
    configHash,
  };
  return {
    predictionId,
    timestampMicros,
    symbol,
    timeframe,
    barIndex,
    barTimeMicros,
    requestId,
    processingTimeMs,
    decision,
  };
}

function writeRegime(regime: RegimeAssessment, row: RowWriter): void {
  row.number(tallyRegimes.indexOf(regime.label));
  row.number(regime.confidence);
  row.number(regime.probTrending);
  row.number(regime.probRanging);
  row.number(regime.probStressed);
  row.number(regime.efficiencyRatio);
  row.number(regime.volatilityPercentile);
  row.text(regime.correlationRegime);
  row.flag(regime.stable);
  row.number(regime.recentLabels.length);
  for (const label of regime.recentLabels) row.number(tallyRegimes.indexOf(label));
  row.optional(regime.outOfDistribution);
  row.flag(regime.explanation !== undefined);
  if (regime.explanation !== undefined) writeExplanation(regime.explanation, row);
}

function readRegime(row: RowReader): RegimeAssessment {
  const regime = {
    label: memberAt(tallyRegimes, row.number()),
    confidence: row.number(),
    probTrending: row.number(),
    probRanging: row.number(),
    probStressed: row.number(),
    efficiencyRatio: row.number(),
    volatilityPercentile: row.number(),
    correlationRegime: row.text(),
    stable: row.flag(),
    recentLabels: readSeveral(row, readLabel),
  };
  const outOfDistribution = row.optional();
  return {
    ...regime,
    ...(outOfDistribution !== undefined && { outOfDistribution }),
    ...(row.flag() && { explanation: readExplanation(row) }),
  };
}

function writeSignal(signal: SignalAssessment, row: RowWriter): void {
  row.number(signal.probability);
  row.flag(signal.shouldEnter);
  row.flag(signal.shouldExit);
  row.number(tallyLevels.indexOf(signal.level));
  row.optional(signal.outOfDistribution);
  writeExplanation(signal.explanation, row);
}

function readSignal(row: RowReader): SignalAssessment {
  const signal = {
    probability: row.number(),
    shouldEnter: row.flag(),
    shouldExit: row.flag(),
    level: memberAt(tallyLevels, row.number()),
  };
  const outOfDistribution = row.optional();
  const explanation = readExplanation(row);
  return { ...signal, explanation, ...(outOfDistribution !== undefined && { outOfDistribution }) };
}

function writeExplanation({ base, contributions, unit, note }: Explanation, row: RowWriter): void {
  row.number(base);
  row.flag(unit === "LOG_ODDS");
  row.flag(note !== undefined);
  if (note !== undefined) row.text(note);
  row.number(contributions.length);
  for (const { name, value, contribution } of contributions) {
    row.text(name);
    row.number(value);
    row.number(contribution);
  }
}

function readExplanation(row: RowReader): Explanation {
  const base = row.number();
  const unit = row.flag() ? "LOG_ODDS" : "PROBABILITY";
  const note = row.flag() ? row.text() : undefined;
  const contributions = readSeveral(row, readContribution);
  return { base, contributions, unit, ...(note !== undefined && { note }) };
}

function readContribution(row: RowReader): Contribution {
  return { name: row.text(), value: row.number(), contribution: row.number() };
}

function readLabel(row: RowReader): RegimeLabel {
  return memberAt(tallyRegimes, row.number());
}

/** Their number, then each. `Array.from` with a length takes three times as long over a decision. */
function readSeveral<T>(row: RowReader, readOne: (row: RowReader) => T): T[] {
  const values: T[] = [];
  for (let left = row.number(); left > 0; left--) values.push(readOne(row));
  return values;
}

function writeGate(gate: GateOutcome, row: RowWriter): void {
  row.number(gateNames.indexOf(gate.name));
  row.flag(gate.passed);
  row.number(gate.value);
  row.number(gate.threshold);
  row.number(gate.margin);
  row.text(gate.message);
}

function readGate(row: RowReader): GateOutcome {
  return {
    name: memberAt(gateNames, row.number()),
    passed: row.flag(),
    value: row.number(),
    threshold: row.number(),
    margin: row.number(),
    message: row.text(),
  };
}

function writeInputs(inputs: DecisionInputs, row: RowWriter): void {
  row.number(inputs.bars);
  row.optional(inputs.windowTooShort);
  row.numbers(inputs.efficiencyRatio);
  row.numbers(inputs.volatilityPercentile);
  row.number(inputs.momentumScore);
  row.number(inputs.trendConsistency);
  row.number(inputs.trendPersistenceScore);
  row.optional(inputs.signalValid === undefined ? undefined : Number(inputs.signalValid));
  row.flag(inputs.autocorrCheck);
  row.flag(inputs.stationarityCheck);
  row.flag(inputs.distributionCheck);
  row.text(inputs.correlationRegime);
  row.texts(inputs.missing);
  row.optional(inputs.regimeRows?.length);
  for (const values of inputs.regimeRows ?? []) row.numbers(values);
  row.flag(inputs.signalRow !== undefined);
  if (inputs.signalRow !== undefined) row.numbers(inputs.signalRow);
}

function readInputs(row: RowReader): DecisionInputs {
  const [bars, windowTooShort] = [row.number(), row.optional()];
  const read = {
    efficiencyRatio: row.numbers(),
    volatilityPercentile: row.numbers(),
    momentumScore: row.number(),
    trendConsistency: row.number(),
    trendPersistenceScore: row.number(),
    signalValid: toFlag(row.optional()),
    autocorrCheck: row.flag(),
    stationarityCheck: row.flag(),
    distributionCheck: row.flag(),
    correlationRegime: row.text(),
    missing: row.texts(),
  };
  const regimeRows = row.optional();
  return {
    bars,
    ...(windowTooShort !== undefined && { windowTooShort }),
    ...read,
    ...(regimeRows !== undefined && { regimeRows: Array.from({ length: regimeRows }, () => row.numbers()) }),
    ...(row.flag() && { signalRow: row.numbers() }),
  };
}

function toFlag(value: number | undefined): boolean | undefined {
  return value === undefined ? undefined : value === 1;
}

function memberAt<T>(members: readonly T[], place: number): T {
  const member = members[place];
  if (member === undefined) throw new RangeError(`no member at place ${place}`);
  return member;
}
