/** A request that every gate lets through, as protobuf's JSON. */

import { create, toJsonString } from "@bufbuild/protobuf";
import { PredictRequestSchema } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { createPredictRequest } from "../support/predict-requests.ts";

export function predictJson(): string {
  return toJsonString(PredictRequestSchema, create(PredictRequestSchema, createPredictRequest()));
}
