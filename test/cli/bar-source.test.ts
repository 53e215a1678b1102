import { describe, expect, it } from "vitest";
import { nameTimeframe, readBars } from "../../src/cli/bar-source.ts";
import { findDemoBars } from "../../src/cli/demo.ts";

describe("the bars of the demo", () => {
  it("are twenty years of daily S&P 500 bars, with the week the exchange was closed noted", async () => {
    const input = await readBars(findDemoBars());
    expect(input).toMatchObject({ symbol: "SPX", timeframe: "1D", fileName: "sp500-2000.csv" });
    expect(input.bars).toHaveLength(5105);
    expect(input.warnings).toEqual([expect.stringContaining("between 2001-09-10")]);
  });
});

describe("the timeframe read off the spacing of bars", () => {
  const minuteMs = 60_000;
  it.each([
    ["1M", [1, 1, 1]],
    ["5M", [5, 5, 5]],
    ["15M", [15, 15, 2000]],
    ["1H", [60, 60, 60]],
    ["4H", [240, 240, 3120]],
    ["1D", [1440, 1440, 1440, 4320]],
    ["1W", [10_080, 10_080]],
    ["1D", []],
  ])("is %s for distances of %j minutes", (name, distances) => {
    let timeMs = 0;
    const times = [0, ...distances.map((minutes) => (timeMs += minutes * minuteMs))];
    const bars = times.map((each) => ({ time: "", timeMs: each, open: 1, high: 1, low: 1, close: 1, volume: 0 }));
    expect(nameTimeframe(bars)).toBe(name);
  });
});
