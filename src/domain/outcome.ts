import type { KnownRegime } from "./regime.ts";

/** How one decided signal ended, as the caller tells it. */
export interface Outcome {
  /** UUIDv7 of the decision. */
  readonly predictionId: string;
  /** Whether the momentum succeeded: with a return, whether that is above 0. */
  readonly success: boolean;
  /** Return over the horizon in the direction of the momentum; absent when only success is known. */
  readonly realisedReturn: number | undefined;
  /** Regime that prevailed over the horizon; absent when nobody has said, and then the classifier is not judged. */
  readonly realisedRegime: KnownRegime | undefined;
  /** When it was known, microseconds since 1970; absent when nobody has said. */
  readonly timeMicros: number | undefined;
}
