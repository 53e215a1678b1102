import type { DecisionEvent } from "../../../src/domain/decision-event.ts";
import type { RegimeLabel } from "../../../src/domain/regime.ts";
import { createTestEngine } from "../../support/engine.ts";
import { createAllowedRequest } from "../../support/requests.ts";

/** What a rule may look at. */
export interface DecisionTraits {
  readonly allowed?: boolean;
  readonly regime?: RegimeLabel;
  readonly confidence?: number;
  readonly processingTimeMs?: number;
}

const sample = createTestEngine().decide(createAllowedRequest());

/** A decision that no default rule minds, but for its traits. */
export function createDecision(traits: DecisionTraits = {}): DecisionEvent {
  const { allowed = true, regime = "TRENDING", confidence = 0.9, processingTimeMs = 0.5 } = traits;
  return {
    predictionId: "id",
    timestampMicros: 0,
    symbol: "EURUSD",
    timeframe: "4H",
    barIndex: 119,
    barTimeMicros: undefined,
    requestId: "",
    processingTimeMs,
    decision: { ...sample, allowTrade: allowed, regime: { ...sample.regime, label: regime, confidence } },
  };
}
