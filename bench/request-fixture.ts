import { create, toBinary } from "@bufbuild/protobuf";
import {
  type BatchPredictRequest,
  BatchPredictRequestSchema,
  type PredictRequest,
  PredictRequestSchema,
} from "../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { type FeatureName, featureNames } from "../src/domain/feature-schema.ts";

/** One request in every form it is sent in. The numbers are made up from a fixed seed, so that runs compare. */
export interface RequestFixture {
  readonly bars: number;
  readonly request: PredictRequest;
  /** The protobuf message. */
  readonly message: Uint8Array;
  /** The message with gRPC's five bytes in front. */
  readonly grpcBody: Buffer;
  /** The request as REST clients write it: bare arrays, snake_case. */
  readonly json: string;
  /** A whole BatchPredict stream: one full window, then `appends` messages of one bar each. */
  readonly streamBody: Buffer;
  readonly appends: number;
  /** One of those messages, decoded. */
  readonly append: BatchPredictRequest;
}

/** Bars that a decision asks for by default; shorter windows have to say that more bars exist. */
const barsRequired = 100;
const symbol = "EURUSD";
const timeframe = "4H";

export function createRequestFixture(bars: number, appends: number): RequestFixture {
  const random = createRandom(20_250_102);
  const request = create(PredictRequestSchema, {
    symbol,
    timeframe,
    features: drawFeatures(bars, random),
    qseOutput,
    ...(bars < barsRequired ? { historyBars: barsRequired } : {}),
  });
  const message = toBinary(PredictRequestSchema, request);
  const items = [
    create(BatchPredictRequestSchema, { requestId: "w", item: { case: "window", value: request } }),
    ...Array.from({ length: appends }, (_, index) => createAppend(index, random)),
  ];
  const frames = items.map((item) => toGrpcFrame(toBinary(BatchPredictRequestSchema, item)));
  const append = items.at(-1);
  if (append === undefined) throw new Error("a stream has at least its window");
  return {
    bars,
    request,
    message,
    grpcBody: toGrpcFrame(message),
    json: toJson(request),
    streamBody: Buffer.concat(frames),
    appends,
    append,
  };
}

/** The message as gRPC frames it: a byte that says "not compressed", then the length. */
export function toGrpcFrame(message: Uint8Array): Buffer {
  const frame = Buffer.alloc(5 + message.length);
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, 5);
  return frame;
}

const qseOutput = {
  validation: {
    signalValidityFlag: true,
    autocorrCheckPassed: true,
    stationarityCheckPassed: true,
    distributionCheckPassed: true,
    trendPersistenceCheckPassed: true,
  },
  metrics: { trendPersistenceScore: 0.42, adfStationary: true, zScore: 1.1 },
  regime: { trendStrength: 0.6, efficiencyRatio: 0.7, correlationRegime: "NORMAL" },
};

/** Middle and half width of a feature's values; what is not named here is a small number around zero. */
const ranges: Partial<Record<FeatureName, readonly [middle: number, halfWidth: number]>> = {
  momentum_score: [0.8, 0.6],
  efficiency_ratio: [0.72, 0.05],
  volatility: [0.004, 0.001],
  correlation: [0.3, 0.2],
  trend_consistency: [0.65, 0.1],
  atr: [0.003, 0.0005],
  vol_percentile: [50, 20],
  range_compression: [0.5, 0.2],
};

function drawFeatures(bars: number, random: () => number): Record<string, { values: number[] }> {
  return Object.fromEntries(
    featureNames.map((name) => {
      const [middle, halfWidth] = ranges[name] ?? [0, 0.01];
      return [name, { values: Array.from({ length: bars }, () => middle + halfWidth * (2 * random() - 1)) }];
    }),
  );
}

function createAppend(index: number, random: () => number): BatchPredictRequest {
  return create(BatchPredictRequestSchema, {
    requestId: `a${index}`,
    item: { case: "append", value: { symbol, timeframe, features: drawFeatures(1, random), qseOutput } },
  });
}

function toJson(request: PredictRequest): string {
  const features = Object.fromEntries(Object.entries(request.features).map(([name, { values }]) => [name, values]));
  return JSON.stringify({
    symbol: request.symbol,
    timeframe: request.timeframe,
    features,
    qse_output: {
      validation: {
        signal_validity_flag: true,
        autocorr_check_passed: true,
        stationarity_check_passed: true,
        distribution_check_passed: true,
        trend_persistence_check_passed: true,
      },
      metrics: { trend_persistence_score: 0.42, adf_stationary: true, z_score: 1.1 },
      regime: { trend_strength: 0.6, efficiency_ratio: 0.7, correlation_regime: "NORMAL" },
    },
    ...(request.historyBars === undefined ? {} : { history_bars: request.historyBars }),
  });
}

/** A linear congruential generator with the constants of Numerical Recipes: enough for digits that do not compress. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return () => (next() + next() / 2 ** 32) % 1;
}
