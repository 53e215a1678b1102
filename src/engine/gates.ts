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

/**
 * Evaluates gates under one configuration. An outcome that was there before is the same object, so that nobody has to put it into words again,
 * nor into JSON or protobuf: of five outcomes four are those of the bar before. Decisions share them, so they are frozen: whoever changed one would
 * change what later decisions say and do.
 */
export class Gates {
  readonly #minConfidence: number;
  readonly #entryThreshold: number;
  readonly #regimes: Readonly<Record<RegimeLabel, GateOutcome>>;
  /** Each regime's confidence as it was last: rules have a few, a trained model any number of them. */
  readonly #confidences: Partial<Record<RegimeLabel, GateOutcome>> = {};
  #halted: GateOutcome | undefined;

  constructor(minConfidence: number, { allowedRegimes, entryThreshold }: SignalFilterConfig) {
    this.#minConfidence = minConfidence;
    this.#entryThreshold = entryThreshold;
    const gateOf = (label: RegimeLabel) => regimeAllowed(label, allowedRegimes);
    this.#regimes = {
      TRENDING: gateOf("TRENDING"),
      RANGING: gateOf("RANGING"),
      STRESSED: gateOf("STRESSED"),
      UNKNOWN: gateOf("UNKNOWN"),
    };
  }

  /** Every gate; none is skipped because another failed. */
  evaluate({ halted, signalValid, regime, regimeConfidence, probability }: GateInputs): GateOutcome[] {
    return [
      halted === undefined ? tradingEnabled : this.#tradingHalted(halted),
      signalValid === undefined ? qseMissing : signalValid ? qseValid : qseInvalid,
      this.#regimes[regime],
      this.#confidenceOf(regime, regimeConfidence),
      isAbove("SIGNAL_PROBABILITY", "signal probability", probability, this.#entryThreshold),
    ];
  }

  #tradingHalted(reason: string): GateOutcome {
    if (this.#halted?.message !== reason) this.#halted = condition("TRADING_ENABLED", false, reason);
    return this.#halted;
  }

  #confidenceOf(regime: RegimeLabel, confidence: number): GateOutcome {
    const known = this.#confidences[regime];
    if (known !== undefined && Object.is(known.value, confidence)) return known;
    const gate = Object.freeze(isAbove("REGIME_CONFIDENCE", "regime confidence", confidence, this.#minConfidence));
    this.#confidences[regime] = gate;
    return gate;
  }
}

const tradingEnabled = condition("TRADING_ENABLED", true, "trading is enabled");
const qseMissing = condition("QSE_VALID", false, "QSE output is missing");
const qseValid = condition("QSE_VALID", true, "QSE declares the signal valid");
const qseInvalid = condition("QSE_VALID", false, "QSE declares the signal invalid");

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
  return Object.freeze({ name, passed, value, threshold: 1, margin: value - 1, message });
}

function isAbove(name: GateName, subject: string, value: number, threshold: number): GateOutcome {
  const passed = value > threshold;
  const message = `${subject} ${value.toFixed(4)} is ${passed ? "above" : "not above"} ${threshold}`;
  return { name, passed, value, threshold, margin: value - threshold, message };
}
