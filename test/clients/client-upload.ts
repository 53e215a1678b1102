/** Uploads of models with a language's scenario runner, beside the table. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromBinary, fromJson, toBinary } from "@bufbuild/protobuf";
import { expect } from "vitest";
import { ModelVersionSchema, RegisterModelRequestSchema } from "../../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import { readFixture } from "../registry/model-fixtures.ts";
import { startTestService } from "../support/start-service.ts";
import { type RunnerCommand, startRunner } from "./runner.ts";

/** Registers a model once; then the same version again, and a file that is no model and larger than one message, are refused. */
export async function checkUpload(command: RunnerCommand): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "client-upload-"));
  try {
    await using service = await startTestService();
    await using runner = startRunner(command);
    await runner.obey({ op: "connect", address: `127.0.0.1:${service.port}` });
    const { bytes, metadata } = readFixture("signal-logistic.onnx");
    const file = join(folder, "model.onnx");
    const upload = async (version: string, content: Uint8Array) => {
      writeFileSync(file, content);
      const header = JSON.stringify({ modelName: "signal_filter", version, metadata, actor: "test" });
      const request = Buffer.from(
        toBinary(RegisterModelRequestSchema, fromJson(RegisterModelRequestSchema, JSON.parse(header))),
      ).toString("base64");
      return runner.obey({ op: "uploadModel", file, request });
    };
    const { ok } = await upload("v2.0.0", bytes);
    const registered = fromBinary(ModelVersionSchema, Buffer.from(ok?.message ?? "", "base64"));
    expect(registered).toMatchObject({ version: "v2.0.0", sizeBytes: BigInt(bytes.length) });
    expect((await upload("v2.0.0", bytes)).error).toMatchObject({
      code: "ALREADY_EXISTS",
      resource: { name: "signal_filter/v2.0.0" },
    });
    expect((await upload("v2.1.0", Buffer.alloc(6 * 1024 * 1024))).error).toMatchObject({ code: "INVALID_ARGUMENT" });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
