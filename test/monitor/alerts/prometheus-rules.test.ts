import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { alertRuleDefaults, defaultConfig } from "../../../src/config/config-schema.ts";
import type { AlertRule } from "../../../src/domain/config.ts";
import { AlertBook } from "../../../src/monitor/alerts/alert-book.ts";
import { alertMetrics } from "../../../src/monitor/alerts/alert-metrics.ts";
import { listGovernanceRules } from "../../../src/monitor/alerts/governance-rules.ts";
import { renderPrometheusRules } from "../../../src/monitor/alerts/prometheus-rules.ts";
import { DecisionWindows } from "../../../src/monitor/decision-windows.ts";
import { ManualTime } from "../../support/manual-time.ts";
import { requireTool } from "../../support/required-tool.ts";
import { createDecision, type DecisionTraits } from "./decision-load.ts";

const committed = new URL("../../../deploy/prometheus/rules.yml", import.meta.url);

function createRule(name: string, change: Partial<AlertRule>): AlertRule {
  return {
    ...alertRuleDefaults,
    name,
    metric: "suppression_rate",
    comparison: "GREATER_THAN",
    threshold: 0.5,
    windowMinutes: 5,
    severity: "WARNING",
    ...change,
  };
}

it("is what is committed under deploy/; if not, run ml-layer alerts rules --defaults --prometheus", () => {
  const watched = listGovernanceRules(defaultConfig.governance);
  expect(renderPrometheusRules(defaultConfig.alertRules, watched)).toBe(readFileSync(committed, "utf8"));
});

it.each<[windowMinutes: number, duration: string]>([
  [1440, "24h"],
  [90, "90m"],
  [0.5, "30s"],
  [0.0001, "6ms"],
  [0.000_001, "1ms"],
])("writes a window of %d minutes as %s", (windowMinutes, duration) => {
  expect(renderPrometheusRules([createRule("one", { windowMinutes })])).toContain(
    `increase(ml_layer_decisions_total[${duration}])`,
  );
});

it("says which rules are left out, and why", () => {
  const text = renderPrometheusRules([
    createRule("off", { enabled: false }),
    createRule("shortest", { metric: "min_regime_confidence" }),
  ]);
  expect(text).toContain(
    "rules: []\n      # off is disabled\n      # shortest: Prometheus keeps no min_regime_confidence\n",
  );
});

