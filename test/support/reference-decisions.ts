import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** One request of the system that this one replaces, with the decision it made. */
export interface ReferenceDecision {
  readonly request: {
    readonly symbol: string;
    readonly timeframe: string;
    readonly features: Readonly<Record<string, readonly number[]>>;
    readonly qse_output: {
      readonly validation: Readonly<Record<string, boolean>>;
      readonly metrics: {
        readonly trend_persistence_score: number;
        readonly adf_stationary: boolean;
        readonly z_score: number;
      };
      readonly regime: {
        readonly trend_strength: number;
        readonly efficiency_ratio: number;
        readonly correlation_regime: string;
      };
    };
  };
  readonly expected: {
    readonly regime: {
      readonly regime_label: string;
      readonly regime_confidence: number;
      readonly prob_trending: number;
      readonly prob_ranging: number;
      readonly prob_stressed: number;
      readonly efficiency_ratio: number;
      readonly volatility_percentile: number;
      readonly correlation_regime: string;
      readonly regime_stable: boolean;
    };
    readonly signal: {
      readonly momentum_success_prob: number;
      readonly should_enter: boolean;
      readonly should_exit: boolean;
      readonly confidence_level: string;
    };
    readonly allow_trade: boolean;
    readonly decision_reasons: readonly string[];
  };
}

/** All 250 of them. */
export function readReferenceDecisions(): readonly ReferenceDecision[] {
  const path = new URL("../fixtures/reference-decisions.jsonl.gz", import.meta.url);
  const lines = gunzipSync(readFileSync(path)).toString("utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line));
}
