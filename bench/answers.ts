import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { RegimePrediction_LabelSchema } from "../gen/ts/arbitrex/ml/v1/common_pb.ts";
import {
  BatchPredictRequestSchema,
  BatchPredictResponseSchema,
  type PredictResponse,
  PredictResponseSchema,
} from "../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import type { RuleBasedEngine } from "../src/engine/decision-engine.ts";
import { callBatchPredict, callPredict, withGrpcClient } from "./grpc-client.ts";
import { fieldsOf } from "./json-fields.ts";
import { predictPath, restPath } from "./protocol-paths.ts";
import type { RequestFixture } from "./request-fixture.ts";

/** How a contestant is spoken to. */
export const wireProtocols = ["grpc", "stream", "rest", "connect"] as const;
export type WireProtocol = (typeof wireProtocols)[number];

/** Asks once with a real client and returns the body of the answer; of a stream, that of its one append. */
export async function ask(protocol: WireProtocol, port: number, fixture: RequestFixture): Promise<Buffer> {
  const base = `http://127.0.0.1:${port}`;
  switch (protocol) {
    case "grpc":
      return withGrpcClient(port, (client) => callPredict(client, fixture.message));
    case "stream":
      return withGrpcClient(port, async (client) => {
        const answers = await callBatchPredict(client, streamSample(fixture));
        const last = answers.at(-1);
        if (answers.length !== 2 || last === undefined) throw new Error(`2 messages had ${answers.length} answers`);
        return last;
      });
    case "rest":
      return post(`${base}${restPath}`, "application/json", fixture.json);
    case "connect":
      return post(`${base}${predictPath}`, "application/proto", Buffer.from(fixture.message));
    default:
      return protocol satisfies never;
  }
}

function streamSample(fixture: RequestFixture): Uint8Array[] {
  const window = create(BatchPredictRequestSchema, { item: { case: "window", value: fixture.request } });
  return [window, fixture.append].map((item) => toBinary(BatchPredictRequestSchema, item));
}

async function post(url: string, contentType: string, body: string | Buffer): Promise<Buffer> {
  const response = await fetch(url, { method: "POST", headers: { "content-type": contentType }, body });
  const answer = Buffer.from(await response.arrayBuffer());
  if (response.status !== 200) throw new Error(`HTTP ${response.status}: ${answer.toString("utf8")}`);
  return answer;
}

/** The part of an answer that depends on the request alone. */
interface Outcome {
  readonly allowTrade: unknown;
  readonly regime: unknown;
  readonly probability: unknown;
}

/** @throws unless the answer says what the engine says when it is asked directly. */
export function assertDecision(
  protocol: WireProtocol,
  answer: Buffer,
  fixture: RequestFixture,
  engine: RuleBasedEngine,
): void {
  const outcome = readOutcome(protocol, answer);
  const expected = expectOutcome(protocol, fixture, engine);
  if (JSON.stringify(outcome) === JSON.stringify(expected)) return;
  throw new Error(`answered ${JSON.stringify(outcome)} instead of ${JSON.stringify(expected)}`);
}

function expectOutcome(protocol: WireProtocol, { request, append }: RequestFixture, engine: RuleBasedEngine): Outcome {
  const added = protocol === "stream" && append.item.case === "append" ? append.item.value.features : {};
  const features = Object.fromEntries(
    Object.entries(request.features).map(([name, { values }]) => {
      const newest = added[name]?.values ?? [];
      return [name, { values: [...values, ...newest].slice(newest.length) }];
    }),
  );
  const { allowTrade, regime, signal } = engine.decide({ ...request, features });
  return { allowTrade, regime: regime.label, probability: signal.probability };
}

function readOutcome(protocol: WireProtocol, answer: Buffer): Outcome {
  switch (protocol) {
    case "grpc":
    case "connect":
      return outcomeOf(fromBinary(PredictResponseSchema, answer));
    case "stream": {
      const { result } = fromBinary(BatchPredictResponseSchema, answer);
      if (result.case !== "response") throw new Error(`the append failed: ${JSON.stringify(result.value)}`);
      return outcomeOf(result.value);
    }
    case "rest": {
      const prediction = fieldsOf(fieldsOf(JSON.parse(answer.toString("utf8")))["prediction"]);
      return {
        allowTrade: prediction["allow_trade"],
        regime: fieldsOf(prediction["regime"])["regime_label"],
        probability: fieldsOf(prediction["signal"])["momentum_success_prob"],
      };
    }
    default:
      return protocol satisfies never;
  }
}

function outcomeOf({ prediction }: PredictResponse): Outcome {
  return {
    allowTrade: prediction?.allowTrade,
    regime: RegimePrediction_LabelSchema.value[prediction?.regime?.regimeLabel ?? 0]?.name,
    probability: prediction?.signal?.momentumSuccessProb,
  };
}
