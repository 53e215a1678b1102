import { type Command, InvalidArgumentError } from "commander";
import { readEnvironment } from "../environment.ts";
import { readAuditRecords } from "../monitor/audit/audit-reader.ts";
import type { ChainPosition } from "../monitor/audit/audit-record.ts";
import { type AuditReport, verifyAuditLog } from "../monitor/audit/audit-verify.ts";
import { openModelRegistry } from "../registry/model-registry.ts";
import { type ReplayReport, replayDecisions } from "./audit-replay.ts";

interface VerifyOptions extends AuditOptions {
  readonly anchor?: ChainPosition;
  readonly after?: ChainPosition;
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
    .description("check every line's hash and the chain over all files; exit code 1 when the log was tampered with")
    .option("--dir <folder>", "folder of the log (default: LOG_DIR or logs)")
    .option("--anchor <seq:hash>", "a record that an earlier verification saw; it must still be there", readPosition)
    .option("--after <seq:hash>", "the record before the first one, when earlier files were archived", readPosition)
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
note the last seq and hash of each verification and give them to the next one.

Examples:
  ml-layer audit verify --dir /var/log/ml-layer
  ml-layer audit verify --anchor 4711:0b5f…64 hex digits`;

function readPosition(text: string): ChainPosition {
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (seq === undefined || hash === undefined)
    throw new InvalidArgumentError("expected seq:hash, the hash with 64 hex digits");
  return { seq: Number(seq), hash };
}

async function verify(options: VerifyOptions): Promise<void> {
  const { anchor, after } = options;
  const report = await verifyAuditLog(options.dir ?? readEnvironment(process.env).logDirectory, {
    ...(anchor !== undefined && { anchor }),
    ...(after !== undefined && { after }),
  });
  process.stdout.write(options.json === true ? `${JSON.stringify(report)}\n` : describeReport(report));
  if (report.status === "broken") process.exitCode = 1;
}

function describeReport(report: AuditReport): string {
  const kinds = Object.entries(report.countsByKind).map(([kind, count]) => `${count} ${kind}`);
  const lines = [
    `${report.status}: ${report.records} records in ${report.files.length} file(s) (${kinds.join(", ")})`,
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
  return `${lines.join("\n")}\n`;
}

async function replay(options: AuditOptions): Promise<void> {
  const environment = readEnvironment(process.env);
  const directory = options.dir ?? environment.logDirectory;
  const registry = openModelRegistry(options.models ?? environment.modelsDirectory);
  const report = await replayDecisions(() => readAuditRecords(directory), registry);
  process.stdout.write(options.json === true ? `${JSON.stringify(report)}\n` : describeReplay(report));
  if (report.differences.length > 0) process.exitCode = 1;
}

function describeReplay({ replayed, skipped, differences }: ReplayReport): string {
  const lines = [`${replayed} decisions taken again, ${differences.length} differences`];
  if (skipped > 0) lines.push(`${skipped} decisions of trained models were not taken again`);
  for (const { seq, predictionId, field, recorded, replayed: again } of differences) {
    lines.push(`  seq ${seq} ${predictionId}: ${field} was ${recorded}, is ${again}`);
  }
  return `${lines.join("\n")}\n`;
}
