import { describe, expect, it } from "vitest";
import { OrderedQueue } from "../../src/handlers/ordered-queue.ts";

async function readAll<T>(queue: OrderedQueue<T>): Promise<T[]> {
  const read: T[] = [];
  for await (const entry of queue.drain()) read.push(entry);
  return read;
}

describe("an ordered queue", () => {
  it("gives entries in the order they were pushed, whenever their promises settle", async () => {
    const queue = new OrderedQueue<string>(10);
    const slow = Promise.withResolvers<string>();
    queue.push(slow.promise);
    queue.push("second");
    queue.push(Promise.resolve("third"));
    queue.end();
    const reading = readAll(queue);
    slow.resolve("first");
    expect(await reading).toEqual(["first", "second", "third"]);
  });

  it("holds the writer back when it is full, until the reader takes one", async () => {
    const queue = new OrderedQueue<number>(2);
    expect(queue.push(1)).toBeUndefined();
    const full = queue.push(2);
    expect(full).toBeInstanceOf(Promise);
    let free = false;
    void full?.then(() => {
      free = true;
    });
    await Promise.resolve();
    expect(free).toBe(false);
    const reader = queue.drain();
    expect((await reader.next()).value).toBe(1);
    await full;
    expect(free).toBe(true);
  });

  it("wakes a reader that was there first", async () => {
    const queue = new OrderedQueue<number>(2);
    const reading = readAll(queue);
    await Promise.resolve();
    queue.push(1);
    queue.end();
    expect(await reading).toEqual([1]);
  });

  it("gives a failure after the entries before it", async () => {
    const queue = new OrderedQueue<number>(4);
    queue.push(1);
    queue.fail(new Error("stream broke"));
    const reader = queue.drain();
    expect((await reader.next()).value).toBe(1);
    await expect(reader.next()).rejects.toThrow("stream broke");
  });

  it("sets the writer free and forgets its entries when the reader goes", async () => {
    const queue = new OrderedQueue<number>(1);
    const full = queue.push(1);
    queue.abandon();
    await full;
    expect(queue.abandoned).toBe(true);
    expect(queue.push(2)).toBeUndefined();
    expect(await readAll(queue)).toEqual([]);
  });
});
