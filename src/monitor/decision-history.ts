import type { DecisionEvent } from "../domain/decision-event.ts";
import type { RegimeLabel } from "../domain/regime.ts";
import { type DecisionKey, readDecision, readKey, writeDecision } from "./decision-tape.ts";
import type { RowReader } from "./rows/row-reader.ts";
import { RowRing } from "./rows/row-ring.ts";

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

/** The newest decisions, in a ring of fixed size. Each is taken apart when it comes and put together when somebody asks. */
export class DecisionHistory {
  readonly #rows: RowRing;

  constructor(capacity: number = decisionsKept) {
    this.#rows = new RowRing(capacity);
  }

  add(event: DecisionEvent): void {
    writeDecision(event, this.#rows.begin());
    this.#rows.add();
  }

  /** Adds a decision that another process wrote: the part that the reader has opened. */
  addPart(row: RowReader): void {
    this.#rows.begin().copy(row.part);
    this.#rows.add(row.vocabulary);
  }

  /** Matching decisions, newest first. */
  list(filter: DecisionFilter): DecisionEvent[] {
    return [...this.find(filter)];
  }

  /** Matching decisions, newest first, as they are now; each is put together when it is its turn, whatever has come since. */
  find(filter: DecisionFilter): Iterable<DecisionEvent> {
    const found: number[] = [];
    for (let back = 1; back <= this.#rows.size && found.length < filter.limit; back++) {
      // What is filtered by stands first in a row, so that asking for a rare symbol does not put ten thousand together.
      if (matches(readKey(this.#rows.read(back)), filter)) found.push(back);
    }
    return readDecisions(this.#rows.copy(found));
  }
}

function* readDecisions(rows: Iterable<RowReader>): Generator<DecisionEvent> {
  for (const row of rows) yield readDecision(row);
}

function matches(key: DecisionKey, filter: DecisionFilter): boolean {
  const { timestampMicros } = key;
  return (
    (filter.symbol === undefined || key.symbol === filter.symbol) &&
    (filter.allowed === undefined || key.allowed === filter.allowed) &&
    (filter.regime === undefined || key.regime === filter.regime) &&
    (filter.sinceMicros === undefined || timestampMicros >= filter.sinceMicros) &&
    (filter.untilMicros === undefined || timestampMicros < filter.untilMicros)
  );
}
