import { describe, expect, it } from "vitest";
import { defaultConfig } from "../../../src/config/config-schema.ts";
import { listGovernanceRules } from "../../../src/monitor/alerts/governance-rules.ts";
import type { JudgedOutcome } from "../../../src/monitor/outcomes/judged-outcome.ts";
import { modelsJudgedMax, PerformanceBook } from "../../../src/monitor/performance/performance-book.ts";
import { computePerformance } from "../../../src/monitor/performance/performance-figures.ts";
import { readPerformanceReference } from "../../../src/monitor/performance/performance-reference.ts";
import { type RatedModel, watchPerformance } from "../../../src/monitor/performance/rated-model.ts";

const regimeModel = { name: "regime_classifier", version: "v1", sha256: "r" };
const signalModel = { name: "signal_filter", version: "v1", sha256: "s" };

function judge(change: Partial<JudgedOutcome["prediction"]> & Partial<JudgedOutcome["outcome"]> = {}): JudgedOutcome {
  const prediction = {
    probability: 0.7,
    regime: "TRENDING",
    confidence: 0.6,
    allowed: true,
    unfitness: undefined,
    regimeModel,
    signalModel,
    result: undefined,
    ...change,
  } as const;
  return {
    prediction,
    outcome: { predictionId: "", success: true, realisedReturn: undefined, realisedRegime: undefined, ...change },
  };
}

function createBook(windowLength = 4, isEnabled = true) {
  const settings = { windowLength, isEnabled };
  const book = new PerformanceBook({
    windowLength: () => settings.windowLength,
    isEnabled: () => settings.isEnabled,
  });
  const counts = () => book.list().map(({ model, figures }) => [model.name, model.version, figures.count]);
  return { book, settings, counts };
}

describe("the performance book", () => {
  it("judges the signal filter by success, and the classifier only where the regime is known", () => {
    const { book } = createBook();
    book.record(judge());
    expect(book.list().map(({ model }) => model.name)).toEqual(["signal_filter"]);
    book.record(judge({ realisedRegime: "RANGING", success: false }));
    const [classifier, filter] = book.list();
    expect(classifier).toMatchObject({ model: regimeModel, figures: { count: 1, accuracy: 0 } });
    expect(classifier?.figures.brier).toBeCloseTo(0.36, 12);
    expect(filter).toMatchObject({ model: signalModel, figures: { count: 2, accuracy: 0.5 } });
  });

  it("counts a probability of one half as an answer of no", () => {
    const { book } = createBook();
    book.record(judge({ probability: 0.5, success: false }));
    expect(book.list()[0]?.figures.accuracy).toBe(1);
  });

  it("keeps versions apart, also those of one name with another file", () => {
    const { book, counts } = createBook();
    book.record(judge());
    book.record(judge({ signalModel: { ...signalModel, version: "v2" } }));
    book.record(judge({ signalModel: { ...signalModel, sha256: "t" } }));
    book.record(judge());
    expect(counts()).toEqual([
      ["signal_filter", "v1", 2],
      ["signal_filter", "v1", 1],
      ["signal_filter", "v2", 1],
    ]);
  });

  it("holds a window for the versions judged last and no more", () => {
    const { book, counts } = createBook();
    const judgeVersion = (number: number) =>
      book.record(judge({ signalModel: { ...signalModel, version: `v${number}` } }));
    for (let number = 0; number < modelsJudgedMax; number++) judgeVersion(number);
    judgeVersion(0);
    expect(counts()).toHaveLength(modelsJudgedMax);
    judgeVersion(modelsJudgedMax);
    expect(counts()).toHaveLength(modelsJudgedMax);
    expect(counts().some(([, version]) => version === "v1")).toBe(false);
    expect(counts().some(([, version]) => version === "v0")).toBe(true);
  });

  it("follows the configuration", () => {
    const { book, settings, counts } = createBook(4);
    for (let count = 0; count < 6; count++) book.record(judge({ success: count === 5 }));
    expect(book.list()[0]).toMatchObject({ figures: { count: 4, trueShare: 0.25 }, total: 6 });
    settings.windowLength = 2;
    expect(book.list()[0]?.figures).toMatchObject({ count: 2, trueShare: 0.5 });
    settings.isEnabled = false;
    book.record(judge());
    expect(counts()).toEqual([["signal_filter", "v1", 2]]);
    book.reset();
    expect(counts()).toEqual([]);
  });
});

describe("what a model ought to reach", () => {
  const walkForward = (auc: unknown, accuracy: unknown) => ({
    walk_forward: { model: { auc: { value: auc, low: 0, high: 1 }, accuracy: { value: accuracy } } },
  });
  const own = { auc: 0.64, accuracy: 0.6, source: "METADATA" };
  const gates = { auc: 0.55, accuracy: 0.52, source: "CONFIGURATION" };

  it.each([
    ["signal_filter", walkForward(0.64, 0.6), own],
    ["signal_filter", {}, gates],
    ["signal_filter", walkForward("0.64", 0.6), gates],
    ["signal_filter", walkForward(0.64, 1.6), gates],
    ["signal_filter", { walk_forward: [1] }, gates],
    ["regime_classifier", walkForward(0.9, 0.6), { ...own, auc: undefined }],
    ["regime_classifier", {}, { ...gates, auc: undefined }],
  ])("%s with %j", (name, metadata, expected) => {
    expect(readPerformanceReference(name, metadata, defaultConfig.model)).toEqual(expected);
  });
});

describe("the rules about performance", () => {
  const rules = listGovernanceRules(defaultConfig.governance);

  function rate(model: RatedModel["model"], change: Partial<RatedModel["figures"]>, isServing = true): RatedModel {
    const figures = { ...computePerformance([]), ...change };
    return { model, isServing, figures, total: 0, reference: { auc: 0.6, accuracy: 0.55, source: "METADATA" } };
  }

  it("measure how far the models that decide are below their references", () => {
    const watches = watchPerformance(rules, [
      rate(signalModel, { count: 10, auc: 0.9, accuracy: 0.9 }, false),
      rate({ ...signalModel, version: "v2" }, { count: 500, auc: 0.5, accuracy: 0.5 }),
      rate(regimeModel, { count: 0 }),
    ]);
    expect(watches.map(({ rule, value, samples }) => [rule.name, Number(value.toFixed(6)), samples])).toEqual([
      ["signal_auc_drop", 0.1, 500],
      ["signal_accuracy_drop", 0.05, 500],
      ["regime_accuracy_drop", 0, 0],
    ]);
  });

  it("have no samples while there is no AUC", () => {
    const [watch] = watchPerformance(rules, [rate(signalModel, { count: 500, auc: undefined })]);
    expect(watch).toMatchObject({ samples: 0 });
  });

  it("are none when performance is not monitored", () => {
    const drift = listGovernanceRules({ ...defaultConfig.governance, monitorPerformance: false });
    expect(drift.map(({ rule }) => rule.name)).toEqual(["feature_drift", "outcome_drift"]);
    expect(
      listGovernanceRules({ ...defaultConfig.governance, monitorPerformance: false, enableDriftDetection: false }),
    ).toEqual([]);
  });
});
