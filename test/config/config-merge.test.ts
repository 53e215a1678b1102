import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hashConfig, toCanonicalJson } from "../../src/config/config-hash.ts";
import { parseConfig } from "../../src/config/config-json.ts";
import { type ConfigPatch, changedKeys, mergeConfig } from "../../src/config/config-merge.ts";
import { defaultConfig } from "../../src/config/config-schema.ts";
import type { KnownRegime } from "../../src/domain/regime.ts";

const double = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const regimes = fc.subarray<KnownRegime>(["TRENDING", "RANGING", "STRESSED"], { minLength: 1 });

/** Valid patches that change anything from nothing to a bit of everything. */
const patches: fc.Arbitrary<ConfigPatch> = fc.record(
  {
    regime: fc.record(
      {
        minConfidence: double(0, 0.99),
        regimeSmoothingWindow: fc.integer({ min: 1, max: 50 }),
        useMlModel: fc.boolean(),
      },
      { requiredKeys: [] },
    ),
    signalFilter: fc.record(
      { entryThreshold: double(0.56, 0.99), exitThreshold: double(0.01, 0.55), allowedRegimes: regimes },
      { requiredKeys: [] },
    ),
    governance: fc.record({ driftThreshold: double(1e-12, 10) }, { requiredKeys: [] }),
    regimeTimeframe: fc.string({ minLength: 1, maxLength: 32, unit: "grapheme-ascii" }),
    alertRules: fc.subarray([...defaultConfig.alertRules]),
  },
  { requiredKeys: [] },
);
const entryFirst = { signalFilter: { entryThreshold: 0.555 } };
const base = mergeConfig(defaultConfig, entryFirst);

describe("merging", () => {
  it("is idempotent, and nothing it was given changes", () => {
    fc.assert(
      fc.property(patches, (patch) => {
        const before = toCanonicalJson(base);
        const once = mergeConfig(base, patch);
        expect(toCanonicalJson(mergeConfig(once, patch))).toBe(toCanonicalJson(once));
        expect(toCanonicalJson(base)).toBe(before);
      }),
    );
  });

  it("lets the later of two patches win, key by key", () => {
    fc.assert(
      fc.property(patches, patches, (one, other) => {
        const both = mergeConfig(mergeConfig(base, one), other);
        const joined = {
          ...one,
          ...other,
          regime: { ...one.regime, ...other.regime },
          signalFilter: { ...one.signalFilter, ...other.signalFilter },
          governance: { ...one.governance, ...other.governance },
        };
        expect(both).toEqual(mergeConfig(base, joined));
      }),
    );
  });

  it("changes exactly the keys it reports", () => {
    fc.assert(
      fc.property(patches, (patch) => {
        const next = mergeConfig(base, patch);
        const keys = changedKeys(base, next);
        expect(keys.length === 0).toBe(hashConfig(next).hash === hashConfig(base).hash);
        const given = Object.entries(patch).flatMap(([key, value]) =>
          typeof value === "object" && !Array.isArray(value) ? Object.keys(value) : [key],
        );
        expect(keys.length).toBeLessThanOrEqual(given.length);
      }),
    );
  });

  it("survives being written and read", () => {
    fc.assert(
      fc.property(patches, (patch) => {
        const next = mergeConfig(base, patch);
        const read = parseConfig(JSON.parse(toCanonicalJson(next)), { defaults: defaultConfig });
        expect(read).toEqual(next);
        expect(hashConfig(read).hash).toBe(hashConfig(next).hash);
      }),
    );
  });

  it("replaces lists whole", () => {
    const next = mergeConfig(defaultConfig, { signalFilter: { allowedRegimes: ["STRESSED"] }, alertRules: [] });
    expect(next.signalFilter.allowedRegimes).toEqual(["STRESSED"]);
    expect(next.alertRules).toEqual([]);
    expect(changedKeys(defaultConfig, next)).toEqual(["alert_rules", "signal_filter.allowed_regimes"]);
  });

  it("leaves what is undefined as it is", () => {
    const next = mergeConfig(defaultConfig, { regime: { minConfidence: undefined }, signalFilter: undefined });
    expect(next).toEqual(defaultConfig);
  });

  it("returns what nobody can change afterwards", () => {
    const allowedRegimes: KnownRegime[] = ["RANGING"];
    const next = mergeConfig(defaultConfig, { signalFilter: { allowedRegimes } });
    allowedRegimes.push("STRESSED");
    expect(next.signalFilter.allowedRegimes).toEqual(["RANGING"]);
    expect([next, next.regime, next.alertRules, next.alertRules[0]].every(Object.isFrozen)).toBe(true);
    expect(Object.isFrozen(defaultConfig.alertRules)).toBe(false);
  });

  it("takes -0 for 0", () => {
    const next = mergeConfig(defaultConfig, { regime: { minConfidence: -0 } });
    expect(Object.is(next.regime.minConfidence, 0)).toBe(true);
  });

  it.each<[string, string, readonly string[]]>([
    ["an unknown key", '{"signalFilter":{"entryTreshold":0.6}}', ["signal_filter.entry_treshold"]],
    ["an unknown section", '{"signal":{"entryThreshold":0.6}}', ["signal"]],
    ["a snake_case key", '{"signal_filter":{"entryThreshold":0.6}}', ["signal_filter"]],
    ["__proto__", '{"__proto__":{"x":1},"regime":{"constructor":1}}', ["__proto__", "regime.constructor"]],
    ["null for a section", '{"regime":null}', ["regime"]],
    ["a list for a section", '{"regime":[1]}', ["regime"]],
    ["null for a key", '{"regime":{"minConfidence":null}}', ["regime.min_confidence"]],
    ["an object for a key", '{"configVersion":{}}', ["config_version"]],
    ["several", '{"x":1,"regime":{"y":2,"minConfidence":7}}', ["x", "regime.y", "regime.min_confidence"]],
  ])("names every wrong key of %s", (_what, json, fields) => {
    expect(() => mergeConfig(defaultConfig, JSON.parse(json))).toThrow(
      expect.objectContaining({ violations: fields.map((field) => expect.objectContaining({ field })) }),
    );
  });
});

