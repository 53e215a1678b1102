/** BatchPredict from end to end. */

import { queryObjects } from "node:v8";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PredictResponse } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { streamPendingMax, streamWindowsMax } from "../../src/handlers/inference-limits.ts";
import { StreamWindows } from "../../src/handlers/stream-windows.ts";
import { toRefusal } from "../contract/clients/contract-client.ts";
import { FaultyFs } from "../monitor/audit/faulty-fs.ts";
import { createPredictRequest } from "../support/predict-requests.ts";
import { createWindow } from "../support/requests.ts";
import { startTestService, type TestService } from "../support/start-service.ts";
import { type BatchStream, openBatch, openClient, predict, readMetric, waitUntil } from "./service-client.ts";

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service[Symbol.asyncDispose]());

const window = createPredictRequest();
const decisionsMetric = "ml_layer_decision_duration_seconds_count";
const refusedMetric = "ml_layer_audit_refused_records_total";

/** What two answers to the same question share. */
function essenceOf({ symbol, timeframe, barIndex, prediction, missingInputs, configHash }: PredictResponse) {
  return { symbol, timeframe, barIndex, prediction, missingInputs, configHash };
}

async function receiveDecision(stream: BatchStream) {
  const { requestId, result } = await stream.receive();
  if (result.case !== "response") throw new Error(`${requestId} has no decision`);
  return { requestId, response: result.value };
}

describe("answers", () => {
  it("come in the order of their items, for every symbol and timeframe", async () => {
    using client = openClient(service.port);
    const stream = openBatch(client);
    const names = ["EURUSD", "GBPUSD", "USDJPY"].flatMap((symbol) =>
      ["4H", "1D"].map((timeframe) => [symbol, timeframe]),
    );
    const sent: string[] = [];
    const send = (requestId: string, item: Parameters<typeof stream.send>[0]["item"]) => {
      sent.push(requestId);
      stream.send({ requestId, ...(item === undefined ? {} : { item }) });
    };
    for (const [symbol = "", timeframe = ""] of names) {
      send(`${symbol} ${timeframe} window`, { case: "window", value: { ...window, symbol, timeframe } });
    }
    for (let bar = 0; bar < 50; bar++) {
      for (const [symbol = "", timeframe = ""] of names) {
        const features = createWindow(1, { ...valuesOf(1.2), momentum_score: bar });
        send(`${symbol} ${timeframe} ${bar}`, { case: "append", value: { symbol, timeframe, features } });
      }
    }
    const received: string[] = [];
    for (const requestId of sent) {
      const { response, ...answer } = await receiveDecision(stream);
      received.push(answer.requestId);
      expect(requestId.startsWith(`${response.symbol} ${response.timeframe} `)).toBe(true);
    }
    expect(received).toEqual(sent);
    await stream.finish();
  });

  it("go on after items that are wrong, which have their error in their place", async () => {
    using client = openClient(service.port);
    const stream = openBatch(client);
    const uneven = { ...window.features, ...createWindow(7, { atr: 0.1 }) };
    stream.send({ requestId: "empty" });
    stream.send({ requestId: "no window", item: { case: "append", value: { symbol: "EURUSD", timeframe: "4H" } } });
    stream.send({ requestId: "uneven", item: { case: "window", value: { ...window, features: uneven } } });
    stream.send({ requestId: "good", item: { case: "window", value: window } });
    stream.send({
      requestId: "half",
      item: { case: "append", value: { symbol: "EURUSD", timeframe: "4H", features: createWindow(1, { atr: 1 }) } },
    });
    const outcomes: string[] = [];
    for (let item = 0; item < 5; item++) {
      const { requestId, result } = await stream.receive();
      outcomes.push(`${requestId}: ${result.case === "error" ? toRefusal(result.value).reason : result.case}`);
    }
    expect(outcomes).toEqual([
      "empty: INVALID_INPUT",
      "no window: NO_WINDOW",
      "uneven: INVALID_FEATURE_WINDOW",
      "good: response",
      "half: INVALID_APPEND",
    ]);
    await stream.finish();
  });
});

