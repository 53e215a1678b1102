import { create } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  BatchPredictRequest_AppendBarsSchema,
  PredictRequestSchema,
} from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { InvalidInputError, OverloadedError, UnmetConditionError } from "../../src/domain/errors.ts";
import type { DecisionRequest } from "../../src/domain/request.ts";
import { toAppendedBars } from "../../src/handlers/batch-item.ts";
import { StreamWindows } from "../../src/handlers/stream-windows.ts";
import { listValues } from "../support/series.ts";

const series = (values: Readonly<Record<string, readonly number[]>>) =>
  Object.fromEntries(Object.entries(values).map(([name, each]) => [name, { values: [...each] }]));

const createFull = (values: Readonly<Record<string, readonly number[]>>, symbol = "EURUSD", historyBars?: number) =>
  create(PredictRequestSchema, {
    symbol,
    timeframe: "4H",
    features: series(values),
    ...(historyBars === undefined ? {} : { historyBars }),
  });

const createAppend = (values: Readonly<Record<string, readonly number[]>>, symbol = "EURUSD") =>
  toAppendedBars(create(BatchPredictRequest_AppendBarsSchema, { symbol, timeframe: "4H", features: series(values) }));

/** What a decision would read, copied, since the window goes on moving. */
const look = ({ features, historyBars, barIndex }: DecisionRequest) => ({
  features: Object.fromEntries(
    Object.entries(features).map(([name, { values }]) => [name, { values: listValues(values) }]),
  ),
  historyBars,
  barIndex,
});

