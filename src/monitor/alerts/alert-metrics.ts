import type { AlertRule } from "../../domain/config.ts";
import { InvalidInputError } from "../../domain/errors.ts";
import type { DecisionFigures } from "../decision-figures.ts";
import { governanceRuleNames } from "./governance-rules.ts";

type SnakeCase<S extends string> = S extends `${infer Head}${infer Tail}`
  ? `${Head extends Lowercase<Head> ? Head : `_${Lowercase<Head>}`}${SnakeCase<Tail>}`
  : S;

/** Metrics that a rule may watch, under the names that `GET /metrics` shows. A figure without a name here does not compile. */
const figureOfMetric = {
  total_predictions: "total",
  allowed: "allowed",
  suppressed: "suppressed",
  allow_rate: "allowRate",
  suppression_rate: "suppressionRate",
  avg_processing_time_ms: "avgProcessingTimeMs",
  p50_processing_time_ms: "p50ProcessingTimeMs",
  p95_processing_time_ms: "p95ProcessingTimeMs",
  p99_processing_time_ms: "p99ProcessingTimeMs",
  max_processing_time_ms: "maxProcessingTimeMs",
  avg_regime_confidence: "avgRegimeConfidence",
  min_regime_confidence: "minRegimeConfidence",
  avg_signal_probability: "avgSignalProbability",
  trending_regime_pct: "trendingRegimePct",
  ranging_regime_pct: "rangingRegimePct",
  stressed_regime_pct: "stressedRegimePct",
  unknown_regime_pct: "unknownRegimePct",
  unstable_regime_share: "unstableRegimeShare",
  predictions_per_hour: "predictionsPerHour",
  missing_input_share: "missingInputShare",
} as const satisfies { readonly total_predictions: "total" } & {
  readonly [K in Exclude<keyof DecisionFigures, "total"> as SnakeCase<K>]: K;
};

export type AlertMetric = keyof typeof figureOfMetric;

/** A map, because operators choose the names that are looked up. */
const figures: ReadonlyMap<string, keyof DecisionFigures> = new Map(Object.entries(figureOfMetric));

/** Names of the metrics that a rule may watch. */
export const alertMetrics: readonly string[] = [...figures.keys()];

/**
 * Reads the metric that a rule watches.
 *
 * @throws RangeError for a name that {@link assertAlertRules} would have refused.
 */
export function readAlertMetric(metric: string, decisions: DecisionFigures): number {
  const figure = figures.get(metric);
  if (figure === undefined) throw new RangeError(`no such metric: ${metric}`);
  return decisions[figure];
}

/**
 * Refuses rules that watch what is not measured, and those that would be taken for one of governance.
 *
 * @throws InvalidInputError naming every such rule, e.g. `alert_rules[3].metric`.
 */
export function assertAlertRules(rules: readonly AlertRule[]): void {
  const violations = rules.flatMap(({ name, metric }, index) => {
    const at = `alert_rules[${index}]`;
    const expected = `expected one of ${alertMetrics.join(", ")}`;
    return [
      ...(figures.has(metric)
        ? []
        : [{ field: `${at}.metric`, description: `no such metric: ${metric}; ${expected}` }]),
      ...(reservedNames.has(name) ? [{ field: `${at}.name`, description: `${name} is a rule of governance` }] : []),
    ];
  });
  if (violations.length > 0) throw new InvalidInputError(violations, "INVALID_CONFIG");
}

const reservedNames: ReadonlySet<string> = new Set(governanceRuleNames);
