import { describe, expect, it } from "vitest";
import { alertRuleDefaults, defaultConfig } from "../../../src/config/config-schema.ts";
import type { AlertRule } from "../../../src/domain/config.ts";
import type { AlertTransition } from "../../../src/monitor/alerts/alert.ts";
import { AlertBook } from "../../../src/monitor/alerts/alert-book.ts";
import { nextState } from "../../../src/monitor/alerts/alert-state.ts";
import { DecisionWindows, fineSliceMs } from "../../../src/monitor/decision-windows.ts";
import { ManualTime } from "../../support/manual-time.ts";
import { createDecision, type DecisionTraits } from "./decision-load.ts";

const minuteMs = 60_000;

/** One rule over real windows, and time that stands still unless told. */
class Lab {
  readonly time = new ManualTime();
  readonly windows = new DecisionWindows(this.time);
  readonly transitions: AlertTransition[] = [];
  rules: AlertRule[];
  readonly book: AlertBook;

  constructor(rules: readonly AlertRule[], resolvedMax?: number) {
    this.rules = [...rules];
    this.book = new AlertBook({
      clock: this.time,
      rules: () => this.rules,
      readWindow: (windowMs) => this.windows.read(windowMs),
      onTransition: (transition) => this.transitions.push(transition),
      ...(resolvedMax !== undefined && { resolvedMax }),
    });
  }

  decide(count: number, traits: DecisionTraits = {}): void {
    for (let index = 0; index < count; index++) this.windows.record(createDecision(traits));
  }

  evaluateAt(timeMs: number): string[] {
    this.time.advanceTo(timeMs);
    this.book.evaluate();
    return this.book.list().map(({ state }) => state);
  }

  get steps(): string[] {
    return this.transitions.map(({ from, to }) => `${from} → ${to}`);
  }
}

function defaultRule(name: string): AlertRule {
  const rule = defaultConfig.alertRules.find((each) => each.name === name);
  if (rule === undefined) throw new Error(`no rule ${name}`);
  return rule;
}

/** A rule that fires on refused trades. */
function refusalRule(change: Partial<AlertRule> = {}): AlertRule {
  return {
    ...alertRuleDefaults,
    name: "refusals",
    metric: "suppression_rate",
    comparison: "GREATER_THAN",
    threshold: 0.5,
    windowMinutes: 5,
    severity: "WARNING",
    minSamples: 1,
    ...change,
  };
}

const refused: DecisionTraits = { allowed: false };

/** Of a hundred decisions, how many must have which traits for the rule to fire, and for it just not to. */
const edges: readonly {
  name: string;
  windowMinutes: number;
  fires: [number, DecisionTraits];
  holds: [number, DecisionTraits];
}[] = [
  { name: "high_suppression_rate", windowMinutes: 60, fires: [91, refused], holds: [90, refused] },
  { name: "low_suppression_rate", windowMinutes: 60, fires: [9, refused], holds: [10, refused] },
  {
    name: "high_latency",
    windowMinutes: 5,
    fires: [100, { processingTimeMs: 10.001 }],
    holds: [100, { processingTimeMs: 10 }],
  },
  {
    name: "stressed_regime_spike",
    windowMinutes: 15,
    fires: [51, { regime: "STRESSED" }],
    holds: [50, { regime: "STRESSED" }],
  },
  { name: "low_confidence", windowMinutes: 30, fires: [100, { confidence: 0.499 }], holds: [100, { confidence: 0.5 }] },
];

