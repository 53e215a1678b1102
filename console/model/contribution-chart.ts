/** An explanation as bars to the right and left of zero. */

import { type Explanation, Explanation_Unit } from "../../gen/ts/arbitrex/ml/v1/common_pb.ts";
import { formatSigned } from "./figure-text.ts";

export interface ContributionBar {
  readonly name: string;
  /** The input's value. */
  readonly value: string;
  readonly contribution: string;
  readonly effect: "raises" | "lowers" | "none";
  /** Left end, share of the axis' width. Zero is in the middle. */
  readonly start: number;
  /** Length, share of the axis' width. */
  readonly length: number;
}

export interface ContributionChart {
  readonly unit: "probability" | "log-odds";
  readonly base: string;
  /** Base and all contributions, added in the model's order. */
  readonly sum: string;
  /** Largest first. */
  readonly bars: readonly ContributionBar[];
  /** Why there are no bars, when there are none. */
  readonly note: string;
}

export function toContributionChart(explanation: Explanation): ContributionChart {
  const { base, contributions, unit } = explanation;
  const largest = Math.max(0, ...contributions.map(({ contribution }) => Math.abs(contribution)));
  const ranked = [...contributions].sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
  return {
    unit: unit === Explanation_Unit.LOG_ODDS ? "log-odds" : "probability",
    base: base.toFixed(4),
    sum: contributions.reduce((sum, { contribution }) => sum + contribution, base).toFixed(4),
    bars: ranked.map(({ name, value, contribution }) => {
      const length = largest === 0 ? 0 : Math.abs(contribution) / largest / 2;
      return {
        name: name.replaceAll("_", " "),
        value: formatInput(value),
        contribution: formatSigned(contribution),
        effect: contribution > 0 ? "raises" : contribution < 0 ? "lowers" : "none",
        start: contribution < 0 ? 0.5 - length : 0.5,
        length,
      };
    }),
    note: explanation.note,
  };
}

function formatInput(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}
