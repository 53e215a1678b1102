import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAllowedRequest } from "../support/requests.ts";
import { copyRuleModels } from "../support/rule-models.ts";
import { startTestService, type TestService } from "../support/start-service.ts";
import { type ProgramRun, runProgram } from "./run-program.ts";

/** A service whose models may be changed, and the program pointed at it. */
export interface AdminService extends AsyncDisposable {
  readonly service: TestService;
  run(...args: readonly string[]): Promise<ProgramRun>;
  /** Runs with --json; the answer must be one JSON object. */
  runJson(...args: readonly string[]): Promise<unknown>;
  /** Writes a file of the user's and answers its path. */
  writeFile(name: string, content: string | Uint8Array): string;
}

export async function startAdminService(): Promise<AdminService> {
  const folder = mkdtempSync(join(tmpdir(), "ml-layer-admin-"));
  const models = join(folder, "models");
  copyRuleModels(models);
  const service = await startTestService({ environment: { modelsDirectory: models } });
  const run = (...args: readonly string[]) => runProgram(args, { PORT: String(service.port) });
  return {
    service,
    run,
    async runJson(...args) {
      const { exitCode, stdout, stderr } = await run(...args, "--json");
      if (exitCode !== 0) throw new Error(`${args.join(" ")}: exit code ${exitCode}: ${stderr}`);
      return JSON.parse(stdout);
    },
    writeFile(name, content) {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
    async [Symbol.asyncDispose]() {
      await service[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Has one decision taken for each momentum, on inputs that differ in nothing else. */
export async function takeDecisions({ url }: TestService, momenta: readonly number[]): Promise<void> {
  const { features } = createAllowedRequest();
  const series = Object.entries(features).map(([name, { values }]) => [name, values] as const);
  for (const momentum of momenta) {
    const varied = series.map(([name, values]) => [
      name,
      name === "momentum_score" ? values.map(() => momentum) : values,
    ]);
    const request = {
      symbol: "EURUSD",
      timeframe: "4H",
      features: Object.fromEntries(varied),
      qse_output: {
        validation: { signal_validity_flag: true },
        metrics: { trend_persistence_score: 0.2 },
        regime: { efficiency_ratio: 0.5, correlation_regime: "NORMAL" },
      },
    };
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${url}/predict`, { method: "POST", headers, body: JSON.stringify(request) });
    if (!response.ok) throw new Error(`a decision was refused: ${await response.text()}`);
  }
}
