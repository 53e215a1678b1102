import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { RegimePrediction_Label } from "../../gen/ts/arbitrex/ml/v1/common_pb.ts";
import { ListDecisionsRequestSchema, ListDecisionsResponseSchema } from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import type { CallContext } from "../../src/domain/call-context.ts";
import { InvalidInputError } from "../../src/domain/errors.ts";
import { createDirectListDecisions, createJsonListDecisions, listDecisions } from "../../src/handlers/decision-list.ts";
import { Monitor } from "../../src/monitor/monitor.ts";
import { JsonWriter } from "../../src/transport/rest/json-writer.ts";
import { createEvent, everyKindOfEvent, FakeClock, refusedRequest } from "../monitor/decision-events.ts";

const writer = new JsonWriter();
const perTurn = 16;

function keep(count: number) {
  const clock = new FakeClock();
  const monitor = new Monitor({ clock });
  const kinds = everyKindOfEvent();
  for (let index = 0; index < count; index++) {
    const { event = createEvent() } = kinds[index % kinds.length] ?? {};
    monitor.record({ ...event, predictionId: `p${index}` });
  }
  return { monitor, clock };
}

function openCall(signal = new AbortController().signal): CallContext {
  return { protocol: "grpc", method: "arbitrex.ml.v1.MonitoringService/ListDecisions", requestId: "r-1", signal };
}

const ask = (request: MessageInitShape<typeof ListDecisionsRequestSchema> = {}) =>
  create(ListDecisionsRequestSchema, request);

/** The turns of the event loop that were taken until it resolved. */
async function countTurns(awaited: Promise<unknown>): Promise<number> {
  let turns = 0;
  let isOver = false;
  const count = () => {
    turns++;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  await awaited;
  isOver = true;
  return turns;
}

describe("a list of decisions", () => {
  it.each([0, 1, perTurn, perTurn + 1, 100])("of %i is the same as message, as protobuf and as JSON", async (count) => {
    const options = keep(count);
    const request = ask({ limit: 1000 });
    const message = create(ListDecisionsResponseSchema, await listDecisions(request, openCall(), options));
    expect(message.decisions.map(({ predictionId }) => predictionId)).toEqual(
      Array.from({ length: count }, (_, back) => `p${count - 1 - back}`),
    );
    expect(message.count).toBe(count);

    const direct = createDirectListDecisions(options);
    const envelope = direct.write(await direct.handle(request, openCall()));
    expect([envelope[0], envelope.readUInt32BE(1)]).toEqual([0, envelope.length - 5]);
    expect(fromBinary(ListDecisionsResponseSchema, envelope.subarray(5))).toEqual(message);

    const json = createJsonListDecisions(options, (desc, each) => writer.write(desc, each));
    expect(json.write(await json.handle(request, openCall()))).toBe(
      JSON.stringify(writer.write(ListDecisionsResponseSchema, message)),
    );
  });

  it("lists a hundred when nobody says how many, and only what is asked for", async () => {
    const options = keep(150);
    options.monitor.record(createEvent(refusedRequest, { predictionId: "the one" }));
    const count = async (request: Parameters<typeof ask>[0]) =>
      (await listDecisions(ask(request), openCall(), options)).count;
    expect(await count({})).toBe(100);
    expect(await count({ limit: 7 })).toBe(7);
    const { decisions } = await listDecisions(ask({ symbol: "GBPUSD", limit: 1 }), openCall(), options);
    expect(decisions.map(({ predictionId }) => predictionId)).toEqual(["the one"]);
  });

  it.each([
    ["limit", { limit: 10_001 }],
    ["regime", { regime: 99 as RegimePrediction_Label }],
  ])("refuses a %s that does not exist", async (field, request) => {
    const { handle } = createDirectListDecisions(keep(1));
    const refusal = await handle(ask(request), openCall()).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(InvalidInputError);
    expect(refusal).toMatchObject({ violations: [{ field }] });
  });

  it("takes a turn of the event loop for a few decisions each", async () => {
    const options = keep(10 * perTurn);
    const request = ask({ limit: 1000 });
    const json = createJsonListDecisions(options, (desc, each) => writer.write(desc, each));
    for (const listed of [
      () => listDecisions(request, openCall(), options),
      () => createDirectListDecisions(options).handle(request, openCall()),
      () => json.handle(request, openCall()),
    ]) {
      expect(await countTurns(listed())).toBeGreaterThanOrEqual(9);
    }
  });

  it("lists what there was when it was asked for, whatever is decided meanwhile", async () => {
    const options = keep(3 * perTurn);
    const listed = listDecisions(ask({ limit: 1000 }), openCall(), options);
    for (let index = 0; index < 20_000; index++) options.monitor.record(createEvent(refusedRequest));
    const { decisions } = await listed;
    expect(decisions.map(({ predictionId }) => predictionId)).toEqual(
      Array.from({ length: 3 * perTurn }, (_, back) => `p${3 * perTurn - 1 - back}`),
    );
  });

  it("ends when nobody waits for it any more", async () => {
    const caller = new AbortController();
    const listed = createDirectListDecisions(keep(10 * perTurn)).handle(ask({ limit: 1000 }), openCall(caller.signal));
    caller.abort(new Error("the caller is gone"));
    await expect(listed).rejects.toThrow("the caller is gone");
  });

  it("leaves it to the general decoder to say what is wrong with a request", () => {
    const { read } = createDirectListDecisions(keep(0));
    expect(read(Buffer.from("no message"))).toBeUndefined();
    const sent = ask({ limit: 3, symbol: "EURUSD", regime: RegimePrediction_Label.RANGING });
    expect(read(Buffer.from(toBinary(ListDecisionsRequestSchema, sent)))).toEqual(sent);
  });
});
