/** What has been answered is in the audit log, even when the process is killed at the next moment. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create } from "@bufbuild/protobuf";
import { expect, it } from "vitest";
import { PredictRequestSchema } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { readAuditRecords } from "../../src/monitor/audit/audit-reader.ts";
import { verifyAuditLog } from "../../src/monitor/audit/audit-verify.ts";
import type { ContractProtocol } from "../contract/clients/contract-client.ts";
import { grpcJs } from "../contract/clients/grpc-js-client.ts";
import { restProtocols } from "../contract/clients/rest-client.ts";
import { createPredictRequest } from "../support/predict-requests.ts";
import { startTestService } from "../support/start-service.ts";
import { serveInProcess } from "./served-process.ts";
import { openBatch, openClient } from "./service-client.ts";

const rounds = 20;
/** Connections, and calls that each keeps in flight. */
const load: readonly [protocol: ContractProtocol, callers: number][] = [
  [grpcJs, 8],
  [grpcJs, 8],
  [grpcJs, 8],
  ...restProtocols.map((protocol): [ContractProtocol, number] => [protocol, 4]),
];
const request = create(PredictRequestSchema, createPredictRequest());

it(`loses no acknowledged decision in ${rounds} kills under load`, { timeout: 120_000 }, async () => {
  const directory = mkdtempSync(join(tmpdir(), "ml-layer-kill-"));
  const logDirectory = join(directory, "logs");
  const variables = { LOG_DIR: logDirectory, CONFIG_DIR: join(directory, "config"), AUDIT_DURABILITY: "strict" };
  try {
    const acknowledged = new Set<string>();
    for (let round = 0; round < rounds; round++) {
      const served = await serveInProcess(variables);
      // Another number each time, so that the kill meets another state of the log.
      const killAt = acknowledged.size + 20 + round * 17;
      const { promise: isEnough, resolve } = Promise.withResolvers<void>();
      const acknowledge = (predictionId: string) => {
        acknowledged.add(predictionId);
        if (acknowledged.size >= killAt) resolve();
      };
      const callers = [...load.map(([protocol, count]) => keepCalling(protocol, served.port, count, acknowledge))];
      callers.push(keepStreaming(served.port, acknowledge));
      await isEnough;
      await served.kill();
      await Promise.all(callers);
    }
    // The next start recovers what the last kill left behind.
    const last = await startTestService({ environment: { logDirectory, auditDurability: "strict" } });
    await last.stop();
    const report = await verifyAuditLog(logDirectory);
    expect(report).toMatchObject({ status: "intact", countsByKind: { start: rounds + 1, stop: 1 } });
    for (const line of readFileSync(join(logDirectory, "predictions.jsonl"), "utf8").trimEnd().split("\n")) {
      expect(JSON.parse(line)).toHaveProperty("hash");
    }
    const found = new Set<unknown>();
    for await (const { fields } of readAuditRecords(logDirectory, { kind: "decision" }))
      found.add(fields["prediction_id"]);
    const lost = [...acknowledged].filter((predictionId) => !found.has(predictionId));
    console.info(
      `${rounds} kills: ${acknowledged.size} decisions acknowledged, ${found.size} in the log, ${lost.length} lost, ` +
        `${report.countsByKind["recovery"] ?? 0} torn ends cut off`,
    );
    expect(lost).toEqual([]);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

/** Calls over one connection until the service is gone. */
async function keepCalling(
  { open }: ContractProtocol,
  port: number,
  callers: number,
  acknowledge: (predictionId: string) => void,
): Promise<void> {
  await using client = open(port);
  const call = async (): Promise<void> => {
    for (;;) {
      // However the connection breaks, an answer that was not received was not acknowledged.
      const outcome = await client.predict(request).catch(() => undefined);
      if (outcome?.answer === undefined) return;
      acknowledge(outcome.answer.predictionId);
    }
  };
  await Promise.all(Array.from({ length: callers }, call));
}

/** Streams windows, eight ahead of the answers, until the service is gone. */
async function keepStreaming(port: number, acknowledge: (predictionId: string) => void): Promise<void> {
  using client = openClient(port);
  const stream = openBatch(client);
  const send = () => stream.send({ item: { case: "window", value: request } });
  for (let ahead = 0; ahead < 8; ahead++) send();
  for (;;) {
    const answer = await stream.receive().catch(() => undefined);
    if (answer?.result.case !== "response") return;
    acknowledge(answer.result.value.predictionId);
    send();
  }
}
