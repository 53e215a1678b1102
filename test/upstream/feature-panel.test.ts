import { describe, expect, it } from "vitest";
import { featureNames } from "../../src/domain/feature-schema.ts";
import type { Bar } from "../../src/upstream/bar.ts";
import { computeFeatures } from "../../src/upstream/feature-engine.ts";
import { computePanelFeatures } from "../../src/upstream/feature-panel.ts";
import { cycle, readIndexFile, toBars, toCloses } from "./bar-series.ts";
import reference from "./fixtures/feature-reference.json" with { type: "json" };

const wave = cycle([0.01, -0.02, 0.015, 0.002], 70);
const along = toBars(toCloses(wave));
const against = toBars(toCloses(wave.map((step) => -step)));

describe("a panel", () => {
  const pairs: readonly [string, readonly (readonly Bar[])[], number][] = [
    ["1 with a twin", [along, along], 1],
    ["−1 with a mirror image", [along, against], -1],
    ["the mean over a twin and a mirror image", [along, along, against], 0],
    ["0 with a standstill", [along, toBars(cycle([100], 71))], 0],
    ["0 alone", [along], 0],
  ];
  it.each(pairs)("has correlation %s", (_name, series, expected) => {
    const panel = computePanelFeatures(new Map(series.map((bars, index) => [`S${index}`, bars])));
    expect(panel.features.get("S0")?.correlation.at(-1)).toBeCloseTo(expected, 12);
  });

  it("measures dispersion as the sample deviation across symbols", () => {
    const symbols = [0.005, 0.01, 0.015].map(
      (step, index) => [`S${index}`, toBars(toCloses(cycle([step], 20)))] as const,
    );
    const panel = computePanelFeatures(new Map(symbols));
    // Twenty-bar returns of 0.1, 0.2 and 0.3.
    for (const columns of panel.features.values()) expect(columns.dispersion.at(-1)).toBeCloseTo(0.1, 12);
  });

  it("uses the times that every symbol has, and no other", () => {
    const panel = computePanelFeatures(
      new Map([
        ["A", along.filter((_, bar) => bar !== 5)],
        ["B", against.slice(2)],
      ]),
    );
    const times = along.filter((_, bar) => bar >= 2 && bar !== 5).map((bar) => bar.timeMs);
    for (const bars of panel.bars.values()) expect(bars.map((bar) => bar.timeMs)).toEqual(times);
    expect(panel.features.get("B")?.atr).toHaveLength(times.length);
  });

  it("gives a symbol alone what the engine gives it", () => {
    expect(computePanelFeatures(new Map([["A", along]])).features.get("A")).toStrictEqual(computeFeatures(along));
  });

  it("changes nothing but correlation and dispersion", () => {
    const inPanel = computePanelFeatures(
      new Map([
        ["A", along],
        ["B", against],
      ]),
    ).features.get("A");
    const alone = computeFeatures(along);
    for (const name of featureNames) {
      if (name !== "correlation" && name !== "dispersion") expect(inPanel?.[name], name).toStrictEqual(alone[name]);
    }
  });

  it("is causal: a prefix of the bars has the prefix of the features", () => {
    const cut = (bars: readonly Bar[]): readonly Bar[] => bars.slice(0, 65);
    const whole = computePanelFeatures(
      new Map([
        ["A", along],
        ["B", against],
      ]),
    ).features.get("A");
    const prefix = computePanelFeatures(
      new Map([
        ["A", cut(along)],
        ["B", cut(against)],
      ]),
    ).features.get("A");
    for (const name of featureNames) expect(prefix?.[name], name).toStrictEqual(whole?.[name].slice(0, 65));
  });
});

describe("three symbols cut from the S&P 500", () => {
  const { bars } = readIndexFile();
  const cutAt = (start: number): Bar[] =>
    bars.slice(start, start + 600).map((bar, index) => ({ ...bar, timeMs: bars[index]?.timeMs ?? Number.NaN }));
  const panel = computePanelFeatures(
    new Map([
      ["A", cutAt(0)],
      ["B", cutAt(7)],
      ["C", cutAt(400)],
    ]),
  );

  it.each(reference.panel)("agree with pandas: $symbol at bar $bar", ({ symbol, bar, correlation, dispersion }) => {
    const columns = panel.features.get(symbol);
    expect(columns?.correlation[bar]).toBeCloseTo(correlation, 10);
    expect(columns?.dispersion[bar]).toBeCloseTo(dispersion, 10);
  });
});
