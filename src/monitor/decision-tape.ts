import {
  type Contribution,
  type Decision,
  type DecisionInputs,
  type Explanation,
  type GateName,
  type GateOutcome,
  gateNames,
  type RegimeAssessment,
  type SignalAssessment,
} from "../domain/decision.ts";
import type { DecisionEvent } from "../domain/decision-event.ts";
import type { RegimeLabel } from "../domain/regime.ts";
import type { CountedDecision } from "./counted-decision.ts";
import { levelPlaceOf, regimePlaceOf, tallyLevels, tallyRegimes } from "./decision-tally.ts";
import type { RowReader } from "./rows/row-reader.ts";
import type { RowWriter } from "./rows/row-writer.ts";

/** What decisions are looked for by. */
export interface DecisionKey {
  readonly timestampMicros: number;
  readonly symbol: string;
  readonly allowed: boolean;
  readonly regime: RegimeLabel;
}

/**
 * A decision as a row of bytes, and back again: first what it is looked for by, then the rest of what is counted, then all else. Writers
 * and readers name the same fields in the same order; whoever adds one to the decision adds it to both, and the test that takes every
 * kind of decision there and back tells when not.
 */
export function writeDecision(event: DecisionEvent, row: RowWriter): void {
  const { decision } = event;
  writeCounted(event, row);
  row.text(event.requestId);
  row.term(decision.configHash);
  row.number(event.barIndex);
  row.optional(event.barTimeMicros);
  writeRegime(decision.regime, row);
  writeSignal(decision.signal, row);
  for (const gate of decision.gates) writeGate(gate, row);
  writeReasons(decision, row);
  writeInputs(decision.inputs, row);
}

export function readDecision(row: RowReader): DecisionEvent {
  const { timestampMicros, predictionId, symbol, timeframe, processingTimeMs, decision } = readCounted(row);
  const { allowTrade, regimeModel, signalModel } = decision;
  const [requestId, configHash, barIndex, barTimeMicros] = [row.text(), row.term(), row.number(), row.optional()];
  const [regime, signal] = [readRegime(row, decision.regime), readSignal(row, decision.signal)];
  const gates = decision.gates.map(({ passed }) => readGate(row, passed));
  const [reasons, inputs] = [readReasons(row, gates), readInputs(row, decision.inputs)];
  return {
    predictionId,
    timestampMicros,
    symbol,
    timeframe,
    barIndex,
    barTimeMicros,
    requestId,
    processingTimeMs,
    decision: { regime, signal, gates, allowTrade, reasons, inputs, regimeModel, signalModel, configHash },
  };
}

/** The first part of a row. */
export function readKey(row: RowReader): DecisionKey {
  return {
    timestampMicros: row.number(),
    symbol: row.term(),
    allowed: row.byte() === 1,
    regime: memberAt(tallyRegimes, row.byte()),
  };
}

/** The first part and the second: much less than a decision to put together. */
export function readCounted(row: RowReader): CountedDecision & Pick<DecisionEvent, "timestampMicros"> {
  const { timestampMicros, symbol, allowed: allowTrade, regime: label } = readKey(row);
  const [predictionId, timeframe, processingTimeMs] = [row.text(), row.term(), row.number()];
  const [regimeModel, signalModel] = [row.model("regime"), row.model("signal")];
  const [bits, level] = [row.byte(), memberAt(tallyLevels, row.byte())];
  const regime = {
    label,
    confidence: row.number(),
    efficiencyRatio: row.number(),
    volatilityPercentile: row.number(),
    stable: hasBit(bits, 0),
  };
  const signal = { probability: row.number(), level };
  const [momentumScore, trendConsistency, trendPersistenceScore] = [row.number(), row.number(), row.number()];
  const [gates, missing] = [gatesOf(row.length()), row.terms()];
  const ofRules = { momentumScore, trendConsistency, trendPersistenceScore, missing };
  const inputs = hasBit(bits, 1) || hasBit(bits, 2) ? readRows(row, bits, ofRules) : ofRules;
  const decision = { regime, signal, gates, inputs, allowTrade, regimeModel, signalModel };
  return { timestampMicros, predictionId, symbol, timeframe, processingTimeMs, decision };
}

