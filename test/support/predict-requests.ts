/** Requests as a client sends them. They are plain objects: what the generated code calls an init shape. */

import { fromJson, type MessageInitShape } from "@bufbuild/protobuf";
import { type PredictRequestSchema, QseOutputSchema } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import type { ReferenceDecision } from "./reference-decisions.ts";
import { createAllowedRequest } from "./requests.ts";

export type PredictRequestInit = Exclude<MessageInitShape<typeof PredictRequestSchema>, { $typeName: string }>;

/** A request that every gate lets through. */
export function createPredictRequest(bars = 120) {
  return {
    symbol: "EURUSD",
    timeframe: "4H",
    features: createAllowedRequest(bars).features,
    qseOutput: {
      validation: {
        signalValidityFlag: true,
        autocorrCheckPassed: true,
        stationarityCheckPassed: true,
        distributionCheckPassed: true,
      },
      metrics: { trendPersistenceScore: 0.6 },
      regime: { efficiencyRatio: 0.5, correlationRegime: "NORMAL" },
    },
  } satisfies PredictRequestInit;
}

/** A request of the former system. */
export function toPredictRequest({ request }: ReferenceDecision): PredictRequestInit {
  const series = Object.entries(request.features).map(([name, values]) => [name, { values: [...values] }]);
  const { validation, metrics, regime } = request.qse_output;
  return {
    symbol: request.symbol,
    timeframe: request.timeframe,
    features: Object.fromEntries(series),
    qseOutput: fromJson(
      QseOutputSchema,
      { validation: { ...validation }, metrics: { ...metrics }, regime: { ...regime } },
      { ignoreUnknownFields: true },
    ),
  };
}
