import type { Config } from "../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import type { ModelVersion } from "../../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import type { AdminClient } from "./admin-client.ts";

/** Where the configuration says how a model is chosen. */
interface ModelChoice {
  readonly useMlModel: boolean;
  readonly useKey: string;
  readonly pinnedVersion: string;
  readonly pinKey: string;
}

/** Whether the champion decides now; where the configuration says otherwise, which command changes that. */
export async function explainDeciding(
  { config }: Pick<AdminClient, "config">,
  model: ModelVersion | undefined,
): Promise<string[]> {
  if (model === undefined) return [];
  if (model.serving) return ["it decides from now on"];
  const answer = await config.getConfig({});
  const choice = answer.config === undefined ? undefined : findChoice(model.modelName, answer.config);
  const notYet = "it does NOT decide now: ";
  if (choice === undefined) return [`${notYet}see ml-layer models list`];
  const { useMlModel, useKey, pinnedVersion, pinKey } = choice;
  if (!useMlModel) {
    const enabling = [`${useKey}=true`, ...(pinnedVersion === "" ? [] : [`${pinKey}=`])].join(" ");
    return [
      `${notYet}${useKey} is false, so a rule-based version decides, whatever the champion is`,
      `to let the champion decide: ml-layer config set ${enabling}`,
    ];
  }
  if (pinnedVersion === "") return [`${notYet}the champion changed again; see ml-layer models list`];
  return [
    `${notYet}the configuration names ${pinnedVersion} (${pinKey})`,
    `to let the champion decide: ml-layer config set ${pinKey}=`,
  ];
}

function findChoice(modelName: string, { regime, signalFilter, model }: Config): ModelChoice | undefined {
  const pinKey = `model.${modelName}_version`;
  if (modelName === "regime_classifier") {
    const pinnedVersion = model?.regimeClassifierVersion ?? "";
    return { useMlModel: regime?.useMlModel ?? false, useKey: "regime.use_ml_model", pinnedVersion, pinKey };
  }
  if (modelName !== "signal_filter") return undefined;
  const pinnedVersion = model?.signalFilterVersion ?? "";
  return { useMlModel: signalFilter?.useMlModel ?? false, useKey: "signal_filter.use_ml_model", pinnedVersion, pinKey };
}
