import { readFileSync } from "node:fs";

/** Nearest package.json above this file: one level up as source, two as built package. */
function readPackageVersion(): string {
  for (const path of ["../package.json", "../../package.json"]) {
    try {
      const parsed: unknown = JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
      if (typeof parsed === "object" && parsed !== null && "version" in parsed && "name" in parsed) {
        if (parsed.name === "arbitrex-ml-layer" && typeof parsed.version === "string") return parsed.version;
      }
    } catch (cause) {
      if (!(cause instanceof Error && "code" in cause && cause.code === "ENOENT")) throw cause;
    }
  }
  throw new Error("package.json of arbitrex-ml-layer is missing");
}

/** Version of this service, as in package.json. */
export const mlVersion = readPackageVersion();
