import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultConfig } from "../../../src/config/config-schema.ts";
import type { DecisionEvent } from "../../../src/domain/decision-event.ts";
import { listGovernanceRules } from "../../../src/monitor/alerts/governance-rules.ts";
import { DriftBook, filtersTestedMax, ruleInputNames } from "../../../src/monitor/drift/drift-book.ts";
import { type ModelDrift, measureDrift, watchDrift } from "../../../src/monitor/drift/model-drift.ts";
import { RowRing } from "../../../src/monitor/drift/row-ring.ts";
import type { JudgedOutcome } from "../../../src/monitor/outcomes/judged-outcome.ts";
import { createEvent, createRegimeEvent } from "../decision-events.ts";

const filter = { name: "signal_filter", version: "v2", sha256: "s" };
const classifier = { name: "regime_classifier", version: "v2", sha256: "r" };

/** A decision whose models have read these rows. */
function createTrainedEvent(signalRow: number[], regimeRows: number[][], signalModel = filter): DecisionEvent {
  const event = createEvent();
  const inputs = { ...event.decision.inputs, signalRow, regimeRows };
  return { ...event, decision: { ...event.decision, inputs, signalModel, regimeModel: classifier } };
}

function createBook(windowLength = 3, isEnabled = true) {
  const settings = { windowLength, isEnabled };
  const book = new DriftBook({ windowLength: () => settings.windowLength, isEnabled: () => settings.isEnabled });
  return { book, settings };
}

