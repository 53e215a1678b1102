import { describe, expect, it } from "vitest";
import { NumberListScanner } from "../../../src/handlers/json/number-list-scanner.ts";
import { createRandom } from "./seeded-random.ts";

const scanner = new NumberListScanner();

/** Where the list ends and how many values it has; undefined for what the scanner does not know. */
function scan(text: string): { readonly end: number; readonly count: number } | undefined {
  scanner.open(Buffer.from(text));
  const end = scanner.findEnd(text.indexOf("[") + 1);
  return end === -1 ? undefined : { end, count: scanner.count };
}

/** The values of a text that `JSON.parse` takes for a list of finite numbers. */
function parse(text: string): readonly number[] | undefined {
  try {
    const values: unknown = JSON.parse(text);
    if (!Array.isArray(values)) return undefined;
    const items: readonly unknown[] = values;
    const numbers = items.filter((item) => typeof item === "number" && Number.isFinite(item));
    return numbers.length === items.length ? numbers.map(Number) : undefined;
  } catch {
    return undefined;
  }
}

/** What stands in the list before the values that matter, so that these lie everywhere across the ends of two blocks. */
const everyOffset = Array.from({ length: 67 }, (_, offset) => createFiller(offset));

function createFiller(length: number): string {
  if (length < 2) return " ".repeat(length);
  return length < 4 ? `${"1".repeat(length - 1)},` : `0.${"1".repeat(length - 3)},`;
}

