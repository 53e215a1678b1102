/** Writes gen/openapi.json from the proto files; part of `npm run generate`. */

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createOpenApiDocument } from "../src/transport/openapi/document.ts";

const root = new URL("../", import.meta.url);
const { version } = JSON.parse(readFileSync(new URL("package.json", root), "utf8"));

// With source information, which the descriptors in the generated code leave out.
const fileSet = execFileSync(fileURLToPath(new URL("node_modules/.bin/buf", root)), ["build", "-o", "-#format=binpb"], {
  cwd: fileURLToPath(root),
  maxBuffer: 64 * 1024 * 1024,
});

const document = createOpenApiDocument({
  fileSet,
  packageName: "arbitrex.ml.v1",
  title: "Arbitrex ML layer",
  description: [
    "Decides whether a trading signal may trade now. The same service speaks gRPC, gRPC-Web and Connect on this port.",
    "",
    "- Field names are snake_case; camelCase is accepted too. Zero values are written out, absent fields left out.",
    "- Send `x-request-id` to name a call and `connect-timeout-ms` to limit its time.",
    "- Paths are exact: a trailing slash makes another path.",
  ].join("\n"),
  version,
});

writeFileSync(new URL("gen/openapi.json", root), `${JSON.stringify(document, undefined, 2)}\n`);
