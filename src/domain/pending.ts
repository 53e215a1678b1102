/** Something that somebody else is at, such as a sync of the disk. */
export interface Pending {
  readonly done: Promise<void>;
  /** Has someone told of it without a promise of their own, in the order in which they came. Not after the end. */
  tell(waiter: Waiter): void;
}

export interface Waiter {
  /** It is under way: what holds however it ends costs nobody time now. Told once, and before the end. Must not throw. */
  useTime(): void;
  /** It has ended, badly if a failure is given. Told once. Must not throw: others are told in the same breath. */
  settle(failure: Error | undefined): void;
}

/** What is ready and must not leave before something else is done: an answer before its record is on the disk. */
export class Withheld<T> {
  readonly value: T;
  readonly until: Pending;

  constructor(value: T, until: Pending) {
    this.value = value;
    this.until = until;
  }
}

/** The same of one of many answers, whose place another one takes where that fails. */
export class WithheldItem<T> {
  readonly value: T;
  readonly until: Pending;
  readonly #instead: (failure: unknown) => T;

  constructor(value: T, until: Pending, instead: (failure: unknown) => T) {
    this.value = value;
    this.until = until;
    this.#instead = instead;
  }

  /** What is to leave when it has ended. */
  settled(failure: Error | undefined): T {
    return failure === undefined ? this.value : this.#instead(failure);
  }

  /** The same for those who wait for it with a promise. */
  toPromise(): Promise<T> {
    return this.until.done.then(() => this.value, this.#instead);
  }
}
