/** Writes deploy/grafana/dashboards from scripts/dashboards; part of `npm run generate`. */

import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { allDashboards } from "./dashboards/all-dashboards.ts";

const root = new URL("../", import.meta.url);
const target = new URL("deploy/grafana/dashboards/", root);
rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
for (const [name, dashboard] of allDashboards) {
  writeFileSync(new URL(name, target), `${JSON.stringify(dashboard, undefined, 2)}\n`);
}
// As everything else is formatted, or `npm run check` would complain of what was just written.
execFileSync(fileURLToPath(new URL("node_modules/.bin/biome", root)), ["format", "--write", fileURLToPath(target)], {
  cwd: fileURLToPath(root),
  stdio: ["ignore", "ignore", "inherit"],
});
