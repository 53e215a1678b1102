/** Writes gen/console from console/; part of `npm run generate`. */

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { bundleConsole } from "./console-bundle.ts";

const target = new URL("../gen/console/", import.meta.url);
const files = await bundleConsole();
rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
for (const [name, text] of files) writeFileSync(new URL(name, target), text);
