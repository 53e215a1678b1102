import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type BatchPredictRequest,
  BatchPredictRequest_AppendBarsSchema,
  BatchPredictRequestSchema,
  BatchPredictResponseSchema,
} from "../../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { type BatchAnswer, type BatchItem, toBatchItem } from "../../../src/handlers/batch-item.ts";
import { toPredictResponse } from "../../../src/handlers/prediction-message.ts";
import { BatchCodec } from "../../../src/handlers/wire/batch-codec.ts";
import { listValues } from "../../support/series.ts";
import { anyDecisionEvent, anyPredictRequest } from "./predict-messages.ts";

const codec = new BatchCodec("9.9.9");

const anyItem: fc.Arbitrary<BatchPredictRequest> = fc
  .tuple(fc.string({ maxLength: 40 }), fc.constantFrom("window", "append", undefined), anyPredictRequest)
  .map(([requestId, kind, init]) => {
    const { barIndex: _index, historyBars: _bars, requestId: _id, ...append } = init;
    if (kind === "window") return create(BatchPredictRequestSchema, { requestId, item: { case: kind, value: init } });
    if (kind === "append") return create(BatchPredictRequestSchema, { requestId, item: { case: kind, value: append } });
    return create(BatchPredictRequestSchema, { requestId });
  });

/** What an item says, whoever read it. */
function toFacts({ requestId, window, append, barTimeMicros }: BatchItem) {
  const value = window ?? append;
  const section = (values: object | undefined) =>
    values &&
    Object.fromEntries(Object.entries(values).filter(([key, each]) => key !== "$typeName" && each !== undefined));
  const qse = value?.qseOutput;
  return {
    requestId,
    barTimeMicros,
    kind: [window !== undefined, append !== undefined],
    window: window && [window.requestId, window.barIndex, window.historyBars],
    value: value && [value.symbol, value.timeframe, value.omitExplanation],
    features: window && Object.entries(window.features).map(([name, { values }]) => [name, listValues(values)]),
    bars: append?.bars.names.map((name, at) => [name, listValues(append.bars.series[at] ?? [])]),
    qse: qse && [section(qse.validation), section(qse.metrics), section(qse.regime)],
  };
}

/** What the general decoder makes of the bytes; undefined when it refuses them. */
function decode(bytes: Uint8Array) {
  try {
    return toFacts(toBatchItem(fromBinary(BatchPredictRequestSchema, bytes, { readUnknownFields: false })));
  } catch {
    return undefined;
  }
}

function read(bytes: Uint8Array) {
  try {
    return toFacts(codec.read(Buffer.from(bytes)));
  } catch {
    return undefined;
  }
}

