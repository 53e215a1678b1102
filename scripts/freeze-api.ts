/**
 * Keeps the API as it is released, so that a test can call every later service with the client of that release:
 * `node scripts/freeze-api.ts [FOLDER]` writes FOLDER/<version>.binpb.
 */

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
const folder = process.argv[2] ?? `${root}test/fixtures/api`;

execFileSync(
  `${root}node_modules/.bin/buf`,
  ["build", root, "--exclude-source-info", "-o", `${folder}/${version}.binpb`],
  {
    stdio: "inherit",
  },
);
console.log(`${folder}/${version}.binpb`);
