/** Why the service refused an action, beside the field it is about where it is about one. */

import { Code, ConnectError } from "@connectrpc/connect";
import { BadRequestSchema, PreconditionFailureSchema } from "../../gen/ts/google/rpc/error_details_pb.ts";
import type { FieldErrors, FieldName } from "./action.ts";

export interface ActionFailure {
  readonly fields: FieldErrors;
  /** What belongs to no field of the form. */
  readonly summary: string;
}

const formFields: readonly FieldName[] = ["target", "reason", "actor"];

export function toActionFailure(error: unknown): ActionFailure {
  const failure = ConnectError.from(error);
  const fields: FieldErrors = {};
  const others: string[] = [];
  for (const { fieldViolations } of failure.findDetails(BadRequestSchema)) {
    for (const { field, description } of fieldViolations) {
      const known = formFields.find((name) => name === field);
      if (known === undefined) others.push(`${field}: ${description}`);
      else fields[known] = description;
    }
  }
  for (const { violations } of failure.findDetails(PreconditionFailureSchema)) {
    others.push(...violations.map(({ subject, description }) => `${subject}: ${description}`));
  }
  if (others.length === 0 && Object.keys(fields).length === 0) others.push(failure.rawMessage);
  return { fields, summary: [...others, ...uncertainty(failure)].join(". ") };
}

/** Without an answer nobody knows whether it was done, and an operator must not take it for a no. */
function uncertainty({ code }: ConnectError): readonly string[] {
  const isUnanswered = code === Code.DeadlineExceeded || code === Code.Unknown || code === Code.Canceled;
  return isUnanswered ? ["It may have been done all the same; look at the halts and models before trying again"] : [];
}
