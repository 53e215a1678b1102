import { hashCanonicalJson, writeCanonical } from "../config/config-hash.ts";
import { parseConfig } from "../config/config-json.ts";
import { defaultConfig } from "../config/config-schema.ts";
import type { HashedConfig } from "../domain/config.ts";
import type { Decision, ModelIdentity } from "../domain/decision.ts";
import { NotFoundError, UnavailableError } from "../domain/errors.ts";
import type { RegimeModel, SignalModel } from "../domain/model.ts";
import type { ModelLease, TrainedModel } from "../domain/trained-model.ts";
import { createDecisionEngine, type DecisionEngine } from "../engine/decision-engine.ts";
import type { LoggedRecord } from "../monitor/audit/audit-logs.ts";
import type { AuditRecord } from "../monitor/audit/audit-record.ts";
import { type RecordedDecision, readRecordedDecision } from "../monitor/recorded-decision.ts";
import type { ModelRegistry } from "../registry/model-registry.ts";
import type { ModelName } from "../registry/registry-index.ts";

/** A decision that came out differently when it was taken again. */
export interface ReplayDifference {
  readonly log: string;
  readonly seq: number;
  readonly predictionId: string;
  readonly field: string;
  readonly recorded: string;
  readonly replayed: string;
}

export interface ReplayReport {
  /** Decisions taken again. */
  readonly replayed: number;
  readonly differences: readonly ReplayDifference[];
}

/** Differences that are kept; more of them tell nothing new. */
const differencesMax = 100;

/**
 * Takes every decision of an audit log again from the inputs it kept, and holds the outcome against the record, bit for bit.
 *
 * @throws NotFoundError when a configuration or model is not to be had any more.
 */
export async function replayDecisions(
  readRecords: () => AsyncIterable<LoggedRecord>,
  registry: ModelRegistry,
): Promise<ReplayReport> {
  const configs = new Map<string, HashedConfig>();
  const engines = new ReplayEngines(registry);
  const differences: ReplayDifference[] = [];
  let replayed = 0;
  // A decision may stand before the record of the change that it was taken under, so configurations come first.
  for await (const record of readRecords()) collectConfig(record, configs);
  try {
    for await (const record of readRecords()) {
      if (record.kind !== "decision") continue;
      const recorded = readRecordedDecision(record);
      const config = configs.get(recorded.configHash);
      if (config === undefined)
        throw new NotFoundError("config", `${recorded.configHash}; it stands in an earlier part of the log`);
      const engine = await engines.find(recorded, config);
      const decision = await engine.redecide(recorded.inputs, recorded.halted);
      replayed++;
      if (differences.length < differencesMax) differences.push(...compare(record.log, recorded, decision));
    }
  } finally {
    await engines.close();
  }
  return { replayed, differences };
}

/** Records of starts and of changes carry the configuration they name. */
function collectConfig({ fields }: AuditRecord, configs: Map<string, HashedConfig>): void {
  const { config, config_hash: hash } = fields;
  if (config === undefined || typeof hash !== "string" || configs.has(hash)) return;
  // The text itself has the hash: an earlier release wrote it without the keys that were added since.
  if (hashCanonicalJson(writeCanonical(config)) !== hash)
    throw new UnavailableError(`the log holds another configuration under ${hash}`, "CONFIG_CHANGED");
  configs.set(hash, { config: parseConfig(config, { defaults: defaultConfig }), hash });
}

interface ReplayEngine {
  readonly engine: DecisionEngine;
  readonly leases: readonly ModelLease[];
}

/** Engines whose models stay loaded; a log goes from one to the next and seldom back. */
const enginesMax = 4;

/** The engines that took the decisions of a log: by configuration and the files of both models. */
class ReplayEngines {
  readonly #registry: ModelRegistry;
  readonly #engines = new Map<string, ReplayEngine>();

  constructor(registry: ModelRegistry) {
    this.#registry = registry;
  }

  /** @throws NotFoundError when a model is not to be had any more, UnavailableError when its file is another one now. */
  async find({ regimeModel, signalModel }: RecordedDecision, config: HashedConfig): Promise<DecisionEngine> {
    const key = [config.hash, regimeModel.sha256, signalModel.sha256].join(" ");
    const known = this.#engines.get(key);
    if (known !== undefined) return known.engine;
    const [oldest] = this.#engines.keys();
    if (oldest !== undefined && this.#engines.size >= enginesMax) await this.#release(oldest);
    const leases: ModelLease[] = [];
    const { loadRegimeModel, loadSignalModel } = this.#registry;
    const engine = createDecisionEngine({
      config,
      regimeModel: await this.#load("regime_classifier", regimeModel, loadRegimeModel, leases),
      signalModel: await this.#load("signal_filter", signalModel, loadSignalModel, leases),
      findHalt: () => undefined,
    });
    this.#engines.set(key, { engine, leases });
    return engine;
  }

  async close(): Promise<void> {
    for (const key of [...this.#engines.keys()]) await this.#release(key);
  }

  async #load<T extends RegimeModel | SignalModel>(
    modelName: ModelName,
    recorded: ModelIdentity,
    loadRules: (version: string) => T,
    leases: ModelLease[],
  ): Promise<T | TrainedModel> {
    if (this.#registry.find(modelName, recorded.version).format === "rule_based")
      return assertSameFile(loadRules(recorded.version), recorded);
    const lease = await this.#registry.acquire(modelName, recorded.version);
    leases.push(lease);
    return assertSameFile(lease.model, recorded);
  }

  async #release(key: string): Promise<void> {
    const released = this.#engines.get(key);
    this.#engines.delete(key);
    for (const lease of released?.leases ?? []) await lease.release();
  }
}

function assertSameFile<T extends { readonly identity: ModelIdentity }>(model: T, recorded: ModelIdentity): T {
  if (model.identity.sha256 === recorded.sha256) return model;
  throw new UnavailableError(
    `${recorded.name} ${recorded.version} is another file now: ${model.identity.sha256}, the log names ${recorded.sha256}`,
    "MODEL_FILE_CHANGED",
  );
}

function compare(log: string, recorded: RecordedDecision, decision: Decision): ReplayDifference[] {
  const failedGates = decision.gates.filter((gate) => !gate.passed).map((gate) => gate.name);
  const fields: readonly [string, unknown, unknown][] = [
    ["regime", recorded.regime, decision.regime.label],
    ["regime_confidence", recorded.regimeConfidence, decision.regime.confidence],
    ["signal_prob", recorded.signalProbability, decision.signal.probability],
    ["allowed", recorded.allowed, decision.allowTrade],
    ["gates", recorded.failedGates.join(" "), failedGates.join(" ")],
  ];
  return fields
    .filter(([, before, after]) => !Object.is(before, after))
    .map(([field, before, after]) => ({
      log,
      seq: recorded.seq,
      predictionId: recorded.predictionId,
      field,
      recorded: String(before),
      replayed: String(after),
    }));
}
