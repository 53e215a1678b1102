import type { Message } from "@bufbuild/protobuf";
import type { GenMessage } from "@bufbuild/protobuf/codegenv2";
import { anyUnpack } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import {
  BadRequestSchema,
  ErrorInfoSchema,
  PreconditionFailureSchema,
  ResourceInfoSchema,
  RetryInfoSchema,
} from "../../gen/ts/google/rpc/error_details_pb.ts";
import type { Status } from "../../gen/ts/google/rpc/status_pb.ts";

/** One wrong field of a request. */
export interface FieldViolation {
  /** Path of the field, e.g. `features["atr"].values[117]`. */
  readonly field: string;
  readonly description: string;
}

/** One condition that must change before the call can succeed. */
export interface PreconditionViolation {
  /** Kind of condition, UPPER_SNAKE_CASE. */
  readonly type: string;
  readonly subject: string;
  readonly description: string;
}

/** What the call was about and could not find, or found where it must not be. */
export interface ResourceFault {
  readonly type: string;
  readonly name: string;
  readonly description: string;
}

/** Finds the details of one kind. */
type FindDetails = <T extends Message>(schema: GenMessage<T>) => readonly T[];

/** Every way in which a call fails: the gRPC code, and what the service says about it in google.rpc details. */
export class MlRpcError extends Error {
  override readonly name = "MlRpcError";
  readonly code: Code;
  /** Cause for programs, e.g. INVALID_INPUT; undefined when the service never answered. */
  readonly reason: string | undefined;
  /** Who defines `reason`: ml.arbitrex. */
  readonly domain: string | undefined;
  /** Of INVALID_ARGUMENT. */
  readonly fieldViolations: readonly FieldViolation[];
  /** Of FAILED_PRECONDITION. */
  readonly preconditionViolations: readonly PreconditionViolation[];
  /** Of NOT_FOUND and ALREADY_EXISTS. */
  readonly resource: ResourceFault | undefined;
  /** When another try may succeed, of RESOURCE_EXHAUSTED and UNAVAILABLE. */
  readonly retryDelayMs: number | undefined;

  constructor(message: string, code: Code, findDetails: FindDetails = () => [], options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    const [info] = findDetails(ErrorInfoSchema);
    this.reason = info?.reason;
    this.domain = info?.domain;
    this.fieldViolations = findDetails(BadRequestSchema).flatMap((detail) => detail.fieldViolations);
    this.preconditionViolations = findDetails(PreconditionFailureSchema).flatMap((detail) => detail.violations);
    const [resource] = findDetails(ResourceInfoSchema);
    this.resource = resource && {
      type: resource.resourceType,
      name: resource.resourceName,
      description: resource.description,
    };
    const delay = findDetails(RetryInfoSchema)[0]?.retryDelay;
    this.retryDelayMs = delay && Number(delay.seconds) * 1_000 + delay.nanos / 1e6;
  }

  /** The code as gRPC writes it: INVALID_ARGUMENT. */
  get codeName(): string {
    // gRPC has two letters l here, Connect has one.
    if (this.code === Code.Canceled) return "CANCELLED";
    return Code[this.code].replaceAll(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();
  }

  /** Of whatever a call threw. */
  static from(error: unknown): MlRpcError {
    if (error instanceof MlRpcError) return error;
    const failure = ConnectError.from(error);
    return new MlRpcError(failure.rawMessage, failure.code, (schema) => failure.findDetails(schema), { cause: error });
  }

  /** Of the error that stands in the place of one item's answer. */
  static fromStatus({ code, message, details }: Status): MlRpcError {
    return new MlRpcError(message, code, (schema) => details.flatMap((detail) => anyUnpack(detail, schema) ?? []));
  }
}
