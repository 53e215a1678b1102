import { expect, it } from "vitest";
import { computePanelFeatures } from "../../src/upstream/feature-panel.ts";
import { computePeerFeatures, peerFeatureNames } from "../../src/upstream/peer-features.ts";
import { simulateMarket } from "../../src/upstream/simulator/market-simulation.ts";

const panelOf = (symbols: number) => {
  const market = simulateMarket({ seed: 4, bars: 150, symbols });
  return computePanelFeatures(new Map(market.symbols.map(({ name, bars }) => [name, bars] as const))).features;
};

it("averages the others and leaves the symbol itself out", () => {
  const panel = panelOf(3);
  const peers = computePeerFeatures(panel);
  const [first, second, third] = [...panel.values()];
  for (const bar of [120, 149]) {
    const mean = ((second?.trend_consistency[bar] ?? Number.NaN) + (third?.trend_consistency[bar] ?? Number.NaN)) / 2;
    expect(peers.get("SIM1")?.peer_trend_consistency[bar]).toBe(mean);
    expect(mean).not.toBe(first?.trend_consistency[bar]);
  }
  expect(Object.keys(peers.get("SIM1") ?? {})).toEqual(peerFeatureNames);
});

it("knows nothing before the others have a history", () => {
  expect(computePeerFeatures(panelOf(2)).get("SIM1")?.peer_vol_percentile[5]).toBeNaN();
});

it("is 0 for a symbol that stands alone", () => {
  const alone = computePeerFeatures(panelOf(1)).get("SIM1");
  for (const name of peerFeatureNames) expect(alone?.[name].every((value) => value === 0)).toBe(true);
});
