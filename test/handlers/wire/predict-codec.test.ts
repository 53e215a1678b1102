import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PredictionSchema } from "../../../gen/ts/arbitrex/ml/v1/common_pb.ts";
import {
  type PredictRequest,
  PredictRequestSchema,
  PredictResponseSchema,
} from "../../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import type { DecisionEvent } from "../../../src/domain/decision-event.ts";
import { toGateMessage, toPredictResponse } from "../../../src/handlers/prediction-message.ts";
import { fromTimestamp } from "../../../src/handlers/timestamp-message.ts";
import { PredictCodec } from "../../../src/handlers/wire/predict-codec.ts";
import type { PredictInput } from "../../../src/handlers/wire/predict-request-reader.ts";
import { createTestEngine } from "../../support/engine.ts";
import { createPredictRequest, toPredictRequest } from "../../support/predict-requests.ts";
import { readReferenceDecisions } from "../../support/reference-decisions.ts";
import { listValues } from "../../support/series.ts";
import { anyDecisionEvent, anyPredictRequest } from "./predict-messages.ts";

const codec = new PredictCodec("9.9.9");
const read = (bytes: Uint8Array) => codec.read(Buffer.from(bytes));
const decode = (bytes: Uint8Array) => fromBinary(PredictRequestSchema, bytes, { readUnknownFields: false });

/** What a request says, whoever read it. */
function toFacts(request: PredictInput | PredictRequest) {
  const { symbol, timeframe, qseOutput: qse, barIndex, historyBars, requestId, omitExplanation } = request;
  const barTimeMicros = "barTime" in request ? fromTimestamp(request.barTime) : undefined;
  const section = (values: object | undefined) =>
    values &&
    Object.fromEntries(Object.entries(values).filter(([key, value]) => key !== "$typeName" && value !== undefined));
  return {
    ...{ symbol, timeframe, barIndex, historyBars, requestId, omitExplanation },
    barTimeMicros: "barTimeMicros" in request ? request.barTimeMicros : barTimeMicros,
    features: Object.entries(request.features).map(([name, { values }]) => [name, listValues(values)]),
    qse: qse && [section(qse.validation), section(qse.metrics), section(qse.regime)],
  };
}

const isAscii = (text: string) => /^[\0-\x7f]*$/.test(text);

