/**
 * What a caller asks. The shapes are such that generated messages have them, and views of received bytes as well: the
 * feature window is the largest thing on the Predict path and is never copied.
 */

/** Values by bar, oldest first. An array is one; so is a view that reads a value when it is asked for. */
export interface SeriesValues {
  readonly length: number;
  /** The value of a bar from 0 to `length - 1`. */
  at(bar: number): number | undefined;
}

/** One feature over time. */
export interface Series {
  readonly values: SeriesValues;
}

/** Series of equal length by feature name. */
export type FeatureWindow = Readonly<Record<string, Series>>;

/** What the upstream statistics engine found for the newest bar. */
export interface QseOutput {
  readonly validation?:
    | {
        readonly signalValidityFlag?: boolean | undefined;
        readonly autocorrCheckPassed?: boolean | undefined;
        readonly stationarityCheckPassed?: boolean | undefined;
        readonly distributionCheckPassed?: boolean | undefined;
        readonly trendPersistenceCheckPassed?: boolean | undefined;
      }
    | undefined;
  readonly metrics?:
    | {
        readonly trendPersistenceScore?: number | undefined;
        readonly adfStationary?: boolean | undefined;
        readonly zScore?: number | undefined;
        readonly volatilityPercentile?: number | undefined;
        readonly adfStatistic?: number | undefined;
        readonly autocorrelation?: number | undefined;
      }
    | undefined;
  readonly regime?:
    | {
        readonly trendStrength?: number | undefined;
        readonly efficiencyRatio?: number | undefined;
        readonly correlationRegime?: string | undefined;
      }
    | undefined;
}

/** A signal to be judged at the newest bar of its window. */
export interface DecisionRequest {
  /** Instrument, 1 to 64 characters. */
  readonly symbol: string;
  /** Bar size, at most 32 characters. */
  readonly timeframe: string;
  readonly features: FeatureWindow;
  readonly qseOutput?: QseOutput | undefined;
  /** Index of the newest bar. @default bars - 1 */
  readonly barIndex?: number | undefined;
  /** Bars that exist, when the window holds only the newest of them. @default the window's length */
  readonly historyBars?: number | undefined;
  /** @default false */
  readonly omitExplanation?: boolean | undefined;
}
