import { describe, expect, it } from "vitest";
import type { CallReport } from "../src/domain/call-context.ts";
import { createCallLog, createServiceLog } from "../src/service-log.ts";

const report: CallReport = {
  protocol: "grpc",
  method: "arbitrex.ml.v1.InferenceService/Predict",
  code: "ok",
  durationMs: 0.123_456_789,
  requestId: "r-1",
};
const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";

function capture(level: "info" | "warn", worker?: number) {
  const lines: string[] = [];
  const log = createServiceLog(level, { write: (line) => void lines.push(line) });
  return { lines, log: worker === undefined ? log : { ...log, logger: log.logger.child({ worker }) } };
}

/** All but the time is the same at every run. */
const withoutTime = (line: string | undefined) => line?.replace(/"time":"[^"]*"/, "");

describe("the line of a call", () => {
  it.each([
    ["a usual call", report, undefined],
    [
      "its size and trace",
      { ...report, requestBytes: 15_828, traceparent: `00-${traceId}-00f067aa0ba902b7-01` },
      undefined,
    ],
    ["a trace that is none", { ...report, traceparent: "00-0-0-00" }, undefined],
    ["a request id that needs escaping", { ...report, requestId: 'a"\\b' }, undefined],
    ["a failure of the caller's making", { ...report, protocol: "rest" as const, code: "invalid_argument" }, undefined],
    ["one of several processes", report, 2],
  ])("is what the logger would write: %s", (_, told: CallReport, worker) => {
    const { lines, log } = capture("info", worker);
    createCallLog(log)(told);
    const [line] = lines;
    log.logger.info(
      {
        request_id: told.requestId,
        protocol: told.protocol,
        method: told.method,
        code: told.code,
        duration_ms: 0.123,
        request_bytes: told.requestBytes,
        trace_id: told.traceparent?.includes(traceId) === true ? traceId : undefined,
      },
      "call finished",
    );
    expect(withoutTime(line)).toBe(withoutTime(lines[1]));
    expect(Date.parse(JSON.parse(line ?? "").time)).not.toBeNaN();
  });

  it("is not written when the log is for warnings", () => {
    const { lines, log } = capture("warn");
    createCallLog(log)(report);
    expect(lines).toEqual([]);
  });

  it("says why when the service failed", () => {
    const { lines, log } = capture("warn");
    createCallLog(log)({ ...report, code: "internal", error: new Error("disk is gone") });
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ level: 50, code: "internal", err: { message: "disk is gone" } });
  });
});
