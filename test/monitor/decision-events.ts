import type { DecisionEvent } from "../../src/domain/decision-event.ts";
import type { RegimeLabel } from "../../src/domain/regime.ts";
import type { DecisionRequest } from "../../src/domain/request.ts";
import { createTestEngine } from "../support/engine.ts";
import { createAllowedRequest } from "../support/requests.ts";

const engine = createTestEngine();

export const allowedRequest = createAllowedRequest();
export const refusedRequest: DecisionRequest = { ...createAllowedRequest(), symbol: "GBPUSD", qseOutput: undefined };

/** A decision on the request, changed afterwards. */
export function createEvent(
  request: DecisionRequest = allowedRequest,
  change: Partial<DecisionEvent> = {},
): DecisionEvent {
  return {
    predictionId: "id",
    timestampMicros: 1_000_000,
    symbol: request.symbol,
    timeframe: request.timeframe,
    barIndex: 119,
    barTimeMicros: undefined,
    requestId: "",
    processingTimeMs: 1,
    decision: engine.decide(request),
    ...change,
  };
}

/** An allowed decision whose regime is said to be another. */
export function createRegimeEvent(label: RegimeLabel, confidence: number, isStable = true): DecisionEvent {
  const event = createEvent();
  const regime = { ...event.decision.regime, label, confidence, stable: isStable };
  return { ...event, decision: { ...event.decision, regime } };
}

/** Time that moves when it is told to. */
export class FakeClock {
  ms: number;

  constructor(startMs = 0) {
    this.ms = startMs;
  }

  nowMicros = (): number => Math.floor(this.ms * 1000);
  monotonicMs = (): number => this.ms;
}
