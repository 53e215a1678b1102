/** Start, drain, stop. */

import { createServer } from "node:net";
import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import {
  HealthCheckRequestSchema,
  Health as HealthService,
  HealthCheckResponse_ServingStatus as ServingStatus,
} from "../../gen/ts/grpc/health/v1/health_pb.ts";
import { verifyAuditLog } from "../../src/monitor/audit/audit-verify.ts";
import { describeMethod } from "../contract/clients/grpc-js-client.ts";
import { FaultyFs } from "../monitor/audit/faulty-fs.ts";
import { createPredictRequest } from "../support/predict-requests.ts";
import { startTestService } from "../support/start-service.ts";
import { openSocket } from "../transport/stub-service.ts";
import { checkHealth, openClient, predict, readMetric, waitUntil } from "./service-client.ts";

describe("a service that runs", () => {
  it("is ready and serving", async () => {
    await using service = await startTestService();
    using client = openClient(service.port);
    expect(await checkHealth(client)).toBe(ServingStatus.SERVING);
    const response = await fetch(`${service.url}/health/ready`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: "ready" });
    expect(await readMetric(service.url, "ml_layer_ready")).toBe(1);
  });

  it("keeps a second one from writing the same audit log", async () => {
    await using service = await startTestService();
    const { logDirectory } = service;
    await expect(startTestService({ environment: { logDirectory } })).rejects.toMatchObject({ reason: "AUDIT_LOCKED" });
  });

  it("does not mix its metrics with those of another in the same process", async () => {
    await using one = await startTestService();
    await using other = await startTestService();
    using client = openClient(one.port);
    await predict(client, createPredictRequest());
    expect(await readMetric(one.url, "ml_layer_decision_duration_seconds_count")).toBe(1);
    expect(await readMetric(other.url, "ml_layer_decision_duration_seconds_count")).toBe(0);
  });
});

describe("a service that stops", () => {
  it("releases port and audit log, and the next one continues the chain", async () => {
    await using first = await startTestService();
    const { logDirectory, port } = first;
    using client = openClient(port);
    await predict(client, createPredictRequest());
    await Promise.all([first.stop(), first.stop()]);
    const second = await startTestService({ environment: { logDirectory, port } });
    await second.stop();
    expect(await verifyAuditLog(logDirectory)).toMatchObject({
      status: "intact",
      countsByKind: { start: 2, decision: 1, stop: 2 },
    });
  });

  it("answers what is in flight and refuses what comes after", async () => {
    const fs = new FaultyFs();
    await using service = await startTestService({ audit: { fs }, environment: { auditDurability: "strict" } });
    fs.isHoldingSyncs = true;
    using client = openClient(service.port);
    const inFlight = predict(client, createPredictRequest());
    await waitUntil(async () => (await readMetric(service.url, "ml_layer_audit_queue_records")) === 1);
    const stopped = service.stop();
    const late = await predict(client, createPredictRequest());
    expect(late.refusal?.code).toBe("unavailable");
    fs.isHoldingSyncs = false;
    fs.endSync();
    expect((await inFlight).answer?.prediction?.allowTrade).toBe(true);
    await stopped;
  });

  it("is not ready while it drains, and says why", async () => {
    await using service = await startTestService();
    using client = openClient(service.port);
    const { path, requestSerialize, responseDeserialize } = describeMethod(HealthService.method.watch);
    const watch = client.makeServerStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      create(HealthCheckRequestSchema),
    );
    const statuses = watch[Symbol.asyncIterator]();
    expect((await statuses.next()).value).toMatchObject({ status: ServingStatus.SERVING });
    // A request that has begun keeps its connection from being closed as idle.
    const { socket, closed } = openSocket(service.port);
    socket.write("GET /health/ready HTTP/1.1\r\nhost: localhost\r\n");
    for (let turn = 0; turn < 5; turn++) await fetch(`${service.url}/health`);
    const stopped = service.stop();
    expect((await statuses.next()).value).toMatchObject({ status: ServingStatus.NOT_SERVING });
    expect((await statuses.next()).done).toBe(true);
    socket.write("\r\n");
    const answer = await closed;
    expect(answer).toMatch(/^HTTP\/1\.1 503 /);
    expect(answer).toContain('"message":"the service is draining"');
    await stopped;
    await expect(fetch(`${service.url}/health/ready`)).rejects.toThrow();
  });
});

it("leaves nothing open when its port is taken", async () => {
  const other = createServer();
  const { promise, resolve } = Promise.withResolvers<void>();
  other.listen(0, "127.0.0.1", resolve);
  await promise;
  const address = other.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  await using holder = await startTestService();
  await holder.stop();
  const { logDirectory } = holder;
  await expect(startTestService({ environment: { port, logDirectory } })).rejects.toMatchObject({ code: "EADDRINUSE" });
  other.close();
  const next = await startTestService({ environment: { logDirectory } });
  await next.stop();
});
