import { runCommand } from "./child-output.ts";
import type { Arena } from "./competition.ts";
import type { WorkersResult } from "./results.ts";

/** Short turns, so that other programs disturb both. */
const seconds = 2;
const rounds = 7;

/** What more processes bring: `workers.ts` in a process of its own, on whichever cores it chooses. */
export async function runWorkersSuite({ report }: Arena): Promise<WorkersResult> {
  report("workers: one process beside two workers, on one core and on the whole machine");
  const text = await runCommand([process.execPath, "bench/workers.ts", `${seconds}`, `${rounds}`], 240_000);
  const gain = Number(/by the cores the service had: ([\d.]+) x/.exec(text)?.[1] ?? Number.NaN);
  if (Number.isNaN(gain)) throw new Error(`workers.ts did not say what two workers bring: ${text}`);
  return { text: text.trim(), gain };
}
