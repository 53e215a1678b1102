import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { bundleConsole } from "../../scripts/console-bundle.ts";

const built = new URL("../../gen/console/", import.meta.url);

it("ships what its sources make; npm run generate renews it", async () => {
  const files = await bundleConsole();
  expect(readdirSync(built).sort()).toEqual([...files.keys()].sort());
  for (const [name, text] of files) {
    expect(readFileSync(new URL(name, built), "utf8") === text, `gen/console/${name}`).toBe(true);
  }
});

it("stays small, and names no folder of the machine that built it", async () => {
  const files = await bundleConsole();
  expect((files.get("app.js") ?? "").length).toBeLessThan(256 * 1024);
  for (const text of files.values()) expect(text).not.toMatch(/node_modules|file:\/\//);
});

it("never makes markup out of text", () => {
  const sources = readdirSync(new URL("../../console/", import.meta.url), { recursive: true, encoding: "utf8" });
  const scripts = sources.filter((name) => name.endsWith(".ts"));
  expect(scripts.length).toBeGreaterThan(20);
  for (const name of scripts) {
    const text = readFileSync(new URL(`../../console/${name}`, import.meta.url), "utf8");
    expect(text, name).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser/);
  }
});
