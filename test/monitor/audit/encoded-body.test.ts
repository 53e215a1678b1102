import { describe, expect, it } from "vitest";
import { EncodedBody, jsonPiece } from "../../../src/monitor/audit/encoded-body.ts";

/** What a body holds after something was written to it. */
function written(write: (body: EncodedBody) => void, bytesAtFirst?: number): string {
  const body = new EncodedBody(bytesAtFirst);
  body.begin();
  write(body);
  const copy = Buffer.alloc(body.length);
  body.copyTo(copy, 0);
  expect(String(body)).toBe(copy.toString("utf8"));
  return copy.toString("utf8");
}

describe("a body put together as bytes", () => {
  const everyUnit = Array.from({ length: 0x180 }, (_, unit) => String.fromCharCode(unit));

  it.each([...everyUnit, "", "EURUSD", "€", "😀", "\ud83d", "\ude00 alone", "\u2028"])(
    "writes %j as JSON.stringify does",
    (text) => {
      const inside = `before${text}behind`;
      expect(written((body) => body.text(text))).toBe(JSON.stringify(text));
      expect(written((body) => body.texts([inside, "next"]))).toBe(JSON.stringify([inside, "next"]));
    },
  );

  it.each([
    0,
    -0,
    1,
    9,
    10,
    -1,
    0.5,
    1e21,
    1e-7,
    5e-324,
    -1.2345678901234567e-308,
    Number.MAX_VALUE,
    Number.NaN,
    Infinity,
    -Infinity,
  ])("writes %d as JSON.stringify does", (value) => {
    expect(written((body) => body.number(value))).toBe(JSON.stringify(value));
    expect(written((body) => body.numbers([value, value]))).toBe(JSON.stringify([value, value]));
  });

  it("writes empty lists, flags and pieces of any length", () => {
    const long = JSON.stringify("x".repeat(1_000));
    const all = written((body) => {
      body.numbers([]);
      body.texts([]);
      body.flag(true);
      body.flag(false);
      body.piece(jsonPiece("null"));
      body.piece(jsonPiece(long));
    });
    expect(all).toBe(`[][]truefalsenull${long}`);
  });

  it("grows, keeping what was written before", () => {
    const texts = Array.from({ length: 100 }, (_, place) => `text ${place}`);
    expect(written((body) => body.texts(texts), 1)).toBe(JSON.stringify(texts));
  });

  it("forgets what was written when it begins again", () => {
    const body = new EncodedBody();
    body.text("a longer one");
    body.begin();
    body.text("b");
    expect(String(body)).toBe('"b"');
  });
});
