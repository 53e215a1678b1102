import {
  Explanation_Unit,
  GateResult_Name,
  RegimePrediction_Label,
  SignalPrediction_ConfidenceLevel,
} from "../../../gen/ts/arbitrex/ml/v1/common_pb.ts";
import type {
  Decision,
  Explanation,
  GateOutcome,
  ModelIdentity,
  RegimeAssessment,
  SignalAssessment,
} from "../../domain/decision.ts";
import type { DecisionEvent } from "../../domain/decision-event.ts";
import { LastMade } from "../../domain/last-made.ts";
import { rankContributions } from "../prediction-message.ts";
import type { BackwardWriter } from "./backward-writer.ts";
import { closeMessage, writeCode, writeDouble, writeFlag, writeItem, writeText } from "./response-fields.ts";
import { doubleTag, varintTag } from "./wire-tag.ts";

/**
 * Writes a decision as a `PredictResponse`, with what `toPredictResponse` puts into the message and nothing of the message
 * itself. Which models decided, under which configuration, is the same in one answer after the other and is
 * copied from the last one.
 */
export class PredictResponseWriter {
  readonly #mlVersion: string;
  readonly #gates = new LastMade<GateOutcome, Uint8Array>();
  #origin: Origin | undefined;

  constructor(mlVersion: string) {
    this.#mlVersion = mlVersion;
  }

  write(writer: BackwardWriter, event: DecisionEvent, omitExplanation: boolean): void {
    const { decision } = event;
    writeText(writer, 13, event.requestId);
    const { missing } = decision.inputs;
    for (let at = missing.length - 1; at >= 0; at--) writeItem(writer, 12, missing[at] ?? "");
    writeDouble(writer, 11, event.processingTimeMs);
    this.#writeOrigin(writer, decision);
    const beforePrediction = writer.length;
    this.#writePrediction(writer, decision, omitExplanation);
    closeMessage(writer, 6, beforePrediction);
    const beforeTimestamp = writer.length;
    writeTimestamp(writer, event.timestampMicros);
    closeMessage(writer, 5, beforeTimestamp);
    if (event.barIndex !== 0) {
      writer.int32(event.barIndex);
      writer.tag(varintTag(4));
    }
    writeText(writer, 3, event.timeframe);
    writeText(writer, 2, event.symbol);
    writeText(writer, 1, event.predictionId);
  }

  #writePrediction(writer: BackwardWriter, decision: Decision, omitExplanation: boolean): void {
    const { gates, reasons } = decision;
    for (let at = gates.length - 1; at >= 0; at--) {
      const gate = gates[at];
      if (gate !== undefined) this.#writeGate(writer, at, gate);
    }
    for (let at = reasons.length - 1; at >= 0; at--) writeItem(writer, 4, reasons[at] ?? "");
    writeFlag(writer, 3, decision.allowTrade);
    const beforeSignal = writer.length;
    writeSignal(writer, decision.signal, omitExplanation);
    closeMessage(writer, 2, beforeSignal);
    const beforeRegime = writer.length;
    writeRegime(writer, decision.regime);
    closeMessage(writer, 1, beforeRegime);
  }

  #writeGate(writer: BackwardWriter, at: number, gate: GateOutcome): void {
    const known = this.#gates.find(at, gate);
    if (known !== undefined) {
      writer.bytes(known);
      return;
    }
    const before = writer.length;
    writeGate(writer, gate);
    if (this.#gates.isRepeated(at, gate)) this.#gates.keep(at, writer.copySince(before));
  }

  /** Fields 7 to 10. */
  #writeOrigin(writer: BackwardWriter, { regimeModel, signalModel, configHash }: Decision): void {
    const last = this.#origin;
    if (last?.regimeModel === regimeModel && last.signalModel === signalModel && last.configHash === configHash) {
      writer.bytes(last.bytes);
      return;
    }
    const before = writer.length;
    writeText(writer, 10, this.#mlVersion);
    writeText(writer, 9, configHash);
    writeModel(writer, 8, signalModel);
    writeModel(writer, 7, regimeModel);
    this.#origin = { regimeModel, signalModel, configHash, bytes: writer.copySince(before) };
  }
}

