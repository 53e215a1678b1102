import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../../src/domain/errors.ts";
import { compareVersions, findVersion, formatVersion, nextMinor, parseVersion } from "../../src/registry/version.ts";

const parse = (text: string) => parseVersion(text, "version");

describe("parseVersion", () => {
  it.each(["v1.0.0", "v0.0.0", "v1.1.0_lightgbm", "v10.200.3000_rule_based", "v999999999.0.0", "v1.0.0_2"])(
    "reads %s and writes it the same",
    (text) => {
      expect(formatVersion(parse(text))).toBe(text);
    },
  );

  it.each([
    "",
    "1.0.0",
    "v1",
    "v1.0",
    "v1.0.0.0",
    "v01.0.0",
    "v1.0.0_",
    "v1.0.0__x",
    "v1.0.0_X",
    "v1.0.0_a/b",
    "v1.0.0_..",
    "v1.0.0\n",
    "v-1.0.0",
    "v1.0.0-rc1",
    "v1000000000.0.0",
    `v1.0.0_${"a".repeat(41)}`,
    "champion",
  ])("refuses %j", (text) => {
    expect(findVersion(text)).toBeUndefined();
    expect(() => parse(text)).toThrow(InvalidInputError);
  });
});

describe("compareVersions", () => {
  it("orders by number and not by text, then by label", () => {
    const ordered = ["v1.0.0", "v1.0.0_a", "v1.0.0_b", "v1.0.2", "v1.0.10", "v1.2.0", "v1.10.0", "v2.0.0"];
    expect(ordered.toReversed().map(parse).toSorted(compareVersions).map(formatVersion)).toEqual(ordered);
  });
});

describe("nextMinor", () => {
  it.each([
    [[], "", "v1.0.0"],
    [["v1.0.0_rule_based"], "", "v1.1.0"],
    [["v1.9.7", "v1.10.2", "v1.2.0"], "lightgbm", "v1.11.0_lightgbm"],
    [["v3.0.0", "v2.7.0"], "", "v3.1.0"],
  ])("after %j comes, with label %j, %s", (taken, label, next) => {
    expect(formatVersion(nextMinor(taken.map(parse), label))).toBe(next);
  });
});
