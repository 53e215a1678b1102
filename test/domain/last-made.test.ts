import { expect, it } from "vitest";
import { LastMade } from "../../src/domain/last-made.ts";

/** Makes something of each of these objects in one place, as its users do; tells how often. */
function countMade(sources: readonly object[], memory = new LastMade<object, number>(), place = 0): number {
  let made = 0;
  for (const source of sources) {
    const known = memory.find(place, source);
    if (known !== undefined) continue;
    made++;
    if (memory.isRepeated(place, source)) memory.keep(place, made);
  }
  return made;
}

const [one, other] = [{}, {}];

it.each([
  ["once, and once more to be kept", [one, one, one, one], 2],
  ["every time where objects alternate", [one, other, one, other], 4],
  ["anew after another one", [one, one, one, other, one, one, one], 5],
])("what is kept of an object is made %s", (_what, sources, times) => {
  expect(countMade(sources)).toBe(times);
});

it("is kept for each place of its own", () => {
  const memory = new LastMade<object, number>();
  expect(countMade([one, one, one], memory, 0)).toBe(2);
  expect(countMade([one, one, one], memory, 3)).toBe(2);
  expect([memory.find(0, one), memory.find(1, one), memory.find(3, one)]).toEqual([2, undefined, 2]);
});
