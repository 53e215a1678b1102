import { runCommand } from "./child-output.ts";
import type { Arena } from "./competition.ts";
import { fieldsOf, numberIn } from "./json-fields.ts";
import type { StageResult } from "./results.ts";

/** Times the steps of a decision in a process of their own, on the servers' cores. */
export async function runEngineSuite({ options, placement, scratch, report }: Arena): Promise<StageResult[]> {
  report("engine: timing the steps of a decision");
  const roundMs = options.seconds * 100;
  const args = [options.bars, options.rounds, roundMs, scratch.createDirectory()].map(String);
  const command = [...placement.server, process.execPath, "bench/engine-timing.ts", ...args];
  const output: unknown = JSON.parse(await runCommand(command, 120_000));
  return listOf(output).map((entry) => {
    const { stage, rounds } = fieldsOf(entry);
    if (typeof stage !== "string") throw new TypeError("a step has no name");
    return { stage, rounds: listOf(rounds).map(toMeasurement) };
  });
}

function toMeasurement(value: unknown) {
  const fields = fieldsOf(value);
  return {
    perSecond: numberIn(fields, "perSecond"),
    p50Micros: numberIn(fields, "p50Micros"),
    p99Micros: numberIn(fields, "p99Micros"),
    cpuMicros: undefined,
    waitShare: undefined,
  };
}

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError("a list was expected");
  return value;
}