interface Origin {
  readonly regimeModel: ModelIdentity;
  readonly signalModel: ModelIdentity;
  readonly configHash: string;
  readonly bytes: Uint8Array;
}

function writeModel(writer: BackwardWriter, field: number, { name, version, sha256 }: ModelIdentity): void {
  const before = writer.length;
  writeText(writer, 3, sha256);
  writeText(writer, 2, version);
  writeText(writer, 1, name);
  closeMessage(writer, field, before);
}

function writeTimestamp(writer: BackwardWriter, micros: number): void {
  const seconds = Math.floor(micros / 1_000_000);
  writeCode(writer, 2, (micros - seconds * 1_000_000) * 1000);
  writeCode(writer, 1, seconds);
}

function writeGate(writer: BackwardWriter, gate: GateOutcome): void {
  const before = writer.length;
  writeText(writer, 6, gate.message);
  writeDouble(writer, 5, gate.margin);
  writeDouble(writer, 4, gate.threshold);
  writeDouble(writer, 3, gate.value);
  writeFlag(writer, 2, gate.passed);
  writeCode(writer, 1, GateResult_Name[gate.name]);
  closeMessage(writer, 5, before);
}

function writeRegime(writer: BackwardWriter, regime: RegimeAssessment): void {
  // An optional field is written even if it is 0.
  if (regime.outOfDistribution !== undefined) writer.double(doubleTag(12), regime.outOfDistribution);
  if (regime.explanation !== undefined) writeExplanation(writer, 11, regime.explanation);
  const { recentLabels } = regime;
  if (recentLabels.length > 0) {
    const before = writer.length;
    for (let at = recentLabels.length - 1; at >= 0; at--) {
      writer.varint(RegimePrediction_Label[recentLabels[at] ?? "UNKNOWN"]);
    }
    closeMessage(writer, 10, before);
  }
  writeFlag(writer, 9, regime.stable);
  writeText(writer, 8, regime.correlationRegime);
  writeDouble(writer, 7, regime.volatilityPercentile);
  writeDouble(writer, 6, regime.efficiencyRatio);
  writeDouble(writer, 5, regime.probStressed);
  writeDouble(writer, 4, regime.probRanging);
  writeDouble(writer, 3, regime.probTrending);
  writeDouble(writer, 2, regime.confidence);
  writeCode(writer, 1, RegimePrediction_Label[regime.label]);
}

function writeSignal(writer: BackwardWriter, signal: SignalAssessment, omitExplanation: boolean): void {
  if (signal.outOfDistribution !== undefined) writer.double(doubleTag(7), signal.outOfDistribution);
  if (!omitExplanation) writeExplanation(writer, 6, signal.explanation);
  const top = rankContributions(signal.explanation);
  for (let at = top.length - 1; at >= 0; at--) {
    const entry = top[at];
    if (entry === undefined) continue;
    const before = writer.length;
    // Both halves of a map entry are always written.
    writer.double(doubleTag(2), entry.contribution);
    writeItem(writer, 1, entry.name);
    closeMessage(writer, 5, before);
  }
  writeCode(writer, 4, SignalPrediction_ConfidenceLevel[signal.level]);
  writeFlag(writer, 3, signal.shouldExit);
  writeFlag(writer, 2, signal.shouldEnter);
  writeDouble(writer, 1, signal.probability);
}

function writeExplanation(writer: BackwardWriter, field: number, explanation: Explanation): void {
  const { contributions } = explanation;
  const before = writer.length;
  writeText(writer, 4, explanation.note ?? "");
  writeCode(writer, 3, Explanation_Unit[explanation.unit]);
  for (let at = contributions.length - 1; at >= 0; at--) {
    const each = contributions[at];
    if (each === undefined) continue;
    const beforeEach = writer.length;
    writeDouble(writer, 3, each.contribution);
    writeDouble(writer, 2, each.value);
    writeText(writer, 1, each.name);
    closeMessage(writer, 2, beforeEach);
  }
  writeDouble(writer, 1, explanation.base);
  closeMessage(writer, field, before);
}