it("forgets a window whose newest bars have no decision, so that bars sent again never count twice", async () => {
  const fs = new FaultyFs();
  await using own = await startTestService({
    audit: { fs, queueLengthMax: 1 },
    environment: { auditDurability: "strict" },
  });
  using client = openClient(own.port);
  const stream = openBatch(client);
  const { symbol, timeframe } = window;
  const append = { case: "append", value: { symbol, timeframe, features: createWindow(1, valuesOf(1.2)) } } as const;
  stream.send({ requestId: "window", item: { case: "window", value: window } });
  const { response: first } = await receiveDecision(stream);
  const syncs = fs.count("fdatasync");
  fs.isHoldingSyncs = true;
  stream.send({ requestId: "recorded", item: append });
  await waitUntil(async () => fs.count("fdatasync") > syncs);
  stream.send({ requestId: "refused", item: append });
  await waitUntil(async () => (await readMetric(own.url, refusedMetric)) > 0);
  fs.isHoldingSyncs = false;
  fs.endSync();
  expect((await receiveDecision(stream)).response.barIndex).toBe(first.barIndex + 1);
  expect(await receiveReason(stream)).toBe("refused: AUDIT_QUEUE_FULL");
  stream.send({ requestId: "again", item: append });
  expect(await receiveReason(stream)).toBe("again: NO_WINDOW");
  stream.send({ requestId: "whole", item: { case: "window", value: window } });
  expect((await receiveDecision(stream)).response.barIndex).toBe(first.barIndex);
  stream.send({ requestId: "next", item: append });
  expect((await receiveDecision(stream)).response.barIndex).toBe(first.barIndex + 1);
  await stream.finish();
});

async function receiveReason(stream: BatchStream): Promise<string> {
  const { requestId, result } = await stream.receive();
  return `${requestId}: ${result.case === "error" ? toRefusal(result.value).reason : result.case}`;
}

/** One bar, or the same value at every bar. */
function valuesOf(momentum: number): Record<string, number> {
  return {
    momentum_score: momentum,
    efficiency_ratio: 0.8,
    vol_percentile: 50,
    trend_consistency: 0.75,
    atr: 0.002,
  };
}

const bar = fc.record({
  momentum_score: fc.double({ min: -5, max: 5, noNaN: true }),
  efficiency_ratio: fc.double({ min: 0, max: 1, noNaN: true }),
  vol_percentile: fc.double({ min: 0, max: 100, noNaN: true }),
  trend_consistency: fc.double({ min: 0, max: 1, noNaN: true }),
});

/** The same bars as series. */
function toSeries(bars: readonly Record<string, number>[]): Record<string, { values: number[] }> {
  const names = Object.keys(bars[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, { values: bars.map((each) => each[name] ?? 0) }]));
}

it("answers appended bars bit for bit as Predict answers the full window", async () => {
  using client = openClient(service.port);
  await fc.assert(
    fc.asyncProperty(
      fc.array(bar, { minLength: 100, maxLength: 120 }),
      fc.array(fc.array(bar, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 }),
      async (first, appended) => {
        const { symbol, timeframe, qseOutput } = window;
        const stream = openBatch(client);
        let bars = first;
        let historyBars = first.length;
        stream.send({ item: { case: "window", value: { symbol, timeframe, qseOutput, features: toSeries(bars) } } });
        const answers = [(await receiveDecision(stream)).response];
        const full = [await predict(client, { symbol, timeframe, qseOutput, features: toSeries(bars) })];
        for (const added of appended) {
          bars = [...bars, ...added].slice(added.length);
          historyBars += added.length;
          stream.send({ item: { case: "append", value: { symbol, timeframe, qseOutput, features: toSeries(added) } } });
          answers.push((await receiveDecision(stream)).response);
          const request = { symbol, timeframe, qseOutput, features: toSeries(bars), historyBars };
          full.push(await predict(client, { ...request, barIndex: historyBars - 1 }));
        }
        await stream.finish();
        expect(answers.map(essenceOf)).toStrictEqual(
          full.map(({ answer }) => (answer === undefined ? undefined : essenceOf(answer))),
        );
      },
    ),
    { numRuns: 40 },
  );
});

