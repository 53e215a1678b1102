import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { PredictResponseSchema } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { toPredictJson } from "../../src/handlers/predict-json.ts";
import { toPredictResponse } from "../../src/handlers/prediction-message.ts";
import { JsonWriter } from "../../src/transport/rest/json-writer.ts";
import { createEvent, everyKindOfEvent } from "../monitor/decision-events.ts";

const writer = new JsonWriter();

describe("the JSON of a decision", () => {
  it.each(
    [...everyKindOfEvent(), ...timesWithEveryFraction()].flatMap(({ kind, event }) => [
      { kind, event, omitExplanation: false },
      { kind, event, omitExplanation: true },
    ]),
  )("is that of its message: $kind, explanation omitted: $omitExplanation", ({ event, omitExplanation }) => {
    const message = create(PredictResponseSchema, toPredictResponse(event, "1.2.3", omitExplanation));
    expect(JSON.stringify(toPredictJson(event, "1.2.3", omitExplanation))).toBe(
      JSON.stringify(writer.write(PredictResponseSchema, message)),
    );
  });
});

function timesWithEveryFraction() {
  return [0, 1, 10, 1_000, 120_000, 999_999].map((micros) => ({
    kind: `a time ${micros} µs after the second`,
    event: { ...createEvent(), timestampMicros: 1_767_322_800_000_000 + micros },
  }));
}
