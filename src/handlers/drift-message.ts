import type { MessageInitShape } from "@bufbuild/protobuf";
import type { FeatureDriftSchema, ModelDriftSchema } from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import type { InputDrift } from "../monitor/drift/input-drift.ts";
import type { ModelDrift } from "../monitor/drift/model-drift.ts";

export function toDriftMessage(drift: ModelDrift): MessageInitShape<typeof ModelDriftSchema> {
  const { model, hasReference, samples, inputs, outOfDistribution, outcomes } = drift;
  return {
    model,
    hasReference,
    samples,
    features: inputs.map(toFeatureMessage),
    outOfDistribution,
    ...(outcomes !== undefined && {
      outcomes: {
        samples: outcomes.samples,
        meanError: outcomes.mean,
        level: outcomes.level,
        alarms: outcomes.alarms,
      },
    }),
  };
}

function toFeatureMessage({ name, ...drift }: InputDrift): MessageInitShape<typeof FeatureDriftSchema> {
  return { feature: name, ...drift };
}
