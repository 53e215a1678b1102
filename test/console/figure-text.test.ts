import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { describe, expect, it } from "vitest";
import {
  formatCount,
  formatDuration,
  formatMillis,
  formatMoment,
  formatPercent,
  formatRate,
  formatSigned,
} from "../../console/model/figure-text.ts";
import { baseMs } from "./decision-records.ts";

describe("figures", () => {
  it.each([
    [0, "0 ms"],
    [0.0123, "0.012 ms"],
    [0.4567, "0.457 ms"],
    [2.3456, "2.35 ms"],
    [45.67, "45.7 ms"],
    [1234.5, "1235 ms"],
  ])("show %d milliseconds as %s", (value, text) => {
    expect(formatMillis(value)).toBe(text);
  });

  it.each([
    [-1, "0 s"],
    [59.9, "59 s"],
    [61, "1 min 1 s"],
    [7_260, "2 h 1 min"],
    [90_000, "1 d 1 h"],
  ])("show %d seconds as %s", (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it.each([
    [0.05, "+0.0500"],
    [-0.05, "−0.0500"],
    [0, "0.0000"],
    [-0.00001, "0.0000"],
  ])("show %d with its sign as %s", (value, text) => {
    expect(formatSigned(value)).toBe(text);
  });

  it("separate thousands, and leave out what does not count", () => {
    expect(formatCount(1_234_567n)).toBe("1,234,567");
    expect(formatRate(1_234.5)).toBe("1,235");
    expect(formatRate(9.96)).toBe("10.0");
    expect(formatPercent(0.1234)).toBe("12.3 %");
    expect(formatMoment(timestampFromMs(baseMs))).toBe("2026-03-04 10:20:30 UTC");
    expect(formatMoment(undefined)).toBe("–");
  });
});
