/** The Python client as its users get it. */

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { run } from "../../scripts/generators/toolchain.ts";
import { readFixture } from "../registry/model-fixtures.ts";
import { startTestService, type TestService } from "../support/start-service.ts";
import { createSelfSigned } from "../transport/self-signed.ts";
import { startFront } from "./front.ts";
import { newestPython, pythonClient } from "./languages.ts";
import { readmeCode } from "./readme-code.ts";

/** The service's, which its clients share. */
const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
const project = fileURLToPath(new URL("../../clients/python", import.meta.url));
const bars = fileURLToPath(new URL("../../node_modules/vega-datasets/data/sp500-2000.csv", import.meta.url));

describe("the Python package", () => {
  let python: string;
  let directory: string;
  let service: TestService;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "ml-layer-python-"));
    service = await startTestService();
  });
  afterAll(async () => {
    await service[Symbol.asyncDispose]();
    rmSync(directory, { recursive: true });
  });
  beforeEach(async ({ skip }) => {
    python = await pythonClient(newestPython, skip);
  }, 300_000);

  it("has types that a strict checker accepts", async () => {
    const config = join(project, "pyproject.toml");
    const checked = await run("sh", [
      "-c",
      `cd ${project} && ${python} -m mypy --config-file ${config} --cache-dir ${directory}`,
    ]);
    expect(checked).toContain("Success: no issues found");
  });

  it("is a wheel with generated code, types and service config in it", async () => {
    const copy = join(directory, "project");
    cpSync(project, copy, { recursive: true, dereference: true });
    await run(python, ["-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", directory, copy]);
    const listed = await run(python, [
      "-m",
      "zipfile",
      "--list",
      join(directory, `arbitrex_ml_client-${version}-py3-none-any.whl`),
    ]);
    const files = listed.split("\n").map((line) => line.split(" ")[0]);
    expect(files).toEqual(
      expect.arrayContaining([
        "arbitrex/ml/v1/inference_pb2.py",
        "arbitrex/ml/v1/inference_pb2.pyi",
        "arbitrex/ml/v1/inference_pb2_grpc.pyi",
        "arbitrex/ml/v1/py.typed",
        "arbitrex_ml/client.py",
        "arbitrex_ml/py.typed",
        "arbitrex_ml/service-config.json",
      ]),
    );
    expect(files.filter((file) => file?.startsWith("google/") || file?.startsWith("grpc/"))).toEqual([]);
  });

  it("does what its README shows", async () => {
    const script = join(directory, "readme.py");
    writeFileSync(script, readmeCode(join(project, "README.md"), "python"));
    expect(await run(python, [script, `127.0.0.1:${service.port}`])).toBe(
      ["True ['all gates passed']", "120", "INVALID_ARGUMENT INVALID_INPUT ['symbol']", "0.55", ""].join("\n"),
    );
  });

  it("uploads a model in parts", async () => {
    const { bytes, metadata } = readFixture("signal-logistic.onnx");
    const [model, described] = [join(directory, "model.onnx"), join(directory, "model.json")];
    writeFileSync(model, bytes);
    writeFileSync(described, JSON.stringify(metadata));
    const script = fileURLToPath(new URL("upload_model.py", import.meta.url));
    expect(await run(python, [script, `127.0.0.1:${service.port}`, model, described])).toBe(
      ["v2.0.0", "ALREADY_EXISTS signal_filter/v2.0.0", "v3.0.0", "ALREADY_EXISTS signal_filter/v3.0.0", ""].join("\n"),
    );
  });

  it("shows its certificate, and knows the service by another name than its address", async () => {
    const { key, cert } = createSelfSigned();
    await using front = await startFront({ targetPort: service.port, tls: { key, cert, ca: cert } });
    const [certFile, keyFile] = [join(directory, "cert.pem"), join(directory, "key.pem")];
    writeFileSync(certFile, cert);
    writeFileSync(keyFile, key);
    const script = fileURLToPath(new URL("certified_client.py", import.meta.url));
    const printed = await run(python, [script, `127.0.0.1:${front.port}`, certFile, keyFile]);
    expect(printed).toBe(["EURUSD", "EURUSD", "True", "True", "True", ""].join("\n"));
  });

  it("generates signals as the TypeScript example does", async () => {
    const arguments_ = [`127.0.0.1:${service.port}`, bars, "300"];
    const typescript = fileURLToPath(new URL("../../clients/typescript/example/signal-generator.ts", import.meta.url));
    const printed = await run(python, [join(project, "example/signal_generator.py"), ...arguments_]);
    expect(printed).toMatch(/ {2}long, probability 0\.\d{4}\n/);
    expect(printed).toMatch(/ {2}no trade: regime RANGING is not allowed/);
    expect(printed).toBe(await run(process.execPath, [typescript, ...arguments_]));
  });
});