describe("a ring of rows", () => {
  it("holds what a list of the newest would, whatever it is resized to", () => {
    const step = fc.oneof(
      fc.record({ value: fc.nat(99), symbol: fc.nat(3) }),
      fc.record({ capacity: fc.integer({ min: 1, max: 6 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const ring = new RowRing(2, 3);
        let capacity = 3;
        let kept: { value: number; symbol: number }[] = [];
        for (const each of steps) {
          if ("capacity" in each) {
            capacity = each.capacity;
            ring.resize(capacity);
          } else {
            ring.push(each.symbol, [each.value, -each.value]);
            kept = [...kept, each];
          }
          kept = kept.slice(-capacity);
          expect([...ring.column(0)]).toEqual(kept.map(({ value }) => value));
          expect([...ring.column(1)]).toEqual(kept.map(({ value }) => -value));
          expect(ring.symbolCount).toBe(new Set(kept.map(({ symbol }) => symbol)).size);
        }
      }),
    );
  });
});

describe("the drift book", () => {
  it("keeps what rules have read at the newest bar, and nothing where nothing was decided", () => {
    const { book } = createBook();
    book.record(createEvent());
    book.record(createRegimeEvent("UNKNOWN", 0));
    const rows = book.rowsOf(filter, false);
    expect(rows?.names).toEqual(ruleInputNames);
    expect(ruleInputNames.map((_, column) => [...(rows?.column(column) ?? [])])).toEqual([
      [0.8],
      [50],
      [1.2],
      [0.75],
      [0.6],
    ]);
  });

  it("keeps the newest row of each trained model, and begins anew with another one", () => {
    const { book } = createBook(2);
    for (const value of [1, 2, 3]) book.record(createTrainedEvent([value, 0], [[9], [10 * value]]));
    expect([...(book.rowsOf(filter, true)?.column(0) ?? [])]).toEqual([2, 3]);
    expect([...(book.rowsOf(classifier, true)?.column(0) ?? [])]).toEqual([20, 30]);
    expect(book.rowsOf(filter, false)?.size).toBe(0);
    const next = { ...filter, version: "v3" };
    book.record(createTrainedEvent([4], [[40]], next));
    expect(book.rowsOf(filter, true)).toBeUndefined();
    expect([...(book.rowsOf(next, true)?.column(0) ?? [])]).toEqual([4]);
  });

  it("follows the configuration, and keeps nothing while it is switched off", () => {
    const { book, settings } = createBook(3);
    for (let count = 0; count < 3; count++) book.record(createEvent());
    settings.windowLength = 2;
    expect(book.rowsOf(filter, false)?.size).toBe(2);
    settings.isEnabled = false;
    expect(book.isEnabled).toBe(false);
    book.record(createEvent());
    expect(book.rowsOf(filter, false)?.size).toBe(0);
    settings.isEnabled = true;
    expect(book.isEnabled).toBe(true);
    book.record(createEvent());
    expect(book.rowsOf(filter, false)?.size).toBe(1);
    book.reset();
    expect(book.rowsOf(filter, false)?.size).toBe(0);
  });

  it("tests the errors of the filters that were judged last", () => {
    const { book } = createBook();
    const judge = (number: number): void => {
      const signalModel = { ...filter, version: `v${number}` };
      book.judge({ prediction: { probability: 0.7, signalModel }, outcome: { success: false } } as JudgedOutcome);
    };
    judge(0);
    expect(book.outcomesOf({ ...filter, version: "v0" })).toMatchObject({ samples: 1, mean: expect.closeTo(0.49, 12) });
    for (let number = 1; number < filtersTestedMax; number++) judge(number);
    expect(book.outcomesOf({ ...filter, version: "v0" })).toBeDefined();
    judge(filtersTestedMax);
    expect(book.outcomesOf({ ...filter, version: "v0" })).toBeUndefined();
  });
});

describe("the drift of a model", () => {
  const reference = { edges: [0], shares: [0.5, 0.5], min: -1, max: 1 };
  const metadata = {
    inputs: ["atr", "regime_TRENDING", "log_return_1"],
    drift_reference: { log_return_1: reference, regime_TRENDING: reference },
  };

  it("compares the inputs that the reference knows, but for the places of the regime", () => {
    const { book } = createBook(4);
    for (const value of [0.5, 0.5, 0.5, 3]) book.record(createTrainedEvent([7, 0, value], [[1]]));
    const drift = measureDrift(book, { model: filter, isTrained: true, metadata });
    expect(drift).toMatchObject({ hasReference: true, samples: 4, outcomes: undefined });
    expect(drift.inputs.map(({ name, ks }) => [name, ks])).toEqual([["log_return_1", 0.5]]);
    expect(drift.outOfDistribution).toEqual({ share: 0.25, meanScore: 0.25, maxScore: 1 });
  });

  it("says that there is nothing to compare with", () => {
    const { book } = createBook();
    book.record(createEvent());
    const drift = measureDrift(book, { model: filter, isTrained: false, metadata: {} });
    expect(drift).toMatchObject({ hasReference: false, samples: 1, inputs: [] });
    const unread = measureDrift(book, { model: filter, isTrained: true, metadata });
    expect(unread).toMatchObject({ hasReference: true, samples: 0, inputs: [] });
  });

  it("is watched at its worst input beyond chance, over a full window", () => {
    const rules = listGovernanceRules(defaultConfig.governance);
    const input = { name: "atr", samples: 100, effectiveSamples: 5, outOfRangeShare: 0 };
    const base: ModelDrift = {
      model: filter,
      hasReference: true,
      samples: 100,
      inputs: [
        { ...input, psi: 9, ks: 0.5, ksByChance: 0.6 },
        { ...input, psi: 0.4, ks: 0.7, ksByChance: 0.6 },
      ],
      outOfDistribution: { share: 0, meanScore: 0, maxScore: 0 },
      outcomes: { samples: 900, mean: 0.2, level: 1.5, alarms: 1 },
    };
    const read = (drifts: readonly ModelDrift[]) =>
      watchDrift(rules, drifts).map(({ rule, value, samples }) => [rule.name, value, samples]);
    expect(read([base])).toEqual([
      ["feature_drift", 0.4, 100],
      ["outcome_drift", 1.5, 1],
    ]);
    const young = { ...base, samples: 7, inputs: [{ ...input, psi: 5, ks: 1, ksByChance: 0.6 }], outcomes: undefined };
    expect(read([young, base])[0]).toEqual(["feature_drift", 0.4, 100]);
    expect(read([])).toEqual([
      ["feature_drift", 0, 0],
      ["outcome_drift", 0, 0],
    ]);
  });
});
