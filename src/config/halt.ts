import { type FieldViolation, InvalidInputError } from "../domain/errors.ts";
import { type ChangeNote, describeNoteFaults } from "./change-note.ts";

export const haltScopes = ["SERVICE", "SYMBOL", "MODEL"] as const;
export type HaltScope = (typeof haltScopes)[number];

/** What is halted. */
export interface HaltTarget {
  readonly scope: HaltScope;
  /** A symbol, a model's name or `name/version`; empty for the service. */
  readonly target: string;
}

/** One halt in force. */
export interface Halt extends HaltTarget, ChangeNote {
  readonly sinceMicros: number;
}

/** Longest target, in characters; a request's symbol has 64 at most, and so do a model's name and version. */
export const haltTargetLengthMax = 129;

/**
 * Checks a request to halt or to resume.
 *
 * @param modelNames The models that take part in decisions: a halt of any other would look like one and stop nothing.
 * @throws InvalidInputError naming every field that is wrong.
 */
export function assertHaltRequest(request: HaltTarget & ChangeNote, modelNames: readonly string[]): void {
  const violations = [...describeTargetFaults(request, modelNames), ...describeNoteFaults(request, true)];
  if (violations.length > 0) throw new InvalidInputError(violations);
}

function describeTargetFaults({ scope, target }: HaltTarget, modelNames: readonly string[]): FieldViolation[] {
  const field = "target";
  if (!haltScopes.includes(scope)) return [{ field: "scope", description: `expected one of ${haltScopes.join(", ")}` }];
  if (scope === "SERVICE") return target === "" ? [] : [{ field, description: "must be empty for the whole service" }];
  if (target.trim() === "") return [{ field, description: `must name the ${scope.toLowerCase()}` }];
  if (target.length > haltTargetLengthMax) {
    return [{ field, description: `${target.length} characters; at most ${haltTargetLengthMax}` }];
  }
  if (scope === "SYMBOL") return [];
  const [name = "", version, ...rest] = target.split("/");
  if (!modelNames.includes(name)) return [{ field, description: `no model but ${modelNames.join(", ")} decides` }];
  return version === "" || rest.length > 0 ? [{ field, description: "expected a name or name/version" }] : [];
}

/**
 * One key for everything that a halt of this target stops. Symbols are compared without regard to case, because a halt
 * that misses its symbol by a letter's case would let it trade.
 */
export function haltKey({ scope, target }: HaltTarget): string {
  return scope === "SYMBOL" ? `SYMBOL ${foldSymbol(target)}` : `${scope} ${target}`;
}

/** The form in which symbols are compared. */
export function foldSymbol(symbol: string): string {
  return symbol.trim().toUpperCase();
}

/** The text of the gate that fails. */
export function describeHalt({ scope, target, reason, actor }: Halt): string {
  const what = scope === "SERVICE" ? "the service" : `${scope.toLowerCase()} ${target}`;
  return `trading is halted for ${what}: ${reason}${actor === "" ? "" : ` (by ${actor})`}`;
}

/** The JSON form of a halt. */
export function writeHalt({ scope, target, reason, actor, sinceMicros }: Halt): object {
  return { scope, target, reason, actor, since_micros: sinceMicros };
}

/**
 * Reads the JSON form of a halt.
 *
 * @throws Error when it is none.
 */
export function readHalt(json: unknown): Halt {
  const members = new Map<string, unknown>(typeof json === "object" && json !== null ? Object.entries(json) : []);
  const scope = haltScopes.find((each) => each === members.get("scope"));
  const sinceMicros = members.get("since_micros");
  if (scope === undefined || typeof sinceMicros !== "number") throw new Error("a halt has no scope or no time");
  const [target, reason, actor] = ["target", "reason", "actor"].map((key) => members.get(key));
  if (typeof target !== "string" || typeof reason !== "string" || typeof actor !== "string") {
    throw new Error("a halt has no target, reason or actor");
  }
  return { scope, target, reason, actor, sinceMicros };
}
