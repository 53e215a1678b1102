/** Requests for trained models, and what onnxruntime itself answers to them. */

import { InferenceSession, Tensor } from "onnxruntime-node";
import { featureNames } from "../../src/domain/feature-schema.ts";
import { createRandom, readFixture } from "../registry/model-fixtures.ts";

export const qseMetrics = { trendPersistenceScore: 0.6, zScore: -0.75, volatilityPercentile: 40 };

/** A request with every feature of the schema and `order_flow`; the seed decides the numbers. */
export function createTrainedRequest(seed: number, symbol = "EURUSD") {
  const random = createRandom(seed + 1);
  const draw = (): number => (random(4_000_001) - 2_000_000) / 1_000_000;
  const features: Record<string, { values: number[] }> = {};
  for (const name of [...featureNames, "order_flow"]) features[name] = { values: Array.from({ length: 120 }, draw) };
  return {
    symbol,
    timeframe: "4H",
    features,
    qseOutput: {
      validation: { signalValidityFlag: true, autocorrCheckPassed: seed % 2 === 0 },
      metrics: qseMetrics,
      regime: { efficiencyRatio: 0.5, trendStrength: 0.35 },
    },
  };
}

export type TrainedRequest = ReturnType<typeof createTrainedRequest>;

/** A request whose newest bars the rules find trending, so that the signal's probability decides. */
export function createTrendingRequest(seed: number, symbol = "EURUSD"): TrainedRequest {
  const request = createTrainedRequest(seed, symbol);
  request.features["efficiency_ratio"] = { values: new Array<number>(120).fill(0.8) };
  request.features["vol_percentile"] = { values: new Array<number>(120).fill(50) };
  return request;
}

/** The float32 row of the bar that is `back` before the newest, in the order of the names. */
export function createRow(request: TrainedRequest, names: readonly string[], back = 0, regime = ""): Float32Array {
  const qse = new Map<string, number>([
    ["qse_output.metrics.z_score", qseMetrics.zScore],
    ["qse_output.validation.autocorr_check_passed", Number(request.qseOutput.validation.autocorrCheckPassed)],
    ["qse_output.regime.trend_strength", request.qseOutput.regime.trendStrength],
    ["regime_TRENDING", Number(regime === "TRENDING")],
    ["regime_RANGING", Number(regime === "RANGING")],
    ["regime_STRESSED", Number(regime === "STRESSED")],
  ]);
  return Float32Array.from(names, (name) => {
    const feature = request.features[name === "rolling_vol" ? "volatility" : name];
    const value = qse.get(name) ?? feature?.values.at(-1 - back);
    if (value === undefined) throw new Error(`no value for ${name}`);
    return value;
  });
}

/** Opens a fixture by onnxruntime alone. */
export async function openSession(fixture: string) {
  const { bytes, metadata } = readFixture(fixture);
  const session = await InferenceSession.create(bytes);
  const names = toTexts(metadata["inputs"]);
  const [output = ""] = toTexts(metadata["outputs"]);
  const [input = ""] = session.inputNames;
  return {
    names,
    classes: toTexts(metadata["classes"]),
    async run(row: Float32Array): Promise<number[]> {
      const feeds: Record<string, Tensor> = {};
      if (session.inputNames.length === 1) feeds[input] = new Tensor("float32", row, [1, row.length]);
      else
        names.forEach((name, at) => {
          feeds[name] = new Tensor("float32", row.slice(at, at + 1), [1, 1]);
        });
      const found = (await session.run(feeds))[output];
      if (found === undefined || !(found.data instanceof Float32Array)) throw new Error("no numbers");
      return [...found.data];
    },
  };
}

/** P(success) of a signal filter, as its last column. */
export async function estimateDirectly(fixture: string, request: TrainedRequest, regime = ""): Promise<number> {
  const session = await openSession(fixture);
  return (await session.run(createRow(request, session.names, 0, regime))).at(-1) ?? Number.NaN;
}

function toTexts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
