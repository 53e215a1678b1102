/** Everything that happens in a worker and is counted in the primary, as facts one after the other. */
import type { CallReport } from "../domain/call-context.ts";
import type { ModelIdentity } from "../domain/decision.ts";
import type { DecisionEvent } from "../domain/decision-event.ts";
import type { DecisionStage } from "../domain/decision-stage.ts";
import type { ShadowComparison, ShadowOmission } from "../domain/shadow-comparison.ts";
import { tallyRegimes } from "../monitor/decision-tally.ts";
import { readDecision, writeDecision } from "../monitor/decision-tape.ts";
import { type FactColumns, FactReader, FactWriter } from "./fact-columns.ts";

/** What each fact is, by the number before it. */
const kinds = ["end", "decision", "call", "audit_wait", "sync", "stage", "comparison", "omission"] as const;
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
  onDecision(event: DecisionEvent): void;
  onCall(call: CallFigures): void;
  onAuditWait(durationMs: number): void;
  onSync(durationMs: number, records: number): void;
  onStage(stage: DecisionStage, model: ModelIdentity | undefined, durationMs: number): void;
  onComparison(comparison: ShadowComparison): void;
  onOmission(reason: ShadowOmission): void;
}

export interface FactCollectorOptions {
  /** Facts that are kept while nobody takes them; more are dropped. @default 50000 */
  readonly factsMax?: number;
}

/** Collects facts until they are taken. */
export class FactCollector implements FactListener {
  readonly #facts = new FactWriter();
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
    this.#facts.model(event.decision.regimeModel);
    this.#facts.model(event.decision.signalModel);
    writeDecision(event, this.#facts);
  }

  onCall({ protocol, method, code, durationMs }: CallFigures): void {
    if (!this.#begin("call")) return;
    this.#facts.number(protocols.indexOf(protocol));
    this.#facts.text(method);
    this.#facts.text(code);
    this.#facts.number(durationMs);
  }

  onAuditWait(durationMs: number): void {
    if (this.#begin("audit_wait")) this.#facts.number(durationMs);
  }

  onSync(durationMs: number, records: number): void {
    if (!this.#begin("sync")) return;
    this.#facts.number(durationMs);
    this.#facts.number(records);
  }

  onStage(stage: DecisionStage, model: ModelIdentity | undefined, durationMs: number): void {
    if (!this.#begin("stage")) return;
    this.#facts.number(stages.indexOf(stage));
    this.#facts.number(durationMs);
    this.#facts.flag(model !== undefined);
    if (model !== undefined) this.#facts.model(model);
  }

  onComparison(comparison: ShadowComparison): void {
    if (!this.#begin("comparison")) return;
    this.#facts.text(comparison.predictionId);
    this.#facts.model(comparison.regimeModel);
    this.#facts.model(comparison.signalModel);
    this.#facts.number(tallyRegimes.indexOf(comparison.regime));
    this.#facts.number(comparison.probability);
    this.#facts.flag(comparison.allowed);
    this.#facts.number(comparison.probabilityDifference);
    this.#facts.flag(comparison.regimeDiffers);
    this.#facts.flag(comparison.flips);
  }

  onOmission(reason: ShadowOmission): void {
    if (this.#begin("omission")) this.#facts.number(omissions.indexOf(reason));
  }

  take(): FactColumns {
    this.#facts.number(kinds.indexOf("end"));
    this.#count = 0;
    return this.#facts.take();
  }

  #begin(kind: FactKind): boolean {
    if (this.#count >= this.#factsMax) {
      this.#dropped++;
      return false;
    }
    this.#count++;
    this.#facts.number(kinds.indexOf(kind));
    return true;
  }
}

type TellFact = (facts: FactReader, listener: FactListener) => void;

const tellers: Readonly<Record<Exclude<FactKind, "end">, TellFact>> = {
  decision: (facts, listener) => listener.onDecision(readTaken(facts)),
  call: (facts, listener) => listener.onCall(readCall(facts)),
  audit_wait: (facts, listener) => listener.onAuditWait(facts.number()),
  sync: (facts, listener) => listener.onSync(facts.number(), facts.number()),
  stage: tellStage,
  comparison: (facts, listener) => listener.onComparison(readComparison(facts)),
  omission: (facts, listener) => listener.onOmission(omissions[facts.number()] ?? "failed"),
};

/** Tells a listener of all facts, in the order in which they happened. */
export function tellFacts(columns: FactColumns, listener: FactListener): void {
  const facts = new FactReader(columns);
  for (;;) {
    const kind = kinds[facts.number()] ?? "end";
    if (kind === "end") return;
    tellers[kind](facts, listener);
  }
}

function readTaken(facts: FactReader): DecisionEvent {
  const models = { regimeModel: facts.model(), signalModel: facts.model() };
  return readDecision(facts, models);
}

function readCall(facts: FactReader): CallFigures {
  return {
    protocol: protocols[facts.number()] ?? "unknown",
    method: facts.text(),
    code: facts.text(),
    durationMs: facts.number(),
    requestId: "",
  };
}

function tellStage(facts: FactReader, listener: FactListener): void {
  const stage = stages[facts.number()] ?? "gates";
  const durationMs = facts.number();
  listener.onStage(stage, facts.flag() ? facts.model() : undefined, durationMs);
}

function readComparison(facts: FactReader): ShadowComparison {
  return {
    predictionId: facts.text(),
    regimeModel: facts.model(),
    signalModel: facts.model(),
    regime: tallyRegimes[facts.number()] ?? "UNKNOWN",
    probability: facts.number(),
    allowed: facts.flag(),
    probabilityDifference: facts.number(),
    regimeDiffers: facts.flag(),
    flips: facts.flag(),
  };
}
