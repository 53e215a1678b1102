import type { ModelIdentity } from "./decision.ts";
import { featureNames, toFeatureName } from "./feature-schema.ts";
import { type KnownRegime, regimeLabels } from "./regime.ts";
import type { RowScore } from "./row-score.ts";
import type { TreeEnsemble } from "./tree-ensemble.ts";

/** What a trained model may read of the upstream engine's output. Checks are read as 1 (passed) or 0. */
export const qseInputNames = [
  "qse_output.validation.signal_validity_flag",
  "qse_output.validation.autocorr_check_passed",
  "qse_output.validation.stationarity_check_passed",
  "qse_output.validation.distribution_check_passed",
  "qse_output.validation.trend_persistence_check_passed",
  "qse_output.metrics.trend_persistence_score",
  "qse_output.metrics.adf_stationary",
  "qse_output.metrics.z_score",
  "qse_output.metrics.volatility_percentile",
  "qse_output.metrics.adf_statistic",
  "qse_output.metrics.autocorrelation",
  "qse_output.regime.trend_strength",
  "qse_output.regime.efficiency_ratio",
] as const;

export type QseInputName = (typeof qseInputNames)[number];

/** One input of a trained model, bound to where its value comes from. */
export type ModelInput =
  /** The bar's value of a feature; one that the schema does not know was declared by the model. */
  | { readonly kind: "feature"; readonly name: string; readonly isDeclared: boolean }
  | { readonly kind: "qse"; readonly name: QseInputName }
  /** 1 when the smoothed regime is this one, otherwise 0. */
  | { readonly kind: "regime"; readonly name: string; readonly regime: KnownRegime };

/**
 * A model that was trained and then exported. Rows are what the engine builds from {@link inputs}, in
 * their order.
 */
export interface TrainedModel {
  readonly identity: ModelIdentity;
  readonly inputs: readonly ModelInput[];
  /** Probabilities a row: 3 (TRENDING, RANGING, STRESSED) of a regime classifier, 1 (success) of a signal filter. */
  readonly outputCount: number;
  /**
   * @param rows row-major, `rowCount` × `inputs.length`
   * @returns row-major probabilities, `rowCount` × `outputCount`, each finite and in [0, 1]
   * @throws UnavailableError when the model answers anything else.
   */
  run(rows: Float32Array, rowCount: number): Promise<Float32Array>;
  /** How far a row is from the training rows; absent where the metadata lack a reference for any of its inputs. */
  readonly scoreRow?: RowScore;
  /** What its probabilities can be explained by; absent for a model that is no tree ensemble with covers. */
  readonly trees?: ExplainableTrees;
  /** Gives the model's memory back. Only who loaded the model may call it. */
  release(): Promise<void>;
}

/** The trees of a model, and which of their classes each of its outputs is. */
export interface ExplainableTrees {
  readonly ensemble: TreeEnsemble;
  readonly classes: readonly number[];
}

/**
 * The right to use a loaded model. The model stays loaded while any lease on it is out, whatever becomes of its
 * version.
 */
export interface ModelLease {
  readonly model: TrainedModel;
  /** One more lease on the same model, to be released on its own. */
  share(): ModelLease;
  /** Gives the lease back; again does nothing. Resolves when a model that only waited for this is released. */
  release(): Promise<void>;
}

const qseNames: ReadonlyMap<string, QseInputName> = new Map(qseInputNames.map((name) => [name, name]));
const regimeNames: ReadonlyMap<string, KnownRegime> = new Map(regimeLabels.map((label) => [`regime_${label}`, label]));
const schemaNames: ReadonlySet<string> = new Set(featureNames);

/**
 * Finds where the value of an input comes from.
 *
 * @param declared features outside the schema that the model may read
 * @returns undefined for a name that nothing delivers
 */
export function findModelInput(name: string, declared: ReadonlySet<string>): ModelInput | undefined {
  const qseName = qseNames.get(name);
  if (qseName !== undefined) return { kind: "qse", name: qseName };
  const regime = regimeNames.get(name);
  if (regime !== undefined) return { kind: "regime", name, regime };
  const feature = toFeatureName(name);
  if (schemaNames.has(feature)) return { kind: "feature", name: feature, isDeclared: false };
  return declared.has(name) ? { kind: "feature", name, isDeclared: true } : undefined;
}