describe.each(edges)("$name", ({ name, windowMinutes, fires, holds }) => {
  const windowMs = windowMinutes * minuteMs;

  function load(lab: Lab, [count, traits]: [number, DecisionTraits], total = 100): void {
    lab.decide(Math.round((count * total) / 100), traits);
    lab.decide(total - Math.round((count * total) / 100));
  }

  it("fires beyond its threshold", () => {
    const lab = new Lab([defaultRule(name)]);
    load(lab, fires);
    expect(lab.evaluateAt(5_000)).toEqual(["FIRING"]);
  });

  it("does not fire at its threshold", () => {
    const lab = new Lab([defaultRule(name)]);
    load(lab, holds);
    expect(lab.evaluateAt(5_000)).toEqual([]);
  });

  it("does not fire on the first decision, nor on 29, but on 30", () => {
    const lab = new Lab([defaultRule(name)]);
    // All of a kind: the edge is the count alone.
    const traits = name === "low_suppression_rate" ? {} : fires[1];
    lab.decide(1, traits);
    expect(lab.evaluateAt(5_000)).toEqual([]);
    lab.decide(28, traits);
    expect(lab.evaluateAt(6_000)).toEqual([]);
    lab.decide(1, traits);
    expect(lab.evaluateAt(7_000)).toEqual(["FIRING"]);
  });

  it("has a window of its length: evidence counts until it is that old, and no longer than a slice more", () => {
    const lab = new Lab([defaultRule(name)]);
    lab.time.advanceTo(5_000);
    load(lab, fires);
    expect(lab.evaluateAt(5_000 + windowMs)).toEqual(["FIRING"]);
    expect(lab.evaluateAt(fineSliceMs + windowMs - 1)).toEqual(["FIRING"]);
    expect(lab.evaluateAt(fineSliceMs + windowMs)).toEqual(["RESOLVED"]);
  });

  it("resolves when newer decisions outweigh the old ones, while those still count", () => {
    const lab = new Lab([defaultRule(name)]);
    load(lab, fires);
    expect(lab.evaluateAt(5_000)).toEqual(["FIRING"]);
    // All that is recorded now is of the other kind.
    lab.decide(1_000, name === "low_suppression_rate" ? refused : {});
    expect(lab.evaluateAt(10_000)).toEqual(["RESOLVED"]);
  });
});

describe("the default rules together", () => {
  it("leave ordinary trading alone", () => {
    const lab = new Lab(defaultConfig.alertRules);
    lab.decide(60);
    lab.decide(40, { ...refused, regime: "RANGING" });
    expect(lab.evaluateAt(5_000)).toEqual([]);
  });

  it("say nothing without decisions", () => {
    const lab = new Lab(defaultConfig.alertRules);
    expect(lab.evaluateAt(24 * 60 * minuteMs)).toEqual([]);
  });
});

describe("an alert", () => {
  it("is told once, however often its condition is found true", () => {
    const lab = new Lab([refusalRule()]);
    lab.decide(1, refused);
    for (let evaluation = 1; evaluation <= 20; evaluation++) lab.evaluateAt(evaluation * 5_000);
    expect(lab.steps).toEqual(["INACTIVE → FIRING"]);
    expect(lab.book.list()).toHaveLength(1);
  });

  it("resolves when its window has run empty: nothing shows any more that the condition holds", () => {
    const lab = new Lab([refusalRule({ minSamples: 1 })]);
    lab.decide(10, refused);
    lab.evaluateAt(5_000);
    lab.evaluateAt(30 * minuteMs);
    expect(lab.steps).toEqual(["INACTIVE → FIRING", "FIRING → RESOLVED"]);
    // What it saw last, not the 0 of an empty window.
    expect(lab.book.list()).toMatchObject([{ state: "RESOLVED", value: 1 }]);
  });

  it("fires again, as another alert, when the condition comes back", () => {
    const lab = new Lab([refusalRule()]);
    lab.decide(1, refused);
    lab.evaluateAt(5_000);
    lab.decide(1);
    lab.evaluateAt(10_000);
    lab.decide(1, refused);
    lab.evaluateAt(15_000);
    expect(lab.steps).toEqual(["INACTIVE → FIRING", "FIRING → RESOLVED", "INACTIVE → FIRING"]);
    expect(lab.book.list()).toMatchObject([
      { state: "FIRING", startedAtMicros: 1_735_689_615_000_000, resolvedAtMicros: undefined },
      { state: "RESOLVED", startedAtMicros: 1_735_689_605_000_000, resolvedAtMicros: 1_735_689_610_000_000 },
    ]);
  });

  it("shows the figure of the latest evaluation", () => {
    const lab = new Lab([refusalRule()]);
    lab.decide(1, refused);
    lab.evaluateAt(5_000);
    lab.decide(2, refused);
    lab.decide(1);
    lab.evaluateAt(10_000);
    expect(lab.book.list()).toMatchObject([{ state: "FIRING", value: 0.75 }]);
  });
});

