import { describe, expect, it } from "vitest";
import { BucketHistogram } from "../../src/monitor/bucket-histogram.ts";
import { LatencyRecorder } from "../../src/monitor/latency-recorder.ts";

/** `label=value …: count` of each series of a family. */
function listSeries(recorder: LatencyRecorder, name: string): string[] {
  const family = recorder.families.find((each) => each.name === name);
  if (family?.type !== "histogram") throw new Error(`no histogram ${name}`);
  return Array.from(family.read(), ({ labels, histogram }) => `${Object.values(labels ?? {})}: ${histogram.count}`);
}

describe("a histogram of buckets", () => {
  it.each([
    [0, [1, 0, 0]],
    [1, [1, 0, 0]],
    [1.0001, [0, 1, 0]],
    [2, [0, 1, 0]],
    [2.0001, [0, 0, 1]],
    [Number.POSITIVE_INFINITY, [0, 0, 1]],
  ])("counts %d where its bound is not below it", (value, counts) => {
    const histogram = new BucketHistogram([1, 2]);
    histogram.observe(value);
    expect([0, 1, 2].map((bucket) => histogram.countAt(bucket))).toEqual(counts);
    expect([histogram.count, histogram.sum]).toEqual([1, value]);
  });
});

describe("recorded durations", () => {
  it("of stages go to the model and version that took part, whichever object names them", () => {
    const recorder = new LatencyRecorder();
    const model = (version: string) => ({ name: "signal_filter", version, sha256: "00" });
    for (const version of ["v1", "v2", "v1"]) recorder.recordStage("signal", model(version), 1);
    const same = model("v1");
    for (let count = 0; count < 3; count++) recorder.recordStage("signal", same, 1);
    recorder.recordStage("gates", undefined, 1);
    expect(listSeries(recorder, "ml_layer_stage_duration_seconds")).toEqual([
      "read_inputs,,: 0",
      "signal,signal_filter,v1: 5",
      "signal,signal_filter,v2: 1",
      "gates,,: 1",
      "audit_wait,,: 0",
    ]);
  });

  it("of calls go to protocol, method and code; what is no method shares one label", () => {
    const recorder = new LatencyRecorder();
    const call = (protocol: "grpc" | "rest", method: string, code: string) =>
      recorder.recordCall({ protocol, method, code, durationMs: 1, requestId: "" });
    call("grpc", "A/B", "ok");
    call("rest", "A/B", "ok");
    call("grpc", "A/B", "ok");
    call("grpc", "A/B", "internal");
    call("rest", "", "not_found");
    expect(listSeries(recorder, "ml_layer_rpc_duration_seconds")).toEqual([
      "grpc,A/B,ok: 2",
      "rest,A/B,ok: 1",
      "grpc,A/B,internal: 1",
      "rest,unknown,not_found: 1",
    ]);
  });
});
