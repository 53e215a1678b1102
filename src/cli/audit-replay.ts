import { hashCanonicalJson, writeCanonical } from "../config/config-hash.ts";
import { parseConfig } from "../config/config-json.ts";
import { defaultConfig } from "../config/config-schema.ts";
import type { HashedConfig } from "../domain/config.ts";
import type { Decision, ModelIdentity } from "../domain/decision.ts";
import { NotFoundError, UnavailableError } from "../domain/errors.ts";
import { createDecisionEngine, type RuleBasedEngine } from "../engine/decision-engine.ts";
import type { LoggedRecord } from "../monitor/audit/audit-logs.ts";
import type { AuditRecord } from "../monitor/audit/audit-record.ts";
import { type RecordedDecision, readRecordedDecision } from "../monitor/recorded-decision.ts";
import type { ModelRegistry } from "../registry/model-registry.ts";

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
  /** Decisions of trained models, which are not taken again here. */
  readonly skipped: number;
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
  const engines = new Map<string, RuleBasedEngine>();
  const differences: ReplayDifference[] = [];
  let replayed = 0;
  let skipped = 0;
  // A decision may stand before the record of the change that it was taken under, so configurations come first.
  for await (const record of readRecords()) collectConfig(record, configs);
  for await (const record of readRecords()) {
    if (record.kind !== "decision") continue;
    const recorded = readRecordedDecision(record);
    if (recorded.inputs.regimeRows !== undefined || recorded.inputs.signalRow !== undefined) {
      skipped++;
      continue;
    }
    const decision = findEngine(recorded, configs, engines, registry).redecide(recorded.inputs, recorded.halted);
    replayed++;
    if (differences.length < differencesMax) differences.push(...compare(record.log, recorded, decision));
  }
  return { replayed, skipped, differences };
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

function findEngine(
  recorded: RecordedDecision,
  configs: ReadonlyMap<string, HashedConfig>,
  engines: Map<string, RuleBasedEngine>,
  registry: ModelRegistry,
): RuleBasedEngine {
  const { configHash, regimeModel, signalModel } = recorded;
  const key = [configHash, regimeModel.sha256, signalModel.sha256].join(" ");
  const known = engines.get(key);
  if (known !== undefined) return known;
  const config = configs.get(configHash);
  if (config === undefined) throw new NotFoundError("config", `${configHash}; it stands in an earlier part of the log`);
  const engine = createDecisionEngine({
    config,
    regimeModel: assertSameFile(registry.loadRegimeModel(regimeModel.version), regimeModel),
    signalModel: assertSameFile(registry.loadSignalModel(signalModel.version), signalModel),
    findHalt: () => undefined,
  });
  engines.set(key, engine);
  return engine;
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
