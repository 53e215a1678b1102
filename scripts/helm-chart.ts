import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Folder of the chart. */
export const chartDirectory = fileURLToPath(new URL("../deploy/helm/arbitrex-ml-layer", import.meta.url));

/** The cluster that the chart is rendered and checked for: the newest three minor versions are what operators run. */
export const kubernetesVersion = "1.33.0";

/**
 * The manifests of the chart.
 *
 * @throws Error with what helm says.
 */
export function renderChart(release: string, namespace: string, values: Readonly<Record<string, string>> = {}): string {
  const settings = Object.entries(values).flatMap(([key, value]) => ["--set", `${key}=${value}`]);
  const { status, error, stdout, stderr } = spawnSync(
    "helm",
    ["template", release, chartDirectory, "--namespace", namespace, "--kube-version", kubernetesVersion, ...settings],
    { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
  );
  if (status !== 0) throw new Error(`helm template: ${error?.message ?? stderr}`);
  return stdout;
}