describe("the windows of a stream", () => {
  it("answer appended bars as a full window of the newest bars would be", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 12 }),
        (bars, steps) => {
          const total = bars + steps.reduce((sum, step) => sum + step, 0);
          const all = {
            a: Array.from({ length: total }, (_, bar) => bar),
            b: Array.from({ length: total }, (_, bar) => -bar),
          };
          const upTo = (end: number, count: number) => ({
            a: all.a.slice(end - count, end),
            b: all.b.slice(end - count, end),
          });
          const windows = new StreamWindows();
          windows.keep(createFull(upTo(bars, bars)));
          let end = bars;
          for (const step of steps) {
            fc.pre(step <= bars);
            end += step;
            const seen = windows.advance(createAppend(upTo(end, step)), look);
            expect(seen.features).toEqual(series(upTo(end, bars)));
            expect(seen.historyBars).toBe(end);
            expect(seen.barIndex).toBe(end - 1);
          }
        },
      ),
    );
  });

  it("count on from the history the caller gave", () => {
    const windows = new StreamWindows();
    windows.keep(createFull({ a: [1, 2, 3] }, "EURUSD", 500));
    expect(windows.advance(createAppend({ a: [4] }), look)).toMatchObject({ historyBars: 501, barIndex: 500 });
  });

  it("stay as they were when the decision fails, so that the item can be sent again", () => {
    const windows = new StreamWindows();
    windows.keep(createFull({ a: [1, 2, 3], b: [4, 5, 6] }));
    const fail = () => {
      throw new Error("refused");
    };
    expect(() => windows.advance(createAppend({ a: [9, 9], b: [9, 9] }), fail)).toThrow("refused");
    const seen = windows.advance(createAppend({ a: [7], b: [8] }), look);
    expect(seen.features).toEqual(series({ a: [2, 3, 7], b: [5, 6, 8] }));
    expect(seen.historyBars).toBe(4);
  });

  it("are forgotten one by one, and what they held is free again", () => {
    const windows = new StreamWindows();
    const large = Object.fromEntries(
      Array.from({ length: 200 }, (_, index) => [`f${index}`, new Array<number>(10_000).fill(1)]),
    );
    windows.keep(createFull(large, "S1"));
    windows.keep(createFull(large, "S2"));
    windows.forget("S2", "4H");
    windows.forget("S2", "4H");
    windows.forget("S1", "1D");
    expect(windows.size).toBe(1);
    expect(() => windows.advance(createAppend({ f0: [1] }, "S2"), look)).toThrow(UnmetConditionError);
    windows.keep(createFull(large, "S3"));
    expect(() => windows.keep(createFull({ a: [1] }, "S4"))).toThrow("numbers");
  });

  it("move on and back as lists would, however far and often", () => {
    const step = fc.record({ count: fc.integer({ min: 1, max: 30 }), isRefused: fc.boolean() });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.array(step, { maxLength: 60 }), (bars, steps) => {
        let next = 0;
        const draw = (count: number) => Array.from({ length: count }, () => next++);
        let expected = draw(bars);
        const windows = new StreamWindows();
        windows.keep(createFull({ a: expected, b: expected.map((value) => -value) }));
        for (const { count, isRefused } of steps) {
          if (count > bars) continue;
          const added = draw(count);
          const append = createAppend({ a: added, b: added.map((value) => -value) });
          const moved = [...expected, ...added].slice(count);
          const decide = (request: DecisionRequest) => {
            expect(look(request).features).toEqual(series({ a: moved, b: moved.map((value) => -value) }));
            if (isRefused) throw new Error("refused");
          };
          if (isRefused) expect(() => windows.advance(append, decide)).toThrow("refused");
          else {
            windows.advance(append, decide);
            expected = moved;
          }
        }
      }),
    );
  });

  it("are kept apart by symbol", () => {
    const windows = new StreamWindows();
    windows.keep(createFull({ a: [1, 2] }));
    windows.keep(createFull({ a: [10, 20] }, "GBPUSD"));
    expect(windows.advance(createAppend({ a: [30] }, "GBPUSD"), look).features).toEqual(series({ a: [20, 30] }));
    expect(windows.advance(createAppend({ a: [3] }), look).features).toEqual(series({ a: [2, 3] }));
  });

  it("take series in any order, and names that come again in the same array, each window for itself", () => {
    const windows = new StreamWindows();
    windows.keep(createFull({ a: [1, 2], b: [3, 4] }));
    windows.keep(createFull({ b: [30, 40], a: [10, 20] }, "GBPUSD"));
    windows.keep(createFull({ a: [5, 6], c: [7, 8] }, "USDJPY"));
    const append = createAppend({ b: [0, 1], a: [8, 9] });
    for (const symbol of ["EURUSD", "GBPUSD", "EURUSD", "GBPUSD"]) {
      expect(windows.advance({ ...append, symbol }, look).features).toEqual(series({ a: [8, 9], b: [0, 1] }));
    }
    for (let time = 0; time < 2; time++) {
      expect(() => windows.advance({ ...append, symbol: "USDJPY" }, look)).toThrow(InvalidInputError);
    }
  });

  it.each([
    ["of the same series and length", { a: [7, 8, 9], b: [4, 5, 6] }],
    ["of the same series in another order", { b: [4, 5, 6], a: [7, 8, 9] }],
    ["of another length", { a: [8, 9], b: [5, 6] }],
    ["of other series", { c: [8, 9, 1], d: [5, 6, 1] }],
  ])("give way to a later one %s", (_what, later) => {
    const windows = new StreamWindows();
    windows.keep(createFull({ a: [1, 2, 3], b: [1, 2, 3] }, "EURUSD", 100));
    windows.advance(createAppend({ a: [4], b: [4] }), look);
    windows.keep(createFull(later, "EURUSD", 500));
    const one = Object.fromEntries(Object.keys(later).map((name) => [name, [0]]));
    const moved = Object.fromEntries(Object.entries(later).map(([name, values]) => [name, [...values.slice(1), 0]]));
    expect(windows.advance(createAppend(one), look)).toEqual({
      features: series(moved),
      historyBars: 501,
      barIndex: 500,
    });
  });

  it("do not change with the message they came from", () => {
    const windows = new StreamWindows();
    const full = createFull({ a: [1, 2, 3] });
    windows.keep(full);
    full.features["a"]?.values.fill(9);
    expect(windows.advance(createAppend({ a: [4] }), look).features).toEqual(series({ a: [2, 3, 4] }));
  });

  it("need a full window first", () => {
    expect(() => new StreamWindows().advance(createAppend({ a: [1] }), look)).toThrow(UnmetConditionError);
  });

  it.each([
    ["a series the window does not have", { a: [1], b: [1], c: [1] }, ['append.features["c"]']],
    ["a missing series", { a: [1] }, ['append.features["b"]']],
    ["uneven series", { a: [1], b: [1, 2] }, ['append.features["b"]']],
    ["no bars", { a: [], b: [] }, ['append.features["a"]', 'append.features["b"]']],
    [
      "more bars than the window",
      { a: [1, 2, 3, 4], b: [1, 2, 3, 4] },
      ['append.features["a"]', 'append.features["b"]'],
    ],
    ["nothing", {}, ['append.features["a"]', 'append.features["b"]']],
  ])("refuse %s and stay as they were", (_name, values, fields) => {
    const windows = new StreamWindows();
    windows.keep(createFull({ a: [1, 2, 3], b: [4, 5, 6] }));
    let caught: unknown;
    try {
      windows.advance(createAppend(values), look);
    } catch (error) {
      caught = error;
    }
    expect(caught instanceof InvalidInputError ? caught.violations.map(({ field }) => field) : caught).toEqual(fields);
    expect(windows.advance(createAppend({ a: [0], b: [0] }), look).features).toEqual(
      series({ a: [2, 3, 0], b: [5, 6, 0] }),
    );
  });

  it("are at most 1 000, and replacing one makes no more", () => {
    const windows = new StreamWindows();
    for (let index = 0; index < 1_000; index++) windows.keep(createFull({ a: [1] }, `S${index}`));
    windows.keep(createFull({ a: [1, 2] }, "S0"));
    expect(() => windows.keep(createFull({ a: [1] }, "one more"))).toThrow(OverloadedError);
    expect(windows.size).toBe(1_000);
  });

  it("hold at most four million numbers together", () => {
    const windows = new StreamWindows();
    const names = Array.from({ length: 200 }, (_, index) => `f${index}`);
    const large = Object.fromEntries(names.map((name) => [name, new Array<number>(10_000).fill(1)]));
    windows.keep(createFull(large, "S1"));
    windows.keep(createFull(large, "S2"));
    windows.keep(createFull(large, "S2"));
    expect(() => windows.keep(createFull({ a: [1] }, "S3"))).toThrow(OverloadedError);
  });
});
