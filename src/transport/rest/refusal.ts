/** Refusals that HTTP has a status of its own for, beside the code that every protocol knows. */

import { InvalidInputError, NotFoundError, NotImplementedError } from "../../domain/errors.ts";
import { shorten } from "./json-path.ts";

const shownLengthMax = 200;

/** The path exists, the method on it does not: HTTP 405. */
export class MethodNotAllowedError extends NotImplementedError {
  readonly allow: readonly string[];

  constructor(httpMethod: string, allow: readonly string[]) {
    super(`${shorten(httpMethod, shownLengthMax)} is not served here; ${allow.join(", ")} is`);
    this.allow = allow;
  }
}

/** The body is not JSON, or packed in a way that is not understood: HTTP 415. */
export class UnsupportedMediaTypeError extends InvalidInputError {
  constructor(header: "content-type" | "content-encoding", expected: string, got: string) {
    const description = `expected ${expected}, got ${JSON.stringify(shorten(got, shownLengthMax))}`;
    super([{ field: header, description }], "UNSUPPORTED_MEDIA_TYPE");
  }
}

export function unknownPathError(path: string): NotFoundError {
  return new NotFoundError("path", shorten(path, shownLengthMax));
}

export function malformedBodyError(description: string): InvalidInputError {
  return new InvalidInputError([{ field: "body", description }], "MALFORMED_MESSAGE");
}
