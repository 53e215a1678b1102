import type { Pending } from "../../src/domain/pending.ts";

/** What is done when a promise is. */
export function pendingUntil(done: Promise<void>): Pending {
  return {
    done,
    tell: (waiter) => {
      waiter.useTime();
      done.then(
        () => waiter.settle(undefined),
        (failure) => waiter.settle(failure),
      );
    },
  };
}
