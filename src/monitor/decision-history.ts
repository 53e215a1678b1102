import type { DecisionEvent } from "../domain/decision-event.ts";
import type { RegimeLabel } from "../domain/regime.ts";

/** Decisions kept. */
export const decisionsKept = 10_000;

/** Which decisions are wanted; an absent key does not filter. */
export interface DecisionFilter {
  readonly symbol?: string | undefined;
  readonly allowed?: boolean | undefined;
  readonly regime?: RegimeLabel | undefined;
  /** At or after, microseconds since 1970. */
  readonly sinceMicros?: number | undefined;
  /** Before, microseconds since 1970. */
  readonly untilMicros?: number | undefined;
  readonly limit: number;
}

/** The newest decisions, in a ring of fixed size. */
export class DecisionHistory {
  readonly #ring: (DecisionEvent | undefined)[];
  #next = 0;

  constructor(capacity: number = decisionsKept) {
    this.#ring = new Array<DecisionEvent | undefined>(capacity).fill(undefined);
  }

  add(event: DecisionEvent): void {
    this.#ring[this.#next] = event;
    this.#next = (this.#next + 1) % this.#ring.length;
  }

  /** Matching decisions, newest first. */
  list(filter: DecisionFilter): DecisionEvent[] {
    const found: DecisionEvent[] = [];
    for (let back = 1; back <= this.#ring.length && found.length < filter.limit; back++) {
      const event = this.#ring[(this.#next - back + this.#ring.length) % this.#ring.length];
      if (event === undefined) break;
      if (matches(event, filter)) found.push(event);
    }
    return found;
  }
}

function matches(event: DecisionEvent, filter: DecisionFilter): boolean {
  const { decision, timestampMicros } = event;
  return (
    (filter.symbol === undefined || event.symbol === filter.symbol) &&
    (filter.allowed === undefined || decision.allowTrade === filter.allowed) &&
    (filter.regime === undefined || decision.regime.label === filter.regime) &&
    (filter.sinceMicros === undefined || timestampMicros >= filter.sinceMicros) &&
    (filter.untilMicros === undefined || timestampMicros < filter.untilMicros)
  );
}
