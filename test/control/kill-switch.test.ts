/** Halted means refused, from the next decision on, in streams that are open, and after a restart. */

import { describe, expect, it } from "vitest";
import { GateResult_Name as GateName } from "../../gen/ts/arbitrex/ml/v1/common_pb.ts";
import { ConfigService, Halt_Scope as Scope } from "../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import type { PredictResponse } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { MonitoringService } from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import { openBatch } from "../service/service-client.ts";
import { createPredictRequest } from "../support/predict-requests.ts";
import { createFolders, type Operator, present, sendJson, startGoverned } from "./governed-service.ts";

const { haltTrading, resumeTrading } = ConfigService.method;
const { getHealth, getStatus } = MonitoringService.method;

function describeAnswer({ prediction }: Pick<PredictResponse, "prediction">) {
  const { allowTrade, gates, decisionReasons } = present(prediction);
  const failed = gates.filter((gate) => !gate.passed).map(({ name }) => name);
  return { allowTrade, failed, reasons: decisionReasons.join("; ") };
}

async function decide(operator: Operator, symbol = "EURUSD") {
  return describeAnswer(await operator.predict({ ...createPredictRequest(), symbol }));
}

const allowed = { allowTrade: true, failed: [] };
const refused = {
  allowTrade: false,
  failed: [GateName.TRADING_ENABLED],
  reasons: expect.stringContaining("circuit open"),
};

const halts: readonly [what: string, scope: Scope, target: string, othersGoOn: boolean][] = [
  ["the service", Scope.SERVICE, "", false],
  ["a symbol", Scope.SYMBOL, "EURUSD", true],
  ["a symbol in another case", Scope.SYMBOL, "eurusd", true],
  ["a model", Scope.MODEL, "signal_filter", false],
  ["a version of a model", Scope.MODEL, "regime_classifier/v1.0.0_rule_based", false],
];

describe.each(halts)("a halt of %s", (_what, scope, target, othersGoOn) => {
  it("refuses the next decision with its reason, until it is resumed", async () => {
    await using governed = await startGoverned();
    const { operator } = governed;
    expect(await decide(operator)).toMatchObject(allowed);
    await operator.ask(haltTrading, { scope, target, reason: "circuit open", actor: "ada" });
    expect(await decide(operator)).toMatchObject(refused);
    expect(await decide(operator, "GBPUSD")).toMatchObject(othersGoOn ? allowed : refused);
    const halt = { scope, target, reason: "circuit open", actor: "ada" };
    expect((await operator.ask(getHealth, {})).halts).toMatchObject([halt]);
    expect((await operator.ask(getStatus, {})).halts).toMatchObject([halt]);
    const { halts: left } = await operator.ask(resumeTrading, { scope, target, reason: "calm", actor: "ada" });
    expect(left).toEqual([]);
    expect(await decide(operator)).toMatchObject(allowed);
  });
});

it("reaches the next item of a stream that is open, and of symbols in one call", async () => {
  await using governed = await startGoverned();
  const { operator, url } = governed;
  const stream = openBatch(operator.client);
  const next = async () => {
    stream.send({ item: { case: "window", value: createPredictRequest() } });
    const { result } = await stream.receive();
    if (result.case !== "response") throw new Error("the item was refused");
    return describeAnswer(result.value);
  };
  expect(await next()).toMatchObject(allowed);
  const halt = { reason: "circuit open", actor: "ada" };
  expect((await sendJson("POST", `${url}/trading/halt`, halt)).status).toBe(200);
  expect(await next()).toMatchObject(refused);
  const { features: series, timeframe } = createPredictRequest();
  const features = Object.fromEntries(Object.entries(series).map(([name, { values }]) => [name, values]));
  const qse = { validation: { signal_validity_flag: true } };
  const body = { symbols: ["A"], timeframe, features: { A: features }, qse_outputs: { A: qse } };
  const batch = await sendJson("POST", `${url}/batch_predict`, body);
  expect(batch.answer).toMatchObject({ A: { prediction: { allow_trade: false } } });
  expect(JSON.stringify(batch.answer)).toContain("circuit open");
  expect((await sendJson("POST", `${url}/trading/resume`, halt)).status).toBe(200);
  expect(await next()).toMatchObject(allowed);
  await stream.finish();
});

it("is in force after a restart", async () => {
  using folders = createFolders();
  {
    await using governed = await startGoverned({}, folders);
    await governed.operator.ask(haltTrading, { scope: Scope.SYMBOL, target: "EURUSD", reason: "circuit open" });
  }
  await using governed = await startGoverned({}, folders);
  expect(await decide(governed.operator)).toMatchObject(refused);
  expect(await decide(governed.operator, "GBPUSD")).toMatchObject(allowed);
  const health = await sendJson("GET", `${governed.url}/health`);
  expect(health.answer).toMatchObject({ halts: [{ scope: "SYMBOL", target: "EURUSD", reason: "circuit open" }] });
});

it.each([
  ["no reason", { scope: "SERVICE" }, "reason"],
  ["a symbol without a name", { scope: "SYMBOL", reason: "x" }, "target"],
  ["a model that does not decide", { scope: "MODEL", target: "oracle", reason: "x" }, "target"],
])("is refused with %s", async (_what, body, field) => {
  await using governed = await startGoverned();
  const { status, answer } = await sendJson("POST", `${governed.url}/trading/halt`, body);
  expect([status, answer]).toMatchObject([400, { message: expect.stringContaining(field) }]);
  expect(await decide(governed.operator)).toMatchObject(allowed);
});
