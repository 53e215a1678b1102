import * as nodeFs from "node:fs";
import { join } from "node:path";
import { createDirectory, type DurableFs, syncDirectory, writeFully } from "../disk/durable-write.ts";
import { UnavailableError } from "../domain/errors.ts";
import { formatMicros } from "../domain/timestamp.ts";

/** What writing a file crash-safely needs. */
export interface MetricsFs extends DurableFs {
  renameSync(from: string, to: string): void;
  rmSync(path: string, options: { force: true }): void;
}

/** As the audit log: readable by the group. */
const fileMode = 0o640;

/**
 * Writes metrics to `ml_metrics_<UTC>.json`. The file appears complete or not at all, and survives a power failure.
 *
 * @returns the path
 * @throws UnavailableError when the disk does not take it; nothing is left behind then.
 */
export function writeMetricsFile(directory: string, nowMicros: number, json: string, fs: MetricsFs = nodeFs): string {
  // Colons are not allowed in file names everywhere: 20261123T001427.123456Z.
  const path = join(directory, `ml_metrics_${formatMicros(nowMicros).replaceAll(/[-:]/g, "")}.json`);
  const unfinished = `${path}.tmp`;
  try {
    createDirectory(fs, directory);
    writeDurably(fs, unfinished, json);
    fs.renameSync(unfinished, path);
    syncDirectory(fs, directory);
  } catch (cause) {
    fs.rmSync(unfinished, { force: true });
    throw new UnavailableError("the metrics could not be written", "METRICS_NOT_WRITTEN", undefined, { cause });
  }
  return path;
}

function writeDurably(fs: MetricsFs, path: string, text: string): void {
  const fd = fs.openSync(path, "w", fileMode);
  try {
    writeFully(fs, fd, Buffer.from(text));
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}
