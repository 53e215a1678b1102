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
  /** Base addresses of the Alertmanagers that are told of alerts. */
  readonly alertmanagerUrls: readonly string[];
  /** Base address of the OpenTelemetry collector that is sent spans (OTLP over HTTP); undefined sends none. */
  readonly otlpEndpoint: string | undefined;
  /** What the spans call this service. */
  readonly otelServiceName: string;
}

/** Most Alertmanagers. */
const alertmanagersMax = 10;

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
    alertmanagerUrls: readUrls("ALERTMANAGER_URLS", read("ALERTMANAGER_URLS", "")),
    otlpEndpoint: readUrl("OTEL_EXPORTER_OTLP_ENDPOINT", read("OTEL_EXPORTER_OTLP_ENDPOINT", "")),
    otelServiceName: read("OTEL_SERVICE_NAME", "ml-layer"),
  };
}

/** Most processes that decide: past the number of cores they only share them. */
export const workersMax = 64;

/**
 * Processes that decide.
 *
 * @param field where the number is from
 * @throws InvalidInputError naming it.
 */
export function readWorkers(text: string, field = "WORKERS"): number {
  const workers = Number(text);
  if (/^\d{1,2}$/.test(text) && workers >= 1 && workers <= workersMax) return workers;
  throw refusal(field, `${text} is not a whole number from 1 to ${workersMax}`);
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new InvalidInputError(
    [{ field: "PORT", description: `${text} is no port (0 to 65535)` }],
    "INVALID_ENVIRONMENT",
  );
}

function readUrls(field: string, text: string): string[] {
  const texts = text.split(",").map((each) => each.trim());
  const urls = texts.filter((each) => each !== "");
  if (urls.length > alertmanagersMax) {
    throw refusal(field, `${urls.length} addresses; at most ${alertmanagersMax}`);
  }
  for (const [index, url] of urls.entries()) checkUrl(field, `address ${index + 1}`, url);
  return urls;
}

function readUrl(field: string, text: string): string | undefined {
  if (text === "") return undefined;
  checkUrl(field, "the address", text);
  return text;
}

/** The address stands in logs, so it must hold no secret; neither is it quoted here. */
function checkUrl(field: string, name: string, text: string): void {
  const url = URL.parse(text);
  if (url === null || !["http:", "https:"].includes(url.protocol)) {
    throw refusal(field, `${name} is not of the form http://host:port`);
  }
  if (url.username !== "" || url.password !== "") throw refusal(field, `${name} must not hold credentials`);
  if (url.search !== "" || url.hash !== "") throw refusal(field, `${name} must end with its path`);
}

function refusal(field: string, description: string): InvalidInputError {
  return new InvalidInputError([{ field, description }], "INVALID_ENVIRONMENT");
}

function readChoice<T extends string>(field: string, text: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  throw new InvalidInputError(
    [{ field, description: `${text} is none of ${choices.join(", ")}` }],
    "INVALID_ENVIRONMENT",
  );
}
