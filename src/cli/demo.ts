import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import type { BarSource } from "./bar-source.ts";
import { runCommand } from "./replay.ts";

interface DemoOptions {
  readonly out?: string;
  readonly address?: string;
  readonly json?: boolean;
  readonly keepLogs?: boolean;
}

/** Adds `ml-layer demo`. */
export function registerDemo(program: Command): void {
  program
    .command("demo")
    .description("start a service, stream twenty years of daily S&P 500 bars through it, and report")
    .option("--out <file>", "where the HTML report goes (default: reports/SPX.html)")
    .option("--address <host:port>", "use a running service (default: start one for the demo)")
    .option("--json", "print the figures as JSON instead of tables")
    .option("--keep-logs", "keep the audit log of the service that the demo starts")
    .action((options: DemoOptions) => runCommand({ source: findDemoBars(), ...options }));
}

/** The S&P 500 from 2000 to 2020. The exports of the package name its code only; its data lie beside that. */
export function findDemoBars(): BarSource {
  const path = fileURLToPath(new URL("../data/sp500-2000.csv", import.meta.resolve("vega-datasets")));
  return { path, symbol: "SPX", timeframe: "1D" };
}
