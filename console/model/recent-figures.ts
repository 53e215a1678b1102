import type { Metrics, WindowMetrics } from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";

export interface ChosenFigures {
  readonly figures: Metrics | WindowMetrics | undefined;
  /** What they cover, in words. */
  readonly span: "last 5 min" | "since start";
}

/** The last minutes say how it goes now; a quiet service still shows how it went. */
export function chooseFigures(metrics: Metrics | undefined): ChosenFigures {
  const recent = metrics?.windows["5m"];
  if (recent === undefined || recent.totalPredictions === 0n) return { figures: metrics, span: "since start" };
  return { figures: recent, span: "last 5 min" };
}
