import type { MessageInitShape } from "@bufbuild/protobuf";
import {
  ModelPerformance_ReferenceSource,
  type ModelPerformance_ShareSchema,
  type ModelPerformanceSchema,
} from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import { regimeLabels } from "../domain/regime.ts";
import type { ClaimShare } from "../monitor/performance/performance-figures.ts";
import type { RatedModel } from "../monitor/performance/rated-model.ts";

export function toPerformanceMessage(rated: RatedModel): MessageInitShape<typeof ModelPerformanceSchema> {
  const { model, isServing, figures, total, reference } = rated;
  return {
    model,
    serving: isServing,
    outcomes: figures.count,
    outcomesTotal: total,
    ...(figures.auc !== undefined && { auc: figures.auc }),
    brier: figures.brier,
    logLoss: figures.logLoss,
    accuracy: figures.accuracy,
    hitRate: figures.trueShare,
    calibrationError: figures.calibrationError,
    calibration: figures.calibration.map(({ count, trueShare, ...group }) => ({
      ...group,
      outcomes: count,
      hitRate: trueShare,
    })),
    regimes: Object.fromEntries(regimeLabels.map((label) => [label, toShareMessage(figures.regimes[label])])),
    allowed: toShareMessage(figures.allowed),
    refused: toShareMessage(figures.refused),
    ...(reference.auc !== undefined && { referenceAuc: reference.auc }),
    referenceAccuracy: reference.accuracy,
    referenceSource: ModelPerformance_ReferenceSource[reference.source],
  };
}

function toShareMessage({
  count,
  trueShare,
  accuracy,
}: ClaimShare): MessageInitShape<typeof ModelPerformance_ShareSchema> {
  return { outcomes: count, hitRate: trueShare, accuracy };
}
