import { join } from "node:path";
import { InvalidInputError } from "./domain/errors.ts";
import { packageDirectory } from "./package-root.ts";

/** What is set from outside before the service starts; everything else is configuration. */
export interface Environment {
  readonly host: string;
  readonly port: number;
  readonly modelsDirectory: string;
  readonly logDirectory: string;
  readonly configDirectory: string;
  readonly logLevel: LogLevel;
  readonly auditDurability: "strict" | "os";
}

export const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

/** The models that the package ships. */
export const shippedModelsDirectory = join(packageDirectory, "models");

/**
 * Reads the environment; the only place that does.
 *
 * @throws InvalidInputError naming the variable that is wrong.
 */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  const read = (name: string, otherwise: string): string => {
    const value = variables[name];
    return value === undefined || value === "" ? otherwise : value;
  };
  return {
    host: read("HOST", "127.0.0.1"),
    port: readPort(read("PORT", "8003")),
    modelsDirectory: read("MODELS_DIR", shippedModelsDirectory),
    logDirectory: read("LOG_DIR", "logs"),
    configDirectory: read("CONFIG_DIR", "config"),
    logLevel: readChoice("LOG_LEVEL", read("LOG_LEVEL", "info"), logLevels),
    auditDurability: readChoice("AUDIT_DURABILITY", read("AUDIT_DURABILITY", "strict"), ["strict", "os"] as const),
  };
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new InvalidInputError(
    [{ field: "PORT", description: `${text} is no port (0 to 65535)` }],
    "INVALID_ENVIRONMENT",
  );
}

function readChoice<T extends string>(field: string, text: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  throw new InvalidInputError(
    [{ field, description: `${text} is none of ${choices.join(", ")}` }],
    "INVALID_ENVIRONMENT",
  );
}
