import { describe, expect, it } from "vitest";
import { toCountText, toThreeDigits } from "../../src/domain/count-text.ts";

describe("texts of whole numbers", () => {
  it.each([
    0,
    7,
    999,
    1000,
    1001,
    10_099,
    999_999,
    1_000_000,
    2 ** 31,
    2 ** 32 + 1,
    123_456_789_012_345,
    Number.MAX_SAFE_INTEGER,
  ])("are what String makes of %d", (value) => {
    expect(toCountText(value)).toBe(String(value));
  });

  it("agree with String for every number up to where the groups repeat", () => {
    for (let value = 0; value < 1_002_000; value += 7)
      if (toCountText(value) !== String(value)) expect.fail(`${value}`);
  });

  it("have three digits where three are asked for", () => {
    expect([0, 9, 10, 99, 100, 999].map(toThreeDigits)).toEqual(["000", "009", "010", "099", "100", "999"]);
  });
});
