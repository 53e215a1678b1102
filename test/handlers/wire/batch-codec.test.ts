import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type BatchPredictRequest,
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
    features: value && Object.entries(value.features).map(([name, { values }]) => [name, listValues(values)]),
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
