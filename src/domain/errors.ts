/**
 * What can go wrong, named for the cause. Each error carries the fields a caller needs to mend it;
 * `transport/chain/status.ts` alone knows which status code each one becomes.
 */

/** One wrong field of a request. */
export interface FieldViolation {
  /** Path of the field, e.g. `features["atr"].values[117]`. */
  readonly field: string;
  /** What is wrong with it. */
  readonly description: string;
}

/** One condition that is not met. */
export interface UnmetCondition {
  /** Kind of condition, UPPER_SNAKE_CASE. */
  readonly type: string;
  /** What it applies to, e.g. `signal_filter/v2.0.0`. */
  readonly subject: string;
  /** How it is not met. */
  readonly description: string;
}

/** The base of every error a caller may see. `reason` is stable and meant for programs. */
export abstract class MlError extends Error {
  readonly reason: string;

  constructor(reason: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.reason = reason;
  }
}

/** The request is wrong; the violations name every field that is. */
export class InvalidInputError extends MlError {
  readonly violations: readonly FieldViolation[];

  constructor(violations: readonly FieldViolation[], reason = "INVALID_INPUT") {
    super(reason, violations.map((violation) => `${violation.field}: ${violation.description}`).join("; "));
    this.violations = violations;
  }
}

/** The named resource does not exist. */
export class NotFoundError extends MlError {
  readonly resourceType: string;
  readonly resourceName: string;

  constructor(resourceType: string, resourceName: string) {
    super("NOT_FOUND", `no such ${resourceType.replaceAll("_", " ")}: ${resourceName}`);
    this.resourceType = resourceType;
    this.resourceName = resourceName;
  }
}

/** The named resource exists and is immutable. */
export class AlreadyExistsError extends MlError {
  readonly resourceType: string;
  readonly resourceName: string;

  constructor(resourceType: string, resourceName: string) {
    super("ALREADY_EXISTS", `${resourceType.replaceAll("_", " ")} exists already: ${resourceName}`);
    this.resourceType = resourceType;
    this.resourceName = resourceName;
  }
}

/** The system is not in the state that the request needs. */
export class UnmetConditionError extends MlError {
  readonly conditions: readonly UnmetCondition[];

  constructor(conditions: readonly UnmetCondition[], reason = "UNMET_CONDITION") {
    super(reason, conditions.map((condition) => `${condition.subject}: ${condition.description}`).join("; "));
    this.conditions = conditions;
  }
}

/** Somebody else changed the resource first. */
export class ConflictError extends MlError {
  constructor(message: string, reason = "CONFLICT") {
    super(reason, message);
  }
}

/** The request is larger than a limit, or too many are in flight. */
export class OverloadedError extends MlError {
  readonly retryAfterMs: number;

  constructor(message: string, retryAfterMs: number, reason = "LIMIT_EXCEEDED") {
    super(reason, message);
    this.retryAfterMs = retryAfterMs;
  }
}

/** The service cannot answer now: it drains, or the audit log cannot be written. */
export class UnavailableError extends MlError {
  readonly retryAfterMs: number | undefined;

  constructor(message: string, reason: string, retryAfterMs?: number, options?: ErrorOptions) {
    super(reason, message, options);
    this.retryAfterMs = retryAfterMs;
  }
}

/** The caller's deadline passed before there was an answer. */
export class DeadlineExceededError extends MlError {
  constructor() {
    super("DEADLINE_EXCEEDED", "the deadline passed before the answer was ready");
  }
}

/** The RPC is part of the API, but this release cannot do it. */
export class NotImplementedError extends MlError {
  constructor(message: string) {
    super("NOT_IMPLEMENTED", message);
  }
}
