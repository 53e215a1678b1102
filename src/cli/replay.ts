import type { Command } from "commander";
import { listenForInterruption } from "./interruption.ts";
import { executeReplay, type ReplayCommand } from "./replay-command.ts";

interface ReplayOptions {
  readonly bars: string;
  readonly symbol?: string;
  readonly timeframe?: string;
  readonly out?: string;
  readonly address?: string;
  readonly outcomes?: boolean;
  readonly json?: boolean;
  readonly keepLogs?: boolean;
}

/** Adds `ml-layer replay`. */
export function registerReplay(program: Command): void {
  program
    .command("replay")
    .description("ask for a decision at every bar of a file, and report on the decisions")
    .requiredOption("--bars <file>", "CSV with the columns date (or time, timestamp, datetime), open, high, low, close")
    .option("--symbol <name>", "name the instrument, or choose one of a file with a symbol column")
    .option("--timeframe <name>", "bar size, e.g. 4H (default: read off the spacing of the bars)")
    .option("--out <file>", "where the HTML report goes (default: reports/<symbol>.html)")
    .option("--address <host:port>", "use a running service (default: start one for this replay)")
    .option("--outcomes", "tell the service afterwards what its decisions came to (RecordOutcomes)")
    .option("--json", "print the figures as JSON instead of tables")
    .option("--keep-logs", "keep the audit log of the service that the replay starts")
    .addHelpText("after", exitCodeHelp)
    .action(({ bars, symbol, timeframe, ...rest }: ReplayOptions) =>
      runCommand({ source: { path: bars, symbol, timeframe }, ...rest }),
    );
}

const exitCodeHelp = `
Exit code: 0 done, 1 the service failed, 2 the file or an option is wrong (standard error names the line), 130 interrupted.

Example:
  ml-layer replay --bars eurusd-4h.csv --symbol EURUSD --out eurusd.html
  ml-layer replay --bars eurusd-4h.csv --address 127.0.0.1:8003 --outcomes`;

/** Executes a replay as this process's task. */
export async function runCommand(command: ReplayCommand): Promise<void> {
  const interruption = listenForInterruption();
  const terminal = { stdout: process.stdout, stderr: process.stderr, variables: process.env };
  try {
    process.exitCode = await executeReplay(command, terminal, interruption.signal);
  } finally {
    interruption.release();
  }
}
