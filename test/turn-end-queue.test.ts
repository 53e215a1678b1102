import { setImmediate as turnEnd } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { TurnEndQueue } from "../src/turn-end-queue.ts";

function createQueue(handle: (item: number) => void = () => undefined) {
  const handled: number[] = [];
  const faults: unknown[] = [];
  const queue = new TurnEndQueue<number>(
    (item) => {
      handled.push(item);
      handle(item);
    },
    (error) => faults.push(error),
  );
  return { queue, handled, faults };
}

describe("the queue of a turn of the event loop", () => {
  it("handles nothing before the turn is over, then everything in its order", async () => {
    const { queue, handled } = createQueue();
    for (const item of [1, 2, 3]) queue.add(item);
    expect(handled).toEqual([]);
    await turnEnd();
    expect(handled).toEqual([1, 2, 3]);
  });

  it("goes on with the next turn's items", async () => {
    const { queue, handled } = createQueue();
    for (const item of [1, 2]) {
      queue.add(item);
      await turnEnd();
    }
    expect(handled).toEqual([1, 2]);
  });

  it("does not hold more than 512 items back", async () => {
    const { queue, handled } = createQueue();
    for (let item = 0; item < 511; item++) queue.add(item);
    expect(handled).toHaveLength(0);
    queue.add(511);
    expect(handled).toHaveLength(512);
    queue.add(512);
    expect(handled).toHaveLength(512);
    await turnEnd();
    expect(handled).toEqual(Array.from({ length: 513 }, (_, item) => item));
  });

  it("tells of an item that fails and handles the others", async () => {
    const { queue, handled, faults } = createQueue((item) => {
      if (item === 2) throw new Error("two");
    });
    for (const item of [1, 2, 3]) queue.add(item);
    await turnEnd();
    expect(handled).toEqual([1, 2, 3]);
    expect(faults).toEqual([new Error("two")]);
  });

  it("handles before the event loop goes on what comes while it handles others", async () => {
    const { queue, handled } = createQueue((item) => {
      if (item === 1) queue.add(2);
    });
    const next = turnEnd();
    queue.add(1);
    await next;
    expect(handled).toEqual([1, 2]);
  });
});
