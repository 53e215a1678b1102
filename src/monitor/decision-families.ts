import { gateNames } from "../domain/decision.ts";
import type { HistogramReading } from "./bucket-histogram.ts";
import type { CountVector } from "./count-vector.ts";
import { toCounts } from "./decision-figures.ts";
import { type DecisionTally, shareBounds, tallyLevels } from "./decision-tally.ts";
import { otherLabel } from "./label-index.ts";
import { labelled, type MetricFamily, type ValueSample } from "./metric-family.ts";

/** Symbols that have a series of their own, the first that come: a series must not be reborn under a top list that moves. */
export const symbolSeriesMax = 50;

/** What decisions were, counted since the start. `read` makes one tally for a whole scrape. */
export function createDecisionFamilies(tally: () => DecisionTally): MetricFamily[] {
  return [
    {
      name: "ml_layer_decisions_total",
      help: "Decisions taken. Past 100 timeframes the rest counts as other.",
      type: "counter",
      *read() {
        for (const { timeframe, regime, allowed, count } of tally().cells()) {
          yield { labels: { regime, decision: allowed ? "allow" : "refuse", timeframe }, value: count };
        }
      },
    },
    {
      name: "ml_layer_symbol_decisions_total",
      help: `Decisions by symbol. Past the first ${symbolSeriesMax} symbols the rest counts as other.`,
      type: "counter",
      read: () => readSymbols(tally()),
    },
    {
      name: "ml_layer_gate_failures_total",
      help: "Gates that did not let a trade through.",
      type: "counter",
      read: () => gateNames.map((gate, place) => ({ labels: { gate }, value: tally().gateFailures.at(place) })),
    },
    {
      name: "ml_layer_confidence_level_decisions_total",
      help: "Decisions by the confidence level of their signal.",
      type: "counter",
      read: () => tallyLevels.map((level, place) => ({ labels: { level }, value: tally().confidenceLevels.at(place) })),
    },
    {
      name: "ml_layer_missing_inputs_total",
      help: "Absent inputs for which a neutral value stood in.",
      type: "counter",
      read: () => labelled("input", readMissingInputs(tally())),
    },
    {
      name: "ml_layer_missing_input_decisions_total",
      help: "Decisions for which at least one input was absent.",
      type: "counter",
      read: () => [{ value: tally().withMissingInputs }],
    },
    {
      name: "ml_layer_unstable_regime_decisions_total",
      help: "Decisions whose smoothing window held more than one regime.",
      type: "counter",
      read: () => [{ value: tally().unstable }],
    },
    {
      name: "ml_layer_regime_confidence",
      help: "Probability of the regime that was decided on.",
      type: "histogram",
      read: () => [{ histogram: toShares(tally().confidences, tally().total, tally().confidenceSum) }],
    },
    {
      name: "ml_layer_signal_probability",
      help: "Success probability of the signals that were decided on.",
      type: "histogram",
      read: () => [{ histogram: toShares(tally().probabilities, tally().total, tally().probabilitySum) }],
    },
  ];
}

function readMissingInputs({ missingInputs, labels }: DecisionTally): Iterable<readonly [string, number]> {
  return toCounts(missingInputs, (place) => labels.missingInputs.labelAt(place));
}

function* readSymbols({ symbols, labels }: DecisionTally): Iterable<ValueSample> {
  let rest = symbols.at(0);
  for (let place = 1; place < symbols.length; place++) {
    if (place > symbolSeriesMax) rest += symbols.at(place);
    else yield { labels: { symbol: labels.symbols.labelAt(place) }, value: symbols.at(place) };
  }
  if (rest > 0) yield { labels: { symbol: otherLabel }, value: rest };
}

function toShares(counts: CountVector, count: number, sum: number): HistogramReading {
  return { bounds: shareBounds, countAt: (bucket) => counts.at(bucket), count, sum };
}
