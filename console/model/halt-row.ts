import { type Halt, Halt_Scope } from "../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import { enumName } from "./enum-name.ts";
import { formatMoment } from "./figure-text.ts";

export interface HaltRow {
  readonly key: string;
  readonly scope: HaltScopeName;
  readonly target: string;
  readonly what: string;
  readonly reason: string;
  readonly by: string;
  readonly since: string;
}

export type HaltScopeName = "SERVICE" | "SYMBOL" | "MODEL";

export const haltScopeNames: readonly HaltScopeName[] = ["SERVICE", "SYMBOL", "MODEL"];

export function toHaltRows(halts: readonly Halt[]): readonly HaltRow[] {
  return halts.map((halt) => {
    const scope = haltScopeNames.find((name) => name === enumName(Halt_Scope, halt.scope)) ?? "SERVICE";
    return {
      key: `${scope} ${halt.target}`,
      scope,
      target: halt.target,
      what: describeHalted(scope, halt.target),
      reason: halt.reason,
      by: halt.actor,
      since: formatMoment(halt.since),
    };
  });
}

export function describeHalted(scope: HaltScopeName, target: string): string {
  return scope === "SERVICE" ? "the whole service" : `${scope.toLowerCase()} ${target}`;
}
