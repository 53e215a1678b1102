/** What REST does for single RPCs that their `google.api.http` options have no words for. */

import type { DescMethod } from "@bufbuild/protobuf";
import { InferenceService } from "../../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { MonitoringService } from "../../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";

export interface TextAlternative {
  readonly mediaTypes: readonly string[];
  /** The RPC that answers in these media types. */
  readonly method: DescMethod;
}

/** Clients of the service that this one replaces send more in these bodies than anybody reads. */
const lenientMethods: readonly DescMethod[] = [InferenceService.method.predict, InferenceService.method.predictSymbols];

/** A scraper asks for text at the path where people and scripts get JSON. */
const metricsAsText: TextAlternative = {
  mediaTypes: ["text/plain", "application/openmetrics-text"],
  method: MonitoringService.method.getPrometheusMetrics,
};

/** True when keys of the body that nobody knows are passed over; everywhere else they are refused. */
export function ignoresUnknownKeys(method: DescMethod): boolean {
  return lenientMethods.some((lenient) => isSame(lenient, method));
}

/** What answers in place of the method when the client would rather have text. */
export function findTextAlternative(method: DescMethod): TextAlternative | undefined {
  return isSame(method, MonitoringService.method.getMetrics) ? metricsAsText : undefined;
}

/** By name: the descriptors that the OpenAPI document is made from are others than those of the generated code. */
function isSame(a: DescMethod, b: DescMethod): boolean {
  return a.name === b.name && a.parent.typeName === b.parent.typeName;
}
