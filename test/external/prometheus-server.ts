/** A real Prometheus on a free port of this machine, with folders that go with it. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const rulesFile = new URL("../../deploy/prometheus/rules.yml", import.meta.url);

/** One series of an answer, with its value now. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Rule {
  readonly type: "recording" | "alerting";
  readonly name: string;
  readonly query: string;
  readonly health: string;
  readonly lastError?: string;
}

export interface PrometheusServer extends AsyncDisposable {
  /** Throws what Prometheus says against the expression. */
  query(expression: string): Promise<readonly Series[]>;
  rules(): Promise<readonly Rule[]>;
}

/** Scrapes a service every second, as the job that deploy/prometheus/prometheus.yml makes of it, and evaluates the committed rules. */
export async function startPrometheus(targetPort: number): Promise<PrometheusServer> {
  const directory = mkdtempSync(join(tmpdir(), "ml-layer-prometheus-"));
  writeFileSync(join(directory, "rules.yml"), readFileSync(rulesFile));
  writeFileSync(join(directory, "prometheus.yml"), writeConfig(targetPort));
  const server = spawn(
    "prometheus",
    [
      `--config.file=${join(directory, "prometheus.yml")}`,
      `--storage.tsdb.path=${join(directory, "data")}`,
      "--web.listen-address=127.0.0.1:0",
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  const ended = once(server, "exit");
  const lines = createInterface(server.stderr);
  const url = await findAddress(lines).catch((error: unknown) => {
    server.kill();
    rmSync(directory, { recursive: true, force: true });
    throw error;
  });
  return {
    async query(expression) {
      const { result } = await ask<{ readonly result: readonly VectorSample[] }>(url, "/api/v1/query", expression);
      return result.map(({ metric, value: [, text] }) => ({ metric, value: Number(text) }));
    },
    async rules() {
      const { groups } = await ask<{ readonly groups: readonly { readonly rules: Rule[] }[] }>(url, "/api/v1/rules");
      return groups.flatMap(({ rules }) => rules);
    },
    async [Symbol.asyncDispose]() {
      server.kill();
      await ended;
      lines.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

interface VectorSample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [seconds: number, text: string];
}

function writeConfig(targetPort: number): string {
  return JSON.stringify({
    global: { scrape_interval: "1s", evaluation_interval: "1s" },
    rule_files: ["rules.yml"],
    scrape_configs: [
      {
        job_name: "ml-layer",
        metrics_path: "/metrics/prometheus",
        static_configs: [{ targets: [`127.0.0.1:${targetPort}`] }],
      },
    ],
  });
}

/** Reads on to the end, or Prometheus would wait for a full pipe. */
function findAddress(lines: NodeJS.EventEmitter): Promise<string> {
  return new Promise((resolve, reject) => {
    const last: string[] = [];
    lines.on("line", (line: string) => {
      const [, address] = /msg="Listening on" address=(\S+)/.exec(line) ?? [];
      if (address !== undefined) resolve(`http://${address}`);
      last.push(line);
      if (last.length > 5) last.shift();
    });
    lines.once("close", () => reject(new Error(`Prometheus has ended: ${last.join("\n")}`)));
  });
}

async function ask<T>(url: string, path: string, query?: string): Promise<T> {
  const init = query === undefined ? {} : { method: "POST", body: new URLSearchParams({ query }) };
  const response = await fetch(`${url}${path}`, init);
  const answer: { status: string; data: T; error?: string } = JSON.parse(await response.text());
  if (answer.status !== "success") throw new Error(`${query ?? path}: ${answer.error}`);
  return answer.data;
}
