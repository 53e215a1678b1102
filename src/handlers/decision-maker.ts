import type { Clock } from "../domain/clock.ts";
import type { DecisionEvent } from "../domain/decision-event.ts";
import { InvalidInputError } from "../domain/errors.ts";
import type { DecisionRequest } from "../domain/request.ts";
import type { DecisionEngine } from "../engine/decision-engine.ts";
import { requestIdLengthMax } from "./inference-limits.ts";

/** What stands around one decision: which engine, when, under which id. */
export interface DecisionMaker {
  /**
   * Decides and stamps the decision.
   *
   * @throws InvalidInputError naming the field.
   */
  decide(request: DecisionRequest, requestId: string, barTimeMicros: number | undefined): DecisionEvent;
}

export interface DecisionMakerOptions {
  /** The engine in force; asked once a decision, so that a swap takes effect at the next one. */
  readonly currentEngine: () => DecisionEngine;
  readonly clock: Clock;
  /** Makes a UUIDv7. */
  readonly newId: () => string;
}

export function createDecisionMaker({ currentEngine, clock, newId }: DecisionMakerOptions): DecisionMaker {
  return {
    decide(request, requestId, barTimeMicros) {
      assertRequestId(requestId);
      const startedMs = clock.monotonicMs();
      const decision = currentEngine().decide(request);
      return {
        predictionId: newId(),
        timestampMicros: clock.nowMicros(),
        symbol: request.symbol,
        timeframe: request.timeframe,
        barIndex: request.barIndex ?? decision.inputs.bars - 1,
        barTimeMicros,
        requestId,
        processingTimeMs: clock.monotonicMs() - startedMs,
        decision,
      };
    },
  };
}

function assertRequestId(requestId: string): void {
  if (requestId.length <= requestIdLengthMax) return;
  throw new InvalidInputError([
    { field: "request_id", description: `${requestId.length} characters; at most ${requestIdLengthMax} are read` },
  ]);
}
