/** A real Prometheus scrapes a service under load and answers everything that panels and rules ask it. */

import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { governanceRuleNames } from "../../src/monitor/alerts/governance-rules.ts";
import { runProgram } from "../cli/run-program.ts";
import { type GovernedService, startGoverned } from "../control/governed-service.ts";
import { listPanels, readDashboard } from "../deploy/dashboard-file.ts";
import { requireTool, runTool } from "./external-tool.ts";
import { type PrometheusServer, startPrometheus } from "./prometheus-server.ts";
import { keepAsking, operate } from "./varied-load.ts";

const deploy = fileURLToPath(new URL("../../deploy/", import.meta.url));

/** Scrapes, one a second, that fill the window of every rate. */
const scrapesMin = 11;

interface Question {
  readonly origin: string;
  /** How the expression that is asked differs from the one that is committed. */
  readonly form: string;
  readonly expression: string;
  /** Labels that the legend names. */
  readonly labels: readonly string[];
}

/** Grafana's variables as Grafana would fill them in for scrapes of one second. */
function fillIn(expression: string): string {
  return expression
    .replaceAll("$__rate_interval", "10s")
    .replaceAll("$__range", "30s")
    .replaceAll('"$job"', '"ml-layer"')
    .replaceAll('"$instance"', '".+"');
}

function listPanelQuestions(): Question[] {
  return readdirSync(join(deploy, "grafana/dashboards")).flatMap((file) => {
    const board = file.replace(".json", "");
    const variables = readDashboard(file).templating.list.flatMap(({ name, query }) => {
      const [, series = "", label = ""] = /^label_values\((.+), (\w+)\)$/.exec(query) ?? [];
      const expression = fillIn(`count by (${label}) (${series})`);
      return series === ""
        ? []
        : [{ origin: `${board}: $${name}`, form: "count of label_values", expression, labels: [label] }];
    });
    const panels = listPanels(file).flatMap(({ title, targets }) =>
      targets.map(({ expr, legendFormat }) => {
        const origin = `${board}: ${title} [${legendFormat}]`;
        const labels = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = ""]) => label);
        return { origin, form: "as is", expression: fillIn(expr), labels };
      }),
    );
    return [...variables, ...panels];
  });
}

/** An alert that does not fire has no series; with `bool` its condition answers 0 instead, by the same series. */
async function listRuleQuestions(prometheus: PrometheusServer): Promise<Question[]> {
  return (await prometheus.rules()).flatMap(({ type, name, query }): Question[] => {
    const labels = ["job", "instance"];
    if (type === "recording") {
      return [
        { origin: `rule: ${name}`, form: "as is", expression: query, labels },
        { origin: `rule: ${name}`, form: "what it recorded", expression: name, labels },
      ];
    }
    // Rules of governance compare their inputs and the length of their windows as well, and no window is full here.
    const comparison = governanceRuleNames.some((each) => each === name) ? / ([<>]=?) /g : / ([<>]) (?=\S+ and on)/;
    const expression = query.replace(comparison, " $1 bool ");
    expect(expression, name).not.toBe(query);
    return [{ origin: `rule: ${name}`, form: "compared with bool", expression, labels }];
  });
}

/** Runs the demo against the service, then waits until Prometheus has seen enough. */
async function runDemo({ service }: GovernedService, prometheus: PrometheusServer): Promise<void> {
  const reports = mkdtempSync(join(tmpdir(), "ml-layer-demo-"));
  try {
    const address = `127.0.0.1:${service.port}`;
    const demo = await runProgram(["demo", "--json", "--address", address, "--out", join(reports, "demo.html")], {});
    expect(demo).toMatchObject({ exitCode: 0 });
  } finally {
    rmSync(reports, { recursive: true, force: true });
  }
  const countScrapes = async () => (await prometheus.query('sum(count_over_time(up{job="ml-layer"}[5m]))'))[0]?.value;
  while (((await countScrapes()) ?? 0) < scrapesMin) await delay(200);
}

async function answer(prometheus: PrometheusServer, { origin, form, expression, labels }: Question) {
  const series = await prometheus.query(expression);
  const numbers = series.filter(({ value }) => Number.isFinite(value)).length;
  const lacking = labels.filter((label) => series.some(({ metric }) => !(label in metric)));
  return { origin, form, expression, series: series.length, numbers, lacking };
}

it("has data for every expression of every panel and rule", async ({ skip }) => {
  requireTool(skip, "prometheus", "--version");
  await using governed = await startGoverned({ environment: { auditDurability: "strict" } });
  await operate(governed);
  await using prometheus = await startPrometheus(governed.service.port);
  const stop = new AbortController();
  const load = keepAsking(governed, stop.signal);
  try {
    await Promise.race([runDemo(governed, prometheus), load]);
    const questions = [...listPanelQuestions(), ...(await listRuleQuestions(prometheus))];
    const answers = [];
    for (const question of questions) answers.push(await answer(prometheus, question));
    process.stdout.write(`${renderTable(answers)}\n`);
    expect(questions.length).toBeGreaterThan(130);
    expect(answers.filter(({ numbers, lacking }) => numbers === 0 || lacking.length > 0)).toEqual([]);
    const unwell = (await prometheus.rules()).filter(({ health }) => health !== "ok");
    expect(unwell).toEqual([]);
    // What has no data is found, and so is what is no expression.
    const wrong = { origin: "", form: "", expression: "rate(ml_layer_no_such_metric_total[10s])", labels: [] };
    expect(await answer(prometheus, wrong)).toMatchObject({ series: 0 });
    await expect(prometheus.query("rate(ml_layer_decisions_total)")).rejects.toThrow("expected type range vector");
  } finally {
    stop.abort();
    await load;
  }
});

function renderTable(answers: readonly Awaited<ReturnType<typeof answer>>[]): string {
  const rows = answers.map(
    ({ origin, form, expression, series }) => `| ${origin} | ${form} | \`${expression}\` | ${series} |`,
  );
  return ["| asked by | form | expression | series |", "| --- | --- | --- | --: |", ...rows].join("\n");
}

it.for([
  ["rules", "prometheus/rules.yml"],
  ["config", "prometheus/prometheus.yml"],
] as const)("has no complaint about the committed %s", async ([kind, file], { skip }) => {
  requireTool(skip, "promtool", "--version");
  const run = await runTool("promtool", "check", kind, join(deploy, file));
  expect(run).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/SUCCESS: (\d+ rules found|.* is valid)/) });
});
