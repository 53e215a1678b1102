/** The probe that container platforms without gRPC probes of their own put into an image. Its exit codes are what they act upon. */

import { createServer } from "node:net";
import { beforeEach, describe, expect, it } from "vitest";
import { FaultyFs, failNth } from "../monitor/audit/faulty-fs.ts";
import { openClient, predict } from "../service/service-client.ts";
import { createPredictRequest } from "../support/predict-requests.ts";
import { startTestService } from "../support/start-service.ts";
import { requireTool, runTool, type ToolRun } from "./external-tool.ts";

const exitCodes = { serving: 0, connectionFailed: 2, rpcFailed: 3, notServing: 4 } as const;

function probe(port: number, ...args: readonly string[]): Promise<ToolRun> {
  return runTool("grpc-health-probe", `-addr=127.0.0.1:${port}`, "-connect-timeout=5s", "-rpc-timeout=5s", ...args);
}

describe("grpc-health-probe", () => {
  beforeEach(({ skip }) => requireTool(skip, "grpc-health-probe", "-version"));

  it.each([[], ["-service=arbitrex.ml.v1.InferenceService"], ["-user-agent=kubelet"]])(
    "finds a service that serves %s",
    async (...args) => {
      await using service = await startTestService();
      const run = await probe(service.port, ...args);
      expect(run.stderr).toContain("status: SERVING");
      expect(run.exitCode).toBe(exitCodes.serving);
    },
  );

  it("is told that there is no service of that name", async () => {
    await using service = await startTestService();
    const run = await probe(service.port, "-service=arbitrex.ml.v1.NoSuchService");
    expect(run.stderr).toContain("NotFound");
    expect(run.exitCode).toBe(exitCodes.rpcFailed);
  });

  it("finds a service that cannot write its audit log not serving", async () => {
    const fs = new FaultyFs();
    await using service = await startTestService({ audit: { fs }, environment: { auditDurability: "strict" } });
    using client = openClient(service.port);
    fs.onCall = failNth("fdatasync", fs.count("fdatasync") + 1, "EIO");
    expect((await predict(client, createPredictRequest())).refusal?.code).toBe("unavailable");
    const run = await probe(service.port);
    expect(run.stderr).toContain("NOT_SERVING");
    expect(run.exitCode).toBe(exitCodes.notServing);
    await service.stop();
  });

  it("finds nobody where nobody listens", async () => {
    const run = await probe(await findFreePort());
    expect(run.exitCode).toBe(exitCodes.connectionFailed);
  });
});

/** A port that was free a moment ago. */
async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("the server has no address");
  return address.port;
}
