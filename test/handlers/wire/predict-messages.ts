/** Requests and decisions of every kind that the messages of Predict can hold. */

import type { MessageInitShape } from "@bufbuild/protobuf";
import fc from "fast-check";
import type { PredictRequestSchema } from "../../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { gateNames } from "../../../src/domain/decision.ts";
import type { DecisionEvent } from "../../../src/domain/decision-event.ts";
import { featureNames } from "../../../src/domain/feature-schema.ts";

type RequestInit = Exclude<MessageInitShape<typeof PredictRequestSchema>, { $typeName: string }>;

const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });

/** Leaves out what is undefined, as an init shape wants it. */
const present = <T extends object>(parts: T): T =>
  Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as T;

const anyFeatures = fc
  .array(
    fc.tuple(
      fc.oneof(fc.constantFrom(...featureNames, "rolling_vol", "own_feature", ""), fc.string({ maxLength: 80 })),
      fc.array(fc.double(), { maxLength: 5 }),
    ),
    { maxLength: 8 },
  )
  .map((entries) => Object.fromEntries(entries.map(([name, values]) => [name, { values }])));

const anyQse = fc
  .record({
    validation: optional(
      fc
        .record({
          signalValidityFlag: optional(fc.boolean()),
          autocorrCheckPassed: optional(fc.boolean()),
          stationarityCheckPassed: optional(fc.boolean()),
          distributionCheckPassed: optional(fc.boolean()),
          trendPersistenceCheckPassed: optional(fc.boolean()),
        })
        .map(present),
    ),
    metrics: optional(
      fc
        .record({
          trendPersistenceScore: optional(fc.double()),
          adfStationary: optional(fc.boolean()),
          zScore: optional(fc.double()),
          volatilityPercentile: optional(fc.double()),
          adfStatistic: optional(fc.double()),
          autocorrelation: optional(fc.double()),
        })
        .map(present),
    ),
    regime: optional(
      fc
        .record({
          trendStrength: optional(fc.double()),
          efficiencyRatio: optional(fc.double()),
          correlationRegime: optional(fc.string()),
        })
        .map(present),
    ),
  })
  .map(present);

/** A request with fields of every value, ASCII and not. */
export const anyPredictRequest: fc.Arbitrary<RequestInit> = fc
  .record({
    symbol: fc.oneof(fc.string({ maxLength: 70 }), fc.string({ unit: "grapheme", maxLength: 10 })),
    timeframe: fc.string({ maxLength: 40 }),
    features: anyFeatures,
    qseOutput: optional(anyQse),
    barIndex: optional(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
    historyBars: optional(fc.integer({ min: 0, max: 2 ** 32 - 1 })),
    barTime: optional(
      fc.record({
        seconds: fc.bigInt({ min: -62_135_596_800n, max: 253_402_300_799n }),
        nanos: fc.integer({ min: 0, max: 999_999_999 }),
      }),
    ),
    requestId: fc.string({ maxLength: 140 }),
    omitExplanation: fc.boolean(),
  })
  .map(present);

const anyText = fc.oneof(fc.string(), fc.string({ unit: "grapheme" }), fc.string({ minLength: 100, maxLength: 300 }));
const anyLabel = fc.constantFrom("UNKNOWN", "TRENDING", "RANGING", "STRESSED");
const anyNumber = fc.oneof(fc.double(), fc.constantFrom(0, -0, 1, Number.NaN, Number.POSITIVE_INFINITY));
const anyContribution = fc.record({
  name: anyText,
  value: anyNumber,
  contribution: fc.double({ noNaN: true }),
});
const anyExplanation = fc.record(
  {
    base: anyNumber,
    contributions: fc.array(anyContribution, { maxLength: 12 }),
    unit: fc.constantFrom("PROBABILITY", "LOG_ODDS"),
    note: anyText,
  },
  { requiredKeys: ["base", "contributions", "unit"] },
);
const anyModel = fc.record({ name: anyText, version: anyText, sha256: fc.string({ maxLength: 64 }) });

const anyRegime = fc.record(
  {
    label: anyLabel,
    confidence: anyNumber,
    probTrending: anyNumber,
    probRanging: anyNumber,
    probStressed: anyNumber,
    efficiencyRatio: anyNumber,
    volatilityPercentile: anyNumber,
    correlationRegime: anyText,
    stable: fc.boolean(),
    recentLabels: fc.array(anyLabel, { maxLength: 150 }),
    explanation: anyExplanation,
    outOfDistribution: anyNumber,
  },
  {
    requiredKeys: [
      ...["label", "confidence", "probTrending", "probRanging", "probStressed", "efficiencyRatio"],
      ...["volatilityPercentile", "correlationRegime", "stable", "recentLabels"],
    ] as never[],
  },
);

const noInputs = {
  bars: 0,
  efficiencyRatio: [],
  volatilityPercentile: [],
  momentumScore: 0,
  trendConsistency: 0,
  trendPersistenceScore: 0,
  signalValid: undefined,
  autocorrCheck: false,
  stationarityCheck: false,
  distributionCheck: false,
  correlationRegime: "",
};

const anyDecision = fc.record({
  regime: anyRegime,
  signal: fc.record(
    {
      probability: anyNumber,
      shouldEnter: fc.boolean(),
      shouldExit: fc.boolean(),
      level: fc.constantFrom("LOW", "MEDIUM", "HIGH"),
      explanation: anyExplanation,
      outOfDistribution: anyNumber,
    },
    { requiredKeys: ["probability", "shouldEnter", "shouldExit", "level", "explanation"] },
  ),
  gates: fc.array(
    fc.record({
      name: fc.constantFrom(...gateNames),
      passed: fc.boolean(),
      value: anyNumber,
      threshold: anyNumber,
      margin: anyNumber,
      message: anyText,
    }),
    { maxLength: 5 },
  ),
  allowTrade: fc.boolean(),
  reasons: fc.array(anyText, { maxLength: 4 }),
  inputs: fc.array(anyText, { maxLength: 4 }).map((missing) => ({ ...noInputs, missing })),
  regimeModel: anyModel,
  signalModel: anyModel,
  configHash: fc.string({ maxLength: 16 }),
});

/** A decision with whatever its message can hold. */
export const anyDecisionEvent = fc.record({
  predictionId: fc.string({ maxLength: 36 }),
  timestampMicros: fc.integer({ min: 0, max: 4_102_444_800_000_000 }),
  symbol: anyText,
  timeframe: anyText,
  barIndex: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  barTimeMicros: fc.constant(undefined),
  requestId: anyText,
  processingTimeMs: fc.double({ noNaN: true }),
  decision: anyDecision,
}) as fc.Arbitrary<DecisionEvent>;
