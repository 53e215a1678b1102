/** What every protocol's client can be asked for, and how its answer is written down so that answers compare. */

import { anyUnpack, durationMs } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import type {
  BatchPredictRequest,
  BatchPredictResponse,
  PredictRequest,
  PredictResponse,
  PredictSymbolsRequest,
  PredictSymbolsResponse,
} from "../../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import {
  BadRequestSchema,
  ErrorInfoSchema,
  PreconditionFailureSchema,
  RetryInfoSchema,
} from "../../../gen/ts/google/rpc/error_details_pb.ts";
import type { Status } from "../../../gen/ts/google/rpc/status_pb.ts";

export interface CallOptions {
  /** Told to the server and to nobody else: an answer given by the client's own timer would prove nothing. */
  readonly timeoutMs?: number;
}

export interface ContractClient extends AsyncDisposable {
  predict(request: PredictRequest, options?: CallOptions): Promise<Outcome<PredictResponse>>;
  predictSymbols(request: PredictSymbolsRequest): Promise<Outcome<PredictSymbolsResponse>>;
  /** Absent where the protocol has no streams at all. */
  batchPredict?(requests: readonly BatchPredictRequest[]): Promise<Outcome<BatchPredictResponse[]>>;
}

/** One protocol in one dress. */
export interface ContractProtocol {
  readonly name: string;
  /** Both sides can stream at a time. */
  readonly isBidirectional: boolean;
  open(port: number): ContractClient;
}

export type Outcome<T> =
  | { readonly answer: T; readonly refusal?: undefined }
  | { readonly answer?: undefined; readonly refusal: Refusal };

/** An error with everything it says, protocol taken away. */
export interface Refusal {
  /** `invalid_argument` */
  readonly code: string;
  readonly message: string;
  readonly reason: string | undefined;
  readonly domain: string | undefined;
  readonly violations: readonly { readonly field: string; readonly description: string }[];
  readonly conditions: readonly { readonly type: string; readonly subject: string; readonly description: string }[];
  readonly retryDelayMs: number | undefined;
}

export function toRefusal({ code, message, details }: Status): Refusal {
  const info = details.map((detail) => anyUnpack(detail, ErrorInfoSchema)).find((found) => found !== undefined);
  const retry = details.map((detail) => anyUnpack(detail, RetryInfoSchema)).find((found) => found !== undefined);
  const violations = details.flatMap((detail) => anyUnpack(detail, BadRequestSchema)?.fieldViolations ?? []);
  const conditions = details.flatMap((detail) => anyUnpack(detail, PreconditionFailureSchema)?.violations ?? []);
  return {
    code: nameOfCode(code),
    message,
    reason: info?.reason,
    domain: info?.domain,
    violations: violations.map(({ field, description }) => ({ field, description })),
    conditions: conditions.map(({ type, subject, description }) => ({ type, subject, description })),
    retryDelayMs: retry?.retryDelay === undefined ? undefined : durationMs(retry.retryDelay),
  };
}

const codeNames = new Map(
  Object.entries(Code).flatMap(([name, code]): [number, string][] =>
    typeof code === "number" ? [[code, name.replaceAll(/(?<=[a-z])[A-Z]/g, "_$&").toLowerCase()]] : [],
  ),
);

function nameOfCode(code: number): string {
  return codeNames.get(code) ?? `code ${code}`;
}

/** The number of a status as REST names it. */
export function codeOfName(name: string): number {
  for (const [code, each] of codeNames) if (each === name) return code;
  throw new Error(`${name} is no status code`);
}
