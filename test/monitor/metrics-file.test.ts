import * as nodeFs from "node:fs";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type MetricsFs, writeMetricsFile } from "../../src/monitor/metrics-file.ts";

let directory = "";

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "ml-layer-metrics-"));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** The calls that make a file durable, as they come. */
function watch(calls: string[]): MetricsFs {
  return {
    ...nodeFs,
    fsyncSync(fd) {
      calls.push("fsync");
      nodeFs.fsyncSync(fd);
    },
    renameSync(from, to) {
      calls.push("rename");
      nodeFs.renameSync(from, to);
    },
  };
}

describe("a metrics file", () => {
  it("is named by the time and holds the text", () => {
    const path = writeMetricsFile(directory, 1_700_000_000_123_456, "{}\n");
    expect(path).toBe(join(directory, "ml_metrics_20231114T221320.123456Z.json"));
    expect(readFileSync(path, "utf8")).toBe("{}\n");
    expect(readdirSync(directory)).toHaveLength(1);
  });

  it("creates its folder", () => {
    const path = writeMetricsFile(join(directory, "new"), 0, "{}");
    expect(readFileSync(path, "utf8")).toBe("{}");
  });

  it("gets its name only when its content is on disk, and then keeps it", () => {
    const calls: string[] = [];
    writeMetricsFile(directory, 0, "{}", watch(calls));
    expect(calls).toEqual(["fsync", "rename", "fsync"]);
  });

  it.each(["writeSync", "fsyncSync", "renameSync"] as const)("leaves nothing behind when %s fails", (call) => {
    const fail = () => {
      throw new Error("ENOSPC: no space left on device");
    };
    const write = () => writeMetricsFile(directory, 0, "{}", { ...nodeFs, [call]: fail });
    expect(write).toThrow(expect.objectContaining({ reason: "METRICS_NOT_WRITTEN" }));
    expect(readdirSync(directory)).toEqual([]);
  });
});
