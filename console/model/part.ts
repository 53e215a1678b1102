/** One of the answers that make up a reading; the others are shown when it fails. */

import { Code, ConnectError } from "@connectrpc/connect";

export type Part<T> =
  | { readonly kind: "ok"; readonly value: T }
  /** `isMissing` when this service does not offer it at all. */
  | { readonly kind: "failed"; readonly reason: string; readonly isMissing: boolean };

export function toPart<T>(result: PromiseSettledResult<T>): Part<T> {
  if (result.status === "fulfilled") return { kind: "ok", value: result.value };
  const error = ConnectError.from(result.reason);
  return { kind: "failed", reason: error.rawMessage, isMissing: error.code === Code.Unimplemented };
}

export function answerOf<T>(part: Part<T> | undefined): T | undefined {
  return part?.kind === "ok" ? part.value : undefined;
}
