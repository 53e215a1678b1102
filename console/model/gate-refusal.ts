import type { Metrics, WindowMetrics } from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import { formatCount, formatPercent } from "./figure-text.ts";
import { describeGateName } from "./gate-name.ts";

/** How often a gate refused. */
export interface GateRefusal {
  readonly gate: string;
  readonly count: string;
  /** Of the refused decisions, [0, 1]. */
  readonly share: number;
  readonly shareText: string;
}

/** The gates that refused, the one that refused most first. A decision may be refused by several. */
export function rankGateRefusals(metrics: Metrics | WindowMetrics): readonly GateRefusal[] {
  const refused = Number(metrics.suppressed);
  return Object.entries(metrics.gateFailures)
    .map(([name, count]) => ({ name, count: Number(count) }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
    .map(({ name, count }) => {
      const share = refused === 0 ? 0 : Math.min(1, count / refused);
      return { gate: describeGateName(name), count: formatCount(count), share, shareText: formatPercent(share) };
    });
}
