import { InvalidInputError } from "../domain/errors.ts";
import { type KnownRegime, type RegimeLabel, regimeLabels } from "../domain/regime.ts";
import type { JsonValue } from "./audit/audit-record.ts";

/**
 * Reads fields of one JSON object of the audit log.
 *
 * @throws InvalidInputError naming the field that is not what it should be.
 */
export class FieldReader {
  readonly #at: string;
  readonly #fields: ReadonlyMap<string, JsonValue>;

  constructor(at: string, value: JsonValue) {
    this.#at = at;
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw this.#refuse("", "an object");
    this.#fields = new Map(Object.entries(value));
  }

  optional(key: string): JsonValue | undefined {
    return this.#fields.get(key);
  }

  isNull(key: string): boolean {
    return this.optional(key) === null;
  }

  regime(key: string): KnownRegime {
    const value = this.optional(key);
    const found = regimeLabels.find((label) => label === value);
    if (found !== undefined) return found;
    throw this.#refuse(key, `one of ${regimeLabels.join(", ")}`);
  }

  regimeOrUnknown(key: string): RegimeLabel {
    return this.optional(key) === "UNKNOWN" ? "UNKNOWN" : this.regime(key);
  }

  text(key: string): string {
    const value = this.optional(key);
    if (typeof value === "string") return value;
    throw this.#refuse(key, "a string");
  }

  flag(key: string): boolean {
    const value = this.optional(key);
    if (typeof value === "boolean") return value;
    throw this.#refuse(key, "true or false");
  }

  number(key: string): number {
    const value = this.optional(key);
    if (typeof value === "number") return value;
    throw this.#refuse(key, "a number");
  }

  list(key: string): readonly JsonValue[] {
    const value = this.optional(key);
    if (Array.isArray(value)) return value;
    throw this.#refuse(key, "a list");
  }

  object(key: string): FieldReader {
    return new FieldReader(`${this.#at}: ${key}`, this.optional(key) ?? null);
  }

  texts(key: string): string[] {
    return this.list(key).map((value) => {
      if (typeof value === "string") return value;
      throw this.#refuse(key, "a list of strings");
    });
  }

  numbers(key: string): number[] {
    return this.#toNumbers(key, this.list(key));
  }

  rows(key: string): number[][] {
    return this.list(key).map((row) => this.#toNumbers(key, Array.isArray(row) ? row : []));
  }

  #toNumbers(key: string, values: readonly JsonValue[]): number[] {
    return values.map((value) => {
      if (typeof value === "number") return value;
      throw this.#refuse(key, "numbers only");
    });
  }

  #refuse(key: string, expected: string): InvalidInputError {
    return new InvalidInputError(
      [{ field: `${this.#at}: ${key}`, description: `expected ${expected}` }],
      "INVALID_RECORD",
    );
  }
}
