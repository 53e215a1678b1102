import fc from "fast-check";
import { v7 } from "uuid";
import { describe, expect, it } from "vitest";
import { ModelPlaces } from "../../../src/monitor/outcomes/model-places.ts";
import { readIdTimeMs, readPredictionId } from "../../../src/monitor/outcomes/prediction-id.ts";
import { type Prediction, PredictionIndex } from "../../../src/monitor/outcomes/prediction-index.ts";

const model = { name: "signal_filter", version: "v1", sha256: "s" };

function predict(predictionId: string, change: Partial<Prediction> = {}): Prediction {
  return {
    predictionId,
    probability: 0.6,
    regime: "TRENDING",
    confidence: 0.7,
    allowed: true,
    unfitness: undefined,
    regimeModel: { ...model, name: "regime_classifier" },
    signalModel: model,
    ...change,
  };
}

/** The id of a number: made in the millisecond of that number, random bits that collide often. */
function idOf(number: number): string {
  return v7({ msecs: 1_000 + number, seq: 0, random: new Uint8Array(16).fill(number % 3) });
}

describe("a prediction id", () => {
  it("is read with its time, in either case", () => {
    const words = new Uint32Array(8);
    expect(readPredictionId("0198C0DE-1234-7abc-8def-0123456789ab", words, 4)).toBe(true);
    expect([...words]).toEqual([0, 0, 0, 0, 0x0198c0de, 0x12347abc, 0x8def0123, 0x456789ab]);
    expect(readIdTimeMs(words, 4)).toBe(0x0198c0de1234);
  });

  it.each([
    "",
    "id",
    "0198c0de-1234-7abc-8def-0123456789a",
    "0198c0de-1234-7abc-8def-0123456789abc",
    "0198c0de01234-7abc-8def-0123456789ab",
    "0198c0de-1234-7abc-8def-0123456789ag",
    "0198c0d--1234-7abc-8def-0123456789ab",
    "0198c0de-1234-7abc-8def-0123456789\u0661b",
  ])("is none: %j", (id) => {
    expect(readPredictionId(id, new Uint32Array(4), 0)).toBe(false);
  });
});

describe("the prediction index", () => {
  it("keeps every field of a prediction and of what it came to", () => {
    const index = new PredictionIndex(4);
    const { predictionId, ...prediction } = predict(idOf(1), {
      regime: "STRESSED",
      allowed: false,
      unfitness: "NO_DIRECTION",
    });
    index.addNewest({ predictionId, ...prediction });
    const place = index.find(predictionId);
    if (typeof place === "string") throw new Error(place);
    expect(index.at(place)).toEqual({ ...prediction, result: undefined });
    const result = { success: true, realisedReturn: 0.25, realisedRegime: "RANGING" } as const;
    index.settle(place, result);
    expect(index.at(place)).toEqual({ ...prediction, result });
  });

  it("tells what it has dropped from what it never had", () => {
    const index = new PredictionIndex(2);
    for (const number of [1, 2]) index.addNewest(predict(idOf(number)));
    expect(index.find(idOf(0))).toBe("unknown");
    index.addNewest(predict(idOf(3)));
    expect([0, 1, 2, 3, 4].map((number) => index.find(idOf(number)))).toEqual([
      "forgotten",
      "forgotten",
      1,
      0,
      "unknown",
    ]);
    expect(index.find("id")).toBe("malformed");
  });

  it("counts what awaits an outcome", () => {
    const index = new PredictionIndex(2);
    index.addNewest(predict(idOf(1)));
    index.addNewest(predict(idOf(2), { unfitness: "INSUFFICIENT_DATA" }));
    expect(index.awaiting).toBe(1);
    index.addNewest(predict(idOf(3)));
    index.addNewest(predict(idOf(4)));
    expect(index.awaiting).toBe(2);
    const place = index.find(idOf(4));
    if (typeof place === "string") throw new Error(place);
    index.settle(place, { success: false, realisedReturn: undefined, realisedRegime: undefined });
    expect(index.awaiting).toBe(1);
  });

  it("holds what a map of the newest would, whatever is added at either end", () => {
    const step = fc.record({ number: fc.nat(1_000), isOldest: fc.boolean() });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.array(step, { maxLength: 60 }), (capacity, steps) => {
        const index = new PredictionIndex(capacity);
        let expected: number[] = [];
        for (const { number, isOldest } of steps) {
          if (expected.includes(number)) continue;
          const prediction = predict(idOf(number), { probability: number / 1_000 });
          if (isOldest) {
            expect(index.addOldest(prediction)).toBe(expected.length < capacity);
            if (expected.length < capacity) expected = [number, ...expected];
          } else {
            index.addNewest(prediction);
            expected = [...expected, number].slice(-capacity);
          }
        }
        for (let number = 0; number <= 1_000; number++) {
          const place = index.find(idOf(number));
          expect(typeof place === "number").toBe(expected.includes(number));
          if (typeof place === "number") expect(index.at(place).probability).toBe(number / 1_000);
        }
        expect(index.size).toBe(expected.length);
      }),
      { numRuns: 200 },
    );
  });
});

describe("the places of models", () => {
  it("are the same for what says the same, and shared past the cap", () => {
    const places = new ModelPlaces(2);
    expect(places.placeOf(model)).toBe(1);
    expect(places.placeOf({ ...model })).toBe(1);
    expect(places.placeOf({ ...model, sha256: "t" })).toBe(2);
    expect(places.placeOf({ ...model, version: "v2" })).toBe(0);
    expect(places.placeOf(model)).toBe(1);
    expect([0, 1, 2].map((place) => places.modelAt(place)?.sha256)).toEqual([undefined, "s", "t"]);
  });
});
