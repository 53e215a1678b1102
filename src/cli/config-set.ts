import type { Command } from "commander";
import { type UpdateConfigResponse, UpdateConfigResponseSchema } from "../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import { dryRunDecisionsMax } from "../control/dry-run.ts";
import type { AdminClient } from "./admin-client.ts";
import {
  addChangeOptions,
  addExamples,
  type ChangeOptions,
  chooseActor,
  runAdminCommand,
  toReportJson,
} from "./admin-command.ts";
import { parseAssignments } from "./config-assignment.ts";
import { flattenConfig, type KeyChange, tabulateChanges, tabulateFlips } from "./config-text.ts";
import { readCount } from "./option-count.ts";

interface SetOptions extends ChangeOptions {
  readonly dryRun?: number;
  readonly expect?: string;
  readonly reason?: string;
}

/** Adds `ml-layer config set`. */
export function registerConfigSet(config: Command): void {
  const set = config
    .command("set")
    .description("change keys, all of them or none; what is wrong changes nothing")
    .argument("<key=value...>", "e.g. signal_filter.entry_threshold=0.6; the items of a list have commas between them")
    .option(
      "--dry-run <decisions>",
      "change nothing; take this many logged decisions again and tell which would change",
      (text) => readCount(text, dryRunDecisionsMax),
    )
    .option("--expect <hash>", "change nothing unless this configuration is in force")
    .option("--reason <text>", "why, for the history")
    .action(setConfig);
  addExamples(
    addChangeOptions(set),
    "config set signal_filter.entry_threshold=0.6 --dry-run 500",
    'config set signal_filter.entry_threshold=0.6 regime.min_confidence=0.65 --reason "fewer, better trades"',
    "config set signal_filter.allowed_regimes=TRENDING,RANGING --expect 0f087fa173363553",
    "config set model.signal_filter_version=",
  );
}

function setConfig(assignments: readonly string[], options: SetOptions): Promise<void> {
  return runAdminCommand(options, async (client) => {
    const patch = parseAssignments(assignments);
    const answer = await client.config.updateConfig({
      config: patch,
      expectedConfigHash: options.expect ?? "",
      dryRun: options.dryRun !== undefined,
      dryRunDecisions: options.dryRun ?? 0,
      actor: chooseActor(options),
      reason: options.reason ?? "",
    });
    const json = toReportJson(UpdateConfigResponseSchema, answer);
    if (options.json === true) return { json, lines: [] };
    const changes = await listChanges(client, answer, flattenConfig(patch));
    return {
      json,
      lines: options.dryRun === undefined ? describeSet(answer, changes) : describeDryRun(answer, changes),
    };
  });
}

async function listChanges(
  { config }: Pick<AdminClient, "config">,
  { oldConfigHash, changedKeys }: UpdateConfigResponse,
  assigned: ReadonlyMap<string, string>,
): Promise<KeyChange[]> {
  const before = await config.getConfig({ configHash: oldConfigHash });
  const old = before.config === undefined ? new Map<string, string>() : flattenConfig(before.config);
  return changedKeys.map((key) => ({ key, before: old.get(key) ?? "?", after: assigned.get(key) ?? "?" }));
}

function describeSet({ oldConfigHash, newConfigHash }: UpdateConfigResponse, changes: readonly KeyChange[]): string[] {
  if (changes.length === 0) return [`configuration ${newConfigHash} has these values already; nothing was changed`];
  return [
    `configuration ${oldConfigHash} → ${newConfigHash}, in force from now on`,
    "",
    ...tabulateChanges(changes),
    "",
    `undo: ml-layer config rollback ${oldConfigHash}`,
  ];
}

function describeDryRun(answer: UpdateConfigResponse, changes: readonly KeyChange[]): string[] {
  const { decisionsReplayed, decisionsNotReplayable, flips, flipCount, oldConfigHash } = answer;
  if (changes.length === 0) return [`configuration ${oldConfigHash} has these values already; nothing would change`];
  const outcome =
    decisionsReplayed === 0
      ? "dry run: there was no logged decision to take again; nothing was changed"
      : `dry run: would flip ${flipCount} of ${decisionsReplayed} logged decisions; nothing was changed`;
  const skipped = `${decisionsNotReplayable} logged decisions lack what the new configuration would read`;
  return [
    outcome,
    ...(decisionsNotReplayable === 0 ? [] : [skipped]),
    "",
    ...tabulateChanges(changes),
    ...(flips.length === 0 ? [] : ["", ...tabulateFlips(flips, flipCount)]),
  ];
}