describe("a rule that asks for some time", () => {
  const rule = refusalRule({ forSeconds: 60, windowMinutes: 60 });

  it("is pending until the condition has been true for that time, and fires then", () => {
    const lab = new Lab([rule]);
    lab.decide(10, refused);
    expect(lab.evaluateAt(5_000)).toEqual(["PENDING"]);
    expect(lab.evaluateAt(64_999)).toEqual(["PENDING"]);
    expect(lab.evaluateAt(65_000)).toEqual(["FIRING"]);
    expect(lab.steps).toEqual(["INACTIVE → PENDING", "PENDING → FIRING"]);
    expect(lab.book.list()).toMatchObject([
      { startedAtMicros: 1_735_689_605_000_000, firedAtMicros: 1_735_689_665_000_000 },
    ]);
  });

  it("starts over when the condition was false in between, and leaves nothing in the list", () => {
    const lab = new Lab([rule]);
    lab.decide(10, refused);
    lab.evaluateAt(5_000);
    lab.decide(90);
    expect(lab.evaluateAt(60_000)).toEqual([]);
    lab.decide(900, refused);
    expect(lab.evaluateAt(70_000)).toEqual(["PENDING"]);
    expect(lab.evaluateAt(129_999)).toEqual(["PENDING"]);
    expect(lab.evaluateAt(130_000)).toEqual(["FIRING"]);
    expect(lab.steps).toEqual(["INACTIVE → PENDING", "PENDING → INACTIVE", "INACTIVE → PENDING", "PENDING → FIRING"]);
  });

  it("goes on firing when it is made to ask for more", () => {
    const lab = new Lab([rule]);
    lab.decide(10, refused);
    lab.evaluateAt(5_000);
    lab.evaluateAt(65_000);
    lab.rules = [{ ...rule, forSeconds: 3_600 }];
    expect(lab.evaluateAt(70_000)).toEqual(["FIRING"]);
  });
});

describe("a rule that is changed", () => {
  const fired = (): Lab => {
    const lab = new Lab([refusalRule()]);
    lab.decide(10, refused);
    lab.evaluateAt(5_000);
    return lab;
  };

  it.each<[string, AlertRule[]]>([
    ["is disabled", [refusalRule({ enabled: false })]],
    ["is deleted", []],
    ["gets a threshold that is not exceeded", [refusalRule({ threshold: 1 })]],
    ["asks for more decisions than there are", [refusalRule({ minSamples: 11 })]],
  ])("ends its alert when it %s", (_, rules) => {
    const lab = fired();
    lab.rules = rules;
    expect(lab.evaluateAt(10_000)).toEqual(["RESOLVED"]);
  });

  it("is not evaluated while disabled", () => {
    const lab = new Lab([refusalRule({ enabled: false })]);
    lab.decide(100, refused);
    expect(lab.evaluateAt(5_000)).toEqual([]);
    expect(lab.book.firing()).toEqual([]);
  });

  it.each<[string, Partial<AlertRule>]>([
    ["another severity", { severity: "CRITICAL" }],
    ["another metric", { metric: "p50_processing_time_ms", threshold: 0 }],
  ])("starts another alert for %s: it is not the one that people were told of", (_, change) => {
    const lab = fired();
    lab.rules = [refusalRule(change)];
    expect(lab.evaluateAt(10_000)).toEqual(["FIRING", "RESOLVED"]);
    expect(lab.steps).toEqual(["INACTIVE → FIRING", "FIRING → RESOLVED", "INACTIVE → FIRING"]);
  });

  it("keeps its alert, with the new numbers, when only those change", () => {
    const lab = fired();
    lab.rules = [refusalRule({ threshold: 0.7, windowMinutes: 10 })];
    expect(lab.evaluateAt(10_000)).toEqual(["FIRING"]);
    expect(lab.book.list()).toMatchObject([{ rule: { threshold: 0.7 }, startedAtMicros: 1_735_689_605_000_000 }]);
  });
});

