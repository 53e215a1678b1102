/** clients/service-config.json, the standard gRPC service config, read for a runtime that does not read it itself. */

import type { DescMethod } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import document from "../service-config.json" with { type: "json" };

/** How often, how soon and after which codes a call is made again. */
export interface RetryPolicy {
  /** The first one included. */
  readonly attemptsMax: number;
  readonly initialBackoffMs: number;
  readonly backoffMsMax: number;
  readonly backoffMultiplier: number;
  readonly retryableCodes: ReadonlySet<Code>;
}

const policies = new Map<string, RetryPolicy>(
  document.methodConfig.flatMap(({ name, retryPolicy }) => {
    const policy: RetryPolicy = {
      attemptsMax: retryPolicy.maxAttempts,
      initialBackoffMs: toMilliseconds(retryPolicy.initialBackoff),
      backoffMsMax: toMilliseconds(retryPolicy.maxBackoff),
      backoffMultiplier: retryPolicy.backoffMultiplier,
      retryableCodes: new Set(retryPolicy.retryableStatusCodes.map(toCode)),
    };
    return name.map(({ service, method }) => [`${service}/${method}`, policy] as const);
  }),
);

/** Undefined for a method that must not be made again. */
export function findRetryPolicy({ parent, name }: DescMethod): RetryPolicy | undefined {
  return policies.get(`${parent.typeName}/${name}`);
}

/** Of protobuf's JSON for a duration: "0.02s". */
function toMilliseconds(duration: string): number {
  return Number(duration.slice(0, -1)) * 1_000;
}

function toCode(name: string): Code {
  const code = Object.entries(Code).find(([key]) => key.toUpperCase() === name.replaceAll("_", ""))?.[1];
  if (typeof code !== "number") throw new Error(`service-config.json: ${name} is no status code`);
  return code;
}
