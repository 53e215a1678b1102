/** Decisions through nginx with TLS, as deploy/nginx/ml-layer.conf has it: a real nginx, real instances, a real gRPC client. */

import { create } from "@bufbuild/protobuf";
import { Client, credentials } from "@grpc/grpc-js";
import { beforeEach, describe, expect, it } from "vitest";
import { ConfigService, GetConfigRequestSchema } from "../../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import { InferenceService, PredictRequestSchema } from "../../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { callUnary } from "../../contract/clients/grpc-js-client.ts";
import { openBatch } from "../../service/service-client.ts";
import { createPredictRequest } from "../../support/predict-requests.ts";
import { startTestService } from "../../support/start-service.ts";
import { requireTool } from "../external-tool.ts";
import { type NginxServer, startNginx } from "./nginx-server.ts";

/** gRPC over TLS to the socket that nginx listens on. */
function openTlsClient({ socketPath, certificate }: NginxServer): Client & Disposable {
  const client = new Client(`unix:${socketPath}`, credentials.createSsl(certificate), {
    "grpc.ssl_target_name_override": "localhost",
    "grpc.default_authority": "localhost",
  });
  return Object.assign(client, { [Symbol.dispose]: () => client.close() });
}

const decide = (client: Client) =>
  callUnary(client, InferenceService.method.predict, create(PredictRequestSchema, createPredictRequest()));

describe("nginx before two instances", () => {
  beforeEach(({ skip }) => {
    requireTool(skip, "nginx", "-v");
    requireTool(skip, "openssl", "version");
  });

  it("finds its configuration right", async () => {
    await using nginx = await startNginx([8003, 8013]);
    expect(nginx.verdict).toMatchObject({ status: 0, output: expect.stringContaining("test is successful") });
  });

  it("spreads the calls of one connection over both", async () => {
    await using one = await startTestService();
    await using other = await startTestService();
    await using nginx = await startNginx([one.port, other.port]);
    using client = openTlsClient(nginx);
    for (let call = 0; call < 20; call++) {
      expect((await decide(client)).answer?.prediction?.allowTrade).toBe(true);
    }
    const counts = await Promise.all([one, other].map(({ url }) => countDecisions(url)));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(20);
    for (const count of counts) expect(count).toBeGreaterThan(0);
  });

  it("goes on with the other when one has stopped, and says UNAVAILABLE when both have", async () => {
    await using one = await startTestService();
    await using other = await startTestService();
    await using nginx = await startNginx([one.port, other.port]);
    using client = openTlsClient(nginx);
    await one.stop();
    for (let call = 0; call < 5; call++) expect((await decide(client)).answer?.symbol).toBe("EURUSD");
    await other.stop();
    expect((await decide(client)).refusal?.code).toBe("unavailable");
  });

  it("carries a stream both ways", async () => {
    await using one = await startTestService();
    await using nginx = await startNginx([one.port, one.port]);
    using client = openTlsClient(nginx);
    const stream = openBatch(client);
    for (const requestId of ["first", "second"]) {
      stream.send({ requestId, item: { case: "window", value: createPredictRequest() } });
      expect((await stream.receive()).requestId).toBe(requestId);
    }
    await stream.finish();
  });

  it("keeps administrative calls out", async () => {
    await using one = await startTestService();
    await using nginx = await startNginx([one.port, one.port]);
    using client = openTlsClient(nginx);
    const { refusal } = await callUnary(client, ConfigService.method.getConfig, create(GetConfigRequestSchema));
    expect(refusal?.code).toBe("unimplemented");
  });
});

async function countDecisions(url: string): Promise<number> {
  const answer = await fetch(`${url}/metrics`, { headers: { accept: "application/json" } });
  const { metrics }: { metrics: { total_predictions: number } } = JSON.parse(await answer.text());
  return metrics.total_predictions;
}
