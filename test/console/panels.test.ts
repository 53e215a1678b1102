import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { describe, expect, it } from "vitest";
import { countFiring, toAlertRows } from "../../console/model/alert-row.ts";
import { rankGateRefusals } from "../../console/model/gate-refusal.ts";
import { toHaltRows } from "../../console/model/halt-row.ts";
import { describeObstacles, toModelRows } from "../../console/model/model-row.ts";
import { chooseFigures } from "../../console/model/recent-figures.ts";
import { AlertSeverity_Level } from "../../gen/ts/arbitrex/ml/v1/common_pb.ts";
import { GetConfigResponseSchema, Halt_Scope, HaltSchema } from "../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import { ModelVersion_State, ModelVersionSchema } from "../../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import { Alert_State, AlertSchema, MetricsSchema } from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import { baseMs } from "./decision-records.ts";

describe("alerts", () => {
  const alerts = [
    { rule: "old", state: Alert_State.RESOLVED, severity: AlertSeverity_Level.CRITICAL },
    { rule: "soon", state: Alert_State.PENDING, severity: AlertSeverity_Level.WARNING },
    { rule: "mild", state: Alert_State.FIRING, severity: AlertSeverity_Level.WARNING },
    {
      rule: "grave",
      state: Alert_State.FIRING,
      severity: AlertSeverity_Level.CRITICAL,
      metric: "suppression_rate",
      value: 0.98765,
      threshold: 0.9,
      startedAt: timestampFromMs(baseMs),
    },
  ].map((alert) => create(AlertSchema, alert));

  it("come with what fires first, the most urgent of it first", () => {
    const rows = toAlertRows(alerts);
    expect(rows.map(({ rule }) => rule)).toEqual(["grave", "mild", "soon", "old"]);
    expect(rows[0]).toMatchObject({
      severity: "CRITICAL",
      state: "FIRING",
      figures: "suppression_rate 0.9877, threshold 0.9",
      since: "2026-03-04 10:20:30 UTC",
    });
  });

  it("count as firing only while they fire", () => {
    expect(countFiring(alerts)).toBe(2);
  });
});

describe("gates that refuse most", () => {
  it("are ranked, as a share of the refused decisions", () => {
    const metrics = create(MetricsSchema, {
      suppressed: 40n,
      gateFailures: { QSE_VALID: 10n, REGIME_ALLOWED: 30n, TRADING_ENABLED: 0n },
    });
    expect(rankGateRefusals(metrics)).toEqual([
      { gate: "regime allowed", count: "30", share: 0.75, shareText: "75.0 %" },
      { gate: "QSE valid", count: "10", share: 0.25, shareText: "25.0 %" },
    ]);
  });
});

describe("the figures shown", () => {
  it.each([
    ["the last minutes'", 3n, "last 5 min"],
    ["all there are while nothing happens", 0n, "since start"],
  ])("are %s", (_, totalPredictions, span) => {
    const metrics = create(MetricsSchema, { totalPredictions: 90n, windows: { "5m": { totalPredictions } } });
    const chosen = chooseFigures(metrics);
    expect(chosen.span).toBe(span);
    expect(chosen.figures?.totalPredictions).toBe(totalPredictions === 0n ? 90n : totalPredictions);
  });
});

describe("models", () => {
  const version = (modelName: string, number: string, aliases: string[], state: ModelVersion_State) =>
    create(ModelVersionSchema, { modelName, version: number, aliases, state, sha256: "0123456789abcdef" });

  it.each([
    ["the champion", 0, { canPromote: false, canRollback: true, digest: "0123456789ab" }],
    ["a version that is loaded", 1, { canPromote: true, canRollback: false }],
    ["a version that is not", 2, { canPromote: false, canRollback: false, state: "START" }],
    ["a champion that was never another", 3, { canPromote: false, canRollback: false }],
  ])("offer for %s what can be done with it", (_, index, expected) => {
    const rows = toModelRows([
      version("signal_filter", "v1", ["champion"], ModelVersion_State.AVAILABLE),
      version("signal_filter", "v2", ["challenger"], ModelVersion_State.AVAILABLE),
      version("signal_filter", "v3", [], ModelVersion_State.START),
      version("regime_classifier", "v1", ["champion"], ModelVersion_State.AVAILABLE),
    ]);
    expect(rows[index]).toMatchObject(expected);
  });

  it.each([
    [
      "has pinned a version",
      { model: { signalFilterVersion: "v1" } },
      ["signal_filter is pinned to v1 by the configuration, whichever version is champion."],
    ],
    [
      "leaves decisions to the rules",
      {},
      ["The rules decide for signal_filter; a trained champion decides once signal_filter.use_ml_model is true."],
    ],
    ["leaves them to the champion", { signalFilter: { useMlModel: true } }, []],
  ])("say so when the configuration %s", (_, config, expected) => {
    const models = [
      { modelName: "signal_filter", version: "v2", format: "onnx" },
      { modelName: "regime_classifier", version: "v1", format: "rule_based" },
    ].map((model) => create(ModelVersionSchema, model));
    expect(describeObstacles(create(GetConfigResponseSchema, { config }), models)).toEqual(expected);
  });
});

describe("halts", () => {
  it("say what is halted", () => {
    const halts = [
      { scope: Halt_Scope.SERVICE, reason: "storm" },
      { scope: Halt_Scope.SYMBOL, target: "EURUSD" },
    ].map((halt) => create(HaltSchema, halt));
    expect(toHaltRows(halts)).toMatchObject([
      { key: "SERVICE ", what: "the whole service", reason: "storm" },
      { key: "SYMBOL EURUSD", what: "symbol EURUSD" },
    ]);
  });
});