describe("the list of alerts", () => {
  it("remembers so many resolved alerts and no more, newest first", () => {
    const lab = new Lab([refusalRule({ windowMinutes: 1 })], 3);
    for (let round = 0; round < 5; round++) {
      const startMs = round * 10 * minuteMs;
      lab.time.advanceTo(startMs + 1_000);
      lab.decide(1, refused);
      lab.evaluateAt(startMs + 5_000);
      lab.evaluateAt(startMs + 5 * minuteMs);
    }
    const starts = lab.book.list().map(({ startedAtMicros }) => (startedAtMicros - lab.time.nowMicros()) / 1e6);
    expect(starts).toEqual([-295, -895, -1_495]);
  });

  const mixed = (): Lab => {
    const lab = new Lab([
      refusalRule({ name: "one", severity: "INFO" }),
      refusalRule({ name: "two", severity: "CRITICAL", forSeconds: 60 }),
      refusalRule({ name: "three", severity: "CRITICAL" }),
    ]);
    lab.decide(10, refused);
    lab.evaluateAt(5_000);
    return lab;
  };

  it("can be narrowed to a severity", () => {
    const names = mixed()
      .book.list("CRITICAL")
      .map(({ rule }) => rule.name);
    expect(names.sort()).toEqual(["three", "two"]);
  });

  it("is cleared for a severity, which tells that what fired is over", () => {
    const lab = mixed();
    lab.transitions.length = 0;
    expect(lab.book.clear("CRITICAL")).toBe(2);
    expect(lab.book.list().map(({ rule }) => rule.name)).toEqual(["one"]);
    expect(lab.steps.sort()).toEqual(["FIRING → RESOLVED", "PENDING → INACTIVE"]);
  });

  it("is cleared of resolved ones too, and of everything at once", () => {
    const lab = mixed();
    lab.evaluateAt(60 * minuteMs);
    lab.decide(1, refused);
    lab.evaluateAt(61 * minuteMs);
    expect(lab.book.clear()).toBe(5);
    expect(lab.book.list()).toEqual([]);
  });

  it("fills anew when the condition still holds", () => {
    const lab = mixed();
    lab.book.clear();
    expect(lab.evaluateAt(10_000).sort()).toEqual(["FIRING", "FIRING", "PENDING"]);
  });
});

it("tells a gauge of every enabled rule whether it fires", () => {
  const quiet = refusalRule({ name: "quiet", threshold: 1 });
  const lab = new Lab([refusalRule(), quiet, refusalRule({ name: "off", enabled: false })]);
  lab.decide(10, refused);
  expect(lab.book.firing().map(({ firing }) => firing)).toEqual([false, false]);
  lab.evaluateAt(5_000);
  expect(lab.book.firing()).toEqual([
    { alertname: "refusals", severity: "WARNING", firing: true },
    { alertname: "quiet", severity: "WARNING", firing: false },
  ]);
});

it("reads each window once an evaluation, however many rules share it", () => {
  const windows = new DecisionWindows(new ManualTime());
  const read: number[] = [];
  const rules = [1, 2, 3].map((number) =>
    refusalRule({ name: `rule_${number}`, windowMinutes: number === 3 ? 60 : 5 }),
  );
  const book = new AlertBook({
    clock: new ManualTime(),
    rules: () => rules,
    readWindow(windowMs) {
      read.push(windowMs);
      return windows.read(windowMs);
    },
    onTransition: () => undefined,
  });
  book.evaluate();
  expect(read).toEqual([300_000, 3_600_000]);
});

it.each([
  ["INACTIVE", "CLEAR", "INACTIVE"],
  ["INACTIVE", "BREACHED", "PENDING"],
  ["INACTIVE", "HELD", "FIRING"],
  ["PENDING", "CLEAR", "INACTIVE"],
  ["PENDING", "BREACHED", "PENDING"],
  ["PENDING", "HELD", "FIRING"],
  ["FIRING", "CLEAR", "RESOLVED"],
  ["FIRING", "BREACHED", "FIRING"],
  ["FIRING", "HELD", "FIRING"],
] as const)("goes from %s at %s to %s", (state, observation, next) => {
  expect(nextState(state, observation)).toBe(next);
});
