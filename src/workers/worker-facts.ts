/** Everything that happens in a worker and is counted in the primary, as facts: calls and waits by their kind, all else one after the other. */
import type { CallReport } from "../domain/call-context.ts";
import type { ModelIdentity } from "../domain/decision.ts";
import type { DecisionEvent } from "../domain/decision-event.ts";
import type { DecisionStage } from "../domain/decision-stage.ts";
import type { ShadowComparison, ShadowOmission } from "../domain/shadow-comparison.ts";
import { regimePlaceOf, tallyRegimes } from "../monitor/decision-tally.ts";
import { writeDecision } from "../monitor/decision-tape.ts";
import { RowReader } from "../monitor/rows/row-reader.ts";
import { type NewWords, RowVocabulary } from "../monitor/rows/row-vocabulary.ts";
import { RowWriter } from "../monitor/rows/row-writer.ts";
import { DurationList, tellDurations } from "./duration-list.ts";

/**
 * Facts on their way to the primary: bytes, and the words that its vocabulary of this worker needs to read them. Structured clone, which
 * carries them, copies the bytes as one piece.
 */
export interface WorkerFacts {
  /** Good until the next fact is written. */
  readonly bytes: Uint8Array;
  readonly words: NewWords;
}

/** What each fact is, by the number before it. */
const kinds = ["end", "decision", "calls", "audit_waits", "sync", "stage", "comparison", "omission"] as const;
type FactKind = (typeof kinds)[number];
const stages = ["read_inputs", "regime", "signal", "gates"] as const satisfies readonly DecisionStage[];
const omissions = ["dropped", "failed"] as const satisfies readonly ShadowOmission[];
const protocols = [
  "unknown",
  "grpc",
  "grpc-web",
  "connect",
  "rest",
] as const satisfies readonly CallReport["protocol"][];

/** What of a call is counted; the rest is in the worker's own log. */
export type CallFigures = Pick<CallReport, "protocol" | "method" | "code" | "durationMs" | "requestId">;

/** Told of each fact. Must not throw. */
export interface FactListener {
  /** Of a decision that {@link readDecision} and {@link readCounted} read: the part that is open. */
  onDecision(row: RowReader): void;
  onCall(call: CallFigures): void;
  onAuditWait(durationMs: number): void;
  onSync(durationMs: number, records: number): void;
  onStage(stage: DecisionStage, model: ModelIdentity | undefined, durationMs: number): void;
  onComparison(comparison: ShadowComparison): void;
  onOmission(reason: ShadowOmission): void;
}

interface CallDurations extends Pick<CallFigures, "protocol" | "method" | "code"> {
  readonly durations: DurationList;
}

export interface FactCollectorOptions {
  /** Facts that are kept while nobody takes them; more are dropped. @default 50000 */
  readonly factsMax?: number;
}

/** Collects facts until they are taken. */
export class FactCollector {
  readonly #vocabulary = new RowVocabulary();
  #facts = createWriter(this.#vocabulary);
  readonly #auditWaits = new DurationList();
  /** By what the calls were; all of it comes from closed sets. */
  readonly #calls: CallDurations[] = [];
  #lastCalls: CallDurations | undefined;
  readonly #factsMax: number;
  #count = 0;
  #dropped = 0;

  constructor({ factsMax = 50_000 }: FactCollectorOptions = {}) {
    this.#factsMax = factsMax;
  }

  get count(): number {
    return this.#count;
  }

  /** Facts that found no room, since the start. */
  get dropped(): number {
    return this.#dropped;
  }

