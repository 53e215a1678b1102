import type { SignalFilterConfig } from "../domain/config.ts";
import type { GateName, GateOutcome, ModelIdentity } from "../domain/decision.ts";
import type { RegimeLabel } from "../domain/regime.ts";

/** Why trading is halted, in words, or `undefined` while it is not. */
export type HaltReason = string | undefined;

export interface GateInputs {
  readonly halted: HaltReason;
  readonly signalValid: boolean | undefined;
  readonly regime: RegimeLabel;
  readonly regimeConfidence: number;
  readonly probability: number;
}

/** A trained model that takes part in a decision, and the score of what it read, where there is one. */
export interface ScoredModel {
  readonly identity: ModelIdentity;
  readonly score: number | undefined;
}

/** The farthest of the scores decides; a trained model without one fails the gate, since nobody knows whether it has seen the like. */
export function evaluateDistribution(models: readonly ScoredModel[], threshold: number): GateOutcome {
  const name = "IN_DISTRIBUTION";
  let [farthest, value] = ["", -1];
  for (const { identity, score } of models) {
    const model = `${identity.name} ${identity.version}`;
    // Not a number is above nothing, and must not pass for near.
    if (score === undefined || Number.isNaN(score))
      return condition(name, false, `${model} has no out-of-distribution score`);
    if (score > value) [farthest, value] = [model, score];
  }
  if (farthest === "") return condition(name, true, "no trained model decides");
  const passed = value <= threshold;
  const message = `out-of-distribution score ${formatScore(value)} of ${farthest} is ${passed ? "not above" : "above"} ${threshold}`;
  return { name, passed, value, threshold, margin: value - threshold, message };
}

/** Four digits behind the point, but not the three hundred before it that a score may have. */
function formatScore(score: number): string {
  return score < 1e6 ? score.toFixed(4) : score.toExponential(4);
}

/** Evaluates every gate; none is skipped because another failed. */
export function evaluateGates(inputs: GateInputs, minConfidence: number, filter: SignalFilterConfig): GateOutcome[] {
  return [
    tradingEnabled(inputs.halted),
    qseValid(inputs.signalValid),
    regimeAllowed(inputs.regime, filter.allowedRegimes),
    isAbove("REGIME_CONFIDENCE", "regime confidence", inputs.regimeConfidence, minConfidence),
    isAbove("SIGNAL_PROBABILITY", "signal probability", inputs.probability, filter.entryThreshold),
  ];
}

function tradingEnabled(halted: HaltReason): GateOutcome {
  return condition("TRADING_ENABLED", halted === undefined, halted ?? "trading is enabled");
}

function qseValid(signalValid: boolean | undefined): GateOutcome {
  if (signalValid === undefined) return condition("QSE_VALID", false, "QSE output is missing");
  return condition(
    "QSE_VALID",
    signalValid,
    signalValid ? "QSE declares the signal valid" : "QSE declares the signal invalid",
  );
}

function regimeAllowed(regime: RegimeLabel, allowed: readonly RegimeLabel[]): GateOutcome {
  const passed = regime !== "UNKNOWN" && allowed.includes(regime);
  return condition(
    "REGIME_ALLOWED",
    passed,
    passed ? `regime ${regime} is allowed` : `regime ${regime} is not allowed (allowed: ${allowed.join(", ")})`,
  );
}

function condition(name: GateName, passed: boolean, message: string): GateOutcome {
  const value = passed ? 1 : 0;
  return { name, passed, value, threshold: 1, margin: value - 1, message };
}

function isAbove(name: GateName, subject: string, value: number, threshold: number): GateOutcome {
  const passed = value > threshold;
  const message = `${subject} ${value.toFixed(4)} is ${passed ? "above" : "not above"} ${threshold}`;
  return { name, passed, value, threshold, margin: value - threshold, message };
}
