/** No decision leaves that is not in the audit log: once it cannot be written, none does. */

import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { PredictRequestSchema } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { HealthCheckResponse_ServingStatus as ServingStatus } from "../../gen/ts/grpc/health/v1/health_pb.ts";
import { connectProtocols } from "../contract/clients/connect-client.ts";
import { toRefusal } from "../contract/clients/contract-client.ts";
import { grpcJs } from "../contract/clients/grpc-js-client.ts";
import { restProtocols } from "../contract/clients/rest-client.ts";
import { FaultyFs, type FsOperation, failNth } from "../monitor/audit/faulty-fs.ts";
import { createPredictRequest } from "../support/predict-requests.ts";
import { startTestService } from "../support/start-service.ts";
import { checkHealth, openBatch, openClient, predict, readMetric } from "./service-client.ts";

const request = createPredictRequest();
const unavailable = { code: "unavailable", reason: "AUDIT_UNAVAILABLE", domain: "ml.arbitrex" };

describe.each<[string, "strict" | "os", FsOperation, string]>([
  ["a sync fails", "strict", "fdatasync", "EIO"],
  ["the disk is full", "strict", "writeSync", "ENOSPC"],
  ["the disk is full, without syncs", "os", "writeSync", "ENOSPC"],
])("when %s", (_what, auditDurability, operation, code) => {
  it("answers UNAVAILABLE on every protocol, is not ready, and says so everywhere", async () => {
    const fs = new FaultyFs();
    await using service = await startTestService({ audit: { fs }, environment: { auditDurability } });
    using client = openClient(service.port);
    expect((await predict(client, request)).answer?.prediction?.allowTrade).toBe(true);

    fs.onCall = failNth(operation, fs.count(operation) + 1, code);
    for (const { name, open } of [grpcJs, ...connectProtocols, ...restProtocols]) {
      await using each = open(service.port);
      const outcome = await each.predict(create(PredictRequestSchema, request));
      expect([name, outcome.refusal]).toMatchObject([name, unavailable]);
    }

    expect(await checkHealth(client)).toBe(ServingStatus.NOT_SERVING);
    const ready = await fetch(`${service.url}/health/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ code: "unavailable", message: "the audit log cannot be written" });
    const health = await fetch(`${service.url}/health`);
    expect(await health.json()).toMatchObject({ status: "degraded", components: { audit_log: false } });
    expect(await readMetric(service.url, "ml_layer_audit_healthy")).toBe(0);
    expect(await readMetric(service.url, "ml_layer_ready")).toBe(0);
    await service.stop();
  });
});

it.each([
  ["strict", "fdatasync", "EIO"],
  ["os", "writeSync", "ENOSPC"],
] as const)(
  "answers the items of a stream by UNAVAILABLE, each in its place (%s)",
  async (auditDurability, operation, code) => {
    const fs = new FaultyFs();
    await using service = await startTestService({ audit: { fs }, environment: { auditDurability } });
    using client = openClient(service.port);
    const stream = openBatch(client);
    stream.send({ requestId: "before", item: { case: "window", value: request } });
    expect((await stream.receive()).result.case).toBe("response");
    fs.onCall = failNth(operation, fs.count(operation) + 1, code);
    for (const requestId of ["first", "second"]) {
      stream.send({ requestId, item: { case: "window", value: request } });
      const answer = await stream.receive();
      expect(answer.requestId).toBe(requestId);
      expect(answer.result.case === "error" ? toRefusal(answer.result.value) : undefined).toMatchObject(unavailable);
    }
    // Nobody may build on a window whose decision was never answered.
    const { symbol, timeframe } = request;
    stream.send({ requestId: "third", item: { case: "append", value: { symbol, timeframe } } });
    const { result } = await stream.receive();
    expect(result.case === "error" ? toRefusal(result.value).reason : result.case).toBe("NO_WINDOW");
    await stream.finish();
    await service.stop();
  },
);
