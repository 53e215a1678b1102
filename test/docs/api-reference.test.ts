/** docs/API.md, written from the proto files. */

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ConfigService } from "../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import { InferenceService } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { ModelRegistryService } from "../../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import { MonitoringService } from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";

const reference = readFileSync(new URL("../../docs/API.md", import.meta.url), "utf8");
const services = [ConfigService, InferenceService, ModelRegistryService, MonitoringService];

/** The address that a heading has on a page. */
function toAnchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9_ -]/g, "")
    .replaceAll(" ", "-");
}

describe("the API reference", () => {
  const headings = [...reference.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => heading);

  it("leads every link somewhere", () => {
    const anchors = new Set(headings.map(toAnchor));
    const links = [...reference.matchAll(/\]\(#([^)]*)\)/g)].map(([, anchor = ""]) => anchor);
    expect(links.length).toBeGreaterThan(100);
    expect(links.filter((anchor) => !anchors.has(anchor))).toEqual([]);
  });

  it("gives no two headings one address", () => {
    expect(headings.map(toAnchor).filter((anchor, index, all) => all.indexOf(anchor) !== index)).toEqual([]);
  });

  it.each(services)("describes every RPC and message of $name", ({ name, methods }) => {
    for (const method of methods) {
      expect(headings).toContain(`${name}.${method.name}`);
      for (const message of [method.input, method.output]) {
        if (!message.typeName.startsWith("arbitrex.")) continue;
        expect(headings).toContain(message.name);
        for (const field of message.fields) expect(reference).toContain(`| \`${field.name}\` |`);
      }
    }
  });

  it("says something about everything it names", () => {
    expect(reference).not.toMatch(/^### .*\n\n\n/m);
    expect([...reference.matchAll(/^\| `.*\| *\|$/gm)].map(([row]) => row)).toEqual([]);
  });
});
