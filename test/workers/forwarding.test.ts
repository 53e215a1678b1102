/** A call that a worker hands to the primary is answered as if it had been made there. */
import { create, type DescService, fromBinary, toBinary } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import {
  DeleteModelRequestSchema,
  ModelRegistryService,
  UploadModelRequestSchema,
} from "../../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import { MonitoringService } from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import { InvalidInputError, NotFoundError, OverloadedError, UnmetConditionError } from "../../src/domain/errors.ts";
import type { ServiceHandlers } from "../../src/handlers/service-handlers.ts";
import { createServiceLog } from "../../src/service-log.ts";
import { toRpcStatus } from "../../src/transport/chain/status.ts";
import { bindService, type HandlerTable } from "../../src/transport/service-binding.ts";
import { CallServer } from "../../src/workers/call-server.ts";
import { type ForwardedCall, isToPrimary, isToWorker } from "../../src/workers/messages.ts";
import { PrimaryLink } from "../../src/workers/primary-link.ts";

const { deleteModel, uploadModel } = ModelRegistryService.method;

function connect(handlers: Partial<ServiceHandlers<typeof ModelRegistryService>>) {
  return connectTo(ModelRegistryService, handlers);
}

/** A worker's end and the primary's, with nothing between them but copies of their messages. */
function connectTo(service: DescService, handlers: HandlerTable) {
  const lines: string[] = [];
  const collected: number[] = [];
  const server = new CallServer({
    bindings: [bindService(service, handlers)],
    log: createServiceLog("info", { write: (line) => void lines.push(line) }),
    send(message) {
      const copy: unknown = structuredClone(message);
      if (!isToWorker(copy)) throw new Error("unknown message");
      if (copy.kind === "answer" || copy.kind === "failure" || copy.kind === "more") link.receive(copy);
    },
    collect: async () => void collected.push(1),
  });
  const link = new PrimaryLink((message) => {
    const copy: unknown = structuredClone(message);
    if (!isToPrimary(copy)) throw new Error("unknown message");
    if (copy.kind === "call" || copy.kind === "part" || copy.kind === "end" || copy.kind === "cancel") {
      server.receive(copy);
    }
  });
  return { link, server, lines, collected };
}

function describeCall(
  method: string,
  request?: Uint8Array,
  service: string = ModelRegistryService.typeName,
): ForwardedCall {
  return { service, method, protocol: "rest", requestId: "id-1", request };
}

const deletion = toBinary(
  DeleteModelRequestSchema,
  create(DeleteModelRequestSchema, { modelName: "m", version: "v1" }),
);
const never = new AbortController().signal;

