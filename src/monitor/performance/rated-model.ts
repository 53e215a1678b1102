import type { ModelIdentity } from "../../domain/decision.ts";
import { type AlertWatch, dropsPerUnit, type GovernanceRule } from "../alerts/governance-rules.ts";
import type { PerformanceFigures } from "./performance-figures.ts";
import type { PerformanceReference } from "./performance-reference.ts";

/** A model's live figures beside what it ought to reach. */
export interface RatedModel {
  readonly model: ModelIdentity;
  readonly isServing: boolean;
  readonly figures: PerformanceFigures;
  /** Outcomes since the start or the last reset. */
  readonly total: number;
  readonly reference: PerformanceReference;
}

/** Holds governance's rules about performance against the models that decide now. */
export function watchPerformance(rules: readonly GovernanceRule[], rated: readonly RatedModel[]): AlertWatch[] {
  return rules.flatMap((each) => {
    const read = drops.get(each.rule.name);
    if (read === undefined) return [];
    const model = rated.find(({ isServing, model: { name } }) => isServing && name === read.modelName);
    const drop = model === undefined ? undefined : read.drop(model);
    const value = Math.round((drop ?? 0) * dropsPerUnit) / dropsPerUnit;
    return [{ ...each, value, samples: drop === undefined ? 0 : (model?.figures.count ?? 0) }];
  });
}

interface Drop {
  readonly modelName: string;
  /** How far the live figure is below the reference; undefined where there is none. */
  readonly drop: (rated: RatedModel) => number | undefined;
}

const drops: ReadonlyMap<string, Drop> = new Map([
  ["signal_auc_drop", { modelName: "signal_filter", drop: dropOfAuc }],
  ["signal_accuracy_drop", { modelName: "signal_filter", drop: dropOfAccuracy }],
  ["regime_accuracy_drop", { modelName: "regime_classifier", drop: dropOfAccuracy }],
]);

function dropOfAuc({ figures, reference }: RatedModel): number | undefined {
  return figures.auc === undefined || reference.auc === undefined ? undefined : reference.auc - figures.auc;
}

function dropOfAccuracy({ figures, reference }: RatedModel): number | undefined {
  return figures.count === 0 ? undefined : reference.accuracy - figures.accuracy;
}
