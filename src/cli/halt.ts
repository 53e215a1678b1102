import { create } from "@bufbuild/protobuf";
import { type Command, Option } from "commander";
import {
  type Halt,
  Halt_Scope,
  HaltTradingResponseSchema,
  ResumeTradingResponseSchema,
} from "../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import {
  addChangeOptions,
  addExamples,
  type ChangeOptions,
  chooseActor,
  formatTime,
  runAdminCommand,
  toReportJson,
} from "./admin-command.ts";
import { UsageError } from "./bar-source.ts";
import { layOutTable } from "./report/text-table.ts";

interface HaltOptions extends ChangeOptions {
  readonly symbol?: string;
  readonly model?: string;
  readonly reason?: string;
  readonly list?: boolean;
}

/** Adds `ml-layer halt` and `ml-layer resume`. */
export function registerHalt(program: Command): void {
  const halt = addTargets(program.command("halt"))
    .description("refuse every trade from the next decision on, across restarts, until resumed")
    .addOption(new Option("--list", "show what is halted, change nothing").conflicts(["symbol", "model", "reason"]))
    .action((options: HaltOptions) => (options.list === true ? listHalts(options) : haltTrading(options)));
  addExamples(
    addChangeOptions(halt),
    'halt --reason "feed is stale"',
    'halt --symbol EURUSD --reason "central bank meeting"',
    'halt --model signal_filter/v1.1.0 --reason "drift"',
    "halt --list",
  );
  const resume = addTargets(program.command("resume"))
    .description("lift a halt; other halts stay in force")
    .action(resumeTrading);
  addExamples(
    addChangeOptions(resume),
    'resume --reason "feed is back"',
    'resume --symbol EURUSD --reason "meeting is over"',
  );
}

function addTargets(command: Command): Command {
  return command
    .addOption(new Option("--symbol <symbol>", "this symbol only").conflicts("model"))
    .option("--model <name>", "decisions of this model only; name or name/version")
    .option("--reason <text>", "why; required");
}

function haltTrading(options: HaltOptions): Promise<void> {
  return runAdminCommand(options, async ({ config }) => {
    const target = chooseTarget(options);
    const reason = requireReason(options);
    const answer = await config.haltTrading({ ...target, reason, actor: chooseActor(options) });
    return {
      json: toReportJson(HaltTradingResponseSchema, answer),
      lines: [`trading is halted for ${nameTarget(target)}`, "", ...tabulateHalts(answer.halts)],
    };
  });
}

function resumeTrading(options: HaltOptions): Promise<void> {
  return runAdminCommand(options, async ({ config }) => {
    const target = chooseTarget(options);
    const reason = requireReason(options);
    const answer = await config.resumeTrading({ ...target, reason, actor: chooseActor(options) });
    const left = answer.halts.length === 0 ? [] : ["still halted:", "", ...tabulateHalts(answer.halts)];
    return {
      json: toReportJson(ResumeTradingResponseSchema, answer),
      lines: [`trading is resumed for ${nameTarget(target)}`, ...left],
    };
  });
}

function listHalts(options: HaltOptions): Promise<void> {
  return runAdminCommand(options, async ({ monitoring }) => {
    const { halts } = await monitoring.getStatus({});
    const json = toReportJson(
      HaltTradingResponseSchema,
      create(HaltTradingResponseSchema, { status: "success", halts }),
    );
    return { json, lines: halts.length === 0 ? ["nothing is halted"] : tabulateHalts(halts) };
  });
}

interface HaltTarget {
  readonly scope: Halt_Scope;
  readonly target: string;
}

function chooseTarget({ symbol, model }: HaltOptions): HaltTarget {
  if (symbol !== undefined) return { scope: Halt_Scope.SYMBOL, target: symbol };
  if (model !== undefined) return { scope: Halt_Scope.MODEL, target: model };
  return { scope: Halt_Scope.SERVICE, target: "" };
}

/** @throws UsageError */
function requireReason({ reason }: HaltOptions): string {
  if (reason !== undefined && reason.trim() !== "") return reason;
  throw new UsageError("say why with --reason TEXT: everybody who meets the halt will read it");
}

function nameTarget({ scope, target }: HaltTarget): string {
  if (scope === Halt_Scope.SYMBOL) return `symbol ${target}`;
  return scope === Halt_Scope.MODEL ? `model ${target}` : "the whole service";
}

function tabulateHalts(halts: readonly Halt[]): string[] {
  const headings = ["halted", "since", "actor", "reason"];
  const rows = halts.map((halt) => [nameTarget(halt), formatTime(halt.since), halt.actor, halt.reason]);
  return layOutTable(
    headings.map((heading) => ({ heading })),
    rows,
  );
}
