import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { defaultConfig } from "../../src/config/config-schema.ts";
import { type ConfigStore, type ConfigStoreOptions, openConfigStore } from "../../src/config/config-store.ts";
import { type HaltBoard, type HaltBoardOptions, openHaltBoard } from "../../src/config/halt-board.ts";
import type { Clock } from "../../src/domain/clock.ts";

/** Starts at 2025-01-02T03:04:05Z; every look at it takes a second. */
export function createTickingClock(): Clock {
  let micros = 1_735_787_045_000_000;
  return { nowMicros: () => (micros += 1_000_000), monotonicMs: () => 0 };
}

export function makeTemporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "config-test-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A store over the defaults that is closed when the test ends. */
export async function openTestStore(
  options: Partial<ConfigStoreOptions> & { directory: string },
): Promise<ConfigStore> {
  const store = await openConfigStore({ defaults: defaultConfig, clock: createTickingClock(), ...options });
  onTestFinished(() => store.close());
  return store;
}

export const modelNames = ["regime_classifier", "signal_filter"];

/** A board that is closed when the test ends. */
export function openTestBoard(options: Partial<HaltBoardOptions> & { directory: string }): HaltBoard {
  const board = openHaltBoard({ clock: createTickingClock(), modelNames, ...options });
  onTestFinished(() => board.close());
  return board;
}

export function historyPath(directory: string): string {
  return join(directory, "history.jsonl");
}

export function haltsPath(directory: string): string {
  return join(directory, "halts.jsonl");
}

export function readLines(path: string): string[] {
  return readFileSync(path, "utf8").split("\n").slice(0, -1);
}

/** The error that a promise is rejected with. */
export async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}
