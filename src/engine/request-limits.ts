import { type FieldViolation, InvalidInputError } from "../domain/errors.ts";
import type { DecisionRequest } from "../domain/request.ts";

/** Longest symbol, in characters. */
export const symbolLengthMax = 64;
/** Longest timeframe, in characters. */
export const timeframeLengthMax = 32;

/**
 * Checks what does not depend on configuration.
 *
 * @throws InvalidInputError naming every field that is wrong.
 */
export function assertRequest(request: DecisionRequest): void {
  const { symbol, timeframe } = request;
  if (
    symbol.length > 0 &&
    symbol.length <= symbolLengthMax &&
    timeframe.length > 0 &&
    timeframe.length <= timeframeLengthMax
  ) {
    return;
  }
  const violations: FieldViolation[] = [];
  describeName("symbol", symbol, symbolLengthMax, violations);
  describeName("timeframe", timeframe, timeframeLengthMax, violations);
  throw new InvalidInputError(violations);
}

function describeName(field: string, value: string, lengthMax: number, violations: FieldViolation[]): void {
  if (value.length === 0) violations.push({ field, description: "must not be empty" });
  else if (value.length > lengthMax) {
    violations.push({ field, description: `${value.length} characters; at most ${lengthMax} are read` });
  }
}
