import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Clock } from "../../../src/domain/clock.ts";
import { type AuditLog, type AuditLogOptions, openAuditLog } from "../../../src/monitor/audit/audit-log.ts";
import { readAuditRecords } from "../../../src/monitor/audit/audit-reader.ts";

/** 2025-01-02T03:04:05.678901Z, for ever. */
export const stoppedClock: Clock = { nowMicros: () => 1_735_787_045_678_901, monotonicMs: () => 0 };

export function makeTemporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "audit-test-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A log that is closed when the test ends, whatever state it is in. It behaves the same on every machine. */
export async function openTestLog(options: Partial<AuditLogOptions> & { directory: string }): Promise<AuditLog> {
  const log = await openAuditLog({ clock: stoppedClock, hasOneCore: false, ...options });
  onTestFinished(async () => {
    await Promise.allSettled([log.close()]);
  });
  return log;
}

/** Writes `count` decisions with ids 1, 2, … and closes the log. */
export async function writeDecisions(
  directory: string,
  count: number,
  options: Partial<AuditLogOptions> = {},
): Promise<void> {
  const log = await openAuditLog({ clock: stoppedClock, durability: "os", directory, ...options });
  for (let id = 1; id <= count; id += 1) await log.append({ kind: "decision", id, symbol: "EURUSD" });
  await log.close();
}

export function currentFile(directory: string): string {
  return join(directory, "predictions.jsonl");
}

export function readCurrentLines(directory: string): string[] {
  return readFileSync(currentFile(directory), "utf8").split("\n").slice(0, -1);
}

export function listFiles(directory: string): string[] {
  return readdirSync(directory).filter((name) => !name.endsWith(".lock"));
}

/** One field of every record, in order. */
export async function readField(directory: string, field: string): Promise<unknown[]> {
  const values: unknown[] = [];
  for await (const record of readAuditRecords(directory)) values.push(record.fields[field]);
  return values;
}

/** Lets everything run that waits for the event loop's next turn. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Until what was added to a strict log has gathered, its sync has begun, and those who wait have been given the sync's time. */
export async function untilUnderWay(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await nextTurn();
}