function writeCounted(event: DecisionEvent, row: RowWriter): void {
  const { regime, signal, gates, inputs, allowTrade, regimeModel, signalModel } = event.decision;
  row.number(event.timestampMicros);
  row.term(event.symbol);
  row.byte(toBits(allowTrade));
  row.byte(regimePlaceOf(regime.label));
  row.text(event.predictionId);
  row.term(event.timeframe);
  row.number(event.processingTimeMs);
  row.model("regime", regimeModel);
  row.model("signal", signalModel);
  row.byte(toBits(regime.stable, inputs.regimeRows !== undefined, inputs.signalRow !== undefined));
  row.byte(levelPlaceOf(signal.level));
  row.number(regime.confidence);
  row.number(regime.efficiencyRatio);
  row.number(regime.volatilityPercentile);
  row.number(signal.probability);
  row.number(inputs.momentumScore);
  row.number(inputs.trendConsistency);
  row.number(inputs.trendPersistenceScore);
  row.length(toGateBits(gates));
  row.terms(inputs.missing);
  if (inputs.regimeRows !== undefined) {
    row.length(inputs.regimeRows.length);
    for (const values of inputs.regimeRows) row.numbers(values);
  }
  if (inputs.signalRow !== undefined) row.numbers(inputs.signalRow);
}

/** What trained models read, besides what rules do. */
function readRows(
  row: RowReader,
  bits: number,
  ofRules: CountedDecision["decision"]["inputs"],
): CountedDecision["decision"]["inputs"] {
  return {
    ...ofRules,
    ...(hasBit(bits, 1) && { regimeRows: readSeveral(row, readNumbers) }),
    ...(hasBit(bits, 2) && { signalRow: row.numbers() }),
  };
}

/** Which gates were passed: a bit each, the last gate's the lowest, and one above them that says how many they are. */
function toGateBits(gates: readonly GateOutcome[]): number {
  let bits = 1;
  for (let at = 0; at < gates.length; at++) bits = (bits << 1) | (gates[at]?.passed === true ? 1 : 0);
  return bits;
}

function gatesOf(bits: number): readonly { readonly passed: boolean }[] {
  const known = gatesByBits.get(bits);
  if (known !== undefined) return known;
  const gates: { readonly passed: boolean }[] = [];
  for (let left = bits; left > 1; left >>= 1) gates.unshift({ passed: (left & 1) === 1 });
  gatesByBits.set(bits, gates);
  return gates;
}

/** The same few in thousands of decisions; there are not more than the names of gates allow. */
const gatesByBits = new Map<number, readonly { readonly passed: boolean }[]>();

function readNumbers(row: RowReader): number[] {
  return row.numbers();
}

function writeRegime(regime: RegimeAssessment, row: RowWriter): void {
  const { explanation, recentLabels } = regime;
  row.number(regime.probTrending);
  row.number(regime.probRanging);
  row.number(regime.probStressed);
  row.term(regime.correlationRegime);
  row.length(recentLabels.length);
  for (let at = 0; at < recentLabels.length; at++) row.byte(regimePlaceOf(recentLabels[at] ?? "UNKNOWN"));
  row.optional(regime.outOfDistribution);
  row.byte(toBits(explanation !== undefined));
  if (explanation !== undefined) writeExplanation(explanation, row);
}

function readRegime(row: RowReader, counted: CountedDecision["decision"]["regime"]): RegimeAssessment {
  const regime = {
    ...counted,
    probTrending: row.number(),
    probRanging: row.number(),
    probStressed: row.number(),
    correlationRegime: row.term(),
    recentLabels: readSeveral(row, readLabel),
  };
  const outOfDistribution = row.optional();
  return {
    ...regime,
    ...(outOfDistribution !== undefined && { outOfDistribution }),
    ...(row.byte() === 1 && { explanation: readExplanation(row) }),
  };
}

function writeSignal(signal: SignalAssessment, row: RowWriter): void {
  row.byte(toBits(signal.shouldEnter, signal.shouldExit));
  row.optional(signal.outOfDistribution);
  writeExplanation(signal.explanation, row);
}

function readSignal(row: RowReader, counted: CountedDecision["decision"]["signal"]): SignalAssessment {
  const [bits, outOfDistribution] = [row.byte(), row.optional()];
  return {
    ...counted,
    shouldEnter: hasBit(bits, 0),
    shouldExit: hasBit(bits, 1),
    explanation: readExplanation(row),
    ...(outOfDistribution !== undefined && { outOfDistribution }),
  };
}

function writeExplanation({ base, contributions, unit, note }: Explanation, row: RowWriter): void {
  row.byte(toBits(unit === "LOG_ODDS", note !== undefined));
  row.number(base);
  if (note !== undefined) row.term(note);
  row.length(contributions.length);
  for (const { name, value, contribution } of contributions) {
    row.term(name);
    row.number(value);
    row.number(contribution);
  }
}

function readExplanation(row: RowReader): Explanation {
  const [bits, base] = [row.byte(), row.number()];
  const note = hasBit(bits, 1) ? row.term() : undefined;
  const contributions = readSeveral(row, readContribution);
  const unit = hasBit(bits, 0) ? "LOG_ODDS" : "PROBABILITY";
  return { base, contributions, unit, ...(note !== undefined && { note }) };
}

