/** The TypeScript client as its users get it. */

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMlClient } from "../../clients/typescript/browser.ts";
import { createMlClient as createNodeClient, MlRpcError } from "../../clients/typescript/node.ts";
import { run } from "../../scripts/generators/toolchain.ts";
import { readFixture } from "../registry/model-fixtures.ts";
import { createPredictRequest } from "../support/predict-requests.ts";
import { startTestService, type TestService } from "../support/start-service.ts";
import { createSelfSigned } from "../transport/self-signed.ts";
import { startFront } from "./front.ts";
import { readmeCode } from "./readme-code.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

describe("the TypeScript package", () => {
  let directory: string;
  let service: TestService;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "ml-layer-typescript-"));
    const installed = join(directory, "node_modules", "arbitrex-ml-layer");
    mkdirSync(installed, { recursive: true });
    const dist = join(installed, "dist");
    execFileSync("node_modules/.bin/tsc", ["-p", "tsconfig.build.json", "--outDir", dist], {
      cwd: root,
      stdio: "pipe",
    });
    for (const part of ["package.json", "node_modules"]) symlinkSync(join(root, part), join(installed, part));
    writeFileSync(join(directory, "package.json"), '{"type":"module"}\n');
    service = await startTestService();
  }, 120_000);
  afterAll(async () => {
    await service[Symbol.asyncDispose]();
    rmSync(directory, { recursive: true });
  });

  it("does what its README shows", async () => {
    const file = join(directory, "readme.ts");
    writeFileSync(file, readmeCode(join(root, "clients/typescript/README.md"), "ts"));
    const printed = await run(process.execPath, [file, `127.0.0.1:${service.port}`]);
    expect(printed).toBe(
      ["true [ 'all gates passed' ]", "120", "INVALID_ARGUMENT INVALID_INPUT [ 'symbol' ]", "0.55", ""].join("\n"),
    );
  });

  it.each([
    ["Node", { module: "nodenext" }],
    ["a bundler for browsers", { module: "esnext", moduleResolution: "bundler", customConditions: ["browser"] }],
  ])("has types that the strictest compiler accepts for %s", async (_name, options) => {
    const project = mkdtempSync(join(directory, "types-"));
    const config = { target: "es2024", lib: ["es2024", "dom", "esnext.disposable"], types: ["node"], noEmit: true };
    const strict = {
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: false,
    };
    const typeRoots = [join(root, "node_modules/@types")];
    const compilerOptions = { ...config, ...strict, ...options, typeRoots };
    writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["page.ts"] }));
    writeFileSync(
      join(project, "page.ts"),
      `import { createMlClient, MlRpcError, type DecisionOptions } from "arbitrex-ml-layer/client";
const options: DecisionOptions = { deadlineMs: 500 };
const { prediction } = await createMlClient("http://127.0.0.1:8003").predict({ symbol: "EURUSD" }, options);
const reasons: string[] | undefined = prediction?.decisionReasons;
// @ts-expect-error: a decision is no string.
const wrong: string | undefined = prediction?.allowTrade;
console.log(reasons, wrong, MlRpcError);
export {};
`,
    );
    expect(await run(join(root, "node_modules/.bin/tsc"), ["-p", project])).toBe("");
  });

  it("leaves out of a browser's bundle what the page does not use, and all of Node", async () => {
    const whole = await bundle("console.log(createMlClient)", "createMlClient");
    const part = await bundle("console.log(MlRpcError)", "MlRpcError");
    const inference = "arbitrex.ml.v1.InferenceService";
    expect([whole.includes(inference), part.includes(inference)]).toEqual([true, false]);
    expect(part.length).toBeLessThan(whole.length / 2);
    for (const code of [whole, part]) expect(/from\s*["']node:|http2/.test(code)).toBe(false);
  });

  it("decides over Connect, as a browser does", async () => {
    const client = createMlClient(service.url, { token: "s3cret" });
    await client.waitForHealth();
    const { prediction } = await client.predict(createPredictRequest());
    expect(prediction?.allowTrade).toBe(true);
    await expect(client.predict({ symbol: "EURUSD" })).rejects.toMatchObject({
      codeName: "INVALID_ARGUMENT",
      fieldViolations: [{ field: "timeframe" }],
    });
  });

  it("shows its certificate, and knows the service by another name than its address", async () => {
    const { key, cert } = createSelfSigned();
    await using front = await startFront({ targetPort: service.port, tls: { key, cert, ca: cert } });
    const address = `127.0.0.1:${front.port}`;
    using known = createNodeClient(address, { tls: { ca: cert, cert, key, serverName: "localhost" } });
    expect((await known.predict(createPredictRequest())).symbol).toBe("EURUSD");
    for (const tls of [{ ca: cert }, { cert, key }, true] as const) {
      using stranger = createNodeClient(address, { tls });
      await expect(stranger.predict(createPredictRequest())).rejects.toBeInstanceOf(MlRpcError);
    }
  });

  it("uploads a model in parts", async () => {
    const { bytes, metadata } = readFixture("signal-logistic.onnx");
    async function* parts() {
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      const header = { modelName: "signal_filter", version: "v2.0.0", metadata: { ...metadata, sha256 } };
      yield { part: { case: "header" as const, value: header } };
      for (let start = 0; start < bytes.length; start += 1_000) {
        yield { part: { case: "chunk" as const, value: bytes.subarray(start, start + 1_000) } };
      }
    }
    using client = createNodeClient(`127.0.0.1:${service.port}`);
    expect((await client.models.uploadModel(parts())).model?.version).toBe("v2.0.0");
    await expect(client.models.uploadModel(parts())).rejects.toMatchObject({
      codeName: "ALREADY_EXISTS",
      resource: { name: "signal_filter/v2.0.0" },
    });
  });

  async function bundle(use: string, name: string): Promise<string> {
    const input = join(directory, `page-${name}.js`);
    writeFileSync(input, `import { ${name} } from "arbitrex-ml-layer/client";\n${use};\n`);
    await using build = await rolldown({ input, platform: "browser", tsconfig: false });
    const { output } = await build.generate({ format: "esm", minify: true });
    return output.map((each) => (each.type === "chunk" ? each.code : "")).join("\n");
  }
});
