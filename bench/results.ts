import type { Measurement } from "./measurement.ts";
import type { Suite } from "./suites.ts";

/** One contestant under one load, all rounds. */
export interface ResultRow {
  readonly contestant: string;
  readonly connections: number;
  readonly inFlight: number;
  readonly rounds: readonly Measurement[];
  /** The generator's command line in the first round. */
  readonly command: string;
}

export interface MemoryRow {
  readonly contestant: string;
  readonly residentReadyMb: number;
  readonly residentAfterMb: number;
  readonly residentPeakMb: number;
}

export interface SuiteResult {
  readonly suite: Suite;
  readonly rows: readonly ResultRow[];
  readonly memory: readonly MemoryRow[];
}

/** One step of a decision, timed inside a process of its own. */
export interface StageResult {
  readonly stage: string;
  readonly rounds: readonly Measurement[];
}

export interface StartRow {
  readonly contestant: string;
  readonly readyMs: readonly number[];
}

/** Everything a run found out. */
export interface RunResults {
  readonly engine: readonly StageResult[];
  readonly suites: readonly SuiteResult[];
  readonly start: readonly StartRow[];
  /** The service by client program; how much of the time is the client's own differs from one to the other. */
  readonly clients: readonly ResultRow[];
  /** What was asked for and could not be measured, with the reason. */
  readonly skipped: readonly string[];
  /** What was tried and failed, with the reason; everything else stands. */
  readonly failed: readonly string[];
}
