import type { Explanation, GateOutcome, ModelIdentity } from "../../domain/decision.ts";
import type { RegimeLabel } from "../../domain/regime.ts";
import type { Bar } from "../../upstream/bar.ts";

/** One decision, next to the bar it was taken at. */
export interface DecisionRow {
  /** Index of the bar in its file, counted from 0. */
  readonly barIndex: number;
  readonly bar: Bar;
  readonly predictionId: string;
  readonly regime: RegimeLabel;
  /** [0, 1] */
  readonly regimeConfidence: number;
  readonly regimeStable: boolean;
  /** [0, 1] */
  readonly efficiencyRatio: number;
  /** [0, 100] */
  readonly volatilityPercentile: number;
  /** P(momentum success), [0, 1] */
  readonly probability: number;
  readonly allowed: boolean;
  readonly gates: readonly GateOutcome[];
  readonly reasons: readonly string[];
  readonly explanation: Explanation;
  /** What the service spent on the decision, milliseconds. */
  readonly processingTimeMs: number;
  /** From sending the bar to having its answer, other bars being under way, milliseconds. */
  readonly roundTripMs: number;
  /** The feature; its sign is the direction the signal would trade in. */
  readonly momentumScore: number;
  /** ln(close / close before). */
  readonly logReturn: number;
  /** Checks of the upstream statistics engine that this bar failed. */
  readonly failedChecks: readonly string[];
}

/** How a set of decisions came about. */
export interface RunFacts {
  readonly symbol: string;
  readonly timeframe: string;
  /** Name of the bar file, without its folder. */
  readonly fileName: string;
  /** Every bar of the file, oldest first. */
  readonly bars: readonly Bar[];
  /** Oddities of the file, in words. */
  readonly warnings: readonly string[];
  readonly mlVersion: string;
  readonly configHash: string;
  readonly regimeModel: ModelIdentity;
  readonly signalModel: ModelIdentity;
  /** How long the stream took, milliseconds. */
  readonly streamMs: number;
  /** Bars under way at once on the stream, at most. */
  readonly outstandingMax: number;
  /** Round trips of unary Predict calls with a full window, one at a time, milliseconds. */
  readonly unaryRoundTripsMs: readonly number[];
  /** Of those calls, how many gave the decision that the stream gave. */
  readonly unaryAgreeing: number;
  /** Whether client and service shared one process, and with it the processor. */
  readonly sharedProcess: boolean;
  /** When the report was made, milliseconds since 1970-01-01 UTC. */
  readonly madeAtMs: number;
}
