/**
 * The alert rules in Prometheus' form, over the metrics of `GET /metrics/prometheus`.
 *
 * A window is what a counter has grown by. `increase` does not see the first value of a series (prometheus/prometheus#1673),
 * and the series of a regime begins with its first decision; so a series that is younger than the window counts whole.
 */
import type { AlertRule } from "../../domain/config.ts";
import type { AlertMetric } from "./alert-metrics.ts";
import { dropsPerUnit, type GovernanceRule, type GovernanceRuleName } from "./governance-rules.ts";

/** A counter whose growth is recorded. */
interface Counter {
  /** Part of the recorded name. */
  readonly name: string;
  readonly selector: string;
  /** Some decisions out of all: 0, not absent, while there are none of its kind. */
  readonly isPart?: boolean;
  readonly by?: string;
}

/** Names the growth of a counter over the window in question. */
type Grown = (counter: Counter) => string;

const decisions: Counter = { name: "decisions", selector: "ml_layer_decisions_total" };
const durationBuckets: Counter = {
  name: "decision_duration_seconds_bucket",
  selector: "ml_layer_decision_duration_seconds_bucket",
  by: "job, instance, le",
};

/** One expression a metric; `undefined` where Prometheus keeps no such figure. */
const expressions: Readonly<Record<AlertMetric, ((grown: Grown, windowMs: number) => string) | undefined>> = {
  total_predictions: (grown) => grown(decisions),
  allowed: (grown) => grown(decisionsWith("decision", "allow")),
  suppressed: (grown) => grown(decisionsWith("decision", "refuse")),
  allow_rate: shareOf(decisionsWith("decision", "allow")),
  suppression_rate: shareOf(decisionsWith("decision", "refuse")),
  avg_processing_time_ms: (grown) => `1000 * ${meanOf("decision_duration_seconds")(grown)}`,
  p50_processing_time_ms: quantileMs(0.5),
  p95_processing_time_ms: quantileMs(0.95),
  p99_processing_time_ms: quantileMs(0.99),
  max_processing_time_ms: undefined,
  avg_regime_confidence: meanOf("regime_confidence"),
  min_regime_confidence: undefined,
  avg_signal_probability: meanOf("signal_probability"),
  trending_regime_pct: shareOf(decisionsWith("regime", "TRENDING")),
  ranging_regime_pct: shareOf(decisionsWith("regime", "RANGING")),
  stressed_regime_pct: shareOf(decisionsWith("regime", "STRESSED")),
  unknown_regime_pct: shareOf(decisionsWith("regime", "UNKNOWN")),
  unstable_regime_share: shareOf(partOf("unstable_regime_decisions")),
  predictions_per_hour: (grown, windowMs) => `${grown(decisions)} * ${3_600_000 / windowMs}`,
  missing_input_share: shareOf(partOf("missing_input_decisions")),
};

const header = `# Written by "ml-layer alerts rules --prometheus"; change the rules in the service and write it anew.
# The service evaluates the same rules itself: load this file or set ALERTMANAGER_URLS, not both, or people are told twice.
# Prometheus sees the service through scrapes, so it may differ for as long as a scrape and an evaluation take.
`;

/**
 * Writes a rules file; rules that are disabled or that Prometheus cannot express stand in it as comments.
 *
 * @param watched Rules of governance. They watch gauges, which the service computes over its newest samples.
 */
export function renderPrometheusRules(rules: readonly AlertRule[], watched: readonly GovernanceRule[] = []): string {
  const records = new Map<string, string>();
  const alerts = [...rules.map((rule) => renderAlert(rule, records)), ...watched.map(renderWatch)];
  const recordRules = [...records].map(
    ([name, expression]) => `      - record: ${name}\n        expr: ${expression}\n`,
  );
  const all = [...recordRules, ...alerts].join("");
  return `${header}groups:\n  - name: ml_layer\n    rules:${recordRules.length + watched.length === 0 ? " []" : ""}\n${all}`;
}

/** Adds to `records` what the alert is computed from. */
function renderAlert(rule: AlertRule, records: Map<string, string>): string {
  const { name, metric, threshold, windowMinutes, minSamples } = rule;
  const write = new Map(Object.entries(expressions)).get(metric);
  if (!rule.enabled) return `      # ${name} is disabled\n`;
  if (write === undefined) return `      # ${name}: Prometheus keeps no ${metric}\n`;
  const windowMs = windowMinutes * 60_000;
  const grown: Grown = (counter) => {
    const record = `instance:ml_layer_${counter.name}:increase${toDuration(windowMs)}`;
    records.set(record, writeGrowth(counter, toDuration(windowMs)));
    return record;
  };
  const sign = rule.comparison === "GREATER_THAN" ? ">" : "<";
  const condition = `${write(grown, windowMs)} ${sign} ${threshold} and on (job, instance) ${grown(decisions)} >= ${minSamples}`;
  return writeAlert(rule, condition, `the last ${windowMinutes} min`);
}

