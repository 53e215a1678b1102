import { describe, expect, it } from "vitest";
import { ShortestDecimal } from "../../../src/monitor/audit/shortest-decimal.ts";
import { createRandom } from "../../handlers/json/seeded-random.ts";

const decimal = new ShortestDecimal();

function write(value: number): string {
  return Buffer.from(decimal.bytes.subarray(0, decimal.write(value))).toString("latin1");
}

/** The doubles whose bits are so many steps away. */
function neighbours(value: number, steps: number): number[] {
  const values = new Float64Array(1);
  const bits = new BigUint64Array(values.buffer);
  return Array.from({ length: 2 * steps + 1 }, (_, index) => {
    values[0] = value;
    bits[0] = (bits[0] ?? 0n) + BigInt(index - steps);
    return values[0];
  });
}

/** Of these, the values that are not written as `String` writes them. */
function wrongOf(values: readonly number[]): number[] {
  return values.filter((value) => write(value) !== String(value));
}

const inRange = (value: number) => value >= 1e-6 && value < 1e21;

describe("a number written without a text", () => {
  it.each([
    ...[
      "1",
      "10",
      "120",
      "2117",
      "100000",
      "123456789",
      "9007199254740991",
      "9007199254740992",
      "100000000000000000000",
    ],
    ...["0.5", "0.42", "0.7", "0.1", "0.30000000000000004", "69.44971243898371", "0.004576999999699183", "0.000001"],
    ...["0.3333333333333333", "999999999999999900000", "4.35", "0.000001234", "0.0000012"],
  ])("is %s", (text) => {
    expect(write(Number(text))).toBe(text);
    expect(String(Number(text))).toBe(text);
  });

  it("is right around every power of two and of ten, where neighbours lie unevenly", () => {
    const centres = [
      ...Array.from({ length: 90 }, (_, index) => 2 ** (index - 20)),
      ...Array.from({ length: 27 }, (_, index) => Number(`1e${index - 6}`)),
    ];
    const values = centres.flatMap((centre) => neighbours(centre, 300)).filter(inRange);
    expect(values.length).toBeGreaterThan(60_000);
    expect(wrongOf(values)).toEqual([]);
  });

  it.each([
    ["any bits", (random: () => number) => 10 ** (27 * random() - 6) * random()],
    ["probabilities", (random: () => number) => random()],
    ["percentiles", (random: () => number) => 100 * random()],
    ["few digits", (random: () => number) => Math.round(10_000 * random()) / 10_000],
    ["whole numbers", (random: () => number) => Math.floor(2 ** (69 * random()))],
    [
      "halfway between two decimals",
      (random: () => number) => Math.floor(2 ** 53 * random()) / 2 ** Math.floor(20 * random()),
    ],
  ])("is what String writes: %s", (_what, draw) => {
    const below = createRandom(20_261_124);
    const random = () => (below(2 ** 21) * 2 ** 32 + below(2 ** 32)) / 2 ** 53;
    const values = Array.from({ length: 200_000 }, () => draw(random)).filter(inRange);
    expect(values.length).toBeGreaterThan(180_000);
    expect(wrongOf(values)).toEqual([]);
  });

  it("is written up to the numbers that have an exponent, and none of these", () => {
    const [below = 0, smallest = 0] = neighbours(1e-6, 1);
    const [largest = 0, tooLarge = 0] = neighbours(1e21, 1);
    expect(write(smallest)).toBe("0.000001");
    expect(write(largest)).toBe("999999999999999900000");
    for (const other of [below, tooLarge, 0, -0, -1, -0.5, Number.NaN, Infinity, -Infinity, 5e-324, Number.MAX_VALUE])
      expect(decimal.write(other)).toBe(0);
  });
});
