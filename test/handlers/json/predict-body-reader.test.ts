import { create, toJson } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  InferenceService,
  type PredictRequest,
  PredictRequestSchema,
} from "../../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { MlError } from "../../../src/domain/errors.ts";
import { featureNames } from "../../../src/domain/feature-schema.ts";
import { PredictBodyReader } from "../../../src/handlers/json/predict-body-reader.ts";
import { fromTimestamp } from "../../../src/handlers/timestamp-message.ts";
import type { PredictInput } from "../../../src/handlers/wire/predict-request-reader.ts";
import { JsonReader } from "../../../src/transport/rest/json-reader.ts";
import { parseBody } from "../../../src/transport/rest/request-body.ts";
import { readRequest } from "../../../src/transport/rest/request-reader.ts";
import { readRestRoutes } from "../../../src/transport/rest/rest-route.ts";
import { createTestEngine } from "../../support/engine.ts";
import { createPredictRequest, toPredictRequest } from "../../support/predict-requests.ts";
import { readReferenceDecisions } from "../../support/reference-decisions.ts";
import { listValues } from "../../support/series.ts";
import { anyPredictRequest } from "../wire/predict-messages.ts";
import { createRandom } from "./seeded-random.ts";

const bodyReader = new PredictBodyReader();
const read = (body: string | Buffer) => bodyReader.read(Buffer.from(body));

const route = readRestRoutes([InferenceService]).find(({ method }) => method === InferenceService.method.predict);
const options = { reader: new JsonReader(), ignoresUnknownKeys: true };

/** What the general reader makes of a body; undefined when it refuses it. */
function readGenerally(body: string | Buffer): PredictRequest | undefined {
  if (route === undefined) throw new Error("Predict has no route");
  try {
    const parts = { variables: new Map<string, string>(), query: "", body: parseBody(Buffer.from(body)) };
    const message = readRequest(route, parts, options);
    return message as PredictRequest;
  } catch (error) {
    if (error instanceof MlError) return undefined;
    throw error;
  }
}

/** What a request says, whoever read it. */
function toFacts(request: PredictInput | PredictRequest | undefined) {
  if (request === undefined) return undefined;
  const { symbol, timeframe, qseOutput: qse, barIndex, historyBars, requestId, omitExplanation } = request;
  const section = (values: object | undefined) =>
    values &&
    Object.fromEntries(Object.entries(values).filter(([key, value]) => key !== "$typeName" && value !== undefined));
  return {
    ...{ symbol, timeframe, barIndex, historyBars, requestId, omitExplanation },
    barTimeMicros: "barTimeMicros" in request ? request.barTimeMicros : fromTimestamp(request.barTime),
    features: Object.entries(request.features).map(([name, { values }]) => [name, listValues(values)]),
    qse: qse && [section(qse.validation), section(qse.metrics), section(qse.regime)],
  };
}

/** The body as REST clients write it. */
function toBody(request: PredictRequest, space: string | undefined = undefined): string {
  const { features: _, ...json } = Object(toJson(PredictRequestSchema, request, { useProtoFieldName: true }));
  const features = Object.fromEntries(Object.entries(request.features).map(([name, { values }]) => [name, values]));
  return JSON.stringify({ ...json, features }, undefined, space);
}

const usual = create(PredictRequestSchema, {
  ...createPredictRequest(),
  barIndex: 119,
  historyBars: 400,
  barTime: { seconds: 1_767_322_800n, nanos: 500_000_000 },
  requestId: "r-1",
  omitExplanation: true,
});

/** Short enough for damage to hit everything: every field, several series, an unknown key. */
const small = JSON.stringify({
  symbol: "EURUSD",
  extra: { deep: [1, { more: 2 }], text: "a,b}" },
  features: { atr: [0.1, -0.25, 3], vol_percentile: [50, 1e-7, -0], x: [1, 2, 3] },
  timeframe: "4H",
  qse_output: {
    validation: { signal_validity_flag: true, autocorr_check_passed: null },
    metrics: { z_score: 1.1, adf_stationary: false },
    regime: { correlation_regime: "NORMAL" },
  },
  bar_index: 2,
  bar_time: "2026-01-02T03:00:00Z",
});

