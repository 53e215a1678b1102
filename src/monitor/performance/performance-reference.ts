import type { Config } from "../../domain/config.ts";

/** What a model ought to reach. */
export interface PerformanceReference {
  /** Undefined where nothing that is measured live compares. */
  readonly auc: number | undefined;
  readonly accuracy: number;
  /** METADATA: its own walk-forward figures. CONFIGURATION: the gates that a trained model has to pass. */
  readonly source: "METADATA" | "CONFIGURATION";
}

/**
 * Reads what a model reached where it was trained. Rules were not trained: they ought to reach what a trained model must have
 * to be registered, `model.min_auc` and `model.min_accuracy`.
 *
 * The AUC of a regime classifier is the mean of each regime against the rest, which one label a decision cannot be compared with.
 */
export function readPerformanceReference(
  modelName: string,
  metadata: Readonly<Record<string, unknown>>,
  { minAuc, minAccuracy }: Config["model"],
): PerformanceReference {
  const own = membersOf(membersOf(metadata["walk_forward"]).get("model"));
  const auc = membersOf(own.get("auc")).get("value");
  const accuracy = membersOf(own.get("accuracy")).get("value");
  const isRegime = modelName === "regime_classifier";
  if (isShare(accuracy) && (isRegime || isShare(auc))) {
    return { auc: isRegime || !isShare(auc) ? undefined : auc, accuracy, source: "METADATA" };
  }
  return { auc: isRegime ? undefined : minAuc, accuracy: minAccuracy, source: "CONFIGURATION" };
}

function membersOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof value === "object" && value !== null ? Object.entries(value) : []);
}

function isShare(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= 1;
}
