/** Answers of one stream in the order of their requests, some of which are still awaited. */

import { type Waiter, WithheldItem } from "../domain/pending.ts";
import type { MaybePromise } from "./service-binding.ts";

interface Entry {
  answer: unknown;
  isReady: boolean;
}

export class OrderedAnswers {
  readonly #onReady: () => void;
  readonly #onFailure: (error: unknown) => void;
  readonly #entries: Entry[] = [];
  readonly #onSettled = () => this.#tell();
  #isTellDue = false;

  /**
   * @param onReady told in a turn of its own that answers have arrived, once for all that arrive together, as those of one sync do
   * @param onFailure told of a promise that was rejected
   */
  constructor(onReady: () => void, onFailure: (error: unknown) => void) {
    this.#onReady = onReady;
    this.#onFailure = onFailure;
  }

  /** Answers that have not been taken, ready or not. */
  get length(): number {
    return this.#entries.length;
  }

  push(answer: MaybePromise<unknown> | WithheldItem<unknown>): void {
    if (answer instanceof WithheldItem) {
      this.#entries.push(new WithheldEntry(answer, this.#onSettled));
      return;
    }
    if (!(answer instanceof Promise)) {
      this.#entries.push({ answer, isReady: true });
      return;
    }
    const entry: Entry = { answer: undefined, isReady: false };
    this.#entries.push(entry);
    answer.then(
      (value) => {
        entry.answer = value;
        entry.isReady = true;
        this.#tell();
      },
      (error: unknown) => this.#onFailure(error),
    );
  }

  /** The first answers, up to the first that is not ready, at most `max`. */
  take(max: number): unknown[] {
    let ready = 0;
    while (ready < max && this.#entries[ready]?.isReady === true) ready++;
    return this.#entries.splice(0, ready).map(({ answer }) => answer);
  }

  clear(): void {
    this.#entries.length = 0;
  }

  #tell(): void {
    if (this.#isTellDue) return;
    this.#isTellDue = true;
    queueMicrotask(() => {
      this.#isTellDue = false;
      this.#onReady();
    });
  }
}

/** An answer that is there and must not leave yet. It is told in one breath with all others of its sync; the two promises that it took were half of what a strict stream left in the old generation. */
class WithheldEntry implements Entry, Waiter {
  answer: unknown;
  isReady = false;
  readonly #item: WithheldItem<unknown>;
  readonly #onSettled: () => void;

  constructor(item: WithheldItem<unknown>, onSettled: () => void) {
    this.#item = item;
    this.#onSettled = onSettled;
    item.until.tell(this);
  }

  useTime(): void {}

  settle(failure: Error | undefined): void {
    this.answer = this.#item.settled(failure);
    this.isReady = true;
    this.#onSettled();
  }
}
