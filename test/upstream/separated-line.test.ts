import { describe, expect, it } from "vitest";
import { detectSeparator, splitLine } from "../../src/upstream/separated-line.ts";

describe("a separated line", () => {
  it.each([
    ["a,b,,c", ["a", "b", "", "c"]],
    ['"a,b",c', ["a,b", "c"]],
    ['"say ""a, b""",c', ['say "a, b"', "c"]],
    ['"""",""', ['"', ""]],
    [' a ," b "', ["a", "b"]],
    ['\uFEFF"date",open', ["date", "open"]],
    ["", [""]],
  ])("%j is cut into %j", (line, cells) => {
    expect(splitLine(line, ",")).toEqual(cells);
  });

  it.each(['a,"b', '"a""'])("%j leaves a quote open", (line) => {
    expect(splitLine(line, ",")).toBeUndefined();
  });

  it.each([
    ["date,open", ","],
    ["date;open", ";"],
    ["date\topen", "\t"],
    ["date;open;price, adjusted", ";"],
    ['date;"open, high, low, and close"', ";"],
    ["date", ","],
  ])("%j is separated by %j", (header, separator) => {
    expect(detectSeparator(header)).toBe(separator);
  });
});
