import { describe, expect, it } from "vitest";
import { createTestEngine } from "../support/engine.ts";
import { readReferenceDecisions } from "../support/reference-decisions.ts";
import { toDecisionRequest } from "../support/requests.ts";

describe("the decisions of the system this one replaces", () => {
  const engine = createTestEngine();
  const references = readReferenceDecisions();

  it("are 250, allowed and refused ones", () => {
    expect(references).toHaveLength(250);
    expect(references.filter(({ expected }) => expected.allow_trade).length).toBeGreaterThan(20);
  });

  it.each(references.map((reference, index) => ({ index, reference })))("reproduces number $index", ({ reference }) => {
    const { regime, signal, allowTrade, inputs } = engine.decide(toDecisionRequest(reference));
    const { expected } = reference;
    expect({
      regime_label: regime.label,
      correlation_regime: regime.correlationRegime,
      regime_stable: regime.stable,
      should_enter: signal.shouldEnter,
      should_exit: signal.shouldExit,
      confidence_level: signal.level,
      allow_trade: allowTrade,
    }).toEqual({
      regime_label: expected.regime.regime_label,
      correlation_regime: expected.regime.correlation_regime,
      regime_stable: expected.regime.regime_stable,
      should_enter: expected.signal.should_enter,
      should_exit: expected.signal.should_exit,
      confidence_level: expected.signal.confidence_level,
      allow_trade: expected.allow_trade,
    });
    const numbers: [number, number][] = [
      [regime.confidence, expected.regime.regime_confidence],
      [regime.probTrending, expected.regime.prob_trending],
      [regime.probRanging, expected.regime.prob_ranging],
      [regime.probStressed, expected.regime.prob_stressed],
      [regime.efficiencyRatio, expected.regime.efficiency_ratio],
      [regime.volatilityPercentile, expected.regime.volatility_percentile],
      [signal.probability, expected.signal.momentum_success_prob],
    ];
    for (const [actual, reproduced] of numbers) expect(Math.abs(actual - reproduced)).toBeLessThanOrEqual(1e-9);
    expect(engine.redecide(JSON.parse(JSON.stringify(inputs)), undefined)).toMatchObject({
      regime,
      signal,
      allowTrade,
    });
  });
});
