/** One round of questions to the service. */

import type { CallOptions } from "@connectrpc/connect";
import { type ConsoleState, newestDecisionTime, type Reading } from "../model/console-state.ts";
import { type Part, toPart } from "../model/part.ts";
import type { Clients } from "./clients.ts";

/** Most decisions a round lists: more than anybody reads, few enough not to weigh on the service. */
const decisionsAsked = 300;
/** An answer that takes longer is none: what is shown must not be older than it looks. */
const timeoutMs = 3_000;
/** Rounds between two readings of what seldom changes. */
const slowEvery = 4;
/** Rounds between two questions for what this service does not offer: it may be another one by then. */
const missingEvery = 40;

export class ServiceReader {
  readonly #clients: Clients;
  #round = 0;
  #missing = new Set<string>();

  constructor(clients: Clients) {
    this.#clients = clients;
  }

  /** Makes the next round ask for everything, e.g. after an operator changed something. */
  refresh(): void {
    this.#round = 0;
  }

  /**
   * Asks for everything that is due.
   *
   * @throws ConnectError when the service does not answer for its status: then nothing is known.
   */
  async read(state: ConsoleState, signal: AbortSignal): Promise<Reading> {
    const { monitoring, registry, config } = this.#clients;
    const options: CallOptions = { signal, timeoutMs };
    const since = newestDecisionTime(state);
    const isSlowRound = this.#round % slowEvery === 0;
    if (this.#round % missingEvery === 0) this.#missing.clear();
    this.#round += 1;
    // First and alone: a service that does not answer is not asked everything else as well.
    const status = await monitoring.getStatus({}, options);
    const [metrics, decisions, alerts, models, configuration] = await Promise.all([
      settle(monitoring.getMetrics({}, options).then((answer) => require(answer.metrics, "metrics"))),
      settle(
        monitoring
          .listDecisions({ limit: decisionsAsked, ...(since !== undefined && { since }) }, options)
          .then((answer) => answer.decisions),
      ),
      this.#ask("alerts", true, () => monitoring.listAlerts({}, options).then((answer) => answer.alerts)),
      this.#ask("models", isSlowRound, () => registry.listModels({}, options).then((answer) => answer.models)),
      this.#ask("config", isSlowRound, () => config.getConfig({}, options)),
    ]);
    return {
      status,
      metrics,
      decisions,
      decisionsAsked,
      ...(alerts !== undefined && { alerts }),
      ...(models !== undefined && { models }),
      ...(configuration !== undefined && { config: configuration }),
    };
  }

  /** Each unanswerable question counts as an error in the service's own figures, so it is not put every round. */
  async #ask<T>(name: string, isDue: boolean, ask: () => Promise<T>): Promise<Part<T> | undefined> {
    if (!isDue || this.#missing.has(name)) return undefined;
    const part = await settle(ask());
    if (part.kind === "failed" && part.isMissing) this.#missing.add(name);
    return part;
  }
}

async function settle<T>(answer: Promise<T>): Promise<Part<T>> {
  const [result] = await Promise.allSettled([answer]);
  return toPart(result);
}

function require<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the answer has no ${what}`);
  return value;
}
