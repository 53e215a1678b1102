/** The committed dashboards as Grafana reads them. */

import { readFileSync } from "node:fs";

export interface PanelJson {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig: {
    readonly defaults: { readonly unit: string; readonly thresholds: { readonly steps: readonly object[] } };
  };
  readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
}

export interface DashboardJson {
  readonly uid: string;
  readonly title: string;
  readonly templating: { readonly list: readonly { readonly name: string; readonly query: string }[] };
  readonly panels: readonly PanelJson[];
}

export function readDashboard(file: string): DashboardJson {
  return JSON.parse(readFileSync(new URL(`../../deploy/grafana/dashboards/${file}`, import.meta.url), "utf8"));
}

/** Those that show something: rows are only titles. */
export function listPanels(file: string): readonly PanelJson[] {
  return readDashboard(file).panels.filter(({ type }) => type !== "row");
}
