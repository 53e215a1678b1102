import { describe, expect, it } from "vitest";
import { labelForward } from "../../../src/cli/dataset/forward-labels.ts";
import { defaultConfig } from "../../../src/config/config-schema.ts";
import { shippedModelsDirectory } from "../../../src/environment.ts";
import { openModelRegistry } from "../../../src/registry/model-registry.ts";
import type { Bar } from "../../../src/upstream/bar.ts";

const horizonBars = 10;
const { rules } = openModelRegistry(shippedModelsDirectory).loadRegimeModel("v1.0.0_rule_based");
const forwardRules = { horizonBars, thresholds: defaultConfig.regime, rules };
const historyBars = 120;

describe("the regime of the next bars", () => {
  // After a history of moves of 1 %, up and down by turns and now and then two the same way.
  it.each([
    ["TRENDING", "a steady climb", (step: number) => 0.01 * (step % 2 === 0 ? 1.4 : 0.6)],
    ["STRESSED", "a storm", (step: number) => 0.06 * (-1) ** step],
    ["RANGING", "quiet to and fro", (step: number) => 0.002 * (-1) ** step],
    ["STRESSED", "a violent climb", (step: number) => (step % 2 === 0 ? 0.12 : 0.01)],
  ])("is %s before %s", (label, _, next) => {
    const past = Array.from({ length: historyBars }, (_unused, step) => 0.01 * (step % 7 < 2 ? 1 : (-1) ** step));
    const future = Array.from({ length: horizonBars }, (_unused, step) => next(step));
    const outcomes = labelForward(toBars([...past, ...future]), forwardRules);
    expect(outcomes.length).toBe(historyBars + 1);
    expect(outcomes.at(-1)?.regime).toBe(label);
    expect(outcomes.at(-1)?.logReturn).toBeCloseTo(
      future.reduce((sum, value) => sum + value, 0),
      12,
    );
  });

  it("is not told before sixty stretches can be compared", () => {
    const outcomes = labelForward(toBars(Array.from({ length: 100 }, (_, step) => 0.01 * (-1) ** step)), forwardRules);
    expect(outcomes.findIndex(({ regime }) => regime !== undefined)).toBe(60 + horizonBars - 1);
  });

  it("depends on the history only up to the bar itself", () => {
    const returns = Array.from({ length: 300 }, (_, step) => 0.0001 * (step + 20) * Math.sin(step * step));
    const whole = labelForward(toBars(returns), forwardRules);
    const part = labelForward(toBars(returns.slice(0, 200)), forwardRules);
    expect(whole.slice(0, part.length)).toEqual(part);
  });
});

function toBars(returns: readonly number[]): Bar[] {
  let close = 100;
  return [0, ...returns].map((value, index) => {
    close *= Math.exp(value);
    const timeMs = index * 86_400_000;
    return { time: new Date(timeMs).toISOString(), timeMs, open: close, high: close, low: close, close, volume: 0 };
  });
}
