import { describe, expect, it } from "vitest";
import { createVersionLife, type VersionState } from "../../src/registry/version-state.ts";

const ways: Readonly<Record<VersionState, readonly VersionState[]>> = {
  START: [],
  LOADING: ["LOADING"],
  AVAILABLE: ["LOADING", "AVAILABLE"],
  UNLOADING: ["LOADING", "AVAILABLE", "UNLOADING"],
  END: ["LOADING", "END"],
};
const legal = new Set([
  "START-LOADING",
  "START-END",
  "LOADING-AVAILABLE",
  "LOADING-END",
  "AVAILABLE-UNLOADING",
  "UNLOADING-END",
  "END-LOADING",
]);
const states = Object.keys(ways) as VersionState[];
const pairs = states.flatMap((from) => states.map((to) => [from, to] as const));

describe("a version's life", () => {
  it.each(pairs)("from %s to %s is legal only if the table says so", (from, to) => {
    const life = createVersionLife(() => undefined);
    for (const state of ways[from]) life.move(state, "on the way");
    if (legal.has(`${from}-${to}`)) {
      life.move(to, "because");
      expect(life.status()).toEqual({ state: to, reason: "because" });
    } else {
      expect(() => life.move(to, "because")).toThrow(`from ${from} to ${to}`);
      expect(life.status().state).toBe(from);
    }
  });

  it("tells of every change", () => {
    const told: string[] = [];
    const life = createVersionLife((from, to) => told.push(`${from.state}-${to.state}: ${to.reason}`));
    life.move("LOADING", "asked for");
    life.move("END", "broken");
    expect(told).toEqual(["START-LOADING: asked for", "LOADING-END: broken"]);
  });
});
