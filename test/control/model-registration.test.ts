/** Every way in leads to the same version, and what it answers is what onnxruntime answers to the same row. */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { InferenceService } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { ModelRegistryService, ModelVersion_State as State } from "../../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import { readFixture } from "../registry/model-fixtures.ts";
import {
  digestOf,
  type GovernedService,
  metadataOf,
  present,
  sendJson,
  startGoverned,
  toRegistration,
} from "./governed-service.ts";
import {
  createRow,
  createTrainedRequest,
  createTrendingRequest,
  estimateDirectly,
  openSession,
} from "./trained-requests.ts";

const signal = "signal-lightgbm.onnx";
const version = "v2.0.0_lightgbm";

/** Ways to hand the file in; each answers the version. */
const ways: readonly [name: string, register: (governed: GovernedService) => Promise<unknown>][] = [
  ["bytes over gRPC", ({ operator }) => operator.register(signal, version)],
  [
    "chunks over client streaming",
    async ({ operator }) => {
      const metadata = { ...metadataOf(signal), sha256: digestOf(signal) };
      const header = { modelName: "signal_filter", version, metadata, actor: "ada" };
      const outcome = await operator.upload(header, readFixture(signal).bytes, 10_000);
      expect(outcome.refusal).toBeUndefined();
    },
  ],
  [
    "base64 over REST",
    async ({ url }) => {
      const body = {
        model_name: "signal_filter",
        version,
        model: readFixture(signal).bytes.toString("base64"),
        metadata: metadataOf(signal),
      };
      const { status, answer } = await sendJson("POST", `${url}/models/register`, body);
      expect([status, answer]).toMatchObject([200, { status: "success", model: { version, state: "AVAILABLE" } }]);
    },
  ],
  [
    "a path inside the models folder over REST",
    async ({ url, folders }) => {
      mkdirSync(join(folders.modelsDirectory, "incoming"));
      writeFileSync(join(folders.modelsDirectory, "incoming", "x.onnx"), readFixture(signal).bytes);
      const body = {
        model_name: "signal_filter",
        version,
        model_path: "incoming/x.onnx",
        metadata: metadataOf(signal),
      };
      const { status, answer } = await sendJson("POST", `${url}/models/register`, body);
      expect([status, answer]).toMatchObject([200, { status: "success", model: { version, state: "AVAILABLE" } }]);
    },
  ],
];

describe.each(ways)("a signal filter registered as %s", (_name, register) => {
  it("decides as soon as the configuration names its number, with onnxruntime's own probability", async () => {
    await using governed = await startGoverned();
    const { operator, url } = governed;
    await register(governed);
    const before = await operator.predict(createTrendingRequest(0));
    expect(before.signalModel?.version).toBe("v1.0.0_rule_based");

    const change = { signal_filter: { use_ml_model: true }, model: { signal_filter_version: "v2.0.0" } };
    expect((await sendJson("PUT", `${url}/config`, change)).status).toBe(200);
    for (let seed = 0; seed < 8; seed++) {
      const request = createTrendingRequest(seed);
      const { signalModel, prediction } = await operator.predict(request);
      expect(signalModel).toMatchObject({ name: "signal_filter", version, sha256: digestOf(signal) });
      expect(prediction?.signal?.momentumSuccessProb).toBe(await estimateDirectly(signal, request));
    }
    expect(await operator.serving()).toContain(`signal_filter/${version}`);
  });
});

it("binds upstream statistics and the regime by name", async () => {
  await using governed = await startGoverned();
  const { operator } = governed;
  await operator.register("signal-logistic.onnx", "v3.0.0");
  await operator.configure({ signalFilter: { useMlModel: true }, model: { signalFilterVersion: "v3.0.0" } });
  const regimes = new Set<string>();
  for (const [seed, efficiency, percentile] of [
    [1, 0.8, 50],
    [2, 0.2, 10],
    [3, 0.2, 95],
  ] as const) {
    const request = createTrainedRequest(seed);
    request.features["efficiency_ratio"] = { values: new Array<number>(120).fill(efficiency) };
    request.features["vol_percentile"] = { values: new Array<number>(120).fill(percentile) };
    const answer = present((await operator.predict(request)).prediction);
    const label = ["UNKNOWN", "TRENDING", "RANGING", "STRESSED"][answer.regime?.regimeLabel ?? 0] ?? "";
    regimes.add(label);
    expect(answer.signal?.momentumSuccessProb).toBe(await estimateDirectly("signal-logistic.onnx", request, label));
  }
  expect([...regimes]).toEqual(["TRENDING", "RANGING", "STRESSED"]);
});

