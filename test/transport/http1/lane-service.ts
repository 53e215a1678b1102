/** A small service behind the listener, with HTTP/1.1's lane or without it: everything else of the two is the same. */

import { create, type Message } from "@bufbuild/protobuf";
import { InferenceService, PredictResponseSchema } from "../../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import type { CallContext, CallReport } from "../../../src/domain/call-context.ts";
import { InvalidInputError } from "../../../src/domain/errors.ts";
import { createCallChain } from "../../../src/transport/chain/call-chain.ts";
import { throughMessages } from "../../../src/transport/grpc-message.ts";
import { createRestRoutes } from "../../../src/transport/http1/rest-routes.ts";
import { createListener, type ListenerOptions } from "../../../src/transport/listener.ts";
import { JsonWriter } from "../../../src/transport/rest/json-writer.ts";
import { createRestHandler } from "../../../src/transport/rest/rest-adapter.ts";
import {
  bindService,
  type DirectMethod,
  type JsonMethod,
  type MaybePromise,
  type MessageLike,
  type ServiceBinding,
} from "../../../src/transport/service-binding.ts";

export type LaneServer = Awaited<ReturnType<typeof startLaneServer>>;

export interface LaneServerOptions {
  /** False leaves everything to `node:http`. @default true */
  readonly hasLane?: boolean;
  readonly listener?: Partial<ListenerOptions>;
  readonly inFlightMax?: number;
}

export const predictPath = "/arbitrex.ml.v1.InferenceService/Predict";

/**
 * Answers every Predict with its symbol; what it does besides is the symbol's to say: "slow" waits for the test, "fail" fails,
 * "long" has a long answer, "" is refused.
 */
export async function startLaneServer({ hasLane = true, listener: given, inFlightMax }: LaneServerOptions = {}) {
  const reports: CallReport[] = [];
  const faults: unknown[] = [];
  const handler = new SymbolHandler();
  let ids = 0;
  const newRequestId = () => `made-${++ids}`;
  const observe = (report: CallReport) => void reports.push(report);
  const monotonicMs = () => performance.now();
  const chain = createCallChain({
    observe,
    monotonicMs,
    newRequestId,
    ...(inFlightMax !== undefined && { inFlightMax }),
  });
  const bindings = [handler.bind(hasLane)];
  const limits = given?.limits ?? {};
  const body = { bodyBytesMax: limits.readMaxBytes, bodyTimeoutMs: limits.requestTimeoutMs };
  const restOptions = limits.readMaxBytes === undefined ? {} : { bodyBytesMax: limits.readMaxBytes };
  const listener = createListener({
    host: "127.0.0.1",
    port: 0,
    bindings,
    chain,
    rest: createRestHandler({
      bindings: [handler.bind(false)],
      chain,
      observe,
      monotonicMs,
      newRequestId,
      ...restOptions,
    }),
    observe,
    newRequestId,
    onFault: (error) => void faults.push(error),
    ...(hasLane && { restRoutes: createRestRoutes({ bindings, chain, ...body }) }),
    ...given,
  });
  const { port } = await listener.listen();
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    listener,
    chain,
    reports,
    faults,
    handler,
    [Symbol.asyncDispose]: () => listener.drain(1),
  };
}

export class SymbolHandler {
  /** Lengths of the bodies that the lane has read: nobody else has the direct ways. */
  readonly reads: number[] = [];
  /** Answers the slow calls, in their order. */
  readonly answers: (() => void)[] = [];
  readonly calls: CallContext[] = [];

  bind(hasDirect: boolean): ServiceBinding {
    const table = { predict: (request: Message, call: CallContext) => this.#predict(request, call) };
    if (!hasDirect) return bindService(InferenceService, table);
    const general = throughMessages(InferenceService.method.predict, table.predict);
    const direct: DirectMethod<Message, MessageLike> = {
      ...general,
      read: (bytes) => {
        this.reads.push(bytes.length);
        try {
          return general.read(bytes);
        } catch {
          // What is malformed is left to the general way, as by every direct one.
          return undefined;
        }
      },
    };
    const writer = new JsonWriter();
    const json: JsonMethod<Message, MessageLike> = {
      // What the body says is the general reader's to tell: it has the better words for what is wrong.
      read: (bytes) => {
        this.reads.push(bytes.length);
        return undefined;
      },
      toRequest: (message) => message,
      handle: table.predict,
      write: (answer) => JSON.stringify(writer.write(PredictResponseSchema, create(PredictResponseSchema, answer))),
    };
    return bindService(InferenceService, table, { unary: { predict: direct }, json: { predict: json } });
  }

  #predict(request: Message, call: CallContext): MaybePromise<MessageLike> {
    const symbol = "symbol" in request ? String(request.symbol) : "";
    this.calls.push(call);
    if (symbol === "") throw new InvalidInputError([{ field: "symbol", description: "must not be empty" }]);
    if (symbol === "fail") throw new Error("not for the client's eyes");
    if (symbol === "long") return { symbol: "x".repeat(60_000) };
    if (symbol !== "slow") return { symbol };
    return new Promise((resolve) => this.answers.push(() => resolve({ symbol })));
  }
}

export interface RequestInit {
  readonly path?: string;
  readonly headers?: string;
  readonly length?: number;
}

/** A Predict of Connect, as the bytes of a client that writes plainly. */
export function connectRequest(symbol: string, { headers = "", length, path = predictPath }: RequestInit = {}): Buffer {
  const name = Buffer.from(symbol);
  const body = Buffer.concat([Buffer.of(10, name.length), name]);
  const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/proto\r\n${headers}`;
  return Buffer.concat([Buffer.from(`${head}Content-Length: ${length ?? body.length}\r\n\r\n`), body]);
}

/** The same over REST. */
export function restRequest(symbol: string, { headers = "", length, path = "/predict" }: RequestInit = {}): Buffer {
  const body = JSON.stringify({ symbol });
  const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${headers}`;
  return Buffer.from(`${head}Content-Length: ${length ?? Buffer.byteLength(body)}\r\n\r\n${body}`);
}
