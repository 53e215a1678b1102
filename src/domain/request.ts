/**
 * What a caller asks. The shapes are those of the generated messages, so that a handler passes its
 * message on as it is: the feature window is the largest thing on the Predict path and is never copied.
 */

/** One feature over time, oldest bar first. */
export interface Series {
  readonly values: readonly number[];
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
