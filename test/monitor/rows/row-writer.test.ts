import { describe, expect, it } from "vitest";
import { RowReader } from "../../../src/monitor/rows/row-reader.ts";
import { RowVocabulary, termLengthMax, termsMax } from "../../../src/monitor/rows/row-vocabulary.ts";
import { RowWriter } from "../../../src/monitor/rows/row-writer.ts";

/** A writer that gets as little room as it asks for. */
function createTightWriter(vocabulary = new RowVocabulary()): RowWriter {
  return new RowWriter(vocabulary, (bytesMin) => new Uint8Array(bytesMin));
}

function readerOf(writer: RowWriter): RowReader {
  return new RowReader(writer.row.slice(), writer.vocabulary);
}

describe("a row", () => {
  it.each([0, -0, 1, -1, 255, 256, 0.1, 1e-300, 5e-324, 1.7e308, 2 ** 53, Infinity, -Infinity, NaN])(
    "gives the number %d back to the bit",
    (value) => {
      const writer = createTightWriter();
      writer.number(value);
      writer.optional(value);
      writer.optional(undefined);
      writer.numbers([value, value]);
      const row = readerOf(writer);
      expect([row.number(), row.optional(), row.optional(), row.numbers()]).toEqual([
        value,
        value,
        undefined,
        [value, value],
      ]);
    },
  );

  it.each([0, 1, 127, 128, 16_383, 16_384, 2 ** 31])("gives the length %d back", (value) => {
    const writer = createTightWriter();
    writer.length(value);
    expect(readerOf(writer).length()).toBe(value);
  });

  it.each([
    ["nothing", ""],
    ["one byte a character", "abc"],
    ["the last one that is a byte", "a\u00ff"],
    ["the first one that is not", "a\u0100"],
    ["more than one code unit", "€ 😀"],
    ["half a pair", "\ud83d"],
    ["as many as a length of one byte holds", "x".repeat(63)],
    ["more than that", "x".repeat(64)],
    ["more than that, and wide", "€".repeat(64)],
    ["a page", "x".repeat(5_000)],
  ])("gives a text of %s back", (_, text) => {
    const writer = createTightWriter();
    writer.texts([text, text]);
    writer.term(text);
    const row = readerOf(writer);
    expect([row.texts(), row.term()]).toEqual([[text, text], text]);
  });

  it("moves whole where it does not fit, and leaves those before it where they are", () => {
    const rooms: Uint8Array[] = [];
    const writer = new RowWriter(new RowVocabulary(), (bytesMin) => {
      const room = new Uint8Array(Math.max(64, bytesMin));
      rooms.push(room);
      return room;
    });
    writer.text("the row before");
    writer.end();
    writer.text("the beginning");
    for (let number = 0; number < 100; number++) writer.number(number);
    const row = readerOf(writer);
    expect(writer.start).toBe(0);
    expect(row.text()).toBe("the beginning");
    expect(Array.from({ length: 100 }, () => row.number())).toEqual(Array.from({ length: 100 }, (_, at) => at));
    expect(new RowReader(rooms[0] ?? new Uint8Array(), writer.vocabulary).text()).toBe("the row before");
  });

  it("has parts that are stepped over, or taken as rows of their own", () => {
    const writer = createTightWriter();
    for (const text of ["one", "other"]) {
      const opened = writer.openPart();
      writer.text(text);
      writer.term("a term");
      writer.closePart(opened);
    }
    const row = readerOf(writer);
    row.openPart();
    const part = new RowReader(row.part, row.vocabulary);
    row.closePart();
    row.openPart();
    expect([part.text(), part.term(), row.text(), row.term()]).toEqual(["one", "a term", "other", "a term"]);
  });

  it.each<[string, (row: RowReader) => unknown]>([
    ["a number", (row) => row.number()],
    ["a byte", (row) => row.byte()],
    ["a text", (row) => row.text()],
    ["a part", (row) => row.openPart()],
  ])("refuses to be read past its end: %s", (_, read) => {
    const vocabulary = new RowVocabulary();
    expect(() => read(new RowReader(new Uint8Array(0), vocabulary))).toThrow(RangeError);
    // Seven bytes that say of themselves to be longer.
    expect(() => {
      const row = new RowReader(new Uint8Array(7).fill(0x7f), vocabulary);
      for (let bytes = 0; bytes < 8; bytes++) read(row);
    }).toThrow(RangeError);
  });
});

describe("the words of rows", () => {
  it.each([
    [termLengthMax, 1],
    [termLengthMax + 1, 0],
  ])("are of at most so many characters: of one of %i, %i is known", (length, known) => {
    const writer = createTightWriter();
    writer.term("x".repeat(length));
    expect(writer.vocabulary.takeNewWords().terms).toHaveLength(known);
    expect(readerOf(writer).term()).toBe("x".repeat(length));
  });

  it(`are ${termsMax} at most; those after them are written out`, () => {
    const writer = createTightWriter();
    const terms = Array.from({ length: termsMax + 1 }, (_, index) => `term ${index}`);
    writer.terms(terms);
    expect(writer.vocabulary.takeNewWords().terms).toEqual(terms.slice(0, termsMax));
    expect(readerOf(writer).terms()).toEqual(terms);
  });

  it("are the same ones to whoever has learnt them, and written out once too many models have decided", () => {
    const writer = createTightWriter();
    const models = Array.from({ length: 1_001 }, (_, index) => ({ name: "m", version: `v${index}`, sha256: "0" }));
    for (const model of models) writer.model("signal", model);
    writer.term("a term");
    const learner = new RowVocabulary();
    learner.learn(writer.vocabulary.takeNewWords());
    const row = new RowReader(writer.row, learner);
    expect(models.map(() => row.model("signal"))).toEqual(models);
    expect(row.term()).toBe("a term");
    expect(writer.vocabulary.takeNewWords()).toEqual({ terms: [], regimeModels: [], signalModels: [] });
  });
});
