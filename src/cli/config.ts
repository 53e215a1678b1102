import type { Command } from "commander";
import {
  type Config,
  GetConfigResponseSchema,
  ListConfigVersionsResponseSchema,
  RollbackConfigResponseSchema,
} from "../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import type { AdminClient } from "./admin-client.ts";
import {
  addChangeOptions,
  addExamples,
  addServiceOptions,
  type ChangeOptions,
  chooseActor,
  type Report,
  runAdminCommand,
  type ServiceOptions,
  toReportJson,
} from "./admin-command.ts";
import { UsageError } from "./bar-source.ts";
import { describeUnknownKey } from "./config-assignment.ts";
import { registerConfigSet } from "./config-set.ts";
import { compareConfigs, flattenConfig, tabulateChanges, tabulateHistory, tabulateKeys } from "./config-text.ts";
import { readCount } from "./option-count.ts";

/** Largest number that the request can hold. */
const historyLimitMax = 2 ** 32 - 1;

interface GetOptions extends ServiceOptions {
  readonly hash?: string;
  readonly key?: string;
}

interface HistoryOptions extends ServiceOptions {
  readonly limit?: number;
}

interface RollbackOptions extends ChangeOptions {
  readonly reason?: string;
}

/** Adds `ml-layer config …`. */
export function registerConfig(program: Command): void {
  const config = program.command("config").description("see and change the configuration, and go back");
  registerGet(config);
  registerConfigSet(config);
  registerHistory(config);
  const rollback = config
    .command("rollback")
    .description("make an earlier configuration the one in force")
    .argument("<hash>", "its hash, as the history lists it")
    .option("--reason <text>", "why, for the history")
    .action(rollBackConfig);
  addExamples(addChangeOptions(rollback), 'config rollback 0f087fa173363553 --reason "too many refusals"');
}

function registerGet(config: Command): void {
  const get = config
    .command("get")
    .description("the configuration in force, or an earlier one")
    .option("--hash <hash>", "an earlier configuration (default: the one in force)")
    .option("--key <key>", "one key, printed bare; or a section, e.g. signal_filter")
    .action(getConfig);
  addExamples(
    addServiceOptions(get),
    "config get",
    "config get --key signal_filter.entry_threshold",
    "config get --hash 0f087fa173363553 --key model",
  );
}

function registerHistory(config: Command): void {
  const history = config
    .command("history")
    .description("which configuration was in force since when, newest first")
    .option("--limit <count>", "most entries (default: 50)", (text) => readCount(text, historyLimitMax))
    .action(listHistory);
  addExamples(addServiceOptions(history), "config history --limit 5");
  const diff = config
    .command("diff")
    .description("keys that differ between two configurations")
    .argument("<hash>", "hash of the older one")
    .argument("[hash2]", "hash of the newer one (default: the one in force)")
    .action(diffConfigs);
  addExamples(
    addServiceOptions(diff),
    "config diff 0f087fa173363553",
    "config diff 0f087fa173363553 c2c9b24a51d3e780 --json",
  );
}

function getConfig({ hash = "", key, ...options }: GetOptions): Promise<void> {
  return runAdminCommand(options, async ({ config }) => {
    const answer = await config.getConfig({ configHash: hash });
    const texts = flattenConfig(requireConfig(answer.config));
    if (key !== undefined) return describeKey(key, texts, answer.configHash);
    const heading = `configuration ${answer.configHash}${hash === "" ? ", in force" : ""}`;
    return { json: toReportJson(GetConfigResponseSchema, answer), lines: [heading, "", ...tabulateKeys(texts)] };
  });
}

/** @throws UsageError when there is no such key. */
function describeKey(key: string, texts: ReadonlyMap<string, string>, configHash: string): Report {
  const found = [...texts].filter(([each]) => each === key || each.startsWith(`${key}.`));
  if (found.length === 0) throw new UsageError(`${key}: ${describeUnknownKey(key)}`);
  const text = texts.get(key);
  const json = { config_hash: configHash, values: Object.fromEntries(found) };
  return { json, lines: text === undefined ? tabulateKeys(new Map(found)) : [text] };
}

function listHistory({ limit = 0, ...options }: HistoryOptions): Promise<void> {
  return runAdminCommand(options, async ({ config }) => {
    const answer = await config.listConfigVersions({ limit });
    return {
      json: toReportJson(ListConfigVersionsResponseSchema, answer),
      lines: tabulateHistory(answer.versions),
    };
  });
}

function diffConfigs(hash: string, hash2: string | undefined, options: ServiceOptions): Promise<void> {
  return runAdminCommand(options, async ({ config }) => {
    const [older, newer] = [
      await config.getConfig({ configHash: hash }),
      await config.getConfig({ configHash: hash2 ?? "" }),
    ];
    const changes = compareConfigs(requireConfig(older.config), requireConfig(newer.config));
    const heading = `${older.configHash} → ${newer.configHash}${hash2 === undefined ? " (in force)" : ""}`;
    const json = {
      old_config_hash: older.configHash,
      new_config_hash: newer.configHash,
      changes: changes.map(({ key, before, after }) => ({ key, old: before, new: after })),
    };
    return {
      json,
      lines: changes.length === 0 ? [`${heading}: nothing differs`] : [heading, "", ...tabulateChanges(changes)],
    };
  });
}

function rollBackConfig(configHash: string, { reason = "", ...options }: RollbackOptions): Promise<void> {
  return runAdminCommand(options, async ({ config }) => {
    const answer = await config.rollbackConfig({ configHash, reason, actor: chooseActor(options) });
    const { oldConfigHash, newConfigHash } = answer;
    const changes = await compareVersions({ config }, oldConfigHash, newConfigHash);
    const lines =
      oldConfigHash === newConfigHash
        ? [`configuration ${newConfigHash} was in force already`]
        : [`configuration ${oldConfigHash} → ${newConfigHash}, in force from now on`, "", ...tabulateChanges(changes)];
    return { json: toReportJson(RollbackConfigResponseSchema, answer), lines };
  });
}

async function compareVersions({ config }: Pick<AdminClient, "config">, older: string, newer: string) {
  const before = await config.getConfig({ configHash: older });
  const after = await config.getConfig({ configHash: newer });
  return compareConfigs(requireConfig(before.config), requireConfig(after.config));
}

/** An answer without its configuration is none. */
function requireConfig(config: Config | undefined): Config {
  if (config === undefined)
    throw new UsageError("the service answered without a configuration; is it another version?");
  return config;
}