  onDecision(event: DecisionEvent): void {
    if (!this.#begin("decision")) return;
    const opened = this.#facts.openPart();
    writeDecision(event, this.#facts);
    this.#facts.closePart(opened);
  }

  onCall(call: CallFigures): void {
    if (this.#admit()) this.#findCalls(call).durations.add(call.durationMs);
  }

  onAuditWait(durationMs: number): void {
    if (this.#admit()) this.#auditWaits.add(durationMs);
  }

  onSync(durationMs: number, records: number): void {
    if (!this.#begin("sync")) return;
    this.#facts.number(durationMs);
    this.#facts.number(records);
  }

  onStage(stage: DecisionStage, model: ModelIdentity | undefined, durationMs: number): void {
    if (!this.#begin("stage")) return;
    this.#facts.byte(stages.indexOf(stage));
    this.#facts.number(durationMs);
    this.#facts.byte(model === undefined ? 0 : 1);
    if (model !== undefined) this.#facts.model(stage === "signal" ? "signal" : "regime", model);
  }

  onComparison(comparison: ShadowComparison): void {
    if (!this.#begin("comparison")) return;
    this.#facts.text(comparison.predictionId);
    this.#facts.model("regime", comparison.regimeModel);
    this.#facts.model("signal", comparison.signalModel);
    this.#facts.byte(regimePlaceOf(comparison.regime));
    this.#facts.number(comparison.probability);
    this.#facts.number(comparison.probabilityDifference);
    for (const flag of [comparison.allowed, comparison.regimeDiffers, comparison.flips]) this.#facts.byte(flag ? 1 : 0);
  }

  onOmission(reason: ShadowOmission): void {
    if (this.#begin("omission")) this.#facts.byte(omissions.indexOf(reason));
  }

  /** Hands out what was collected and begins anew. */
  take(): WorkerFacts {
    this.#writeDurations();
    this.#facts.byte(kinds.indexOf("end"));
    this.#count = 0;
    const bytes = this.#facts.row;
    // What collected while the primary did not read needs its room only once.
    if (bytes.length > bytesUsual) this.#facts = createWriter(this.#vocabulary);
    else this.#facts.discard();
    return { bytes, words: this.#vocabulary.takeNewWords() };
  }

  #begin(kind: FactKind): boolean {
    if (!this.#admit()) return false;
    this.#facts.byte(kinds.indexOf(kind));
    return true;
  }

  #admit(): boolean {
    if (this.#count >= this.#factsMax) {
      this.#dropped++;
      return false;
    }
    this.#count++;
    return true;
  }

  #findCalls(call: CallFigures): CallDurations {
    const last = this.#lastCalls;
    if (last !== undefined && isAlike(last, call)) return last;
    let found = this.#calls.find((each) => isAlike(each, call));
    if (found === undefined) {
      const { protocol, method, code } = call;
      found = { protocol, method, code, durations: new DurationList() };
      this.#calls.push(found);
    }
    this.#lastCalls = found;
    return found;
  }

  #writeDurations(): void {
    if (this.#auditWaits.count > 0) {
      this.#facts.byte(kinds.indexOf("audit_waits"));
      this.#auditWaits.flush(this.#facts);
    }
    for (const { protocol, method, code, durations } of this.#calls) {
      if (durations.count === 0) continue;
      this.#facts.byte(kinds.indexOf("calls"));
      this.#facts.byte(protocols.indexOf(protocol));
      this.#facts.term(method);
      this.#facts.term(code);
      durations.flush(this.#facts);
    }
  }
}

/** Room for the facts of a usual message. */
const bytesUsual = 256 * 1024;

function createWriter(vocabulary: RowVocabulary): RowWriter {
  return new RowWriter(vocabulary, (bytesMin) => new Uint8Array(Math.max(bytesUsual, bytesMin)));
}

function isAlike(one: CallDurations, call: CallFigures): boolean {
  return one.method === call.method && one.code === call.code && one.protocol === call.protocol;
}

type TellFact = (facts: RowReader, listener: FactListener) => void;

const tellers: Readonly<Record<Exclude<FactKind, "end">, TellFact>> = {
  decision: tellDecision,
  calls: tellCalls,
  audit_waits: (facts, listener) => tellDurations(facts, (durationMs) => listener.onAuditWait(durationMs)),
  sync: (facts, listener) => listener.onSync(facts.number(), facts.number()),
  stage: tellStage,
  comparison: (facts, listener) => listener.onComparison(readComparison(facts)),
  omission: (facts, listener) => listener.onOmission(omissions[facts.byte()] ?? "failed"),
};

/**
 * Tells a listener of all facts, those of a kind in the order in which they happened.
 *
 * @param vocabulary of the worker; it learns the new words
 */
export function tellFacts({ bytes, words }: WorkerFacts, vocabulary: RowVocabulary, listener: FactListener): void {
  vocabulary.learn(words);
  const facts = new RowReader(bytes, vocabulary);
  for (;;) {
    const kind = kinds[facts.byte()] ?? "end";
    if (kind === "end") return;
    tellers[kind](facts, listener);
  }
}

function tellDecision(facts: RowReader, listener: FactListener): void {
  facts.openPart();
  listener.onDecision(facts);
  facts.closePart();
}

function tellCalls(facts: RowReader, listener: FactListener): void {
  const protocol = protocols[facts.byte()] ?? "unknown";
  const [method, code] = [facts.term(), facts.term()];
  tellDurations(facts, (durationMs) => listener.onCall({ protocol, method, code, durationMs, requestId: "" }));
}

function tellStage(facts: RowReader, listener: FactListener): void {
  const stage = stages[facts.byte()] ?? "gates";
  const durationMs = facts.number();
  const hasModel = facts.byte() === 1;
  listener.onStage(stage, hasModel ? facts.model(stage === "signal" ? "signal" : "regime") : undefined, durationMs);
}

function readComparison(facts: RowReader): ShadowComparison {
  return {
    predictionId: facts.text(),
    regimeModel: facts.model("regime"),
    signalModel: facts.model("signal"),
    regime: tallyRegimes[facts.byte()] ?? "UNKNOWN",
    probability: facts.number(),
    probabilityDifference: facts.number(),
    allowed: facts.byte() === 1,
    regimeDiffers: facts.byte() === 1,
    flips: facts.byte() === 1,
  };
}