describe("the reader of Predict's bodies", () => {
  it("reads what the general reader reads", () => {
    fc.assert(
      fc.property(anyPredictRequest, fc.constantFrom(undefined, "", " ", "\t"), (init, space) => {
        const body = toBody(create(PredictRequestSchema, init), space);
        const input = read(body);
        if (input !== undefined) expect(toFacts(input)).toEqual(toFacts(readGenerally(body)));
      }),
      { numRuns: 500 },
    );
  });

  it("reads a usual request with every field, as programs of several languages write it", () => {
    const compact = toBody(usual);
    // Python's json puts a space behind commas and colons, others write every key on a line of its own.
    const spaced = compact
      .replaceAll(",", ", ")
      .replaceAll(":", ": ")
      .replace(/"2026-[^"]*"/, '"2026-01-02T03:00:00.5Z"');
    const lines = compact.replaceAll(',"', ',\n  "').replaceAll("{", "{\n  ").replaceAll("}", "\r\n\t}");
    for (const body of [compact, spaced, lines, `\n ${compact} \n`]) {
      const input = read(body);
      expect(input).toBeDefined();
      expect(toFacts(input)).toEqual(toFacts(usual));
      expect(toFacts(readGenerally(body))).toEqual(toFacts(usual));
    }
  });

  it("finds the features wherever they stand", () => {
    const { features, ...rest } = JSON.parse(toBody(usual));
    const keys = Object.keys(rest);
    for (let place = 0; place <= keys.length; place++) {
      const members = keys.map((key): [string, unknown] => [key, rest[key]]);
      members.splice(place, 0, ["features", features]);
      expect(toFacts(read(JSON.stringify(Object.fromEntries(members))))).toEqual(toFacts(usual));
    }
  });

  it("reads every field of the message by its name, and takes null for absence", () => {
    const fieldsOf = (desc: typeof PredictRequestSchema, path: readonly string[]): readonly (readonly string[])[] =>
      desc.fields.flatMap((field) => {
        const inner = [...path, field.name];
        const isOurs = field.fieldKind === "message" && field.message.typeName.startsWith("arbitrex.");
        return [inner, ...(isOurs ? fieldsOf(field.message as typeof PredictRequestSchema, inner) : [])];
      });
    const paths = fieldsOf(PredictRequestSchema, []).filter(([first]) => first !== "features");
    expect(paths.length).toBeGreaterThan(20);
    for (const path of paths) {
      for (const value of ["text", true, 7, 1.5, null, "2026-01-02T03:00:00Z", {}, []]) {
        const nested = path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
        const body = JSON.stringify({ features: { x: [1] }, ...Object(nested) });
        const general = readGenerally(body);
        const input = read(body);
        // A number as text is the general reader's; everything else that it accepts is read here too.
        expect([body, input !== undefined]).toEqual([body, general !== undefined]);
        expect(toFacts(input)).toEqual(toFacts(general));
      }
    }
  });

  it("leaves to the general reader what it would read otherwise, on 40 000 damaged bodies", () => {
    const random = createRandom(20_260_102);
    const outcomes = { both: 0, generalOnly: 0, neither: 0 };
    for (let run = 0; run < 40_000; run++) {
      const body = damage(small, random);
      const input = read(body);
      const general = readGenerally(body);
      if (input !== undefined) {
        outcomes.both++;
        expect([body, toFacts(input)]).toEqual([body, toFacts(general)]);
      } else outcomes[general === undefined ? "neither" : "generalOnly"]++;
    }
    expect(outcomes.both).toBeGreaterThan(10_000);
    expect(outcomes.neither).toBeGreaterThan(10_000);
    expect(outcomes.generalOnly).toBeGreaterThan(100);
  });

  it("reads nothing of a body that breaks off, wherever it does", () => {
    for (let length = 0; length < small.length; length++) expect(read(small.slice(0, length))).toBeUndefined();
  });

  const withFeatures = (features: string, rest = ""): string =>
    `{"symbol":"EURUSD","timeframe":"4H"${rest},"features":${features}}`;

  it.each<[what: string, body: string | Buffer]>([
    ["a number as text", withFeatures('{"x":[1,"2"]}')],
    ["NaN as text", withFeatures('{"x":["NaN",1]}')],
    ["null for a value", withFeatures('{"x":[1,null]}')],
    ["a series in its long form", withFeatures('{"x":{"values":[1,2]}}')],
    ["no series", withFeatures("{}")],
    ["an empty series", withFeatures('{"x":[]}')],
    ["null for the features", withFeatures("null")],
    ["no features", '{"symbol":"EURUSD","timeframe":"4H"}'],
    ["a series twice", withFeatures('{"x":[1,2],"x":[3,4]}')],
    ["the features twice", withFeatures('{"x":[1]}', ',"features":{"y":[2]}')],
    ["the name of the features in another place", withFeatures('{"x":[1]}', ',"extra":{"features":1}')],
    ["the features twice, the first time as null", withFeatures('{"x":[1]}', ',"features":null')],
    ["an escape in a name of a series", withFeatures('{"\\u0078":[1]}')],
    ["an escape in a text", withFeatures('{"x":[1]}', ',"request_id":"a\\u0062"')],
    ["a symbol beyond ASCII", withFeatures('{"x":[1]}', ',"symbol":"EUR€"')],
    ["a name beyond ASCII", withFeatures('{"größe":[1]}')],
    ["a name that every object has", withFeatures('{"constructor":[1]}')],
    ["the name of an object's prototype", withFeatures('{"__proto__":[1]}')],
    ["a long name", withFeatures(`{"${"n".repeat(65)}":[1]}`)],
    ["a field in camelCase", withFeatures('{"x":[1]}', ',"barIndex":1')],
    ["a number as text in a field", withFeatures('{"x":[1]}', ',"bar_index":"1"')],
    ["an exponent above zero", withFeatures('{"x":[1e3]}')],
    ["a byte order mark", Buffer.concat([Buffer.from("\ufeff"), Buffer.from(withFeatures('{"x":[1]}'))])],
    ["more than is scanned", withFeatures('{"x":[1]}').padEnd(1024 * 1024 + 1, " ")],
  ])("leaves %s to the general reader, which accepts it", (_what, body) => {
    expect(read(body)).toBeUndefined();
    expect(readGenerally(body)?.timeframe).toBe("4H");
  });

  it.each<[what: string, body: string | Buffer]>([
    ["something behind the body", `${withFeatures('{"x":[1]}')}1`],
    ["a comma behind the last series", withFeatures('{"x":[1],}')],
    ["a number that is none", withFeatures('{"x":[01]}')],
    ["a number beyond a double", withFeatures('{"x":[1e999]}')],
    ["a control character in a name", withFeatures('{"a\nb":[1]}')],
    ["a control character in a text", withFeatures('{"x":[1]}', ',"request_id":"a\nb"')],
    ["text that is no UTF-8", Buffer.from(withFeatures('{"x":[1]}', ',"request_id":"\u00ff"'), "latin1")],
    ["a field twice, by both of its names", withFeatures('{"x":[1]}', ',"bar_index":1,"barIndex":1')],
    ["a list for the body", '[{"features":{"x":[1]}}]'],
    ["nothing", ""],
    ["nesting without an end", `{"a":${"[".repeat(100_000)}`],
    ["a part in two ends", '{"a":[},"features":{"x":[1]}}'],
  ])("leaves %s to the general reader, which refuses it", (_what, body) => {
    expect(read(body)).toBeUndefined();
    expect(readGenerally(body)?.timeframe ?? "").toBe("");
  });

  it("takes a name of 64 characters and a body of one MiB", () => {
    expect(read(withFeatures(`{"${"n".repeat(64)}":[1]}`))).toBeDefined();
    expect(read(withFeatures('{"x":[1]}').padEnd(1024 * 1024, " "))).toBeDefined();
  });

  it("keeps nothing of one body for the next", () => {
    const first = read(withFeatures('{"x":[1,2],"y":[3,4]}'));
    const second = read(withFeatures('{"x":[5,6]}', ',"request_id":"second"'));
    expect(toFacts(first)?.features).toEqual([
      ["x", [1, 2]],
      ["y", [3, 4]],
    ]);
    expect([first?.requestId, second?.requestId, Object.keys(second?.features ?? {})]).toEqual(["", "second", ["x"]]);
  });

  it("lets the engine decide as it decides on the message, on all 250 reference requests", () => {
    const engine = createTestEngine();
    for (const reference of readReferenceDecisions()) {
      const message = create(PredictRequestSchema, toPredictRequest(reference));
      const input = read(toBody(message));
      if (input === undefined) throw new Error("a reference request was left to the general reader");
      expect(engine.decide(input)).toEqual(engine.decide(message));
    }
  });

  it("reads the schema's sixteen series of 120 bars", () => {
    const values = Array.from({ length: 120 }, (_, bar) => Math.sin(bar) / 3);
    const features = Object.fromEntries(featureNames.map((name) => [name, { values }]));
    const request = create(PredictRequestSchema, { ...createPredictRequest(), features });
    expect(toFacts(read(toBody(request)))).toEqual(toFacts(request));
  });
});

const replacements = [...'0123456789.-+eE, []{}:x"\\\n\té', "null", "true", '"features":{}', '"x":[1]', "\u0000"];

/** One body in four stays whole. */
function damage(text: string, random: (below: number) => number): string {
  let damaged = text;
  for (let left = random(4); left > 0; left--) {
    const at = random(damaged.length);
    const replacement = replacements[random(replacements.length)] ?? "";
    const change = random(4);
    if (change === 3) damaged = swap(damaged, at, random(damaged.length));
    else damaged = damaged.slice(0, at) + (change === 2 ? "" : replacement) + damaged.slice(change === 0 ? at : at + 1);
  }
  return damaged;
}

function swap(text: string, one: number, other: number): string {
  const characters = [...text];
  [characters[one], characters[other]] = [characters[other] ?? "", characters[one] ?? ""];
  return characters.join("");
}