describe("promtool", () => {
  beforeEach(({ skip }) => requireTool(skip, "promtool", "--version"));

  it.each<[string, AlertRule[]]>([
    ["the default rules", [...defaultConfig.alertRules]],
    ["a rule on every metric", alertMetrics.map((metric) => createRule(`on_${metric}`, { metric, forSeconds: 1.5 }))],
    ["no rule", []],
    ["rules that are all off", [createRule("off", { enabled: false })]],
    ["thresholds of every size", [createRule("low", { threshold: -1e12 }), createRule("tiny", { threshold: 1e-9 })]],
  ])("takes %s", (_, rules) => {
    const directory = makeDirectory();
    writeFileSync(join(directory, "rules.yml"), renderPrometheusRules(rules));
    expect(runPromtool(directory, "check", "rules", "rules.yml")).toMatch(/SUCCESS: \d+ rules found/);
  });

  // Seeds are arbitrary; each makes every rule fire and end at least once, which is asserted.
  it.each([1, 2, 3])("finds pending and firing in Prometheus whenever the service does: load %d", (seed) => {
    const rules = [
      ...defaultConfig.alertRules,
      createRule("refusals_for_a_while", { forSeconds: 130 }),
      createRule("allowed", { metric: "allow_rate", threshold: 0.6, minSamples: 100, windowMinutes: 10 }),
      createRule("ranging", { metric: "ranging_regime_pct", threshold: 0.4 }),
      createRule("unknown", { metric: "unknown_regime_pct", comparison: "LESS_THAN", threshold: 0.01, minSamples: 10 }),
      createRule("volume", { metric: "total_predictions", threshold: 60, minSamples: 1 }),
      createRule("few_refused", { metric: "suppressed", comparison: "LESS_THAN", threshold: 20, minSamples: 1 }),
    ];
    const { series, checks, changes } = simulate(rules, seed);
    for (const { name } of rules) expect(changes.get(name), name).toBeGreaterThan(1);
    const directory = makeDirectory();
    writeFileSync(join(directory, "rules.yml"), renderPrometheusRules(rules));
    const tests = [{ interval: "10s", input_series: series, promql_expr_test: checks }];
    // JSON is YAML.
    writeFileSync(
      join(directory, "test.yml"),
      JSON.stringify({ rule_files: ["rules.yml"], evaluation_interval: "1m", tests }),
    );
    expect(runPromtool(directory, "test", "rules", "test.yml")).toContain("SUCCESS");
  });

  it("finds a model below its reference when the service does: full window, beyond the threshold, deciding", () => {
    const watched = listGovernanceRules(defaultConfig.governance);
    const gauge = (name: string, version: string, values: string, more = "") => ({
      series: `ml_layer_model_${name}{instance="a:8003",job="ml",model="signal_filter",version="${version}"${more}}`,
      values,
    });
    // By minute: window not full; drop of .05, not beyond it; drop of .06; another version decides.
    const series = [
      gauge("reference_auc", "v2", "0.65x3"),
      gauge("auc", "v2", "0.4 0.6 0.59 0.59"),
      gauge("outcomes", "v2", "499 500 500 500"),
      gauge("info", "v2", "1 1 1 stale", ',sha256="b"'),
      gauge("reference_auc", "v1", "0.65x3"),
      gauge("auc", "v1", "0.4x3"),
      gauge("outcomes", "v1", "500x3"),
    ];
    const labels =
      'ALERTS{alertname="signal_auc_drop",alertstate="firing",instance="a:8003",job="ml",model="signal_filter",service="ml-layer",severity="warning",version="v2"}';
    const checks = [0, 1, 2, 3].map((minute) => ({
      expr: "ALERTS",
      eval_time: `${minute}m`,
      exp_samples: minute === 2 ? [{ labels, value: 1 }] : [],
    }));
    const directory = makeDirectory();
    writeFileSync(join(directory, "rules.yml"), renderPrometheusRules([], watched));
    const tests = [{ interval: "1m", input_series: series, promql_expr_test: checks }];
    writeFileSync(
      join(directory, "test.yml"),
      JSON.stringify({ rule_files: ["rules.yml"], evaluation_interval: "1m", tests }),
    );
    expect(runPromtool(directory, "test", "rules", "test.yml")).toContain("SUCCESS");
  });

  it("finds drift beyond chance when the service does: full window, an input that is far enough in both measures", () => {
    const watched = listGovernanceRules(defaultConfig.governance);
    const gauge = (name: string, feature: string | undefined, values: string) => {
      const more = feature === undefined ? "" : `,feature="${feature}"`;
      const labels = `instance="a:8003",job="ml",model="signal_filter",version="v2"${more}`;
      return { series: `ml_layer_${name}{${labels}}`, values };
    };
    // By minute: window not full; distance explained by chance; index at the threshold; atr drifts; outcomes drift.
    const series = [
      gauge("drift_samples", undefined, "99 100 100 100 100"),
      gauge("feature_psi", "atr", "3 3 0.1 0.2 0"),
      gauge("feature_ks", "atr", "0.9 0.5 0.9 0.9 0"),
      gauge("feature_ks_chance", "atr", "0.5 0.5 0.5 0.5 0.5"),
      gauge("feature_psi", "dispersion", "9x4"),
      gauge("feature_ks", "dispersion", "0.4x4"),
      gauge("feature_ks_chance", "dispersion", "0.5x4"),
      gauge("outcome_drift_level", undefined, "1 1 1 1 1.1"),
    ];
    const fires = [undefined, undefined, undefined, "feature_drift", "outcome_drift"];
    const checks = fires.map((alertname, minute) => {
      const labels = `ALERTS{alertname="${alertname}",alertstate="firing",instance="a:8003",job="ml",model="signal_filter",service="ml-layer",severity="warning",version="v2"}`;
      return {
        expr: "ALERTS",
        eval_time: `${minute}m`,
        exp_samples: alertname === undefined ? [] : [{ labels, value: 1 }],
      };
    });
    const directory = makeDirectory();
    writeFileSync(join(directory, "rules.yml"), renderPrometheusRules([], watched));
    const tests = [{ interval: "1m", input_series: series, promql_expr_test: checks }];
    const file = { rule_files: ["rules.yml"], evaluation_interval: "1m", tests };
    writeFileSync(join(directory, "test.yml"), JSON.stringify(file));
    expect(runPromtool(directory, "test", "rules", "test.yml")).toContain("SUCCESS");
  });

  function makeDirectory(): string {
    const directory = mkdtempSync(join(tmpdir(), "ml-layer-rules-"));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    return directory;
  }

  function runPromtool(cwd: string, ...args: readonly string[]): string {
    const { stdout, stderr } = spawnSync("promtool", args, { cwd, encoding: "utf8", timeout: 60_000 });
    return `${stdout}${stderr}`;
  }
});

interface Simulation {
  readonly series: { readonly series: string; readonly values: string }[];
  readonly checks: object[];
  /** How often each rule began or ceased to be pending or firing. */
  readonly changes: ReadonlyMap<string, number>;
}

const stepMs = 10_000;
const stepsPerEvaluation = 6;
const evaluations = 300;

/**
 * Five hours of decisions whose nature changes every few minutes, seen by the service itself and by Prometheus through scrapes
 * every 10 seconds; decisions fall between the scrapes, so that both see the same ones.
 */
