/** Collects what is wrong with a JSON document, so that a caller learns of all of it at once. */

import { type FieldViolation, InvalidInputError } from "../../domain/errors.ts";
import { formatPath, type JsonPath, shorten } from "./json-path.ts";

/** Most violations reported. A wrong series has thousands of wrong values, and nobody reads them. */
export const violationsMax = 20;

const shownLengthMax = 40;

export class JsonViolations {
  readonly #violations: FieldViolation[] = [];
  #count = 0;

  add(path: JsonPath | undefined, description: string): void {
    this.#count += 1;
    if (this.#count <= violationsMax) this.#violations.push({ field: formatPath(path), description });
  }

  addWrongType(path: JsonPath | undefined, expected: string, got: unknown): void {
    this.add(path, `expected ${expected}, got ${describeJson(got)}`);
  }

  throwIfAny(): void {
    if (this.#count === 0) return;
    const unreported = this.#count - this.#violations.length;
    const rest = unreported === 0 ? [] : [{ field: "body", description: `and ${unreported} more` }];
    throw new InvalidInputError([...this.#violations, ...rest]);
  }
}

/** A JSON value in a few words. */
export function describeJson(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  switch (typeof value) {
    case "string":
      return JSON.stringify(shorten(value, shownLengthMax));
    case "object":
      return "an object";
    default:
      return String(value);
  }
}
