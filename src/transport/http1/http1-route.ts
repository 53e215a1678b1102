/** What the lane serves: the requests of one path, each with its whole body. */

import type { DescMethod } from "@bufbuild/protobuf";
import type { Protocol } from "../../domain/call-context.ts";
import { traceparentHeader } from "../../domain/trace-context.ts";
import type { Call, CallStart } from "../chain/call.ts";
import { requestIdHeader } from "../chain/request-id.ts";
import type { ReadSweep } from "../read-sweep.ts";
import type { MaybePromise } from "../service-binding.ts";
import { parseTimeoutMs, timeoutHeaderOf } from "../timeout-header.ts";
import type { RequestHead } from "./request-head.ts";

export interface Http1Answer {
  readonly status: number;
  /** Names and values in turn, the length of the body among them. */
  readonly fields: readonly string[];
  readonly body: string;
  readonly encoding: "latin1" | "utf8";
}

export interface Http1Route {
  /** Ends reads of its requests that take too long. */
  readonly sweep: ReadSweep;
  /** False leaves a request of the path, and all that follows on its connection, to `node:http`. Says the same of equal heads. */
  accepts(head: RequestHead): boolean;
  open(head: RequestHead, clientSignal: () => AbortSignal): Call;
  /** Why a call would be refused now; asked before its body is read. */
  refusal(): Error | undefined;
  /** Throws, or rejects, what `fail` makes an answer of. */
  answer(call: Call, body: Buffer): MaybePromise<Http1Answer>;
  /** Ends the call, unless it has been reported, and says so to its client. */
  fail(call: Call, error: unknown): Http1Answer;
}

/** What a call is opened with. */
export function toCallStart(
  method: DescMethod,
  protocol: Protocol,
  head: RequestHead,
  clientSignal: () => AbortSignal,
): CallStart {
  const { headers, contentLength } = head;
  return {
    method,
    protocol,
    requestId: headers.get(requestIdHeader),
    traceparent: headers.get(traceparentHeader),
    timeoutMs: timeoutMsOf(protocol, head),
    requestBytes: contentLength,
    clientSignal,
  };
}

/** Neither packed nor limited to a time that is none. */
export function isPlainBody(protocol: Protocol, head: RequestHead): boolean {
  const encoding = head.headers.get("content-encoding");
  return (
    (encoding === undefined || encoding === "identity") &&
    (!head.headers.has(timeoutHeaderOf(protocol)) || timeoutMsOf(protocol, head) !== undefined)
  );
}

function timeoutMsOf(protocol: Protocol, { headers }: RequestHead): number | undefined {
  const timeout = headers.get(timeoutHeaderOf(protocol));
  return timeout === undefined ? undefined : parseTimeoutMs(protocol, timeout);
}
