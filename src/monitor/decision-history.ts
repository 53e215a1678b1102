import type { ModelIdentity } from "../domain/decision.ts";
import type { DecisionEvent } from "../domain/decision-event.ts";
import type { RegimeLabel } from "../domain/regime.ts";
import { readDecision, writeDecision } from "./decision-tape.ts";
import { FlatRows } from "./flat-rows.ts";

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
  readonly #capacity: number;
  readonly #rows: FlatRows;
  /** What is filtered by lies open beside the rows, so that asking for a rare symbol does not put ten thousand together. */
  readonly #keys: (RowKey | undefined)[];
  #next = 0;

  constructor(capacity: number = decisionsKept) {
    this.#capacity = capacity;
    this.#rows = new FlatRows(capacity);
    this.#keys = new Array<RowKey | undefined>(capacity).fill(undefined);
  }

  add(event: DecisionEvent): void {
    const row = this.#next;
    this.#rows.write(row, (writer) => writeDecision(event, writer));
    const key = this.#keys[row];
    if (key === undefined) this.#keys[row] = toKey(event);
    else fillKey(key, event);
    this.#next = (row + 1) % this.#capacity;
  }

  /** Matching decisions, newest first. */
  list(filter: DecisionFilter): DecisionEvent[] {
    const found: DecisionEvent[] = [];
    for (let back = 1; back <= this.#capacity && found.length < filter.limit; back++) {
      const row = (this.#next - back + this.#capacity) % this.#capacity;
      const key = this.#keys[row];
      if (key === undefined) break;
      if (matches(key, filter)) found.push(readDecision(this.#rows.reader(row), key));
    }
    return found;
  }
}

interface RowKey {
  symbol: string;
  allowed: boolean;
  regime: RegimeLabel;
  timestampMicros: number;
  regimeModel: ModelIdentity;
  signalModel: ModelIdentity;
}

function toKey({ symbol, timestampMicros, decision }: DecisionEvent): RowKey {
  const { allowTrade, regime, regimeModel, signalModel } = decision;
  return { symbol, allowed: allowTrade, regime: regime.label, timestampMicros, regimeModel, signalModel };
}

function fillKey(key: RowKey, { symbol, timestampMicros, decision }: DecisionEvent): void {
  key.symbol = symbol;
  key.allowed = decision.allowTrade;
  key.regime = decision.regime.label;
  key.timestampMicros = timestampMicros;
  key.regimeModel = decision.regimeModel;
  key.signalModel = decision.signalModel;
}

function matches(key: RowKey, filter: DecisionFilter): boolean {
  const { timestampMicros } = key;
  return (
    (filter.symbol === undefined || key.symbol === filter.symbol) &&
    (filter.allowed === undefined || key.allowed === filter.allowed) &&
    (filter.regime === undefined || key.regime === filter.regime) &&
    (filter.sinceMicros === undefined || timestampMicros >= filter.sinceMicros) &&
    (filter.untilMicros === undefined || timestampMicros < filter.untilMicros)
  );
}