describe("a unary call", () => {
  it("reaches the handler with its message and context, and brings its answer back", async () => {
    const { link, collected } = connect({
      deleteModel: ({ modelName, version }, call) => ({
        status: [modelName, version, call.protocol, call.method, call.requestId].join(" "),
      }),
    });
    const answer = await link.ask(describeCall("deleteModel", deletion), never);
    expect(fromBinary(deleteModel.output, answer).status).toBe(
      "m v1 rest arbitrex.ml.v1.ModelRegistryService/DeleteModel id-1",
    );
    expect(collected).toEqual([]);
  });

  it.each([
    new InvalidInputError([{ field: "features", description: "are missing" }]),
    new NotFoundError("model_version", "signal_filter/v9"),
    new UnmetConditionError(
      [{ type: "MODEL_SERVING", subject: "m/v1", description: "it decides now" }],
      "MODEL_SERVING",
    ),
    new OverloadedError("full", 250, "FULL"),
  ])("fails as its handler does, details and all: $reason", async (error) => {
    const { link, lines } = connect({ deleteModel: () => Promise.reject(error) });
    const failure: unknown = await link.ask(describeCall("deleteModel", deletion), never).catch((caught) => caught);
    expect(toRpcStatus(failure)).toEqual(toRpcStatus(error));
    // What the caller did wrong is no news for the log.
    expect(lines).toEqual([]);
  });

  it("keeps to itself what was unforeseen, and tells the log with the request's id", async () => {
    const { link, lines } = connect({
      deleteModel() {
        throw new Error("secret");
      },
    });
    const failure: unknown = await link.ask(describeCall("deleteModel", deletion), never).catch((caught) => caught);
    expect(toRpcStatus(failure)).toMatchObject({ code: 13, message: "internal error" });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      request_id: "id-1",
      method: "deleteModel",
      err: { message: "secret" },
    });
  });

  it("is over for both when its caller goes", async () => {
    const { promise: begun, resolve: begin } = Promise.withResolvers<AbortSignal>();
    const { promise: late, resolve: finish } = Promise.withResolvers<{ status: string }>();
    const { link } = connect({
      deleteModel(_request, call) {
        begin(call.signal);
        return late;
      },
    });
    const client = new AbortController();
    const asked = link.ask(describeCall("deleteModel", deletion), client.signal);
    const signal = await begun;
    client.abort(new Error("gone"));
    await expect(asked).rejects.toThrow("gone");
    expect(signal.aborted).toBe(true);
    // An answer that nobody waits for any more does no harm.
    finish({ status: "late" });
    await late;
  });

  it("is not even begun when its caller has gone before", async () => {
    let calls = 0;
    const { link } = connect({
      deleteModel() {
        calls++;
        return { status: "" };
      },
    });
    const signal = AbortSignal.abort(new Error("gone"));
    await expect(async () => link.ask(describeCall("deleteModel", deletion), signal)).rejects.toThrow("gone");
    expect(calls).toBe(0);
  });

  it.each([
    ["a method", describeCall("noSuchMethod", deletion)],
    ["a service", describeCall("deleteModel", deletion, "no.such.Service")],
  ])("is refused when there is no such thing: %s", async (_what, forwarded) => {
    const { link } = connect({ deleteModel: () => ({ status: "" }) });
    const failure: unknown = await link.ask(forwarded, never).catch((caught) => caught);
    expect(toRpcStatus(failure).code).toBe(12);
  });
});

describe("a stream", () => {
  const part = (text: string) =>
    toBinary(
      UploadModelRequestSchema,
      create(UploadModelRequestSchema, { part: { case: "chunk", value: Buffer.from(text) } }),
    );

  it("arrives in order and one message at a time", async () => {
    const read: string[] = [];
    let sent = 0;
    const { link } = connect({
      async uploadModel(requests) {
        for await (const request of requests) {
          read.push(request.part.case === "chunk" ? Buffer.from(request.part.value).toString() : "");
          expect(sent - read.length).toBeLessThanOrEqual(1);
        }
        return { model: { version: "v1" } };
      },
    });
    async function* source() {
      for (const text of ["a", "b", "c"]) {
        sent++;
        yield part(text);
      }
    }
    const answer = await link.askStream(describeCall("uploadModel"), source(), never);
    expect(fromBinary(uploadModel.output, answer).model?.version).toBe("v1");
    expect(read).toEqual(["a", "b", "c"]);
  });

  it("is not read any further when its handler has refused it", async () => {
    let isReleased = false;
    const { link } = connect({
      async uploadModel(requests) {
        for await (const _first of requests) break;
        throw new OverloadedError("too large", 0, "MODEL_TOO_LARGE");
      },
    });
    async function* endless() {
      try {
        for (;;) yield part("more");
      } finally {
        isReleased = true;
      }
    }
    const failure: unknown = await link
      .askStream(describeCall("uploadModel"), endless(), never)
      .catch((caught) => caught);
    expect(toRpcStatus(failure)).toMatchObject({ code: 8, message: "too large" });
    expect(isReleased).toBe(true);
  });
});

it("gives up the calls of a worker that is gone", async () => {
  const { promise: begun, resolve: begin } = Promise.withResolvers<AbortSignal>();
  const { link, server } = connect({
    deleteModel(_request, call) {
      begin(call.signal);
      return new Promise<{ status: string }>(() => undefined);
    },
  });
  void link.ask(describeCall("deleteModel", deletion), never).catch(() => undefined);
  const signal = await begun;
  server.abandon();
  expect(signal.aborted).toBe(true);
});

it.each([
  ["getMetrics", 1],
  ["getHealth", 0],
  ["getReadiness", 0],
])("collects what workers have to tell before %s: %i times", async (method, times) => {
  const { link, collected } = connectTo(MonitoringService, { [method]: () => ({}) });
  await link.ask(describeCall(method, new Uint8Array(), MonitoringService.typeName), never);
  expect(collected).toHaveLength(times);
});
