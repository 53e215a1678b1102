import { readDecision } from "../../src/monitor/decision-tape.ts";
import type { FactListener } from "../../src/workers/worker-facts.ts";

/** Keeps what it is told, in order. */
export function createFactListener(): FactListener & { readonly told: unknown[][] } {
  const told: unknown[][] = [];
  const keep =
    (kind: string) =>
    (...fact: unknown[]): void =>
      void told.push([kind, ...fact]);
  return {
    told,
    onDecision: (row) => void told.push(["decision", readDecision(row)]),
    onCall: keep("call"),
    onAuditWait: keep("audit_wait"),
    onSync: keep("sync"),
    onStage: keep("stage"),
    onComparison: keep("comparison"),
    onOmission: keep("omission"),
  };
}
