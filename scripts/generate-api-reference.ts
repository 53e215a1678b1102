/** Writes docs/API.md from the proto files; part of `npm run generate`. */

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { writeApiReference } from "./api-reference/api-reference.ts";

const root = new URL("../", import.meta.url);

// With source information, which the descriptors in the generated code leave out.
const fileSet = execFileSync(fileURLToPath(new URL("node_modules/.bin/buf", root)), ["build", "-o", "-#format=binpb"], {
  cwd: fileURLToPath(root),
  maxBuffer: 64 * 1024 * 1024,
});

writeFileSync(new URL("docs/API.md", root), writeApiReference(fileSet, "arbitrex.ml.v1"));
