import type { Clock } from "../domain/clock.ts";
import type { Decision } from "../domain/decision.ts";
import type { DecisionEvent } from "../domain/decision-event.ts";
import { InvalidInputError } from "../domain/errors.ts";
import type { DecisionRequest } from "../domain/request.ts";
import { barIndexMax, requestIdLengthMax } from "./inference-limits.ts";

/** What stands around one decision: which engine, when, under which id. */
export interface DecisionMaker {
  /**
   * Decides and stamps the decision. Answers at once when the models do.
   *
   * @throws InvalidInputError naming the field.
   */
  decide(
    request: DecisionRequest,
    requestId: string,
    barTimeMicros: number | undefined,
  ): DecisionEvent | Promise<DecisionEvent>;
}

export interface DecisionMakerOptions {
  /** Decides with the engine in force. */
  readonly decide: (request: DecisionRequest) => Decision | Promise<Decision>;
  /** Watches a decision for a challenger; what it returns is called with the decision. @default nobody watches */
  readonly watch?: (request: DecisionRequest) => ((event: DecisionEvent) => void) | undefined;
  readonly clock: Clock;
  /** Makes a UUIDv7. */
  readonly newId: () => string;
}

export function createDecisionMaker({ decide, watch, clock, newId }: DecisionMakerOptions): DecisionMaker {
  return {
    decide(request, requestId, barTimeMicros) {
      assertRequestId(requestId);
      const startedMs = clock.monotonicMs();
      const { symbol, timeframe, barIndex } = request;
      const decision = decide(request);
      // After the decision, which refuses what is no request, and before anything else: a stream's window moves on.
      const compare = watch?.(request);
      const stamp = (taken: Decision): DecisionEvent => {
        const event = {
          predictionId: newId(),
          timestampMicros: clock.nowMicros(),
          symbol,
          timeframe,
          barIndex: assertBarIndex(barIndex ?? taken.inputs.bars - 1),
          barTimeMicros,
          requestId,
          processingTimeMs: clock.monotonicMs() - startedMs,
          decision: taken,
        };
        compare?.(event);
        return event;
      };
      return decision instanceof Promise ? decision.then(stamp) : stamp(decision);
    },
  };
}

/** Appended bars and a stated history count on from what the caller gave; past the field nothing could be answered. */
function assertBarIndex(barIndex: number): number {
  if (barIndex <= barIndexMax) return barIndex;
  throw new InvalidInputError([
    { field: "bar_index", description: `${barIndex}, given or counted from history_bars, is above ${barIndexMax}` },
  ]);
}

function assertRequestId(requestId: string): void {
  if (requestId.length <= requestIdLengthMax) return;
  throw new InvalidInputError([
    { field: "request_id", description: `${requestId.length} characters; at most ${requestIdLengthMax} are read` },
  ]);
}