describe("a client that does not read", () => {
  it("is not read from, and gets every answer once it reads", async () => {
    await using own = await startTestService();
    using client = openClient(own.port);
    const stream = openBatch(client);
    const items = 4_000;
    stream.send({ requestId: "0", item: { case: "window", value: window } });
    // grpc-js takes in everything until it is first read from, and only then what it is asked for.
    expect((await stream.receive()).requestId).toBe("0");
    const { symbol, timeframe } = window;
    const features = createWindow(1, valuesOf(1.2));
    for (let item = 1; item < items; item++) {
      stream.send({ requestId: String(item), item: { case: "append", value: { symbol, timeframe, features } } });
    }
    const decided = await waitForRest(own.url);
    expect(decided).toBeGreaterThan(streamPendingMax);
    expect(decided).toBeLessThan(items / 2);
    for (let item = 1; item < items; item++) expect((await stream.receive()).requestId).toBe(String(item));
    await stream.finish();
  });

  it("leaves nothing behind when it resets the stream", async () => {
    await using own = await startTestService();
    using client = openClient(own.port);
    const streams = Array.from({ length: 4 }, () => openBatch(client));
    const { symbol, timeframe } = window;
    const features = createWindow(1, valuesOf(1.2));
    for (const stream of streams) {
      stream.send({ item: { case: "window", value: window } });
      await receiveDecision(stream);
      for (let item = 0; item < 1_000; item++) {
        stream.send({ item: { case: "append", value: { symbol, timeframe, features } } });
      }
    }
    await waitForRest(own.url);
    expect(queryObjects(StreamWindows, { format: "count" })).toBe(streams.length);
    for (const stream of streams) stream.cancel();
    // The scrape that reads the gauge is no call in flight itself once it reads it.
    await waitUntil(async () => (await readMetric(own.url, "ml_layer_rpc_in_flight")) <= 1);
    await waitUntil(async () => queryObjects(StreamWindows, { format: "count" }) === 0);
  });
});

/** The number of decisions once it has stopped growing. */
async function waitForRest(url: string): Promise<number> {
  let last = -1;
  let unchanged = 0;
  await waitUntil(async () => {
    const decided = await readMetric(url, decisionsMetric);
    unchanged = decided === last && decided > 0 ? unchanged + 1 : 0;
    last = decided;
    return unchanged === 25;
  });
  return last;
}

describe("limits of a stream", () => {
  it("refuses the window after the last that is kept, and goes on with the others", async () => {
    using client = openClient(service.port);
    const stream = openBatch(client);
    const features = createWindow(1, { atr: 0.002 });
    const item = (symbol: string) => ({ case: "window", value: { symbol, timeframe: "4H", features } }) as const;
    for (let symbol = 0; symbol < streamWindowsMax; symbol++) {
      stream.send({ item: item(`S${symbol}`) });
      expect((await stream.receive()).result.case).toBe("response");
    }
    stream.send({ item: item("ONE MORE") });
    const { result } = await stream.receive();
    expect(result.case === "error" ? toRefusal(result.value) : undefined).toMatchObject({
      code: "resource_exhausted",
      reason: "STREAM_WINDOWS_EXCEEDED",
    });
    stream.send({ item: item("S0") });
    expect((await stream.receive()).result.case).toBe("response");
    await stream.finish();
  });

  it("counts a stream as a call in flight", async () => {
    await using own = await startTestService({ inFlightMax: 1 });
    using client = openClient(own.port);
    const stream = openBatch(client);
    stream.send({ item: { case: "window", value: window } });
    await receiveDecision(stream);
    const { refusal } = await predict(client, window);
    expect(refusal).toMatchObject({ code: "resource_exhausted", reason: "TOO_MANY_IN_FLIGHT", retryDelayMs: 100 });
    const ready = await fetch(`${own.url}/health/ready`);
    expect(ready.status).toBe(200);
    await stream.finish();
    await waitUntil(async () => (await predict(client, window)).answer !== undefined);
  });
});
