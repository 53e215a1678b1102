import type { ToPrimary, WorkerFigures } from "./messages.ts";
import { FactCollector } from "./worker-facts.ts";

export interface OutboxOptions {
  /** Takes what it needs of the message before it returns, and calls back when that has been handed to the kernel. */
  readonly send: (message: ToPrimary, onSent: () => void) => void;
  readonly figures: (dropped: number) => WorkerFigures;
  /** Runs a task later. @default setTimeout */
  readonly schedule?: (task: () => void, delayMs: number) => void;
  /** Longest time that facts wait. @default 25 */
  readonly delayMs?: number;
  /** Facts that are sent without waiting. @default 512: half a megabyte of decisions, one read on the other side */
  readonly batchMax?: number;
  /** Facts that are kept while the primary does not read; more are dropped and counted. @default 50000 */
  readonly factsMax?: number;
}

/** Messages that may be on their way. While they are, facts collect in larger batches. */
const messagesUnderWayMax = 4;

/**
 * Tells the primary what happens, in batches: a message costs about as much as ten decisions in it. Nothing waits for the primary. When
 * it does not keep up, facts are dropped and counted; the decisions themselves are in the audit log.
 */
export class Outbox {
  readonly facts: FactCollector;
  readonly #options: OutboxOptions;
  readonly #schedule: (task: () => void, delayMs: number) => void;
  readonly #delayMs: number;
  readonly #batchMax: number;
  #underWay = 0;
  #isDue = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#schedule = options.schedule ?? ((task, delayMs) => void setTimeout(task, delayMs).unref());
    this.#delayMs = options.delayMs ?? 25;
    this.#batchMax = options.batchMax ?? 512;
    this.facts = new FactCollector(options.factsMax === undefined ? {} : { factsMax: options.factsMax });
  }

  /** Called after facts were added. */
  noteFact(): void {
    if (this.facts.count >= this.#batchMax && this.#underWay < messagesUnderWayMax) this.tell();
    else this.#arrange();
  }

  /** Tells everything now, however many messages are on their way: somebody waits for it. */
  tell(): void {
    this.#underWay++;
    const facts = this.facts.take();
    this.#options.send({ kind: "facts", facts, figures: this.#options.figures(this.facts.dropped) }, () => {
      this.#underWay--;
      if (this.facts.count >= this.#batchMax) this.noteFact();
    });
  }

  #arrange(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    this.#schedule(() => {
      this.#isDue = false;
      if (this.facts.count === 0) return;
      if (this.#underWay < messagesUnderWayMax) this.tell();
      else this.#arrange();
    }, this.#delayMs);
  }
}
