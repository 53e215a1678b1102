import fc from "fast-check";
import { expect, it } from "vitest";
import { PackedDoubles } from "../../../src/handlers/wire/packed-doubles.ts";
import { listValues } from "../../support/series.ts";

/** Doubles as they are received, behind some other bytes. */
function pack(values: readonly number[], before: number): PackedDoubles {
  const view = new DataView(new ArrayBuffer(before + 8 * values.length + 3));
  for (const [bar, value] of values.entries()) view.setFloat64(before + 8 * bar, value, true);
  return new PackedDoubles(view, before, values.length);
}

it("are the values that were packed, and nothing before or behind them", () => {
  fc.assert(
    fc.property(fc.array(fc.double(), { maxLength: 40 }), fc.nat({ max: 9 }), (values, before) => {
      const packed = pack(values, before);
      expect(listValues(packed)).toEqual(values);
      expect([packed.at(-1), packed.at(values.length)]).toEqual([undefined, undefined]);
    }),
  );
});

it("are copied whole or in part, few or many", () => {
  fc.assert(
    fc.property(fc.array(fc.double(), { maxLength: 40 }), fc.nat({ max: 9 }), fc.nat(), (values, before, part) => {
      const count = part % (values.length + 1);
      const target = new Float64Array(50).fill(7);
      pack(values, before).copyTo(target, 5, count);
      const expected = new Float64Array(50).fill(7);
      expected.set(values.slice(0, count), 5);
      expect(target).toEqual(expected);
    }),
  );
});
