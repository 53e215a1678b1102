/** Replies of runners in a form that can be held against the table, and against another language's to the last bit. */

import { createRegistry, type DescMessage, fromBinary, type Message, ScalarType, toJson } from "@bufbuild/protobuf";
import { type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";
import { PredictResponseSchema, PredictSymbolsResponseSchema } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { file_google_rpc_error_details } from "../../gen/ts/google/rpc/error_details_pb.ts";
import type { RunnerError, RunnerOutcome, RunnerReply } from "./runner.ts";
import type { ClientStep } from "./scenario.ts";
import { findMethod } from "./scenario-messages.ts";

/** One answer: as JSON, and every double of it as 16 hex digits. */
export interface ReadOutcome {
  readonly ok?: Readonly<Record<string, unknown>>;
  readonly bits?: readonly string[];
  readonly error?: RunnerError;
  readonly items?: readonly ReadOutcome[];
}

export function readReply(step: ClientStep, { ok, error }: RunnerReply): ReadOutcome {
  if (error !== undefined) return { error };
  if (ok === undefined) throw new Error("a reply must be ok, error or fault");
  if (ok.items !== undefined) return { items: ok.items.map((item) => readOutcome(PredictResponseSchema, item)) };
  return ok.message === undefined ? { ok: {} } : readOutcome(outputOf(step), ok);
}

function outputOf(step: ClientStep): DescMessage {
  if (step.client === "call") return findMethod(step.service, step.method).output;
  return step.client === "predictSymbols" ? PredictSymbolsResponseSchema : PredictResponseSchema;
}

function readOutcome(schema: DescMessage, { message, error }: RunnerOutcome): ReadOutcome {
  if (error !== undefined) return { error };
  const answer = fromBinary(schema, Buffer.from(message ?? "", "base64"));
  return {
    ok: toObject(toJson(schema, answer, { alwaysEmitImplicit: true, registry: errorDetails })),
    bits: readBits(schema, answer),
  };
}

function toObject(json: unknown): Record<string, unknown> {
  if (typeof json !== "object" || json === null) throw new Error("a message is an object");
  return { ...json };
}

/** Of errors inside answers. */
const errorDetails = createRegistry(file_google_rpc_error_details);

/** Time spent differs from call to call; every other double is the same for the same question. */
const volatileDoubles = new Set(["processing_time_ms", "uptime_seconds", "last_sync_ms"]);

/** `prediction.signal.momentum_success_prob=3fe3333333333333` for every double of a message. */
function readBits(schema: DescMessage, message: Message): string[] {
  const found: string[] = [];
  collectBits(reflect(schema, message), "", found);
  return found.sort();
}

function collectBits(message: ReflectMessage, path: string, found: string[]): void {
  for (const field of message.fields) {
    const name = `${path}${field.name}`;
    if (!message.isSet(field) || volatileDoubles.has(field.name)) continue;
    if (field.fieldKind === "message") collectBits(message.get(field), `${name}.`, found);
    else if (field.fieldKind === "scalar" && field.scalar === ScalarType.DOUBLE) {
      found.push(`${name}=${toBits(message.get(field))}`);
    } else if (field.fieldKind === "list" && field.listKind === "message") {
      for (const [index, item] of [...message.get(field)].entries()) {
        if (isReflected(item)) collectBits(item, `${name}[${index}].`, found);
      }
    } else if (field.fieldKind === "map") {
      for (const [key, value] of message.get(field)) {
        if (isReflected(value)) collectBits(value, `${name}[${String(key)}].`, found);
        else if (field.mapKind === "scalar" && field.scalar === ScalarType.DOUBLE) {
          found.push(`${name}[${String(key)}]=${toBits(value)}`);
        }
      }
    }
  }
}

function isReflected(value: unknown): value is ReflectMessage {
  return typeof value === "object" && value !== null && "fields" in value && "desc" in value;
}

function toBits(value: unknown): string {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(Number(value));
  return bytes.toString("hex");
}

/** What differs between two runs of the same scenario whoever asks: ids, times, folders. */
const volatileKeys = new Set([
  "predictionId",
  "timestamp",
  "processingTimeMs",
  "createdAt",
  "since",
  "uptimeSeconds",
  "audit",
  "avgProcessingTimeMs",
]);

/** A UUID that the client or the service made. */
const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The outcome without what differs from run to run; reason and text of an error that the service never saw are each client's own. */
export function comparable(outcome: ReadOutcome): unknown {
  const { ok, bits, error, items } = outcome;
  if (items !== undefined) return items.map(comparable);
  if (error === undefined) return { ok: withoutVolatile(ok), bits };
  const { message, reason, domain, fieldViolations, ...rest } = error;
  // Maps have another order in each language, and so have the violations of several series and the text that lists them.
  const violations = Array.isArray(fieldViolations) ? fieldViolations.map((each) => JSON.stringify(each)).sort() : [];
  // Client and service count a deadline down side by side: whose clock is first tells the caller.
  if (domain !== "ml.arbitrex" || rest["code"] === "DEADLINE_EXCEEDED") return { error: { ...rest, violations } };
  return { error: { ...rest, reason, domain, violations, ...(violations.length < 2 && { message }) } };
}

function withoutVolatile(value: unknown): unknown {
  if (typeof value === "string" && uuidForm.test(value)) return "a UUID";
  if (Array.isArray(value)) return value.map(withoutVolatile);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !volatileKeys.has(key))
      .map(([key, each]) => [key, withoutVolatile(each)]),
  );
}