it.each(["regime-lightgbm.onnx", "regime-softmax.onnx"])(
  "reads the columns of %s in its own class order",
  async (name) => {
    await using governed = await startGoverned();
    const { operator } = governed;
    await operator.register(name, "v2.0.0_trained");
    await operator.configure({ regime: { useMlModel: true }, model: { regimeClassifierVersion: "v2.0.0" } });
    const session = await openSession(name);
    for (let seed = 0; seed < 6; seed++) {
      const request = createTrainedRequest(seed);
      const { regimeModel, prediction } = await operator.predict(request);
      expect(regimeModel).toMatchObject({ version: "v2.0.0_trained", sha256: digestOf(name) });
      const rows = await Promise.all([2, 1, 0].map((back) => session.run(createRow(request, session.names, back))));
      const labels = ["TRENDING", "RANGING", "STRESSED"];
      const shares = rows.map((row) => labels.map((label) => row[session.classes.indexOf(label)] ?? Number.NaN));
      const { probTrending, probRanging, probStressed, recentLabels } = present(prediction?.regime);
      expect([probTrending, probRanging, probStressed]).toEqual(shares.at(-1));
      expect(recentLabels).toEqual(shares.map((row) => 1 + row.indexOf(Math.max(...row))));
    }
  },
);

it("refuses a request that lacks what the model reads, naming it", async () => {
  await using governed = await startGoverned();
  const { operator, url } = governed;
  await operator.register(signal, version);
  await operator.configure({ signalFilter: { useMlModel: true }, model: { signalFilterVersion: version } });
  const request = createTrendingRequest(1);
  delete request.features["dispersion"];
  const refused = await operator.refusal(InferenceService.method.predict, request);
  expect(refused).toMatchObject({ code: "invalid_argument", reason: "MISSING_MODEL_INPUT" });
  expect(refused.violations).toMatchObject([{ field: 'features["dispersion"]' }]);
  const { dispersion: _, ...features } = createTrendingRequest(1).features;
  const rest = await sendJson("POST", `${url}/predict`, { symbol: "EURUSD", timeframe: "4H", features });
  expect([rest.status, rest.answer]).toMatchObject([400, { code: "invalid_argument" }]);
});

it("lists the version with state, digest and metadata, and chooses the next minor one", async () => {
  await using governed = await startGoverned();
  const { operator } = governed;
  const first = await operator.register(signal, "v2.0.0_lightgbm", "grace");
  expect(first).toMatchObject({ state: State.AVAILABLE, sha256: digestOf(signal), createdBy: "grace", serving: false });
  expect(first.metadata?.["horizon"]).toBe(10);
  expect((await operator.register("signal-column.onnx")).version).toBe("v2.1.0");
  const { registerModel } = ModelRegistryService.method;
  expect(await operator.refusal(registerModel, toRegistration(signal, "v2.1.0"))).toMatchObject({
    code: "already_exists",
  });
});

it("finds a number only while one version has it", async () => {
  await using governed = await startGoverned();
  const { operator, url } = governed;
  await operator.register(signal, "v2.0.0_lightgbm");
  await operator.register("signal-column.onnx", "v2.0.0_column");
  const change = { signal_filter: { use_ml_model: true }, model: { signal_filter_version: "v2.0.0" } };
  const { status, answer } = await sendJson("PUT", `${url}/config`, change);
  expect([status, answer]).toMatchObject([404, { code: "not_found" }]);
  expect(await operator.serving()).not.toContain("signal_filter/v2.0.0_lightgbm");
});
