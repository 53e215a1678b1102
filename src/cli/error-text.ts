import { Code, ConnectError } from "@connectrpc/connect";
import {
  BadRequestSchema,
  ErrorInfoSchema,
  PreconditionFailureSchema,
  ResourceInfoSchema,
  RetryInfoSchema,
} from "../../gen/ts/google/rpc/error_details_pb.ts";
import { InvalidInputError, MlError } from "../domain/errors.ts";
import { codeName } from "../transport/chain/status.ts";

/** How a failed command ends. */
export const failureExitCodes = { failed: 1, callerMistake: 2, unreachable: 3 } as const;

/** A failure as the terminal shows it. */
export interface FailureText {
  readonly lines: readonly string[];
  readonly exitCode: number;
}

/** What the user or the machine can cause, in words; `undefined` for a defect of this program. */
export function describeFailure(error: unknown, baseUrl: string): FailureText | undefined {
  if (error instanceof ConnectError) return describeCallFailure(error, baseUrl);
  if (!(error instanceof MlError)) return undefined;
  const lines = error instanceof InvalidInputError ? describeViolations(error.violations) : [error.message];
  return { lines: frame(lines), exitCode: failureExitCodes.callerMistake };
}

function describeCallFailure(error: ConnectError, baseUrl: string): FailureText {
  const [info] = error.findDetails(ErrorInfoSchema);
  // The service says the reason of every error; an error without one was made on the way to it.
  if (info === undefined) return describeSilence(error, baseUrl);
  const lines = describeDetails(error, info.reason);
  const code = codeName(error.code);
  const headline = info.reason === code.toUpperCase() ? code : `${code} (${info.reason})`;
  const text = lines.length === 0 ? [`${headline}: ${error.rawMessage}`] : [headline, ...lines];
  const hint = findHint(error, info.reason);
  return {
    lines: frame([...text, ...(hint === undefined ? [] : [`hint: ${hint}`])]),
    exitCode: callerMistakes.has(error.code) ? failureExitCodes.callerMistake : failureExitCodes.failed,
  };
}

function describeSilence(error: ConnectError, baseUrl: string): FailureText {
  const isLate = error.code === Code.DeadlineExceeded;
  const hint = isLate
    ? "a change may have been made all the same: look before you try again"
    : "is the service running? Start it with: ml-layer serve. It is elsewhere? --address HOST:PORT";
  const what = isLate ? "did not answer in time" : `cannot be reached: ${error.rawMessage}`;
  return {
    lines: frame([`${codeName(error.code)}: the service at ${baseUrl} ${what}`, `hint: ${hint}`]),
    exitCode: failureExitCodes.unreachable,
  };
}

const callerMistakes: ReadonlySet<Code> = new Set([
  Code.InvalidArgument,
  Code.NotFound,
  Code.AlreadyExists,
  Code.FailedPrecondition,
  Code.Aborted,
  Code.OutOfRange,
]);

function describeDetails(error: ConnectError, reason: string): string[] {
  const violations = error.findDetails(BadRequestSchema).flatMap(({ fieldViolations }) => fieldViolations);
  const conditions = error.findDetails(PreconditionFailureSchema).flatMap(({ violations: unmet }) => unmet);
  return [
    ...describeViolations(violations),
    ...conditions.map(({ type, subject, description }) =>
      type === reason ? `${subject}: ${description}` : `${subject}: ${description} (${type})`,
    ),
  ];
}

function describeViolations(violations: readonly { readonly field: string; readonly description: string }[]): string[] {
  return violations.map(({ field, description }) => `${field}: ${description}`);
}

/** By the reason of the error, or by what is not there. */
const hints: Readonly<Record<string, string>> = {
  ALREADY_EXISTS: "versions never change; leave --version away to take the next free one",
  CONFIG_CHANGED: "somebody else changed it; see ml-layer config history, then say --expect with the newest hash",
  CHAMPION_CHANGED: "see ml-layer models list, then try again",
  INTERNAL: "the cause stands in the service's log",
  MODEL_ALIASED: "promote another version, or take a challenger away with ml-layer models unshadow",
  MODEL_NOT_AVAILABLE: "ml-layer models show NAME VERSION says what state it is in",
  MODEL_SERVING: "let another version decide first: ml-layer models promote, or see ml-layer config get --key model",
  NO_PREVIOUS_CHAMPION: "choose a champion yourself: ml-layer models promote NAME VERSION",
  VERSIONS_LIMIT: "ml-layer models delete NAME VERSION makes room",
  config: "ml-layer config history lists the hashes there are",
  halt: "ml-layer halt --list shows what is halted",
  model: "ml-layer models list shows the models there are",
  model_alias: "ml-layer models list shows which version has which alias",
  model_version: "ml-layer models list shows the versions there are",
};

function findHint(error: ConnectError, reason: string): string | undefined {
  const [resource] = error.findDetails(ResourceInfoSchema);
  const [retry] = error.findDetails(RetryInfoSchema);
  const byName = hints[reason] ?? hints[resource?.resourceType ?? ""];
  if (byName !== undefined || retry?.retryDelay === undefined) return byName;
  return `try again in ${Math.max(1, Number(retry.retryDelay.seconds))} s`;
}

/** The first line names the program, as its other errors do; further lines stand under it. */
function frame([first = "", ...rest]: readonly string[]): string[] {
  return [`ml-layer: ${first}`, ...rest.map((line) => `  ${line}`)];
}
