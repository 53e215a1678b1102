/** The one file that knows status codes: what each error becomes on the wire. */

import { create, type DescMessage, type MessageInitShape } from "@bufbuild/protobuf";
import { AnySchema, anyPack, durationFromMs } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { codeToHttpStatus } from "@connectrpc/connect/protocol-connect";
import {
  BadRequestSchema,
  ErrorInfoSchema,
  PreconditionFailureSchema,
  ResourceInfoSchema,
  RetryInfoSchema,
} from "../../../gen/ts/google/rpc/error_details_pb.ts";
import { type Status, StatusSchema } from "../../../gen/ts/google/rpc/status_pb.ts";
import {
  AlreadyExistsError,
  ConflictError,
  DeadlineExceededError,
  InvalidInputError,
  MlError,
  NotFoundError,
  NotImplementedError,
  OverloadedError,
  UnavailableError,
  UnmetConditionError,
} from "../../domain/errors.ts";

/** Who defines the reasons in `ErrorInfo`. */
export const errorDomain = "ml.arbitrex";

/**
 * Wait this long before sending again what was larger than the connection's limits allow; the limit may have been
 * raised by then, sooner is no use.
 */
const oversizedRetryAfterMs = 60_000;

/** Status names as REST and the metrics show them. */
const codeNames: Readonly<Record<Code, string>> = {
  [Code.Canceled]: "canceled",
  [Code.Unknown]: "unknown",
  [Code.InvalidArgument]: "invalid_argument",
  [Code.DeadlineExceeded]: "deadline_exceeded",
  [Code.NotFound]: "not_found",
  [Code.AlreadyExists]: "already_exists",
  [Code.PermissionDenied]: "permission_denied",
  [Code.ResourceExhausted]: "resource_exhausted",
  [Code.FailedPrecondition]: "failed_precondition",
  [Code.Aborted]: "aborted",
  [Code.OutOfRange]: "out_of_range",
  [Code.Unimplemented]: "unimplemented",
  [Code.Internal]: "internal",
  [Code.Unavailable]: "unavailable",
  [Code.DataLoss]: "data_loss",
  [Code.Unauthenticated]: "unauthenticated",
};

/** Reasons of the errors that the protocol runtime raises by itself, before any handler. */
const runtimeReasons: Partial<Record<Code, string>> = {
  [Code.InvalidArgument]: "MALFORMED_MESSAGE",
  [Code.ResourceExhausted]: "MESSAGE_TOO_LARGE",
  [Code.Unimplemented]: "NOT_IMPLEMENTED",
  [Code.DeadlineExceeded]: "DEADLINE_EXCEEDED",
  [Code.Canceled]: "CANCELED",
};

/** One `google.rpc` detail: what it is and its fields. */
interface Detail<D extends DescMessage = DescMessage> {
  readonly desc: D;
  readonly value: MessageInitShape<D>;
}

/** `invalid_argument` for `Code.InvalidArgument`. */
export function codeName(code: Code): string {
  return codeNames[code];
}

/** The HTTP status that the Connect protocol defines for the code of an error. */
export function httpStatusOf(error: ConnectError): number {
  return codeToHttpStatus(error.code);
}

/** The error as every protocol shows it, with its details; anything unforeseen is "internal error" and no more. */
export function toConnectError(error: unknown): ConnectError {
  if (error instanceof MlError) return fromMlError(error);
  if (error instanceof ConnectError) return withErrorInfo(error);
  return fromParts("internal error", Code.Internal, [errorInfo("INTERNAL")], error);
}

/** The client went away; nobody reads this, but it is counted. */
export function canceledError(): ConnectError {
  return fromParts("the client canceled the call", Code.Canceled, [errorInfo("CANCELED")]);
}

/** The error as a message, for one item among others that went well. */
export function toRpcStatus(error: unknown): Status {
  const { code, rawMessage, details } = toConnectError(error);
  return create(StatusSchema, {
    code,
    message: rawMessage,
    details: details.map((detail) =>
      "desc" in detail
        ? anyPack(detail.desc, create(detail.desc, detail.value))
        : create(AnySchema, { typeUrl: `type.googleapis.com/${detail.type}`, value: detail.value }),
    ),
  });
}

/**
 * Adds what the protocol runtime leaves out of the errors it raises itself (malformed, oversized, unknown method).
 * Changes the error in place: the runtime holds it already and is about to write it.
 */
export function withErrorInfo(error: ConnectError): ConnectError {
  if (error.details.length > 0) return error;
  // The runtime calls undecodable protobuf internal; it is the client's mistake, as undecodable JSON is.
  if (error.rawMessage.startsWith("parse binary")) Object.assign(error, { code: Code.InvalidArgument });
  error.details.push(errorInfo(runtimeReasons[error.code] ?? codeName(error.code).toUpperCase()));
  if (error.code === Code.ResourceExhausted) error.details.push(retryInfo(oversizedRetryAfterMs));
  return error;
}

function fromMlError(error: MlError): ConnectError {
  const details: Detail[] = [errorInfo(error.reason)];
  if (error instanceof InvalidInputError) {
    details.push(
      detailOf(BadRequestSchema, { fieldViolations: error.violations.map((violation) => ({ ...violation })) }),
    );
    return fromParts(error.message, Code.InvalidArgument, details);
  }
  if (error instanceof UnmetConditionError) {
    details.push(
      detailOf(PreconditionFailureSchema, { violations: error.conditions.map((condition) => ({ ...condition })) }),
    );
    return fromParts(error.message, Code.FailedPrecondition, details);
  }
  if (error instanceof NotFoundError || error instanceof AlreadyExistsError) {
    const { resourceType, resourceName, message } = error;
    details.push(detailOf(ResourceInfoSchema, { resourceType, resourceName, description: message }));
    return fromParts(message, error instanceof NotFoundError ? Code.NotFound : Code.AlreadyExists, details);
  }
  if (error instanceof OverloadedError) {
    details.push(retryInfo(error.retryAfterMs));
    return fromParts(error.message, Code.ResourceExhausted, details);
  }
  if (error instanceof UnavailableError) {
    if (error.retryAfterMs !== undefined) details.push(retryInfo(error.retryAfterMs));
    return fromParts(error.message, Code.Unavailable, details, error.cause);
  }
  if (error instanceof ConflictError) return fromParts(error.message, Code.Aborted, details);
  if (error instanceof DeadlineExceededError) return fromParts(error.message, Code.DeadlineExceeded, details);
  if (error instanceof NotImplementedError) return fromParts(error.message, Code.Unimplemented, details);
  return fromParts("internal error", Code.Internal, [errorInfo("INTERNAL")], error);
}

function fromParts(message: string, code: Code, details: readonly Detail[], cause?: unknown): ConnectError {
  return new ConnectError(message, code, undefined, [...details], cause);
}

function detailOf<D extends DescMessage>(desc: D, value: MessageInitShape<D>): Detail<D> {
  return { desc, value };
}

function errorInfo(reason: string): Detail<typeof ErrorInfoSchema> {
  return { desc: ErrorInfoSchema, value: { reason, domain: errorDomain } };
}

function retryInfo(retryAfterMs: number): Detail<typeof RetryInfoSchema> {
  return { desc: RetryInfoSchema, value: { retryDelay: durationFromMs(retryAfterMs) } };
}
