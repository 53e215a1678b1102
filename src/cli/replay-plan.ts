import type { MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { BatchPredictRequestSchema, PredictRequestSchema } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { featureNames } from "../domain/feature-schema.ts";
import type { Bar } from "../upstream/bar.ts";
import { computeFeatures, type FeatureColumns } from "../upstream/feature-engine.ts";
import { buildRequestWindow, type RequestWindow } from "../upstream/request-window.ts";
import { type BarStatistics, computeStatistics } from "../upstream/statistics-engine.ts";

/** Fewest bars that lead to a decision: the statistics engine looks at 120 returns. */
export const replayBarsMin = 121;

/** The bars of one symbol with everything upstream computes from them, and the questions they make. */
export interface ReplayPlan {
  readonly symbol: string;
  readonly timeframe: string;
  readonly bars: readonly Bar[];
  readonly features: FeatureColumns;
  readonly statistics: readonly (BarStatistics | undefined)[];
  /** The first bar that a decision is asked for. */
  readonly firstBarIndex: number;
}

/**
 * Computes features and statistics of every bar.
 *
 * @throws RangeError with fewer than {@link replayBarsMin} bars.
 */
export function planReplay(symbol: string, timeframe: string, bars: readonly Bar[]): ReplayPlan {
  const features = computeFeatures(bars);
  const statistics = computeStatistics(bars, features);
  const firstBarIndex = statistics.findIndex((found) => found !== undefined);
  if (firstBarIndex === -1) throw new RangeError(`${bars.length} bars; a replay needs ${replayBarsMin}`);
  return { symbol, timeframe, bars, features, statistics, firstBarIndex };
}

/** The stream's message for one bar: a full window for the first, the newest values for each further one. */
export function toStreamItem(plan: ReplayPlan, barIndex: number): MessageInitShape<typeof BatchPredictRequestSchema> {
  const requestId = `bar-${barIndex}`;
  if (barIndex === plan.firstBarIndex) {
    return { requestId, item: { case: "window", value: toPredictRequest(plan, barIndex) } };
  }
  return {
    requestId,
    item: {
      case: "append",
      value: { ...describeBar(plan, barIndex), features: newestValues(plan.features, barIndex) },
    },
  };
}

/** The unary request for one bar: the full window, and how many bars there are. */
export function toPredictRequest(plan: ReplayPlan, barIndex: number): MessageInitShape<typeof PredictRequestSchema> {
  const features = buildRequestWindow(plan.features, barIndex);
  if (features === undefined) throw new RangeError(`bar ${barIndex} has no complete features`);
  return { ...describeBar(plan, barIndex), features, historyBars: barIndex + 1, barIndex };
}

function describeBar(plan: ReplayPlan, barIndex: number) {
  const bar = plan.bars[barIndex];
  if (bar === undefined) throw new RangeError(`no bar ${barIndex} among ${plan.bars.length}`);
  const qseOutput = plan.statistics[barIndex];
  return {
    symbol: plan.symbol,
    timeframe: plan.timeframe,
    barTime: timestampFromMs(bar.timeMs),
    ...(qseOutput === undefined ? {} : { qseOutput }),
  };
}

function newestValues(features: FeatureColumns, barIndex: number): RequestWindow {
  return Object.fromEntries(
    featureNames.map((name) => [name, { values: features[name].slice(barIndex, barIndex + 1) }]),
  );
}
