import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

interface PackageFacts {
  /** Folder that holds package.json, models and the generated documents. */
  readonly directory: string;
  readonly version: string;
}

/** The package is one level above this file as source, two as built code. */
function findPackage(): PackageFacts {
  for (const up of ["..", "../.."]) {
    const directory = fileURLToPath(new URL(up, import.meta.url));
    const text = readIfPresent(`${directory}/package.json`);
    if (text === undefined) continue;
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "object" && parsed !== null && "name" in parsed && "version" in parsed) {
      if (parsed.name === "arbitrex-ml-layer" && typeof parsed.version === "string") {
        return { directory, version: parsed.version };
      }
    }
  }
  throw new Error("package.json of arbitrex-ml-layer is missing");
}

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined;
    throw cause;
  }
}

const found = findPackage();

/** Where the files lie that the package ships. */
export const packageDirectory = found.directory;

/** Version of this service, as in package.json. */
export const mlVersion = found.version;