describe("the reader of Predict's requests", () => {
  it("reads what the general decoder reads", () => {
    fc.assert(
      fc.property(anyPredictRequest, (init) => {
        const bytes = toBinary(PredictRequestSchema, create(PredictRequestSchema, init));
        const request = read(bytes);
        if (request !== undefined) expect(toFacts(request)).toEqual(toFacts(decode(bytes)));
      }),
      { numRuns: 500 },
    );
  });

  it("reads every request in ASCII whose numbers are not negative", () => {
    fc.assert(
      fc.property(anyPredictRequest, (init) => {
        const { barIndex = 0, historyBars = 0, barTime } = init;
        const texts = [init.symbol, init.timeframe, init.requestId, init.qseOutput?.regime?.correlationRegime];
        fc.pre([...texts, ...Object.keys(init.features ?? {})].every((text) => isAscii(text ?? "")));
        fc.pre(barIndex >= 0 && historyBars < 2 ** 31 && (barTime?.seconds ?? 0n) >= 0n);
        fc.pre(!("__proto__" in (init.features ?? {}) && Object.hasOwn(init.features ?? {}, "__proto__")));
        fc.pre(Object.keys(init.features ?? {}).every((name) => !(name in {})));
        expect(read(toBinary(PredictRequestSchema, create(PredictRequestSchema, init)))).toBeDefined();
      }),
    );
  });

  it("reads nothing that the general decoder would read otherwise, whatever the bytes are", () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 3 });
    let accepted = 0;
    fc.assert(
      fc.property(anyPredictRequest, damage, fc.nat(), fc.boolean(), (init, changes, cut, isCut) => {
        const bytes = toBinary(PredictRequestSchema, create(PredictRequestSchema, init));
        fc.pre(bytes.length > 0);
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
        const damaged = isCut ? bytes.subarray(0, cut % bytes.length) : bytes;
        const request = read(damaged);
        if (request === undefined) return;
        accepted++;
        expect(toFacts(request)).toEqual(toFacts(decode(damaged)));
      }),
      { numRuns: 3_000 },
    );
    // Damaged numbers and letters are still a request.
    expect(accepted).toBeGreaterThan(100);
  });

  const valid = create(PredictRequestSchema, createPredictRequest());
  const bytes = toBinary(PredictRequestSchema, valid);
  const withField = (write: (writer: BinaryWriter) => void): Uint8Array => {
    const writer = new BinaryWriter();
    write(writer);
    return Buffer.concat([bytes, writer.finish()]);
  };
  const entry = (write: (writer: BinaryWriter) => void): Uint8Array =>
    withField((writer) => {
      writer.tag(3, WireType.LengthDelimited).fork();
      write(writer);
      writer.join();
    });

  it.each([
    ["an unknown field", withField((writer) => writer.tag(12, WireType.Varint).uint32(7))],
    ["an unknown field above 15", withField((writer) => writer.tag(99, WireType.LengthDelimited).string("new"))],
    ["a group", withField((writer) => writer.tag(14, WireType.StartGroup).tag(14, WireType.EndGroup))],
    ["a second part of a message", withField((writer) => writer.tag(4, WireType.LengthDelimited).fork().join())],
    [
      "a second bar time",
      withField((writer) => {
        for (const seconds of [1, 2])
          writer.tag(7, WireType.LengthDelimited).fork().tag(1, WireType.Varint).int64(seconds).join();
      }),
    ],
    [
      "a map key twice",
      Buffer.concat([
        bytes,
        toBinary(PredictRequestSchema, create(PredictRequestSchema, { features: { atr: { values: [1] } } })),
      ]),
    ],
    ["an entry without a value", entry((writer) => writer.tag(1, WireType.LengthDelimited).string("x"))],
    ["an entry without a key", entry((writer) => writer.tag(2, WireType.LengthDelimited).fork().join())],
    [
      "an entry with its value first",
      entry((writer) =>
        writer.tag(2, WireType.LengthDelimited).fork().join().tag(1, WireType.LengthDelimited).string("x"),
      ),
    ],
    [
      "unpacked values",
      entry((writer) =>
        writer
          .tag(1, WireType.LengthDelimited)
          .string("x")
          .tag(2, WireType.LengthDelimited)
          .fork()
          .tag(1, WireType.Bit64)
          .double(1.5)
          .tag(1, WireType.Bit64)
          .double(2.5)
          .join(),
      ),
    ],
    [
      "values in two packed parts",
      entry((writer) => {
        writer.tag(1, WireType.LengthDelimited).string("x").tag(2, WireType.LengthDelimited).fork();
        for (const value of [1.5, 2.5]) writer.tag(1, WireType.LengthDelimited).fork().double(value).join();
        writer.join();
      }),
    ],
    [
      "a name that every object has",
      entry((writer) =>
        writer.tag(1, WireType.LengthDelimited).string("constructor").tag(2, WireType.LengthDelimited).fork().join(),
      ),
    ],
    [
      "a name beyond ASCII",
      entry((writer) =>
        writer.tag(1, WireType.LengthDelimited).string("größe").tag(2, WireType.LengthDelimited).fork().join(),
      ),
    ],
    ["a negative number", withField((writer) => writer.tag(5, WireType.Varint).int32(-1))],
    ["a number of 32 bits", withField((writer) => writer.tag(6, WireType.Varint).uint32(2 ** 32 - 1))],
    ["a flag of more than one bit", withField((writer) => writer.tag(9, WireType.Varint).uint32(3))],
  ] as const)("leaves %s to the general decoder, which accepts it", (_what, unusual) => {
    expect(read(unusual)).toBeUndefined();
    expect(decode(unusual).symbol).toBe("EURUSD");
  });

  it.each([
    [
      "text that is no UTF-8",
      withField((writer) => writer.tag(8, WireType.LengthDelimited).bytes(Uint8Array.of(0xc3, 0x28))),
    ],
    ["an end in the middle", bytes.subarray(0, bytes.length - 3)],
    ["a length past the end", Uint8Array.of(0x0a, 0x7f, 0x41)],
    ["a field of another wire type", withField((writer) => writer.tag(9, WireType.Bit32).fixed32(1))],
    ["field zero", Uint8Array.of(0x00)],
  ])("leaves %s to the general decoder, which refuses it", (_what, malformed) => {
    expect(read(malformed)).toBeUndefined();
    expect(() => decode(malformed)).toThrow();
  });

  it("lets the engine decide as it decides on the message, on all 250 reference requests", () => {
    const engine = createTestEngine();
    for (const reference of readReferenceDecisions()) {
      const message = create(PredictRequestSchema, toPredictRequest(reference));
      const request = read(toBinary(PredictRequestSchema, message));
      if (request === undefined) throw new Error("a reference request was left to the general decoder");
      expect(engine.decide(request)).toEqual(engine.decide(message));
    }
  });
});

describe("the writer of Predict's answers", () => {
  it("writes what the message of the decision says", () => {
    fc.assert(
      fc.property(anyDecisionEvent, fc.boolean(), (event, omitExplanation) => {
        const frame = codec.write({ event, omitExplanation });
        const expected = create(PredictResponseSchema, toPredictResponse(event, "9.9.9", omitExplanation));
        expect([frame[0], frame.readUInt32BE(1)]).toEqual([0, frame.length - 5]);
        expect(fromBinary(PredictResponseSchema, frame.subarray(5))).toEqual(
          fromBinary(PredictResponseSchema, toBinary(PredictResponseSchema, expected)),
        );
      }),
      { numRuns: 500 },
    );
  });

  it("writes the gates of each decision, whichever of them were there before", () => {
    const toBytes = (event: DecisionEvent) =>
      fromBinary(PredictResponseSchema, codec.write({ event, omitExplanation: true }).subarray(5)).prediction?.gates;
    const toMessages = (event: DecisionEvent) =>
      create(PredictionSchema, { gates: event.decision.gates.map(toGateMessage) }).gates;
    const pairs = fc.tuple(anyDecisionEvent, anyDecisionEvent);
    fc.assert(
      fc.property(pairs, fc.array(fc.boolean(), { maxLength: 8 }), ([one, other], isOther) => {
        const gates = one.decision.gates.map((gate, at) => (isOther[at] && other.decision.gates[at]) || gate);
        const mixed = { ...one, decision: { ...one.decision, gates } };
        for (const event of [one, one, one, mixed, mixed, mixed, one, other, mixed]) {
          expect(toBytes(event)).toEqual(toMessages(event));
        }
      }),
    );
  });

  it("does not write into answers that it has given away", () => {
    const events = fc.sample(anyDecisionEvent, { numRuns: 300, seed: 1 });
    const frames = events.map((event) => codec.write({ event, omitExplanation: false }));
    const copies = events.map((event) => Buffer.from(codec.write({ event, omitExplanation: false })));
    expect(frames.map((frame) => frame.toString("hex"))).toEqual(copies.map((copy) => copy.toString("hex")));
  });
});
