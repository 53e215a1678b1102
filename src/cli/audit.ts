import { type Command, InvalidArgumentError } from "commander";
import { readEnvironment } from "../environment.ts";
import { defaultLogName } from "../monitor/audit/audit-files.ts";
import { readAuditLogs } from "../monitor/audit/audit-logs.ts";
import {
  type AuditLogsReport,
  type LogPosition,
  type LogReport,
  verifyAuditLogs,
} from "../monitor/audit/audit-logs-verify.ts";
import { openModelRegistry } from "../registry/model-registry.ts";
import { type ReplayReport, replayDecisions } from "./audit-replay.ts";

interface VerifyOptions extends AuditOptions {
  readonly anchor?: readonly LogPosition[];
  readonly after?: readonly LogPosition[];
}

interface AuditOptions {
  readonly dir?: string;
  readonly models?: string;
  readonly json?: boolean;
}

/** Adds `ml-layer audit verify` and `ml-layer audit replay`. */
export function registerAudit(program: Command): void {
  const audit = program.command("audit").description("prove the audit log, and take its decisions again");
  audit
    .command("verify")
    .description(
      "check every line's hash and the chain of every log in the folder; exit code 1 when one was tampered with",
    )
    .option("--dir <folder>", "folder of the log (default: LOG_DIR or logs)")
    .option("--anchor <seq:hash>", "a record that an earlier verification saw; it must still be there", addPosition)
    .option("--after <seq:hash>", "the record before the first one, when earlier files were archived", addPosition)
    .option("--json", "one JSON object instead of text")
    .addHelpText("after", verifyHelp)
    .action(verify);
  audit
    .command("replay")
    .description("take every decision again from its recorded inputs and compare bit for bit")
    .option("--dir <folder>", "folder of the log (default: LOG_DIR or logs)")
    .option("--models <folder>", "model registry (default: MODELS_DIR or the shipped models)")
    .option("--json", "one JSON object instead of text")
    .addHelpText("after", "\nExample:\n  ml-layer audit replay --dir logs --json")
    .action(replay);
}

const verifyHelp = `
A chain proves its own inside. That records were cut off at its end only shows against something kept elsewhere:
note the last seq and hash of each verification and give them to the next one. Each worker of \`serve --workers\` has a
log of its own; of which log a record is, is said before it: predictions.w1=seq:hash. Both options may be repeated.

Examples:
  ml-layer audit verify --dir /var/log/ml-layer
  ml-layer audit verify --anchor 4711:0b5f…64 hex digits --anchor predictions.w1=815:9c1e…64 hex digits`;

function addPosition(text: string, previous: readonly LogPosition[] = []): LogPosition[] {
  const [, log = defaultLogName, seq, hash] =
    /^(?:(predictions(?:\.w[1-9]\d*)?)=)?(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (seq === undefined || hash === undefined)
    throw new InvalidArgumentError("expected seq:hash or log=seq:hash, the hash with 64 hex digits");
  return [...previous, { log, seq: Number(seq), hash }];
}

async function verify(options: VerifyOptions): Promise<void> {
  const { anchor: anchors, after } = options;
  const report = await verifyAuditLogs(options.dir ?? readEnvironment(process.env).logDirectory, {
    ...(anchors !== undefined && { anchors }),
    ...(after !== undefined && { after }),
  });
  process.stdout.write(options.json === true ? `${JSON.stringify(report)}\n` : describeReport(report));
  if (report.status === "broken") process.exitCode = 1;
}

function describeReport({ status, records, logs }: AuditLogsReport): string {
  const lines = logs.flatMap((log) => describeLog(log, logs.length > 1 ? `${log.log}: ` : ""));
  if (logs.length > 1) lines.unshift(`${status}: ${records} records in ${logs.length} logs`);
  return `${lines.join("\n")}\n`;
}

function describeLog(report: LogReport, prefix: string): string[] {
  const kinds = Object.entries(report.countsByKind).map(([kind, count]) => `${count} ${kind}`);
  const lines = [
    `${prefix}${report.status}: ${report.records} records in ${report.files.length} file(s) (${kinds.join(", ")})`,
    `last record: seq ${report.lastSeq}, hash ${report.lastHash}`,
  ];
  if (report.tornTail !== undefined) {
    const { file, line, bytes } = report.tornTail;
    lines.push(
      `unfinished line at the end: ${file}:${line}, ${bytes} bytes; the next start of the service sets it aside`,
    );
  }
  if (report.firstBreak !== undefined) {
    const { file, line, reason, expected, found } = report.firstBreak;
    lines.push(`first break: ${file}:${line} (${reason})`, `  expected ${expected}`, `  found    ${found}`);
  }
  return lines;
}

async function replay(options: AuditOptions): Promise<void> {
  const environment = readEnvironment(process.env);
  const directory = options.dir ?? environment.logDirectory;
  const registry = openModelRegistry(options.models ?? environment.modelsDirectory);
  const report = await replayDecisions(() => readAuditLogs(directory), registry);
  process.stdout.write(options.json === true ? `${JSON.stringify(report)}\n` : describeReplay(report));
  if (report.differences.length > 0) process.exitCode = 1;
}

function describeReplay({ replayed, differences }: ReplayReport): string {
  const lines = [`${replayed} decisions taken again, ${differences.length} differences`];
  for (const { log, seq, predictionId, field, recorded, replayed: again } of differences) {
    lines.push(`  ${log} seq ${seq} ${predictionId}: ${field} was ${recorded}, is ${again}`);
  }
  return `${lines.join("\n")}\n`;
}
