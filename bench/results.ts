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

/** Predict while something else goes on, and just before. */
export interface DisturbanceRow {
  readonly label: string;
  readonly quiet: readonly Measurement[];
  readonly disturbed: readonly Measurement[];
  /** How long each took, where one can tell. */
  readonly happenedMs: readonly number[];
}

export interface SoakSample {
  readonly predictions: number;
  readonly residentMb: number;
}

export interface SoakResult {
  readonly samples: readonly SoakSample[];
  /** In ascending order. */
  readonly pausesMs: readonly number[];
  readonly seconds: number;
}

export interface WorkersResult {
  /** The report of `workers.ts`. */
  readonly text: string;
  /** Throughput of two workers beside one process, by the cores that the service had: the generator takes a share of the machine. */
  readonly gain: number;
}

/** Everything a run found out. */
export interface RunResults {
  readonly engine: readonly StageResult[];
  readonly suites: readonly SuiteResult[];
  readonly start: readonly StartRow[];
  /** The service by client program; how much of the time is the client's own differs from one to the other. */
  readonly clients: readonly ResultRow[];
  readonly disturbances: readonly DisturbanceRow[];
  readonly soak: SoakResult | undefined;
  readonly workers: WorkersResult | undefined;
  /** What was asked for and could not be measured, with the reason. */
  readonly skipped: readonly string[];
  /** What was tried and failed, with the reason; everything else stands. */
  readonly failed: readonly string[];
}
