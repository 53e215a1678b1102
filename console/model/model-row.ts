import type { GetConfigResponse } from "../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import { type ModelVersion, ModelVersion_State } from "../../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import { enumName } from "./enum-name.ts";

export interface ModelRow {
  readonly name: string;
  readonly version: string;
  readonly format: string;
  readonly digest: string;
  readonly state: string;
  readonly stateReason: string;
  readonly aliases: readonly string[];
  readonly isServing: boolean;
  readonly canPromote: boolean;
  readonly canRollback: boolean;
}

/** The versions; each model's own, newest last, as the service lists them. */
export function toModelRows(models: readonly ModelVersion[]): readonly ModelRow[] {
  return models.map((model) => {
    const isChampion = model.aliases.includes("champion");
    const hasOthers = models.some(
      ({ modelName, version }) => modelName === model.modelName && version !== model.version,
    );
    return {
      name: model.modelName,
      version: model.version,
      format: model.format,
      digest: model.sha256.slice(0, 12),
      state: enumName(ModelVersion_State, model.state),
      stateReason: model.stateReason,
      aliases: model.aliases,
      isServing: model.serving,
      canPromote: !isChampion && model.state === ModelVersion_State.AVAILABLE,
      // Whether there is a champion to go back to is for the registry to say.
      canRollback: isChampion && hasOthers,
    };
  });
}

/** Why a champion would not decide: the configuration has chosen otherwise. */
export function describeObstacles({ config }: GetConfigResponse, models: readonly ModelVersion[]): readonly string[] {
  const choices = [
    ["regime_classifier", config?.model?.regimeClassifierVersion ?? "", config?.regime?.useMlModel, "regime"],
    ["signal_filter", config?.model?.signalFilterVersion ?? "", config?.signalFilter?.useMlModel, "signal_filter"],
  ] as const;
  return choices.flatMap(([name, pinned, usesTrained, key]) => {
    if (pinned !== "") return [`${name} is pinned to ${pinned} by the configuration, whichever version is champion.`];
    const hasTrained = models.some(({ modelName, format }) => modelName === name && format !== "rule_based");
    if (usesTrained === true || !hasTrained) return [];
    return [`The rules decide for ${name}; a trained champion decides once ${key}.use_ml_model is true.`];
  });
}
