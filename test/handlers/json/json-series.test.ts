import { describe, expect, it } from "vitest";
import { JsonSeries } from "../../../src/handlers/json/json-series.ts";
import { createRandom } from "./seeded-random.ts";

const numbers = Array.from({ length: 120 }, (_, bar) => (bar % 3 === 0 ? -0 : bar * 1.1e-7 - 0.3));

function createSeries(values: readonly number[], separator: string) {
  const list = values.map((value) => (Object.is(value, -0) ? "-0" : String(value))).join(separator);
  const text = `{"other":[1,2],"own":[${list}],"next":[3,4]}`;
  const start = text.indexOf('"own":[') + '"own":['.length;
  return new JsonSeries(Buffer.from(text), start, start + list.length, values.length);
}

describe("a series of a JSON body", () => {
  it.each([",", ", ", " , "])(
    "has its values, bit for bit, in whatever order they are asked for: '%s'",
    (separator) => {
      const random = createRandom(7);
      for (let run = 0; run < 50; run++) {
        const series = createSeries(numbers, separator);
        for (let read = 0; read < 10; read++) {
          const bar = random(2) === 0 ? 119 - random(4) : random(120);
          expect(series.at(bar)).toBe(numbers[bar]);
        }
      }
    },
  );

  it("has the first of its values and the only one", () => {
    expect(createSeries(numbers, ",").at(0)).toBe(numbers[0]);
    expect(createSeries([1.5], ",").at(0)).toBe(1.5);
    expect(createSeries([1.5, 2.5], ",").at(0)).toBe(1.5);
  });

  it("has nothing before its first and behind its last bar", () => {
    const series = createSeries(numbers, ",");
    expect(series.length).toBe(120);
    expect([series.at(-1), series.at(120)]).toEqual([undefined, undefined]);
  });
});
