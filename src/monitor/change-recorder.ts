import type { ShadowComparison, ShadowOmission } from "../domain/shadow-comparison.ts";
import { BucketHistogram } from "./bucket-histogram.ts";
import { labelled, type MetricFamily } from "./metric-family.ts";

export type ModelAction = "REGISTER" | "DELETE" | "SET_ALIAS" | "REMOVE_ALIAS" | "ROLLBACK";
export type ChangeResult = "changed" | "failed";

/** Counts what challengers show and what operators do with models. */
export class ChangeRecorder {
  readonly #offered = new Map<"agree" | "flip" | ShadowOmission, number>();
  readonly #differences = new BucketHistogram([0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1]);
  readonly #changes = new Map<ModelAction, Map<ChangeResult, number>>();

  recordComparison({ flips, probabilityDifference }: ShadowComparison): void {
    increment(this.#offered, flips ? "flip" : "agree");
    this.#differences.observe(Math.abs(probabilityDifference));
  }

  recordOmission(reason: ShadowOmission): void {
    increment(this.#offered, reason);
  }

  recordModelChange(action: ModelAction, result: ChangeResult): void {
    const results = this.#changes.get(action) ?? new Map<ChangeResult, number>();
    this.#changes.set(action, results);
    increment(results, result);
  }

  get families(): MetricFamily[] {
    const changes = this.#changes;
    return [
      {
        name: "ml_layer_shadow_decisions_total",
        help: "Decisions offered to a challenger, by what came of them.",
        type: "counter",
        read: () => labelled("outcome", this.#offered),
      },
      {
        name: "ml_layer_shadow_probability_difference",
        help: "Absolute difference between the challenger's probability and the one that decided.",
        type: "histogram",
        read: () => [{ histogram: this.#differences }],
      },
      {
        name: "ml_layer_model_changes_total",
        help: "Changes of registered models and of the aliases that choose what decides, by result.",
        type: "counter",
        *read() {
          for (const [action, results] of changes) {
            for (const [result, value] of results) yield { labels: { action: action.toLowerCase(), result }, value };
          }
        },
      },
    ];
  }
}

function increment<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
