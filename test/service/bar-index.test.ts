import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { expect, it } from "vitest";
import { InferenceService, PredictRequestSchema } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { startTestService } from "../support/start-service.ts";

const features = { momentum_score: { values: new Array<number>(120).fill(1) } };

it.each(["strict", "os"] as const)("refuses a bar index past its field and serves on (%s)", async (auditDurability) => {
  await using service = await startTestService({ environment: { auditDurability } });
  const client = createClient(InferenceService, createGrpcTransport({ baseUrl: service.url }));
  const ask = (historyBars: number) =>
    client.predict(create(PredictRequestSchema, { symbol: "A", timeframe: "1D", features, historyBars }));
  const refusal = await ask(4_294_967_295).then(
    () => undefined,
    (error: unknown) => ConnectError.from(error),
  );
  expect(refusal?.code).toBe(Code.InvalidArgument);
  expect(refusal?.message).toContain("bar_index");
  expect((await ask(2_147_483_648)).barIndex).toBe(2_147_483_647);
});
