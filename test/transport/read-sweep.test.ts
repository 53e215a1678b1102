import { connect as connectHttp2 } from "node:http2";
import { status as grpcStatus } from "@grpc/grpc-js";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { InferenceService } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { ReadSweep, type SweptRead } from "../../src/transport/read-sweep.ts";
import { grpcStatusOf, startStub, toGrpcMethod } from "./stub-service.ts";

/** A read that counts how often it was ended. */
function createRead(isExpired: () => boolean = () => false) {
  const read = { dueMs: 0, place: -1, isExpired, expired: 0, expire: () => void read.expired++ };
  return read satisfies SweptRead;
}

describe("the sweep of reads", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
  afterEach(() => void vi.useRealTimers());

  it("ends a read when its time is over, once, and not before", () => {
    const sweep = new ReadSweep(1_000);
    const read = createRead();
    sweep.add(read);
    vi.advanceTimersByTime(999);
    expect(read.expired).toBe(0);
    vi.advanceTimersByTime(51);
    expect(read.expired).toBe(1);
    vi.advanceTimersByTime(5_000);
    expect(read.expired).toBe(1);
  });

  it("ends a read whose caller's deadline has passed within one sweep", () => {
    const sweep = new ReadSweep(60_000);
    let isExpired = false;
    const read = createRead(() => isExpired);
    sweep.add(read);
    vi.advanceTimersByTime(100);
    isExpired = true;
    vi.advanceTimersByTime(25);
    expect(read.expired).toBe(1);
  });

  it("leaves alone what the end of another read has ended", () => {
    const sweep = new ReadSweep(1_000);
    const [first, second] = [createRead(), createRead()];
    first.expire = () => {
      sweep.delete(second);
      return undefined;
    };
    sweep.add(first);
    sweep.add(second);
    vi.advanceTimersByTime(2_000);
    expect(second.expired).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("leaves alone what has been read, and runs only while something is", () => {
    const sweep = new ReadSweep(1_000);
    const [done, slow] = [createRead(), createRead()];
    sweep.add(done);
    sweep.add(slow);
    sweep.delete(done);
    vi.advanceTimersByTime(2_000);
    expect([done.expired, slow.expired]).toEqual([0, 1]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

it("answers a call whose deadline passes while its request arrives, and reads no more of it", async () => {
  let asked = 0;
  await using server = await startStub({
    inference: {
      predict: () => {
        asked++;
        return {};
      },
    },
  });
  const session = connectHttp2(server.url);
  const stream = session.request({
    ":path": toGrpcMethod(InferenceService.method.predict).path,
    ":method": "POST",
    "content-type": "application/grpc",
    "grpc-timeout": "40m",
  });
  stream.on("error", () => {});
  stream.write(Buffer.from([0, 0, 0, 0, 9, 1]));
  expect(await grpcStatusOf(stream)).toBe(String(grpcStatus.DEADLINE_EXCEEDED));
  expect([asked, server.chain.inFlight(), server.reports.map(({ code }) => code)]).toEqual([
    0,
    0,
    ["deadline_exceeded"],
  ]);
  session.destroy();
});
