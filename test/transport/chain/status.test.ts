import { createRegistry } from "@bufbuild/protobuf";
import { anyUnpack } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { file_google_rpc_error_details } from "../../../gen/ts/google/rpc/error_details_pb.ts";
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
} from "../../../src/domain/errors.ts";
import { codeName, httpStatusOf, toConnectError, toRpcStatus } from "../../../src/transport/chain/status.ts";

class StrangeError extends MlError {}

const registry = createRegistry(file_google_rpc_error_details);

const info = (reason: string) => ({ $typeName: "google.rpc.ErrorInfo", reason, domain: "ml.arbitrex" });

const cases: [error: Error, code: Code, name: string, httpStatus: number, details: object[]][] = [
  [
    new InvalidInputError([{ field: 'features["atr"].values[117]', description: "is not finite" }]),
    Code.InvalidArgument,
    "invalid_argument",
    400,
    [
      info("INVALID_INPUT"),
      { fieldViolations: [{ field: 'features["atr"].values[117]', description: "is not finite" }] },
    ],
  ],
  [
    new UnmetConditionError([{ type: "SERVING", subject: "signal_filter/v2.0.0", description: "is serving" }]),
    Code.FailedPrecondition,
    "failed_precondition",
    400,
    [
      info("UNMET_CONDITION"),
      { violations: [{ type: "SERVING", subject: "signal_filter/v2.0.0", description: "is serving" }] },
    ],
  ],
  [
    new NotFoundError("model_version", "x/v1"),
    Code.NotFound,
    "not_found",
    404,
    [info("NOT_FOUND"), { resourceType: "model_version", resourceName: "x/v1" }],
  ],
  [
    new AlreadyExistsError("model_version", "x/v1"),
    Code.AlreadyExists,
    "already_exists",
    409,
    [info("ALREADY_EXISTS"), { resourceType: "model_version", resourceName: "x/v1" }],
  ],
  [new ConflictError("changed meanwhile"), Code.Aborted, "aborted", 409, [info("CONFLICT")]],
  [
    new OverloadedError("too many", 1_500),
    Code.ResourceExhausted,
    "resource_exhausted",
    429,
    [info("LIMIT_EXCEEDED"), { retryDelay: { seconds: 1n, nanos: 500_000_000 } }],
  ],
  [
    new UnavailableError("draining", "DRAINING", 1_000),
    Code.Unavailable,
    "unavailable",
    503,
    [info("DRAINING"), { retryDelay: { seconds: 1n } }],
  ],
  [new UnavailableError("no log", "AUDIT_LOG"), Code.Unavailable, "unavailable", 503, [info("AUDIT_LOG")]],
  [new DeadlineExceededError(), Code.DeadlineExceeded, "deadline_exceeded", 504, [info("DEADLINE_EXCEEDED")]],
  [new NotImplementedError("not here"), Code.Unimplemented, "unimplemented", 501, [info("NOT_IMPLEMENTED")]],
  [new StrangeError("STRANGE", "secret"), Code.Internal, "internal", 500, [info("INTERNAL")]],
  [new TypeError("secret"), Code.Internal, "internal", 500, [info("INTERNAL")]],
  [
    new ConnectError("parse binary: premature EOF", Code.Internal),
    Code.InvalidArgument,
    "invalid_argument",
    400,
    [info("MALFORMED_MESSAGE")],
  ],
  [
    new ConnectError("message is too large", Code.ResourceExhausted),
    Code.ResourceExhausted,
    "resource_exhausted",
    429,
    [info("MESSAGE_TOO_LARGE"), { retryDelay: { seconds: 60n } }],
  ],
];

describe.each(cases)("%s", (error, code, name, httpStatus, details) => {
  it("has its code on every protocol", () => {
    const failure = toConnectError(error);
    expect(failure.code).toBe(code);
    expect(codeName(failure.code)).toBe(name);
    expect(httpStatusOf(failure)).toBe(httpStatus);
    expect(failure.rawMessage).not.toContain("secret");
  });

  it("has its details as the status of one item", () => {
    const status = toRpcStatus(error);
    expect(status).toMatchObject({ code, message: toConnectError(error).rawMessage });
    expect(status.details.map((detail) => anyUnpack(detail, registry))).toMatchObject(details);
  });
});

it("maps what is not even an error to an internal one", () => {
  expect(toRpcStatus("secret")).toMatchObject({ code: Code.Internal, message: "internal error" });
});
