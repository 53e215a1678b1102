import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatRun, type Run } from "./report.ts";

/** Writes the run as `<UTC time>-<commit>.json` and `.md`; returns the two paths. */
export function writeResults(run: Run, directory: string): string[] {
  mkdirSync(directory, { recursive: true });
  const minute = run.startedAt.slice(0, 16).replace(":", "");
  const name = `${minute}Z-${run.revision.commit}${run.revision.isDirty ? "-dirty" : ""}`;
  const base = join(directory, name);
  writeFileSync(`${base}.json`, `${JSON.stringify(toRecord(run), null, 2)}\n`);
  writeFileSync(`${base}.md`, `${formatRun(run)}\n`);
  return [`${base}.json`, `${base}.md`];
}

/** Suites hold functions and refer to one another; a record has names. */
function toRecord(run: Run) {
  const suites = run.results.suites.map(({ suite, rows, memory }) => ({
    suite: suite.name,
    protocol: suite.protocol,
    baseline: suite.baseline.label,
    rows,
    memory,
  }));
  return { ...run, results: { ...run.results, suites } };
}