function simulate(rules: readonly AlertRule[], seed: number): Simulation {
  const random = createRandom(seed);
  const time = new ManualTime();
  const windows = new DecisionWindows(time);
  const book = new AlertBook({
    clock: time,
    rules: () => rules,
    readWindow: (ms) => windows.read(ms),
    onTransition: () => undefined,
  });
  const counters = new Scrapes();
  const checks: object[] = [];
  const changes = new Map<string, number>();
  let active = new Set<string>();
  let mood = createMood(random, 0);
  counters.scrape();
  for (let step = 1; step <= evaluations * stepsPerEvaluation; step++) {
    if (random() < 0.02) mood = createMood(random, step / stepsPerEvaluation);
    time.advanceTo(step * stepMs - 5_000);
    for (let count = Math.floor(random() * mood.rate); count > 0; count--) {
      const traits = mood.choose();
      windows.record(createDecision(traits));
      counters.count(traits);
    }
    time.advanceTo(step * stepMs);
    counters.scrape();
    if (step % stepsPerEvaluation !== 0) continue;
    book.evaluate();
    const open = book.list().filter(({ state }) => state !== "RESOLVED");
    checks.push(
      expectAlerts(
        step / stepsPerEvaluation,
        open.map(({ rule, state }) => [rule, state]),
      ),
    );
    const now = new Set(open.map(({ rule }) => rule.name));
    for (const { name } of rules)
      if (now.has(name) !== active.has(name)) changes.set(name, (changes.get(name) ?? 0) + 1);
    active = now;
  }
  return { series: counters.series, checks, changes };
}

function expectAlerts(minute: number, open: readonly (readonly [AlertRule, string])[]): object {
  return {
    expr: "ALERTS",
    eval_time: `${minute}m`,
    exp_samples: open.map(([{ name, severity }, state]) => ({
      labels: `ALERTS{alertname="${name}",alertstate="${state.toLowerCase()}",instance="a:8003",job="ml",service="ml-layer",severity="${severity.toLowerCase()}"}`,
      value: 1,
    })),
  };
}

/** What the market and the machine are like for some minutes; long tides make the rules with long windows fire too. */
function createMood(random: () => number, minute: number) {
  const tide = [0.97, 0.03, 0.7, 0.4][Math.floor(minute / 75)] ?? 0.5;
  const refused = random() < 0.8 ? tide : random();
  const confidence = (Math.floor(minute / 40) % 2 === 0 ? 0.35 : 0.5) + 0.1 * random();
  const [stressed, ranging, unknown] = [random(), random(), random() < 0.5 ? 0 : 0.1];
  const processingTimeMs = random() < 0.3 ? 20 : 1;
  const rate = [0, 2, 6, 20][Math.floor(random() * 4)] ?? 1;
  return {
    rate,
    choose(): Required<DecisionTraits> {
      const regime =
        random() < unknown ? "UNKNOWN" : random() < stressed ? "STRESSED" : random() < ranging ? "RANGING" : "TRENDING";
      return {
        allowed: random() >= refused,
        regime,
        confidence: confidence + 0.1 * random(),
        processingTimeMs: processingTimeMs * (0.5 + random()),
      };
    },
  };
}

/** The counters of the service as a Prometheus sees them: a regime's series begins with its first decision. */
class Scrapes {
  readonly #now = new Map<string, number>([
    ["ml_layer_decision_duration_seconds_sum", 0],
    ["ml_layer_decision_duration_seconds_count", 0],
    ["ml_layer_regime_confidence_sum", 0],
    ["ml_layer_regime_confidence_count", 0],
  ]);
  readonly #values = new Map<string, string[]>();
  #scrapes = 0;

  count({ allowed, regime, confidence, processingTimeMs }: Required<DecisionTraits>): void {
    const decision = allowed ? "allow" : "refuse";
    this.#add(`ml_layer_decisions_total{decision="${decision}",regime="${regime}",timeframe="4H"}`, 1);
    this.#add("ml_layer_decision_duration_seconds_sum", processingTimeMs / 1_000);
    this.#add("ml_layer_decision_duration_seconds_count", 1);
    this.#add("ml_layer_regime_confidence_sum", confidence);
    this.#add("ml_layer_regime_confidence_count", 1);
  }

  scrape(): void {
    for (const [name, value] of this.#now) {
      const values = this.#values.get(name) ?? new Array<string>(this.#scrapes).fill("_");
      values.push(String(value));
      this.#values.set(name, values);
    }
    this.#scrapes++;
  }

  get series(): Simulation["series"] {
    return [...this.#values].map(([name, values]) => {
      const [family = "", labels = ""] = name.replace("}", "").split("{");
      const all = ['instance="a:8003"', 'job="ml"', ...(labels === "" ? [] : [labels])].join(",");
      return { series: `${family}{${all}}`, values: values.join(" ") };
    });
  }

  #add(name: string, amount: number): void {
    this.#now.set(name, (this.#now.get(name) ?? 0) + amount);
  }
}

/** Mulberry32: small, seeded, good enough for loads. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
