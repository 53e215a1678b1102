/** The README's lines of other languages stand in the READMEs of the clients, whose code their own tests run. */

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { readmeCode } from "../clients/readme-code.ts";

const root = new URL("../../", import.meta.url);

function toLines(code: string): readonly string[] {
  return code
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

it.each([
  ["python", "python", "clients/python/README.md"],
  ["typescript", "ts", "clients/typescript/README.md"],
  ["go", "go", "clients/go/README.md"],
])("shows lines of the %s client that have been run", (shown, language, document) => {
  const excerpt = toLines(readmeCode(new URL("README.md", root).pathname, shown));
  const run = toLines(readmeCode(new URL(document, root).pathname, language));
  expect(excerpt.length).toBeGreaterThan(2);
  expect(excerpt.filter((line) => !run.includes(line))).toEqual([]);
});

it("leads every link of the documentation to a file that is there", () => {
  for (const document of [
    "README.md",
    "docs/OPERATIONS.md",
    "docs/API.md",
    "deploy/README.md",
    "docs/ARCHITECTURE.md",
  ]) {
    const text = readFileSync(new URL(document, root), "utf8");
    for (const [, target = ""] of text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)) {
      const path = new URL(target, new URL(document, root));
      expect(() => readFileSync(path.pathname.endsWith("/") ? new URL("README.md", path) : path), target).not.toThrow(
        /ENOENT/,
      );
    }
  }
});
