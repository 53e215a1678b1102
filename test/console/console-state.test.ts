import { create } from "@bufbuild/protobuf";
import { timestampFromMs, timestampMs } from "@bufbuild/protobuf/wkt";
import { describe, expect, it } from "vitest";
import {
  applyFailure,
  applyPause,
  applyReading,
  createState,
  decisionsKept,
  newestDecisionTime,
  type Reading,
} from "../../console/model/console-state.ts";
import {
  type DecisionRecord,
  GetStatusResponseSchema,
  MetricsSchema,
} from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import { baseMs, createRecords } from "./decision-records.ts";

interface ReadingInit {
  readonly uptimeSeconds?: number;
  readonly total?: number;
  readonly decisions?: readonly DecisionRecord[];
  readonly decisionsAsked?: number;
}

function createReading({ uptimeSeconds = 60, total = 0, decisions = [], decisionsAsked = 300 }: ReadingInit): Reading {
  const timestamp = timestampFromMs(baseMs + uptimeSeconds * 1000);
  return {
    status: create(GetStatusResponseSchema, { uptimeSeconds, timestamp, status: "running" }),
    metrics: { kind: "ok", value: create(MetricsSchema, { totalPredictions: BigInt(total) }) },
    decisions: { kind: "ok", value: decisions },
    decisionsAsked,
  };
}

const idsOf = (decisions: readonly DecisionRecord[]) => decisions.map(({ predictionId }) => predictionId);

describe("a reading", () => {
  it("adds the decisions that are new, newest first, once", () => {
    const [newest, ...known] = createRecords(4);
    const before = applyReading(createState(baseMs), createReading({ decisions: known }), baseMs);
    const decisions = [...(newest === undefined ? [] : [newest]), ...known.slice(0, 1)];
    const after = applyReading(before, createReading({ decisions }), baseMs);
    expect(idsOf(after.decisions)).toEqual(["p-4", "p-3", "p-2", "p-1"]);
    expect(after.hasSkipped).toBe(false);
    expect(timestampMs(newestDecisionTime(after) ?? timestampFromMs(0))).toBe(baseMs + 4_000);
  });

  it("keeps the list of decisions as it was when none is new", () => {
    const decisions = createRecords(2);
    const before = applyReading(createState(baseMs), createReading({ decisions }), baseMs);
    const after = applyReading(before, createReading({ decisions: decisions.slice(0, 1) }), baseMs);
    expect(after.decisions).toBe(before.decisions);
  });

  it.each<[name: string, listed: number, expected: boolean]>([
    ["reaches back to what is known", 2, false],
    ["does not", 4, true],
  ])("whose full list %s says whether decisions are left out", (_, fresh, expected) => {
    const records = createRecords(10);
    const before = applyReading(createState(baseMs), createReading({ decisions: records.slice(5) }), baseMs);
    const decisions = expected ? records.slice(0, fresh) : records.slice(3, 3 + fresh + 1);
    const after = applyReading(before, createReading({ decisions, decisionsAsked: decisions.length }), baseMs);
    expect(after.hasSkipped).toBe(expected);
  });

  it("keeps no more decisions than it says", () => {
    const decisions = createRecords(decisionsKept + 5);
    const state = applyReading(createState(baseMs), createReading({ decisions }), baseMs);
    expect(state.decisions.length).toBe(decisionsKept);
    expect(state.decisions[0]?.predictionId).toBe(`p-${decisionsKept + 5}`);
  });

  it("of another process drops what the earlier one decided", () => {
    const before = applyReading(
      createState(baseMs),
      createReading({ uptimeSeconds: 500, total: 9, decisions: createRecords(3) }),
      baseMs,
    );
    const after = applyReading(before, createReading({ uptimeSeconds: 2, total: 1 }), baseMs);
    expect(after.decisions).toEqual([]);
    expect(after.rates).toHaveLength(1);
  });

  it("keeps what was not asked for this time and replaces what was", () => {
    const before = applyReading(
      createState(baseMs),
      { ...createReading({}), alerts: { kind: "ok", value: [] }, models: { kind: "ok", value: [] } },
      baseMs,
    );
    const missing = { kind: "failed", reason: "no alerting", isMissing: true } as const;
    const after = applyReading(before, { ...createReading({}), alerts: missing }, baseMs);
    expect(after.models).toBe(before.models);
    expect(after.alerts).toBe(missing);
  });

  it("without its decisions says why and keeps the ones known", () => {
    const before = applyReading(createState(baseMs), createReading({ decisions: createRecords(2) }), baseMs);
    const decisions = { kind: "failed", reason: "too many calls", isMissing: false } as const;
    const after = applyReading(before, { ...createReading({}), decisions }, baseMs);
    expect(after.decisionsFault).toBe("too many calls");
    expect(after.decisions).toHaveLength(2);
  });

  it("makes the connection live again; failures and pauses end that", () => {
    const live = applyReading(createState(baseMs), createReading({}), baseMs);
    expect(live.connection).toEqual({ kind: "live", lastMs: baseMs });
    expect(applyFailure(live, "refused", baseMs + 1).connection.kind).toBe("lost");
    expect(applyPause(live).connection).toEqual({ kind: "paused", lastMs: baseMs });
  });
});
