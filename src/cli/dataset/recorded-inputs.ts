import type { DecisionInputs } from "../../domain/decision.ts";
import type { ModelInput } from "../../domain/trained-model.ts";
import type { RecordedDecision } from "../../monitor/recorded-decision.ts";

/** Names of the inputs of a recorded model, in its order; undefined for rules. */
export type InputLookup = (model: RecordedDecision["regimeModel"]) => readonly ModelInput[] | undefined;

/**
 * The numbers that the models of a decision read at its newest bar, by the names that models declare, as float32.
 *
 * Rules read a few, trained models their rows. Where both read one, the row counts: an efficiency ratio of the rules may have been
 * made of other features. What was absent and stood for by a neutral value was not read, so it is left out, and so are the places of
 * the regime, which the row holds as 0.
 */
export function readRecordedInputs(decision: RecordedDecision, findInputs: InputLookup): ReadonlyMap<string, number> {
  const { inputs } = decision;
  const values = new Map<string, number>();
  for (const [name, value] of listRuleInputs(inputs)) {
    if (value !== undefined && !inputs.missing.includes(name)) values.set(name, Math.fround(value));
  }
  const rows = [
    [findInputs(decision.regimeModel), inputs.regimeRows?.at(-1)],
    [findInputs(decision.signalModel), inputs.signalRow],
  ] as const;
  for (const [names, row] of rows) {
    for (const [index, input] of (row === undefined ? [] : (names ?? [])).entries()) {
      const value = row?.[index];
      if (value !== undefined && input.kind !== "regime") values.set(input.name, value);
    }
  }
  return values;
}

function listRuleInputs(inputs: DecisionInputs): readonly (readonly [string, number | undefined])[] {
  return [
    ["efficiency_ratio", inputs.efficiencyRatio.at(-1)],
    ["vol_percentile", inputs.volatilityPercentile.at(-1)],
    ["momentum_score", inputs.momentumScore],
    ["trend_consistency", inputs.trendConsistency],
    ["qse_output.metrics.trend_persistence_score", inputs.trendPersistenceScore],
    ["qse_output.validation.signal_validity_flag", toNumber(inputs.signalValid)],
    ["qse_output.validation.autocorr_check_passed", toNumber(inputs.autocorrCheck)],
    ["qse_output.validation.stationarity_check_passed", toNumber(inputs.stationarityCheck)],
    ["qse_output.validation.distribution_check_passed", toNumber(inputs.distributionCheck)],
  ];
}

function toNumber(check: boolean | undefined): number | undefined {
  return check === undefined ? undefined : Number(check);
}
