import { describe, expect, it } from "vitest";
import { blockBytes, RowRing } from "../../../src/monitor/rows/row-ring.ts";
import { RowVocabulary } from "../../../src/monitor/rows/row-vocabulary.ts";

function add(ring: RowRing, text: string): void {
  ring.begin().text(text);
  ring.add();
}

function readAll(ring: RowRing): string[] {
  return Array.from({ length: ring.size }, (_, index) => ring.read(index + 1).text());
}

describe("a ring of rows", () => {
  it("keeps the newest, whatever blocks they are in", () => {
    const ring = new RowRing(3);
    const texts = Array.from({ length: 20 }, (_, index) => String(index).repeat(blockBytes / 5));
    for (const [index, text] of texts.entries()) {
      add(ring, text);
      expect(readAll(ring)).toEqual(texts.slice(Math.max(0, index - 2), index + 1).reverse());
    }
  });

  it("keeps rows that are larger than a block", () => {
    const ring = new RowRing(4);
    const texts = Array.from({ length: 9 }, (_, index) => String(index).repeat(index % 2 === 0 ? 1 : 3 * blockBytes));
    for (const text of texts) add(ring, text);
    expect(readAll(ring)).toEqual(texts.slice(-4).reverse());
  });

  it("takes no more memory once it is full", () => {
    const ring = new RowRing(1_000);
    const text = "x".repeat(blockBytes / 100);
    for (let row = 0; row < 3_000; row++) add(ring, text);
    const before = process.memoryUsage().arrayBuffers;
    for (let row = 0; row < 3_000; row++) add(ring, text);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 * blockBytes);
  });

  it("forgets a row that was begun and not added", () => {
    const ring = new RowRing(3);
    ring.begin().text("half of one");
    add(ring, "whole");
    expect(readAll(ring)).toEqual(["whole"]);
  });

  it("reads each row with the words of who wrote it", () => {
    const ring = new RowRing(3);
    const other = new RowVocabulary();
    other.learn({ terms: ["theirs"], regimeModels: [], signalModels: [] });
    ring.begin().term("ours");
    ring.add();
    ring.begin().length(1);
    ring.add(other);
    expect([ring.read(1).term(), ring.read(2).term()]).toEqual(["theirs", "ours"]);
  });

  it.each([0, 2])("has no row %i back when there is one", (back) => {
    const ring = new RowRing(3);
    add(ring, "only");
    expect(() => ring.read(back)).toThrow(RangeError);
  });
});
