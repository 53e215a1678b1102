/** Everything the page shows, and how an answer changes it. */

import { type Timestamp, timestampMs } from "@bufbuild/protobuf/wkt";
import type { GetConfigResponse } from "../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import type { ModelVersion } from "../../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import type { Alert, DecisionRecord, GetStatusResponse, Metrics } from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import { type Connection, loseConnection, pauseConnection } from "./connection.ts";
import { addSample, type RateSample } from "./decision-rate.ts";
import { answerOf, type Part } from "./part.ts";

export interface ConsoleState {
  readonly connection: Connection;
  readonly status: GetStatusResponse | undefined;
  readonly metrics: Part<Metrics> | undefined;
  readonly alerts: Part<readonly Alert[]> | undefined;
  readonly models: Part<readonly ModelVersion[]> | undefined;
  readonly config: Part<GetConfigResponse> | undefined;
  /** Why decisions cannot be listed, if they cannot. */
  readonly decisionsFault: string | undefined;
  /** Newest first. */
  readonly decisions: readonly DecisionRecord[];
  /** True when more decisions came between two readings than one reading lists. */
  readonly hasSkipped: boolean;
  readonly rates: readonly RateSample[];
}

/** One round of answers. What was not asked this time stays as it was. */
export interface Reading {
  readonly status: GetStatusResponse;
  readonly metrics: Part<Metrics>;
  readonly decisions: Part<readonly DecisionRecord[]>;
  /** Most decisions that were asked for. */
  readonly decisionsAsked: number;
  readonly alerts?: Part<readonly Alert[]>;
  readonly models?: Part<readonly ModelVersion[]>;
  readonly config?: Part<GetConfigResponse>;
}

/** Decisions kept on the page. */
export const decisionsKept = 1_200;

export function createState(nowMs: number): ConsoleState {
  return {
    connection: { kind: "connecting", sinceMs: nowMs },
    status: undefined,
    metrics: undefined,
    alerts: undefined,
    models: undefined,
    config: undefined,
    decisionsFault: undefined,
    decisions: [],
    hasSkipped: false,
    rates: [],
  };
}

export function applyReading(state: ConsoleState, reading: Reading, nowMs: number): ConsoleState {
  // What an earlier process decided is not what this one did.
  const isOtherProcess = (state.status?.uptimeSeconds ?? 0) > reading.status.uptimeSeconds;
  const decisions = isOtherProcess ? [] : state.decisions;
  const listed = answerOf(reading.decisions);
  const metrics = answerOf(reading.metrics);
  const atMs = reading.status.timestamp === undefined ? nowMs : timestampMs(reading.status.timestamp);
  return {
    connection: { kind: "live", lastMs: nowMs },
    status: reading.status,
    metrics: reading.metrics,
    alerts: reading.alerts ?? state.alerts,
    models: reading.models ?? state.models,
    config: reading.config ?? state.config,
    decisionsFault: reading.decisions.kind === "failed" ? reading.decisions.reason : undefined,
    decisions: listed === undefined ? decisions : mergeDecisions(decisions, listed),
    hasSkipped: listed !== undefined && hasGap(decisions, listed, reading.decisionsAsked),
    rates:
      metrics === undefined
        ? state.rates
        : addSample(isOtherProcess ? [] : state.rates, { atMs, total: Number(metrics.totalPredictions) }),
  };
}

export function applyFailure(state: ConsoleState, reason: string, nowMs: number): ConsoleState {
  return { ...state, connection: loseConnection(state.connection, reason, nowMs) };
}

export function applyPause(state: ConsoleState): ConsoleState {
  return { ...state, connection: pauseConnection(state.connection) };
}

/** Time from which on decisions have to be asked for; the newest one known is asked for again. */
export function newestDecisionTime(state: ConsoleState): Timestamp | undefined {
  return state.decisions[0]?.timestamp;
}

function mergeDecisions(
  known: readonly DecisionRecord[],
  listed: readonly DecisionRecord[],
): readonly DecisionRecord[] {
  const ids = new Set(known.slice(0, listed.length + 1).map((decision) => decision.predictionId));
  const fresh = listed.filter((decision) => !ids.has(decision.predictionId));
  return fresh.length === 0 ? known : [...fresh, ...known].slice(0, decisionsKept);
}

/** A full list that does not reach back to the newest decision known leaves some out. */
function hasGap(known: readonly DecisionRecord[], listed: readonly DecisionRecord[], asked: number): boolean {
  const newest = known[0]?.predictionId;
  if (newest === undefined || listed.length < asked) return false;
  return !listed.some((decision) => decision.predictionId === newest);
}
