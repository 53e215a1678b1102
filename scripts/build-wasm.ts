/** Writes the modules of gen/wasm from their sources in text; part of `npm run generate`. */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import loadWabt from "wabt";

const sources = {
  "number-list": "src/handlers/json/number-list.wat",
  "shortest-decimal": "src/monitor/audit/shortest-decimal.wat",
};
const root = new URL("../", import.meta.url);
const target = new URL("gen/wasm/", root);
const wabt = await loadWabt();
mkdirSync(target, { recursive: true });
for (const [name, source] of Object.entries(sources)) {
  const module = wabt.parseWat(source, readFileSync(new URL(source, root), "utf8"), { simd: true, bulk_memory: true });
  module.validate();
  const { buffer } = module.toBinary({});
  const constant = `${name.replace(/-./g, (match) => match.slice(1).toUpperCase())}Module`;
  writeFileSync(
    new URL(`${name}.ts`, target),
    `// Made from ${source} by scripts/build-wasm.ts.\nexport const ${constant} =\n  "${Buffer.from(buffer).toString("base64")}";\n`,
  );
}
