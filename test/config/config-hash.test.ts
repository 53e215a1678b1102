import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { hashConfig, toCanonicalJson } from "../../src/config/config-hash.ts";
import { mergeConfig } from "../../src/config/config-merge.ts";
import { defaultConfig } from "../../src/config/config-schema.ts";
import { requireTool } from "../support/required-tool.ts";

it("gives the defaults the hash they always had", () => {
  // A changed default changes what every fresh installation does: it belongs in the CHANGELOG, and then here.
  expect(hashConfig(defaultConfig).hash).toBe("6fde6d28b4a537cc");
});

const pythonHash = `
import hashlib, json, sys
config = json.load(sys.stdin)
text = json.dumps(config, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
print(hashlib.sha256(text.encode("utf-8")).hexdigest()[:16])
`;

it("can be reproduced by anybody from the JSON", ({ skip }) => {
  requireTool(skip, "python3", "--version");
  for (const config of [
    defaultConfig,
    mergeConfig(defaultConfig, { regimeTimeframe: 'Größe "4h" €', signalFilter: { entryThreshold: 0.5 + 0.7 / 3 } }),
  ]) {
    const canonical = toCanonicalJson(config);
    const shuffled = JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(canonical)).reverse()), undefined, 2);
    const { stdout, stderr } = spawnSync("python3", ["-c", pythonHash], {
      input: shuffled,
      encoding: "utf8",
      env: { ...process.env, PYTHONUTF8: "1" },
      timeout: 20_000,
    });
    expect(stdout.trim(), stderr).toBe(hashConfig(config).hash);
  }
});

it("does not depend on the order of keys", () => {
  const reversed = { ...defaultConfig, regime: defaultConfig.regime };
  const backwards = Object.fromEntries(Object.entries(reversed).reverse());
  expect(hashConfig({ ...defaultConfig, ...backwards }).hash).toBe(hashConfig(defaultConfig).hash);
  expect(toCanonicalJson(defaultConfig)).toMatch(/^\{"alert_rules":\[\{"comparison":.*"training_window":5000\}\}$/);
});

it("depends on the order of lists and on every value", () => {
  const one = mergeConfig(defaultConfig, { signalFilter: { allowedRegimes: ["TRENDING", "RANGING"] } });
  const other = mergeConfig(defaultConfig, { signalFilter: { allowedRegimes: ["RANGING", "TRENDING"] } });
  const next = mergeConfig(defaultConfig, { signalFilter: { entryThreshold: 0.55 + Number.EPSILON } });
  expect(new Set([one, other, next, defaultConfig].map((config) => hashConfig(config).hash)).size).toBe(4);
});

it("refuses what is no valid configuration", () => {
  expect(() => hashConfig({ ...defaultConfig, configVersion: "" })).toThrow("config_version");
});