describe("the scanner of number lists", () => {
  it.each([
    ...["0", "-0", "7", "-7", "10", "123456789", "0.5", "-0.5", "10.25", "0.0", "1.000", "0.100", "00001".slice(4)],
    ...["1e-7", "1E-7", "-1e-07", "1.5e-10", "0e-0", "9.999999999999999e-300", "4.9e-324", "1e-400"],
    ...["0.1, 0.2", "0.1 ,0.2", " 0.1 , -0.2 ", "1,2,3", "-1,-2", "1e-5, 2e-5", "  1", "1  "],
    ...["1".repeat(63), `0.${"1".repeat(63)}`],
  ])("knows [%s] wherever it stands", (values) => {
    for (const before of everyOffset) {
      const text = `[${before}${values}]`;
      const count = text.split(",").length;
      expect(scan(text)).toEqual({ end: text.length - 1, count });
      expect(parse(text)).toHaveLength(count);
    }
  });

  it.each([
    ...["01", "-01", "00", "1.", ".5", "-.5", "+1", "-", "--1", "1-", "1-2", "1.2.3", "1..2", "1.-2", "0.1.", "-1.e-5"],
    ...["1e", "1e-", "1e--5", "1e-5e-5", "1e-5.5", "1.e-5", "e-5", "-e-5", ".e-5", "1e-+5", "1e- 5", "1 e-5", "1e -5"],
    ...[",", ",1", "1,", "1,,2", "1, ,2", ", 1", "1 2", "1 .5", "1 -2", "1. 5", "- 1", "-,1", "1e-,1", "1.,2", "0 1"],
    ...["x", "0x1", "1_000", "1f", "NaN", "Infinity", "-Infinity", "nul", "1}", "[1", "{}", '"1"', "1;2", "١"],
    ...["1e400", "1e999", "1e+999", "-1e309", "9".repeat(400), "1\u000b,2", "1\u00a0,2", "1\0"],
  ])("knows nothing of [%s], wherever it stands", (values) => {
    for (const before of everyOffset) {
      expect(scan(`[${before}${values}]`)).toBeUndefined();
      expect(parse(`[${before}${values}]`)).toBeUndefined();
    }
  });

  it.each([
    ["an empty list", ""],
    ["white space but spaces", "1,\n2"],
    ["a tab", "1,\t2"],
    ["an exponent without a minus", "1e5"],
    ["an exponent with a plus", "1E+5"],
    ["128 digits", "1".repeat(128)],
    ["null", "1,null"],
    ["a text", '1,"2"'],
    ["a list in the list", "1,[2]"],
  ])("leaves %s, which JSON has, to others", (_what, values) => {
    for (const before of everyOffset) expect(scan(`[${values === "" ? "" : before}${values}]`)).toBeUndefined();
    expect(Array.isArray(JSON.parse(`[${values}]`))).toBe(true);
  });

  it("finds no end behind the text, whatever an earlier text left there", () => {
    for (const before of everyOffset) {
      const text = `[${before}${"0.25,".repeat(40)}0.25]`;
      expect(scan(text)?.end).toBe(text.length - 1);
      for (let cut = 1; cut < 80; cut++) expect(scan(text.slice(0, -cut))).toBeUndefined();
    }
  });

  it("takes a text of its largest size", () => {
    const values = "0.123456,".repeat(Math.floor(scanner.bytesMax / 9) - 1);
    const text = `[${values}1]`.padStart(scanner.bytesMax, " ");
    expect(scan(text)).toEqual({ end: text.length - 1, count: values.length / 9 + 1 });
  });

  it.each([0, 61])("agrees with JSON.parse on every list of up to six bytes, %s bytes into a block", (offset) => {
    const alphabet = ["0", "1", "-", ".", "e", ",", " "];
    const before = createFiller(offset);
    const countBefore = before.split(",").length - 1;
    const wrong: string[] = [];
    let known = 0;
    const extend = (values: string): void => {
      const list = parse(`[${values}]`);
      const found = scan(`[${before}${values}]`);
      // Of this alphabet everything is known but the empty list and exponents above zero.
      const isKnown = list !== undefined && values.trim() !== "" && !/e\d/.test(values);
      const isRight = isKnown ? found?.count === countBefore + list.length : found === undefined;
      if (!isRight) wrong.push(values);
      if (found !== undefined) known++;
      if (values.length < 6) for (const character of alphabet) extend(values + character);
    };
    extend("");
    expect(wrong).toEqual([]);
    expect(known).toBeGreaterThan(1_500);
  });

  it("agrees with JSON.parse on 60 000 lists of which most are damaged", () => {
    const random = createRandom(20_260_101);
    const outcomes = { known: 0, unknown: 0, refused: 0 };
    for (let run = 0; run < 60_000; run++) {
      const text = damage(`[${drawList(random)}]`, random);
      const found = scan(text);
      const list = parse(text);
      if (found === undefined) {
        outcomes[list === undefined ? "refused" : "unknown"]++;
        continue;
      }
      outcomes.known++;
      // Something may stand behind the end; what is before it is a list.
      const upToEnd = text.slice(0, found.end + 1);
      expect([text, parse(upToEnd)?.length]).toEqual([text, found.count]);
    }
    expect(outcomes.known).toBeGreaterThan(10_000);
    expect(outcomes.refused).toBeGreaterThan(10_000);
    // Exponents above zero, empty lists and what damage made valid again.
    expect(outcomes.unknown).toBeLessThan(3_000);
  });
});

function drawList(random: (below: number) => number): string {
  const separator = [",", ", ", " ,", `,${" ".repeat(random(70))}`][random(4)] ?? ",";
  return Array.from({ length: 1 + random(12) }, () => drawNumber(random)).join(separator);
}

function drawNumber(random: (below: number) => number): string {
  const value = (random(2) === 0 ? -1 : 1) * (random(1_000_000_007) / 1_000_000_007);
  switch (random(8)) {
    case 0:
      return String(random(100));
    case 1:
      return (value * 1e-8).toExponential();
    case 2:
      return value.toFixed(random(5));
    case 3:
      return String(value * 1e5);
    default:
      return String(value);
  }
}

const replacements = [...'0123456789.-+eE, []x"\n'];

/** One text in four stays whole. */
function damage(text: string, random: (below: number) => number): string {
  let damaged = text;
  for (let left = random(4); left > 0; left--) {
    const at = 1 + random(damaged.length - 1);
    const replacement = replacements[random(replacements.length)] ?? "";
    const change = random(3);
    damaged = damaged.slice(0, at) + (change === 2 ? "" : replacement) + damaged.slice(change === 0 ? at : at + 1);
  }
  return damaged;
}
