import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Code, ConnectError } from "@connectrpc/connect";
import { createSystemClock } from "../domain/clock.ts";
import { MlError } from "../domain/errors.ts";
import { BarFileError } from "../upstream/bar-file-error.ts";
import { type BarSource, readBars, UsageError } from "./bar-source.ts";
import { startOwnService } from "./own-service.ts";
import type { TextOutput } from "./progress-bar.ts";
import type { OutcomeCounts } from "./replay-outcomes.ts";
import { type ReplayInput, type ReplayResult, runReplay, writeReport } from "./replay-run.ts";
import { formatTerminalSummary } from "./report/terminal-summary.ts";
import { chooseTextStyle } from "./report/text-style.ts";

/** Where a command writes to. */
export interface CommandTerminal {
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** What `demo` and `replay` have in common. */
export interface ReplayCommand {
  readonly source: BarSource;
  /** Where the report goes. @default reports/<symbol>.html */
  readonly out?: string | undefined;
  /** HOST:PORT or URL of a running service. @default a service of its own */
  readonly address?: string | undefined;
  /** Tell the service what its decisions came to. @default false */
  readonly outcomes?: boolean | undefined;
  /** Print numbers for programs instead of a summary for people. @default false */
  readonly json?: boolean | undefined;
  /** Keep the audit log of a service of its own. @default false */
  readonly keepLogs?: boolean | undefined;
}

export const exitCodes = { done: 0, failed: 1, wrongInput: 2, interrupted: 130 } as const;

/** Replays a bar file and reports; answers the exit code. What the user can mend is said on standard error. */
export async function executeReplay(
  command: ReplayCommand,
  terminal: CommandTerminal,
  signal: AbortSignal,
): Promise<number> {
  try {
    const input = await readBars(command.source);
    const reportPath = command.out ?? `reports/${toFileName(input.symbol)}.html`;
    const result = await runOnService(command, input, terminal, signal);
    await writeReport(reportPath, result.html);
    present(result, reportPath, command, terminal);
    return exitCodes.done;
  } catch (error) {
    if (signal.aborted) {
      terminal.stderr.write("interrupted\n");
      return exitCodes.interrupted;
    }
    if (!isExpected(error)) throw error;
    terminal.stderr.write(`ml-layer: ${describeFailure(error, command)}\n`);
    return error instanceof BarFileError || error instanceof UsageError ? exitCodes.wrongInput : exitCodes.failed;
  }
}

async function runOnService(
  command: ReplayCommand,
  input: ReplayInput,
  { stderr, variables }: CommandTerminal,
  signal: AbortSignal,
): Promise<ReplayResult> {
  const context = { progress: stderr, clock: createSystemClock(), signal, tellsOutcomes: command.outcomes === true };
  if (command.address !== undefined)
    return runReplay(input, { ...context, baseUrl: toBaseUrl(command.address), sharedProcess: false });
  const service = await startOwnService(variables, command.keepLogs === true, stderr);
  try {
    return await runReplay(input, { ...context, baseUrl: service.baseUrl, sharedProcess: true });
  } finally {
    const keptIn = await service.stop();
    if (keptIn !== undefined) stderr.write(`audit log kept in ${keptIn}\n`);
  }
}

function present(result: ReplayResult, reportPath: string, command: ReplayCommand, terminal: CommandTerminal): void {
  const { stdout, variables } = terminal;
  if (command.json === true) {
    stdout.write(
      `${JSON.stringify({ report: reportPath, ...result.summary, outcomes: result.outcomes }, undefined, 2)}\n`,
    );
    return;
  }
  const style = chooseTextStyle(stdout.isTTY === true, variables);
  stdout.write(formatTerminalSummary(result.summary, style));
  if (result.outcomes !== undefined) stdout.write(`\n${describeOutcomes(result.outcomes)}\n`);
  const sizeKb = Math.round(Buffer.byteLength(result.html) / 1000);
  stdout.write(`\n${style.bold("Report")}  ${pathToFileURL(resolve(reportPath)).href}  (${sizeKb} kB)\n`);
}

function describeOutcomes({ recorded, duplicates, refused, untold }: OutcomeCounts): string {
  return `Outcomes  ${recorded} recorded, ${duplicates} known before, ${refused} refused; ${untold} decisions have none yet`;
}

/** @throws UsageError */
export function toBaseUrl(address: string): string {
  const url = URL.parse(address.includes("://") ? address : `http://${address}`);
  if (url === null || url.port === "" || !["http:", "https:"].includes(url.protocol)) {
    throw new UsageError(`--address ${address}: write HOST:PORT, e.g. 127.0.0.1:8003`);
  }
  return url.origin;
}

/** A symbol such as BTC/USD must not become a folder. */
function toFileName(symbol: string): string {
  return symbol.replace(/[^\w.-]+/g, "_").replace(/^\.+/, "_");
}

/** What the user or the machine can cause; anything else is a defect, and shows where it is. */
function isExpected(error: unknown): error is Error {
  if (error instanceof MlError || error instanceof ConnectError) return true;
  return error instanceof Error && "syscall" in error;
}

function describeFailure(error: Error, { address }: ReplayCommand): string {
  if (!(error instanceof ConnectError)) return error.message;
  const isAway = error.code === Code.Unavailable && address !== undefined;
  return isAway ? `no service answers at ${address}: ${error.rawMessage}` : `the service refused: ${error.message}`;
}
