/**
 * Writes deploy/kubernetes/ml-layer.yaml, the plain manifests, from the Helm chart: `npm run generate:kubernetes`. Needs helm 3;
 * a test holds the file against the chart.
 */
import { writeFileSync } from "node:fs";
import { renderChart } from "./helm-chart.ts";

const header = `# The Helm chart with its defaults, for clusters without Helm; written by "npm run generate:kubernetes", never edited.
#   kubectl create namespace ml-layer && kubectl apply -f deploy/kubernetes/ml-layer.yaml
`;

/** What the file holds. */
export function renderManifests(): string {
  const rendered = renderChart("ml-layer", "ml-layer", { fullnameOverride: "ml-layer" });
  // Who manages the resources is told by labels, and here it is not Helm.
  const lines = rendered
    .split("\n")
    .filter((line) => !/^ *(helm\.sh\/chart|app\.kubernetes\.io\/managed-by):/.test(line));
  return header + lines.join("\n");
}

if (import.meta.main) writeFileSync(new URL("../deploy/kubernetes/ml-layer.yaml", import.meta.url), renderManifests());