describe("the JSON form", () => {
  const read = (change: (json: Record<string, Record<string, unknown>>) => void, addedKeys: readonly string[] = []) => {
    const json = JSON.parse(toCanonicalJson(defaultConfig));
    change(json);
    return parseConfig(json, { defaults: defaultConfig, addedKeys });
  };

  it.each<[string, (json: Record<string, Record<string, unknown>>) => void, string]>([
    ["a key is absent", (json) => delete json["regime"]?.["min_confidence"], "regime.min_confidence"],
    ["a section is absent", (json) => delete json["regime"], "regime"],
    ["a key is unknown", (json) => Object.assign(json["regime"] ?? {}, { min_confidense: 1 }), "regime.min_confidense"],
    ["a key is in camelCase", (json) => Object.assign(json, { signalFilter: {} }), "signalFilter"],
    [
      "a key is in Title_Case",
      (json) => Object.assign(json["regime"] ?? {}, { Min_confidence: 1 }),
      "regime.Min_confidence",
    ],
    [
      "a value is out of range",
      (json) => Object.assign(json["regime"] ?? {}, { min_confidence: 1 }),
      "regime.min_confidence",
    ],
  ])("is refused when %s", (_what, change, field) => {
    expect(() => read(change)).toThrow(expect.objectContaining({ violations: [expect.objectContaining({ field })] }));
  });

  it("has defaults for the keys, and only those, that came later", () => {
    const dropTwo = (json: Record<string, Record<string, unknown>>) => {
      delete json["governance"];
      delete json["regime"]?.["min_bars_required"];
    };
    expect(read(dropTwo, ["governance", "regime.min_bars_required"])).toEqual(defaultConfig);
    expect(() => read(dropTwo, ["governance"])).toThrow("regime.min_bars_required");
  });
});
