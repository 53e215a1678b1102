import { ConnectError, type Interceptor } from "@connectrpc/connect";
import { findRetryPolicy } from "./service-config.ts";

/** Makes a call again as the service config says, within the deadline of the first attempt. */
export const retryInterceptor: Interceptor = (next) => async (request) => {
  const policy = findRetryPolicy(request.method);
  if (request.stream || policy === undefined) return next(request);
  const timeouts = readTimeouts(request.header);
  const startedMs = performance.now();
  let backoffMs = policy.initialBackoffMs;
  for (let attempt = 1; ; attempt++) {
    try {
      return await next(request);
    } catch (error) {
      const { code } = ConnectError.from(error);
      if (attempt >= policy.attemptsMax || !policy.retryableCodes.has(code) || request.signal.aborted) throw error;
      // Random, so that the clients of a service that comes back do not come back in step.
      await pause(Math.random() * backoffMs, request.signal);
      if (request.signal.aborted) throw error;
      backoffMs = Math.min(backoffMs * policy.backoffMultiplier, policy.backoffMsMax);
      writeTimeouts(request.header, timeouts, performance.now() - startedMs);
    }
  }
};

/** How gRPC and Connect tell the service the deadline of a call; each attempt has less of it left. */
const timeoutHeaders = [
  ["grpc-timeout", /^(\d+)m$/, "m"],
  ["connect-timeout-ms", /^(\d+)$/, ""],
] as const;

interface Timeout {
  readonly header: string;
  readonly timeoutMs: number;
  readonly unit: string;
}

function readTimeouts(headers: Headers): readonly Timeout[] {
  return timeoutHeaders.flatMap(([header, form, unit]) => {
    const [, digits] = form.exec(headers.get(header) ?? "") ?? [];
    return digits === undefined ? [] : [{ header, timeoutMs: Number(digits), unit }];
  });
}

function writeTimeouts(headers: Headers, timeouts: readonly Timeout[], elapsedMs: number): void {
  for (const { header, timeoutMs, unit } of timeouts) {
    headers.set(header, `${Math.max(1, Math.ceil(timeoutMs - elapsedMs))}${unit}`);
  }
}

/** Waits, less long when the signal says so. */
export function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const finish = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, durationMs);
    signal.addEventListener("abort", finish);
  });
}
