/** The deployment files, read by the programs that use them or by those programs' own definitions. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { renderManifests } from "../../../scripts/generate-kubernetes.ts";
import { chartDirectory, kubernetesVersion, renderChart } from "../../../scripts/helm-chart.ts";
import { requireTool } from "../external-tool.ts";
import { buildCheck, deployDirectory, run, type Verdict } from "./deployment-check.ts";

/** Everything that the chart can be asked for. */
const allOn = {
  "serviceMonitor.enabled": "true",
  "autoscaling.enabled": "true",
  "prometheusRule.enabled": "true",
  "dashboards.enabled": "true",
};
/** `pip install kubernetes-validate`: the schemas of Kubernetes, version by version. */
const withSchemas = process.env["KUBERNETES_VALIDATE"] ?? "kubernetes-validate";

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "ml-layer-deploy-"));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

function change(path: string, from: string, to: string): string {
  const text = readFileSync(path, "utf8");
  expect(text).toContain(from);
  return write("changed.yaml", text.replace(from, to));
}

describe("the Helm chart", () => {
  beforeEach(({ skip }) => requireTool(skip, "helm", "version"));

  it("has nothing that helm lint objects to", () => {
    const { status, output } = run("helm", "lint", "--strict", chartDirectory);
    expect(output).toContain("1 chart(s) linted, 0 chart(s) failed");
    expect(status).toBe(0);
  });

  it("is what the plain manifests say; if not, run npm run generate:kubernetes", () => {
    expect(readFileSync(`${deployDirectory}/kubernetes/ml-layer.yaml`, "utf8")).toBe(renderManifests());
  });

  it.for<[string, Record<string, string>, number]>([
    ["defaults", {}, 6],
    ["everything on", allOn, 13],
    ["nothing kept", { "persistence.enabled": "false", "networkPolicy.enabled": "false" }, 5],
  ])("makes resources that Kubernetes' schemas allow: %s", ([, values, resourcesMin], { skip }) => {
    requireTool(skip, withSchemas, "--version");
    const path = write("rendered.yaml", renderChart("ml-layer", "trading", values));
    const { status, output } = validate(path);
    expect(status, output).toBe(0);
    expect(output.match(/ passed for resource /g)?.length).toBeGreaterThanOrEqual(resourcesMin);
  });

  it("would be caught with a field that Kubernetes does not know", ({ skip }) => {
    requireTool(skip, withSchemas, "--version");
    const path = write("rendered.yaml", renderChart("ml-layer", "trading"));
    expect(validate(change(path, "periodSeconds: 5", "periodSecond: 5")).status).not.toBe(0);
  });

  it("refuses settings that would tell people of an alert twice", () => {
    const values = { "prometheusRule.enabled": "true", "service.alertmanagerUrls": "{http://alertmanager:9093}" };
    expect(() => renderChart("ml-layer", "trading", values)).toThrow("choose one");
  });

  it("refuses a value of the wrong kind", () => {
    expect(() => renderChart("ml-layer", "trading", { replicaCount: "many" })).toThrow("replicaCount");
    expect(() => renderChart("ml-layer", "trading", { replicaCounts: "3" })).toThrow("replicaCounts");
  });

  function validate(path: string): Verdict {
    return run(withSchemas, "--strict", "--kubernetes-version", kubernetesVersion.replace(/\.\d+$/, ""), path);
  }
});

describe("what is read with its users' own definitions", () => {
  let check: (kind: string, path: string) => Verdict;

  beforeEach(({ skip }) => {
    requireTool(skip, "go", "version");
    check ??= buildCheck(directory);
  }, 300_000);

  it("is a compose file whose mounts and image sources exist", () => {
    expect(check("compose", `${deployDirectory}/compose/compose.yaml`)).toMatchObject({
      status: 0,
      output: "compose: 4 services\n",
    });
    const wrong = change(`${deployDirectory}/compose/compose.yaml`, "cap_drop", "cap_dropp");
    expect(check("compose", wrong).output).toContain("cap_dropp");
  });

  it("is a configuration of Envoy", () => {
    const path = `${deployDirectory}/envoy/envoy.yaml`;
    expect(check("envoy", path)).toMatchObject({ status: 0 });
    expect(check("envoy", change(path, "connect_timeout: 1s", "connect_timeout: -1s")).output).toContain(
      "ConnectTimeout",
    );
    expect(check("envoy", change(path, "lb_policy", "lb_polizy")).output).toContain("lb_polizy");
  });

  it("are resources of the Prometheus operator", ({ skip }) => {
    requireTool(skip, "helm", "version");
    const path = write("rendered.yaml", renderChart("ml-layer", "trading", allOn));
    expect(check("operator", path).output).toMatch(/^operator: 1 ServiceMonitor, \d+ rules\n$/);
    expect(check("operator", change(path, "path: /metrics", "paht: /metrics")).output).toContain("paht");
  });
});

describe("configuration of the watchers", () => {
  it("is Prometheus'", ({ skip }) => {
    requireTool(skip, "promtool", "--version");
    expect(run("promtool", "check", "config", `${deployDirectory}/compose/prometheus.yml`).output).toContain("SUCCESS");
    expect(run("promtool", "check", "config", `${deployDirectory}/prometheus/prometheus.yml`).output).toContain(
      "SUCCESS",
    );
  });

  it("is Alertmanager's", ({ skip }) => {
    requireTool(skip, "amtool", "--version");
    expect(run("amtool", "check-config", `${deployDirectory}/compose/alertmanager.yml`).output).toContain("SUCCESS");
  });
});

describe("the systemd unit", () => {
  beforeEach(({ skip }) => requireTool(skip, "systemd-analyze", "--version"));

  it("is one that systemd reads without a word", () => {
    // Where the program and the user are those of the machine that checks.
    const unit = readFileSync(`${deployDirectory}/systemd/ml-layer.service`, "utf8")
      .replace("/opt/arbitrex-ml-layer/node_modules/.bin/node", process.execPath)
      .replaceAll(/^(User|Group)=ml-layer$/gm, "$1=daemon");
    const path = write("ml-layer.service", unit);
    expect(run("systemd-analyze", "verify", path)).toEqual({ status: 0, output: "" });
    const wrong = write("wrong.service", unit.replace("Restart=on-failure", "Restart=on-failur"));
    expect(run("systemd-analyze", "verify", wrong).output).toContain("on-failur");
  });

  it("exposes little of the machine", () => {
    const path = `${deployDirectory}/systemd/ml-layer.service`;
    const { output } = run("systemd-analyze", "security", "--offline=true", "--threshold=20", path);
    expect(output).toMatch(/Overall exposure level for ml-layer\.service: [01]\.\d OK/);
  });
});
