/** The examples of a language's client, run as a reader would run them. */

import { join } from "node:path";
import { expect } from "vitest";
import { runTool } from "../external/external-tool.ts";
import { startTestService } from "../support/start-service.ts";
import { root } from "./languages.ts";

/** Daily S&P 500 bars with the columns date and close. */
const barsFile = join(root, "node_modules/vega-datasets/data/sp500-2000.csv");

/** Runs the README's example; it has to say what an example of every language says. */
export async function checkReadmeExample(command: string, args: readonly string[]): Promise<void> {
  await using service = await startTestService();
  const run = await runTool(command, ...args, `127.0.0.1:${service.port}`);
  expect(run.stderr).toBe("");
  const said = run.stdout.trim().split("\n");
  expect(said).toHaveLength(4);
  expect(said[0]).toMatch(/^true /);
  expect(said[1]).toMatch(/^120 true/);
  expect(said[2]).toMatch(/INVALID_INPUT symbol false$/i);
  expect(said[3]).toMatch(/^0\.55/);
}

/** Runs the signal generator; it has to trade where the service allowed it and nowhere else. */
export async function checkSignalGenerator(command: string, args: readonly string[]): Promise<void> {
  await using service = await startTestService();
  const bars = 500;
  const run = await runTool(command, ...args, `127.0.0.1:${service.port}`, barsFile, String(bars));
  expect(run.stderr).toBe("");
  const said = run.stdout.trim().split("\n");
  const trades = said.filter((line) => /^.{6,12} {2}(long|short), probability 0\.\d{4}$/.test(line));
  const refusals = said.filter((line) => line.includes("  no trade: "));
  expect(said.at(-1)).toBe(`${trades.length} trades on ${bars} bars`);
  expect(trades.length + refusals.length).toBe(bars);
  const answer = await fetch(`${service.url}/metrics`, { headers: { accept: "application/json" } });
  expect(await answer.json()).toMatchObject({
    metrics: { total_predictions: bars, allowed: trades.length, suppressed: refusals.length },
  });
  expect(trades.length).toBeGreaterThan(0);
}