function readContribution(row: RowReader): Contribution {
  return { name: row.term(), value: row.number(), contribution: row.number() };
}

function readLabel(row: RowReader): RegimeLabel {
  return memberAt(tallyRegimes, row.byte());
}

/** Their number, then each. `Array.from` with a length takes three times as long over a decision. */
function readSeveral<T>(row: RowReader, readOne: (row: RowReader) => T): T[] {
  const values: T[] = [];
  for (let left = row.length(); left > 0; left--) values.push(readOne(row));
  return values;
}

function writeGate({ name, value, threshold, margin, message }: GateOutcome, row: RowWriter): void {
  const met = value === 1 ? 1 : 0;
  const isCondition = threshold === 1 && Object.is(value, met) && margin === met - 1;
  row.byte(gatePlaceOf(name));
  row.byte(toBits(isCondition, met === 1));
  if (!isCondition) {
    row.number(value);
    row.number(threshold);
    row.number(margin);
  }
  if (isWorded(name)) row.term(message);
  else row.text(message);
}

function readGate(row: RowReader, passed: boolean): GateOutcome {
  const [name, bits] = [memberAt(gateNames, row.byte()), row.byte()];
  const met = hasBit(bits, 1) ? 1 : 0;
  const [value, threshold, margin] = hasBit(bits, 0) ? [met, 1, met - 1] : [row.number(), row.number(), row.number()];
  return { name, passed, value, threshold, margin, message: isWorded(name) ? row.term() : row.text() };
}

/** Gates whose messages have no numbers in them, so that there are few. */
function isWorded(name: GateName): boolean {
  return name === "TRADING_ENABLED" || name === "QSE_VALID" || name === "REGIME_ALLOWED";
}

/** A reason is most often the message of a gate that failed: then its place, from 1; 0 comes before any other text. */
function writeReasons({ reasons, gates }: Decision, row: RowWriter): void {
  row.length(reasons.length);
  let after = 0;
  for (const reason of reasons) {
    const gate = findFailed(gates, reason, after);
    row.length(gate + 1);
    if (gate < 0) row.term(reason);
    else after = gate + 1;
  }
}

/** Reasons are in the order of the gates, and their messages are the same strings. */
function findFailed(gates: readonly GateOutcome[], message: string, from: number): number {
  for (let at = from; at < gates.length; at++) {
    const gate = gates[at];
    if (gate?.passed === false && gate.message === message) return at;
  }
  return -1;
}

function readReasons(row: RowReader, gates: readonly GateOutcome[]): string[] {
  const readReason = (): string => {
    const place = row.length();
    return place === 0 ? row.term() : (gates[place - 1]?.message ?? "");
  };
  return readSeveral(row, readReason);
}

function writeInputs(inputs: DecisionInputs, row: RowWriter): void {
  const { signalValid } = inputs;
  row.byte(toBits(inputs.autocorrCheck, inputs.stationarityCheck, inputs.distributionCheck));
  row.byte(toBits(signalValid !== undefined, signalValid === true));
  row.number(inputs.bars);
  row.optional(inputs.windowTooShort);
  row.numbers(inputs.efficiencyRatio);
  row.numbers(inputs.volatilityPercentile);
  row.term(inputs.correlationRegime);
}

function readInputs(row: RowReader, counted: CountedDecision["decision"]["inputs"]): DecisionInputs {
  const [checks, valid] = [row.byte(), row.byte()];
  const [bars, windowTooShort] = [row.number(), row.optional()];
  return {
    ...counted,
    bars,
    ...(windowTooShort !== undefined && { windowTooShort }),
    efficiencyRatio: row.numbers(),
    volatilityPercentile: row.numbers(),
    signalValid: hasBit(valid, 0) ? hasBit(valid, 1) : undefined,
    autocorrCheck: hasBit(checks, 0),
    stationarityCheck: hasBit(checks, 1),
    distributionCheck: hasBit(checks, 2),
    correlationRegime: row.term(),
  };
}

/** Up to three conditions, the first as the lowest bit. */
function toBits(first: boolean, second = false, third = false): number {
  return (first ? 1 : 0) | (second ? 2 : 0) | (third ? 4 : 0);
}

function hasBit(bits: number, place: number): boolean {
  return ((bits >> place) & 1) === 1;
}

function gatePlaceOf(name: GateName): number {
  return gateNames.indexOf(name);
}

function memberAt<T>(members: readonly T[], place: number): T {
  const member = members[place];
  if (member === undefined) throw new RangeError(`no member at place ${place}`);
  return member;
}
