import type { Waiter } from "../../domain/pending.ts";
import type { Call } from "./call.ts";

/** How an answer becomes what is sent. */
export interface AnswerWriter<A, R> {
  write(answer: A): R;
}

/** Who sends an answer, or says that there is none. The first word counts. */
export interface AnswerReceiver<R> {
  onAnswer(answer: R): void;
  onFailure(error: unknown): void;
}

export type SettleHeld = <A, R>(held: HeldAnswer<A, R>, failure: Error | undefined) => void;

/** An answer that must not leave yet. It is written while it waits, and what it was made of need not outlive that. */
export class HeldAnswer<A, R> implements Waiter, AnswerWriter<undefined, R> {
  readonly call: Call;
  readonly receiver: AnswerReceiver<R>;
  readonly #writer: AnswerWriter<A, R>;
  readonly #onSettled: SettleHeld;
  #state: { readonly answer: A } | { readonly written: R } | { readonly fault: unknown };

  constructor(call: Call, answer: A, writer: AnswerWriter<A, R>, receiver: AnswerReceiver<R>, onSettled: SettleHeld) {
    this.call = call;
    this.receiver = receiver;
    this.#writer = writer;
    this.#onSettled = onSettled;
    this.#state = { answer };
  }

  useTime(): void {
    if (!("answer" in this.#state)) return;
    try {
      this.#state = { written: this.#writer.write(this.#state.answer) };
    } catch (fault) {
      this.#state = { fault };
    }
  }

  settle(failure: Error | undefined): void {
    this.#onSettled(this, failure);
  }

  /** What was written. Throws what kept it from being written. */
  write(): R {
    this.useTime();
    if ("written" in this.#state) return this.#state.written;
    throw "fault" in this.#state ? this.#state.fault : new Error("an answer is written when its time has come");
  }
}
