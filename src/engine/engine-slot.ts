import type { Decision } from "../domain/decision.ts";
import type { DecisionRequest } from "../domain/request.ts";
import type { DecisionEngine } from "./decision-engine.ts";

interface Occupant {
  readonly engine: DecisionEngine;
  /** Gives back what the engine holds, such as leases on models. */
  readonly release: () => void;
  pending: number;
  retired: boolean;
}

/**
 * Holds the engine in force. A swap is one assignment: the next decision takes the new engine, decisions under
 * way finish on the old one, and when the last of them has, the old one is released.
 */
export class EngineSlot {
  #current: Occupant;

  constructor(engine: DecisionEngine, release: () => void) {
    this.#current = { engine, release, pending: 0, retired: false };
  }

  get engine(): DecisionEngine {
    return this.#current.engine;
  }

  decide(request: DecisionRequest): Decision | Promise<Decision> {
    const occupant = this.#current;
    const decision = occupant.engine.decide(request);
    return decision instanceof Promise ? awaitDecision(occupant, decision) : decision;
  }

  swap(engine: DecisionEngine, release: () => void): void {
    const old = this.#current;
    this.#current = { engine, release, pending: 0, retired: false };
    old.retired = true;
    if (old.pending === 0) old.release();
  }
}

async function awaitDecision(occupant: Occupant, decision: Promise<Decision>): Promise<Decision> {
  occupant.pending++;
  try {
    return await decision;
  } finally {
    occupant.pending--;
    if (occupant.retired && occupant.pending === 0) occupant.release();
  }
}