const perModel = "job, instance, model, version";

/** The same condition as the service's own, for the versions that decide now. */
const watchExpressions: Readonly<Record<GovernanceRuleName, (rule: AlertRule) => string>> = {
  signal_auc_drop: dropOf("signal_filter", "auc"),
  signal_accuracy_drop: dropOf("signal_filter", "accuracy"),
  regime_accuracy_drop: dropOf("regime_classifier", "accuracy"),
  feature_drift: ({ threshold, minSamples }) =>
    `max by (${perModel}) (ml_layer_feature_psi and ml_layer_feature_ks > ml_layer_feature_ks_chance) > ${threshold} and on (${perModel}) ml_layer_drift_samples >= ${minSamples}`,
  outcome_drift: ({ threshold }) => `ml_layer_outcome_drift_level > ${threshold}`,
};

function dropOf(model: string, figure: string): (rule: AlertRule) => string {
  const [selector, match] = [`{model="${model}"}`, `on (${perModel})`];
  const drop = `round(ml_layer_model_reference_${figure}${selector} - ml_layer_model_${figure}${selector}, ${1 / dropsPerUnit})`;
  return ({ threshold, minSamples }) =>
    `${drop} > ${threshold} and ${match} ml_layer_model_outcomes >= ${minSamples} and ${match} ml_layer_model_info`;
}

function renderWatch({ rule, span }: GovernanceRule): string {
  const write = new Map(Object.entries(watchExpressions)).get(rule.name);
  if (write === undefined) throw new RangeError(`no expression for the rule ${rule.name}`);
  return writeAlert(rule, write(rule), span);
}

function writeAlert(
  { name, metric, comparison, threshold, severity, forSeconds }: AlertRule,
  expression: string,
  span: string,
): string {
  const side = comparison === "GREATER_THAN" ? "above" : "below";
  const summary = `${metric} is {{ $value | humanize }} over ${span}; the rule fires ${side} ${threshold}`;
  return `      - alert: ${name}
        expr: ${expression}
        for: ${toDuration(forSeconds * 1_000)}
        labels:
          severity: ${severity.toLowerCase()}
          service: ml-layer
        annotations:
          summary: ${JSON.stringify(summary)}
`;
}

/** What a counter has grown by, for each instance. */
function writeGrowth({ selector, by = "job, instance", isPart = false }: Counter, window: string): string {
  const growth = `sum by (${by}) ((${selector} unless ${selector} offset ${window}) or increase(${selector}[${window}]))`;
  return isPart ? `${growth} or 0 * ${writeGrowth(decisions, window)}` : growth;
}

function decisionsWith(label: string, value: string): Counter {
  return {
    name: `decisions_${value.toLowerCase()}`,
    selector: `${decisions.selector}{${label}="${value}"}`,
    isPart: true,
  };
}

function partOf(name: string): Counter {
  return { name, selector: `ml_layer_${name}_total`, isPart: true };
}

function shareOf(part: Counter): (grown: Grown) => string {
  return (grown) => `${grown(part)} / ${grown(decisions)}`;
}

function meanOf(histogram: string): (grown: Grown) => string {
  const count = { name: `${histogram}_count`, selector: `ml_layer_${histogram}_count` };
  const sum = { name: `${histogram}_sum`, selector: `ml_layer_${histogram}_sum` };
  return (grown) => `${grown(sum)} / ${grown(count)}`;
}

/** As close as the buckets allow. */
function quantileMs(quantile: number): (grown: Grown) => string {
  return (grown) => `1000 * histogram_quantile(${quantile}, ${grown(durationBuckets)})`;
}

const unitsMs = [
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
] as const;

/** The shortest way to write a duration, e.g. `90m`. A window below a millisecond counts as one. */
function toDuration(durationMs: number): string {
  if (durationMs === 0) return "0s";
  const wholeMs = Math.max(1, Math.round(durationMs));
  const [unit, unitMs] = unitsMs.find(([, each]) => wholeMs % each === 0) ?? ["ms", 1];
  return `${wholeMs / unitMs}${unit}`;
}
