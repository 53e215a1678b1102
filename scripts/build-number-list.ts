/** Writes gen/wasm/number-list.ts from src/handlers/json/number-list.wat; part of `npm run generate`. */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import loadWabt from "wabt";

const source = "src/handlers/json/number-list.wat";
const root = new URL("../", import.meta.url);
const wabt = await loadWabt();
const module = wabt.parseWat(source, readFileSync(new URL(source, root), "utf8"), { simd: true });
module.validate();
const { buffer } = module.toBinary({});
const target = new URL("gen/wasm/", root);
mkdirSync(target, { recursive: true });
writeFileSync(
  new URL("number-list.ts", target),
  `// Made from ${source} by scripts/build-number-list.ts.\nexport const numberListModule =\n  "${Buffer.from(buffer).toString("base64")}";\n`,
);
