/** Loaded before a server (`node --import`): writes at its end how long garbage collections stopped it, to the file `GC_FILE` names. */
import { writeFileSync } from "node:fs";
import { PerformanceObserver } from "node:perf_hooks";
import { env } from "node:process";

const pausesMs: number[] = [];
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) pausesMs.push(duration);
}).observe({ entryTypes: ["gc"] });

process.once("exit", () => {
  writeFileSync(env["GC_FILE"] ?? "", JSON.stringify({ seconds: process.uptime(), pausesMs }));
});
