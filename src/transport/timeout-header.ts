/** The time a client gives a call, from the header of its protocol. */

import type { Protocol } from "../domain/call-context.ts";

const grpcTimeout = /^(\d{1,8})([HMSmun])$/;
const connectTimeout = /^\d{1,10}$/;

/** Milliseconds in each unit of `grpc-timeout`. */
const unitMs: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 1e-3, n: 1e-6 };

/** Name of the header in which a protocol carries the timeout. */
export function timeoutHeaderOf(protocol: Protocol): string {
  return protocol === "connect" || protocol === "rest" ? "connect-timeout-ms" : "grpc-timeout";
}

/** The timeout in milliseconds; undefined when the value is not of the protocol's form. */
export function parseTimeoutMs(protocol: Protocol, value: string): number | undefined {
  if (timeoutHeaderOf(protocol) === "connect-timeout-ms") return connectTimeout.test(value) ? Number(value) : undefined;
  const match = grpcTimeout.exec(value);
  const unit = unitMs[match?.[2] ?? ""];
  return unit === undefined ? undefined : Number(match?.[1]) * unit;
}
