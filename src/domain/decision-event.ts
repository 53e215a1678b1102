import type { Decision } from "./decision.ts";

/** A decision that was taken, as it is answered, counted and logged. */
export interface DecisionEvent {
  /** UUIDv7 */
  readonly predictionId: string;
  /** Microseconds since 1970-01-01 UTC. */
  readonly timestampMicros: number;
  readonly symbol: string;
  readonly timeframe: string;
  readonly barIndex: number;
  /** Close time of the newest bar in microseconds, where the caller gave it. */
  readonly barTimeMicros: number | undefined;
  readonly requestId: string;
  readonly processingTimeMs: number;
  readonly decision: Decision;
}
