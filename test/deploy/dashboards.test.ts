/** The committed dashboards: written by the code, complete, and about metrics that exist. */

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { allDashboards } from "../../scripts/dashboards/all-dashboards.ts";
import { startTestService } from "../support/start-service.ts";
import { listPanels, readDashboard } from "./dashboard-file.ts";

const folder = new URL("../../deploy/grafana/dashboards/", import.meta.url);
const files = readdirSync(folder);

it("are what the code writes; if not, run npm run generate", () => {
  expect(files.toSorted()).toEqual([...allDashboards.keys()].toSorted());
  for (const [name, dashboard] of allDashboards) {
    expect(JSON.parse(readFileSync(new URL(name, folder), "utf8"))).toEqual(JSON.parse(JSON.stringify(dashboard)));
  }
});

it("have addresses of their own", () => {
  expect(new Set(files.map((file) => readDashboard(file).uid)).size).toBe(files.length);
});

describe.each(files)("the dashboard %s", (file) => {
  const dashboard = readDashboard(file);
  const panels = listPanels(file);

  it("shows the last hour, again every 15 s, of the jobs and instances that are chosen", () => {
    const names = dashboard.templating.list.map(({ name }) => name);
    expect(dashboard).toMatchObject({ refresh: "15s", time: { from: "now-1h", to: "now" } });
    expect(names).toEqual(["datasource", "job", "instance"]);
    for (const { expr } of panels.flatMap(({ targets }) => targets)) {
      const selected = expr.match(/\{[^{}]*\}/g) ?? [];
      expect(selected.length).toBeGreaterThan(0);
      for (const matchers of selected) expect(matchers).toContain('job=~"$job", instance=~"$instance"');
    }
  });

  it("tells unit, legend, limits and meaning of every panel", () => {
    expect(panels.length).toBeGreaterThan(5);
    for (const { title, description, targets, fieldConfig } of panels) {
      expect(description, title).toMatch(/^\w.{15,}\.$/);
      expect(fieldConfig.defaults.unit, title).not.toBe("");
      expect(fieldConfig.defaults.thresholds.steps.length, title).toBeGreaterThan(0);
      expect(targets.length, title).toBeGreaterThan(0);
      for (const { legendFormat } of targets) expect(legendFormat, title).not.toBe("");
    }
  });

  it("places panels side by side, each with an id of its own", () => {
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)}/${y + Math.floor(cell / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    for (const { title, gridPos } of panels) expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
  });
});

it("ask for metrics that the service has", async () => {
  await using service = await startTestService();
  const text = await (await fetch(`${service.url}/metrics/prometheus`)).text();
  const known = new Set<string>();
  for (const [, name = "", type] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
    for (const end of type === "histogram" ? ["_bucket", "_sum", "_count"] : [""]) known.add(name + end);
  }
  const asked = files
    .flatMap(listPanels)
    .flatMap(({ targets }) => targets)
    .flatMap(({ expr }) => [...expr.matchAll(/(\w+)\{/g)].map(([, name = ""]) => name));
  expect(asked.filter((name) => !known.has(name))).toEqual([]);
});
