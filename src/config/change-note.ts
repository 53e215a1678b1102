import type { FieldViolation } from "../domain/errors.ts";

/** Who changes something, and why. */
export interface ChangeNote {
  /** At most 128 characters; may be empty. */
  readonly actor: string;
  /** At most 500 characters. */
  readonly reason: string;
}

export const actorLengthMax = 128;
export const reasonLengthMax = 500;

/** Names what is wrong with a note. */
export function describeNoteFaults({ actor, reason }: ChangeNote, isReasonRequired: boolean): FieldViolation[] {
  const violations: FieldViolation[] = [];
  if (actor.length > actorLengthMax) {
    violations.push({ field: "actor", description: `${actor.length} characters; at most ${actorLengthMax}` });
  }
  if (reason.length > reasonLengthMax) {
    violations.push({ field: "reason", description: `${reason.length} characters; at most ${reasonLengthMax}` });
  }
  if (isReasonRequired && reason.trim() === "") violations.push({ field: "reason", description: "must not be empty" });
  return violations;
}
