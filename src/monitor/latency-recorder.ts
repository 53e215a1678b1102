import type { CallReport } from "../domain/call-context.ts";
import type { ModelIdentity } from "../domain/decision.ts";
import type { DecisionStage } from "../domain/decision-stage.ts";
import { BucketHistogram } from "./bucket-histogram.ts";
import type { HistogramSample, MetricFamily } from "./metric-family.ts";

/** Methods and codes come from closed sets; a caller's path that is no method is one label. */
const unknownMethod = "unknown";

/** Durations since the start, by what they were of. Finds its histograms by what does not need to be put together first. */
export class LatencyRecorder {
  readonly #decisions = new BucketHistogram();
  readonly #auditWaits = new BucketHistogram();
  readonly #syncs = new BucketHistogram();
  readonly #inputs = new BucketHistogram();
  readonly #gates = new BucketHistogram();
  /** By stage, then `name/version`. */
  readonly #stages = { regime: new Map<string, ModelStage>(), signal: new Map<string, ModelStage>() };
  /** An engine's models are the same objects in every decision. */
  readonly #lastModel: { regime: ModelStage | undefined; signal: ModelStage | undefined } = {
    regime: undefined,
    signal: undefined,
  };
  /** By method, code and protocol. */
  readonly #calls = new Map<string, Map<string, Map<string, BucketHistogram>>>();
  /** Nearly every call is of the kind of the one before. */
  #lastCall: KindOfCall | undefined;
  #syncedRecords = 0;

  recordDecision(durationMs: number): void {
    this.#decisions.observe(durationMs / 1000);
  }

  recordStage(stage: DecisionStage, model: ModelIdentity | undefined, durationMs: number): void {
    switch (stage) {
      case "read_inputs":
        this.#inputs.observe(durationMs / 1000);
        break;
      case "gates":
        this.#gates.observe(durationMs / 1000);
        break;
      case "regime":
      case "signal":
        if (model !== undefined) this.#findModel(stage, model).histogram.observe(durationMs / 1000);
        break;
      default:
        stage satisfies never;
    }
  }

  /** From handing a decision to the audit log until its answer may leave. */
  recordAuditWait(durationMs: number): void {
    this.#auditWaits.observe(durationMs / 1000);
  }

  recordSync(durationMs: number, records: number): void {
    this.#syncs.observe(durationMs / 1000);
    this.#syncedRecords += records;
  }

  recordCall({ protocol, method, code, durationMs }: CallReport): void {
    let last = this.#lastCall;
    if (last?.method !== method || last.code !== code || last.protocol !== protocol) {
      last = { protocol, method, code, histogram: this.#findCall(protocol, method, code) };
      this.#lastCall = last;
    }
    last.histogram.observe(durationMs / 1000);
  }

  #findCall(protocol: string, method: string, code: string): BucketHistogram {
    const byCode = findOrAdd(
      this.#calls,
      method === "" ? unknownMethod : method,
      createMap<Map<string, BucketHistogram>>,
    );
    return findOrAdd(findOrAdd(byCode, code, createMap<BucketHistogram>), protocol, createHistogram);
  }

  get families(): MetricFamily[] {
    return [
      {
        name: "ml_layer_decision_duration_seconds",
        help: "Time spent on one decision, without transport and audit.",
        type: "histogram",
        read: () => [{ histogram: this.#decisions }],
      },
      {
        name: "ml_layer_stage_duration_seconds",
        help: "Time of one stage, of every decision for audit_wait and of one in 17 for the others; regime and signal by model.",
        type: "histogram",
        read: () => this.#readStages(),
      },
      {
        name: "ml_layer_rpc_duration_seconds",
        help: "Time from the headers of a call to its end, failures included.",
        type: "histogram",
        read: () => this.#readCalls(),
      },
      {
        name: "ml_layer_audit_sync_duration_seconds",
        help: "Time of one fdatasync of the audit log.",
        type: "histogram",
        read: () => [{ histogram: this.#syncs }],
      },
      {
        name: "ml_layer_audit_records_total",
        help: "Records made durable in the audit log.",
        type: "counter",
        read: () => [{ value: this.#syncedRecords }],
      },
    ];
  }

  #findModel(stage: "regime" | "signal", model: ModelIdentity): ModelStage {
    const last = this.#lastModel[stage];
    if (last?.model === model) return last;
    const key = `${model.name}/${model.version}`;
    const { histogram } = this.#stages[stage].get(key) ?? { histogram: new BucketHistogram() };
    const found = { model, histogram };
    this.#stages[stage].set(key, found);
    this.#lastModel[stage] = found;
    return found;
  }

  *#readStages(): Iterable<HistogramSample> {
    yield { labels: { stage: "read_inputs", model: "", version: "" }, histogram: this.#inputs };
    for (const stage of ["regime", "signal"] as const) {
      for (const { model, histogram } of this.#stages[stage].values()) {
        yield { labels: { stage, model: model.name, version: model.version }, histogram };
      }
    }
    yield { labels: { stage: "gates", model: "", version: "" }, histogram: this.#gates };
    yield { labels: { stage: "audit_wait", model: "", version: "" }, histogram: this.#auditWaits };
  }

  *#readCalls(): Iterable<HistogramSample> {
    for (const [method, byCode] of this.#calls) {
      for (const [code, byProtocol] of byCode) {
        for (const [protocol, histogram] of byProtocol) yield { labels: { protocol, method, code }, histogram };
      }
    }
  }
}

interface KindOfCall extends Pick<CallReport, "protocol" | "method" | "code"> {
  readonly histogram: BucketHistogram;
}

interface ModelStage {
  readonly model: ModelIdentity;
  readonly histogram: BucketHistogram;
}

const createHistogram = (): BucketHistogram => new BucketHistogram();
const createMap = <V>(): Map<string, V> => new Map();

function findOrAdd<V>(map: Map<string, V>, key: string, create: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const created = create();
  map.set(key, created);
  return created;
}