describe("the codec of a stream", () => {
  it("reads items as the general decoder does, whatever the bytes are", () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 2 });
    fc.assert(
      fc.property(anyItem, damage, (item, changes) => {
        const bytes = toBinary(BatchPredictRequestSchema, item);
        for (const [at, byte] of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte;
        expect(read(bytes)).toEqual(decode(bytes));
      }),
      { numRuns: 2_000 },
    );
  });

  it("reads appended bars after others that were like them, or nearly", () => {
    const names = ["efficiency_ratio", "efficiency_rate", "atr", "b", "", "größe", "constructor"];
    const anySeries = fc.record({ name: fc.constantFrom(...names), bars: fc.nat({ max: 2 }) });
    const anyShape = fc.uniqueArray(anySeries, { selector: ({ name }) => name, maxLength: 5 });
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 1 });
    const anyMessage = fc.record({ shape: fc.nat({ max: 2 }), count: fc.nat({ max: 6 }), damage });
    fc.assert(
      fc.property(fc.array(anyShape, { minLength: 3, maxLength: 3 }), fc.array(anyMessage), (shapes, messages) => {
        for (const { shape, count, damage } of messages) {
          const features = (shapes[shape] ?? [])
            .slice(0, count)
            .map(({ name, bars }) => [name, { values: Array.from({ length: bars }, Math.random) }]);
          const bytes = toBinary(
            BatchPredictRequestSchema,
            create(BatchPredictRequestSchema, {
              item: { case: "append", value: { symbol: "EURUSD", features: Object.fromEntries(features) } },
            }),
          );
          for (const [at, byte] of damage) bytes[at % bytes.length] = byte;
          expect(read(bytes)).toEqual(decode(bytes));
        }
      }),
      { numRuns: 500 },
    );
  });

  it("gives the names of appended series in the same array as long as they are the same", () => {
    const read = (values: Readonly<Record<string, readonly number[]>>, requestId: string) => {
      const features = Object.fromEntries(Object.entries(values).map(([name, each]) => [name, { values: [...each] }]));
      const item = create(BatchPredictRequestSchema, { requestId, item: { case: "append", value: { features } } });
      const { append } = codec.read(Buffer.from(toBinary(BatchPredictRequestSchema, item)));
      return append?.bars.names;
    };
    const names = read({ a: [1], b: [2], c: [3] }, "1");
    expect(names).toEqual(["a", "b", "c"]);
    expect(read({ a: [4], b: [5], c: [6] }, "22")).toBe(names);
    expect(read({ a: [4], b: [5], d: [6] }, "3")).toEqual(["a", "b", "d"]);
    expect(read({ a: [4], b: [5] }, "4")).toEqual(["a", "b"]);
    expect(read({ a: [4], b: [5], c: [6] }, "5")).toEqual(["a", "b", "c"]);
    expect(names).toEqual(["a", "b", "c"]);
  });

  describe("reads as the general decoder does, after appended bars of the same series,", () => {
    const entriesOf = (values: Readonly<Record<string, number>>) =>
      toBinary(
        BatchPredictRequest_AppendBarsSchema,
        create(BatchPredictRequest_AppendBarsSchema, {
          features: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { values: [value] }])),
        }),
      );
    const messageOf = (append: Buffer, length = append.length) => Buffer.concat([Buffer.of(0x1a, length), append]);
    const both = Buffer.from(entriesOf({ a: 1, b: 2 }));

    it.each([
      ["a series that comes twice", messageOf(Buffer.concat([entriesOf({ a: 1 }), entriesOf({ a: 3 })])), true],
      ["one more that was there", messageOf(Buffer.concat([both, entriesOf({ b: 3 })])), true],
      ["an end within the numbers", messageOf(both.subarray(0, -4)), false],
      ["an end before the numbers", messageOf(both.subarray(0, -8)), false],
      ["a length that ends within the numbers", messageOf(both, both.length - 4), true],
      ["a length that ends before the numbers", messageOf(both, both.length - 8), true],
    ])("%s", (_what, message, isAccepted) => {
      expect(read(messageOf(both))).toEqual(decode(messageOf(both)));
      expect(read(message)).toEqual(decode(message));
      if (isAccepted) expect(decode(message)).toBeDefined();
      else expect(() => codec.read(message)).toThrow();
    });
  });

  it("merges an item that comes twice, and takes the last of two kinds", () => {
    const features = (name: string) => ({ [name]: { values: [1, 2] } });
    const windowOf = (name: string) =>
      create(BatchPredictRequestSchema, {
        item: { case: "window", value: { symbol: name, features: features(name) } },
      });
    const append = create(BatchPredictRequestSchema, { item: { case: "append", value: { symbol: "c" } } });
    const bytesOf = (...items: BatchPredictRequest[]) =>
      Buffer.concat(items.map((item) => toBinary(BatchPredictRequestSchema, item)));
    expect(Object.keys(codec.read(bytesOf(windowOf("a"), windowOf("b"))).window?.features ?? {})).toEqual(["a", "b"]);
    expect(codec.read(bytesOf(windowOf("a"), append)).append?.symbol).toBe("c");
  });

  it("writes answers in their order, as their messages say, encoded beforehand or not", () => {
    const anyAnswer: fc.Arbitrary<BatchAnswer> = fc.oneof(
      fc.record({ requestId: fc.string(), event: anyDecisionEvent, omitExplanation: fc.boolean() }),
      fc.record({ requestId: fc.string(), error: fc.record({ code: fc.nat({ max: 16 }), message: fc.string() }) }),
    );
    fc.assert(
      fc.property(fc.array(anyAnswer, { maxLength: 6 }), fc.array(fc.boolean()), (answers, isEarly) => {
        const frames = codec.write(answers.map((answer, at) => (isEarly[at] ? codec.encode(answer) : answer)));
        const messages: unknown[] = [];
        for (let at = 0; at < frames.length; ) {
          const end = at + 5 + frames.readUInt32BE(at + 1);
          messages.push(fromBinary(BatchPredictResponseSchema, frames.subarray(at + 5, end)));
          at = end;
        }
        expect(messages).toEqual(
          answers.map(({ requestId, event, omitExplanation = false, error }) => {
            const result =
              event === undefined
                ? { case: "error" as const, value: error ?? {} }
                : { case: "response" as const, value: toPredictResponse(event, "9.9.9", omitExplanation) };
            const message = create(BatchPredictResponseSchema, { requestId, result });
            return fromBinary(BatchPredictResponseSchema, toBinary(BatchPredictResponseSchema, message));
          }),
        );
      }),
    );
  });
});
