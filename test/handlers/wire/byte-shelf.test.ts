import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteShelf, type Shelved } from "../../../src/handlers/wire/byte-shelf.ts";

const blockBytes = 65_536;

/** Bytes that no other call has. */
function createFilling(): (length: number) => Uint8Array {
  let next = 0;
  return (length) => Uint8Array.from({ length }, () => next++ % 251);
}

describe("a shelf of bytes", () => {
  it("gives back what was put there, in whatever order it is taken", () => {
    const anyLength = fc.oneof(fc.nat({ max: 3000 }), fc.constantFrom(0, blockBytes - 1, blockBytes, blockBytes + 1));
    const anySteps = fc.array(fc.tuple(anyLength, fc.boolean(), fc.nat()), { maxLength: 60 });
    fc.assert(
      fc.property(anySteps, (steps) => {
        const shelf = new ByteShelf();
        const fill = createFilling();
        const waiting: { readonly bytes: Uint8Array; readonly place: Shelved }[] = [];
        for (const [length, isTaken, which] of steps) {
          const bytes = fill(length);
          waiting.push({ bytes, place: shelf.put(bytes) });
          if (!isTaken) continue;
          const [one] = waiting.splice(which % waiting.length, 1);
          if (one !== undefined) expect(Buffer.compare(shelf.take(one.place), one.bytes)).toBe(0);
        }
        for (const { bytes, place } of waiting) expect(Buffer.compare(shelf.take(place), bytes)).toBe(0);
      }),
    );
  });

  it("writes over memory whose bytes have all been taken", () => {
    const shelf = new ByteShelf();
    const fill = createFilling();
    const first = shelf.put(fill(1000));
    const second = shelf.put(fill(1000));
    shelf.take(first);
    expect(shelf.put(fill(10)).start).toBe(2000);
    const rest = shelf.put(fill(blockBytes - 2010));
    expect(rest.block).toBe(first.block);
    const next = shelf.put(fill(1));
    expect(next.block).not.toBe(first.block);
    shelf.take(second);
    shelf.take(rest);
    // The ten bytes still wait.
    const another = shelf.put(fill(blockBytes));
    expect(another.block).not.toBe(first.block);
  });

  it.each([
    ["keeps a megabyte of empty memory", 17, 16],
    ["and no more", 40, 16],
  ])("%s", (_what, blocks, kept) => {
    const shelf = new ByteShelf();
    const block = new Uint8Array(blockBytes);
    const places = Array.from({ length: blocks }, () => shelf.put(block));
    for (const place of places) shelf.take(place);
    const before = new Set(places.map((place) => place.block));
    const after = new Set(places.map(() => shelf.put(block).block));
    expect([...after].filter((each) => before.has(each))).toHaveLength(kept + 1);
  });

  it("keeps nothing of what is larger than a block", () => {
    const shelf = new ByteShelf();
    const large = shelf.put(new Uint8Array(blockBytes + 1));
    shelf.take(large);
    expect(shelf.put(new Uint8Array(1)).block).not.toBe(large.block);
    expect(shelf.put(new Uint8Array(blockBytes)).block).not.toBe(large.block);
  });
});
