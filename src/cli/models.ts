import type { Command } from "commander";
import {
  DeleteModelResponseSchema,
  GetModelResponseSchema,
  ListModelsResponseSchema,
  RollbackModelResponseSchema,
  SetModelAliasResponseSchema,
} from "../../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import {
  addChangeOptions,
  addExamples,
  addServiceOptions,
  type ChangeOptions,
  chooseActor,
  runAdminCommand,
  type ServiceOptions,
  toReportJson,
} from "./admin-command.ts";
import { registerModelRegistration } from "./model-registration.ts";
import { describeModel, nameVersion, tabulateModels } from "./model-text.ts";
import { registerAdvice } from "./models-advise.ts";
import { explainDeciding } from "./serving-note.ts";

interface PromoteOptions extends ChangeOptions {
  readonly challenger?: boolean;
}

/** Adds `ml-layer models …`. */
export function registerModels(program: Command): void {
  const models = program.command("models").description("see which model versions exist, and choose which decide");
  registerReading(models);
  registerModelRegistration(models);
  registerPromotion(models);
  registerRemoval(models);
  registerAdvice(models);
}

function registerReading(models: Command): void {
  const list = models.command("list").description("every version of every model").action(listModels);
  addExamples(addServiceOptions(list), "models list", "models list --json | jq '.models[] | select(.serving)'");
  const show = models
    .command("show")
    .description("one version with its metadata")
    .argument("<name>", "regime_classifier or signal_filter")
    .argument("<version>", "a version, or the alias champion or challenger")
    .action(showModel);
  addExamples(
    addServiceOptions(show),
    "models show signal_filter champion",
    "models show signal_filter v1.1.0 --json | jq .model.metadata",
  );
}

function registerPromotion(models: Command): void {
  const promote = addNames(models.command("promote").description("make a version champion: the one that decides"))
    .option("--challenger", "make it challenger instead: it decides beside the champion, without effect")
    .action(promoteModel);
  addExamples(
    addChangeOptions(promote),
    "models promote signal_filter v1.1.0",
    "models promote signal_filter v1.1.0 --challenger",
  );
  const shadow = addNames(models.command("shadow").description("make a version challenger; as promote --challenger"));
  shadow.action((name: string, version: string, options: ChangeOptions) =>
    promoteModel(name, version, { ...options, challenger: true }),
  );
  addExamples(addChangeOptions(shadow), "models shadow signal_filter v1.1.0");
  const unshadow = addNames(models.command("unshadow").description("a version is challenger no longer"));
  unshadow.action(unshadowModel);
  addExamples(addChangeOptions(unshadow), "models unshadow signal_filter v1.1.0");
  const rollback = models
    .command("rollback")
    .description("make the previous champion champion again")
    .argument("<name>", "regime_classifier or signal_filter")
    .action(rollBackModel);
  addExamples(addChangeOptions(rollback), "models rollback signal_filter --actor nightly");
}

function registerRemoval(models: Command): void {
  const remove = addNames(
    models.command("delete").description("remove a version that has no alias and does not decide"),
  );
  remove.action(deleteModel);
  addExamples(addChangeOptions(remove), "models delete signal_filter v1.1.0");
}

function addNames(command: Command): Command {
  return command.argument("<name>", "regime_classifier or signal_filter").argument("<version>", "version, e.g. v1.1.0");
}

function listModels(options: ServiceOptions): Promise<void> {
  return runAdminCommand(options, async ({ models }) => {
    const answer = await models.listModels({});
    return { json: toReportJson(ListModelsResponseSchema, answer), lines: tabulateModels(answer.models) };
  });
}

function showModel(modelName: string, version: string, options: ServiceOptions): Promise<void> {
  return runAdminCommand(options, async ({ models }) => {
    const answer = await models.getModel({ modelName, version });
    const lines = answer.model === undefined ? [] : describeModel(answer.model);
    return { json: toReportJson(GetModelResponseSchema, answer), lines };
  });
}

function promoteModel(modelName: string, version: string, options: PromoteOptions): Promise<void> {
  return runAdminCommand(options, async (client) => {
    const alias = options.challenger === true ? "challenger" : "champion";
    const answer = await client.models.setModelAlias({ modelName, version, alias, actor: chooseActor(options) });
    const note =
      alias === "champion"
        ? await explainDeciding(client, answer.model)
        : ["it decides beside the champion, without effect; GET /metrics/summary compares the two"];
    const change = describeMove(modelName, alias, version, answer.previousVersion);
    return { json: toReportJson(SetModelAliasResponseSchema, answer), lines: [change, ...note] };
  });
}

function unshadowModel(modelName: string, version: string, options: ChangeOptions): Promise<void> {
  return runAdminCommand(options, async ({ models }) => {
    const request = { modelName, version, alias: "challenger", remove: true, actor: chooseActor(options) };
    const answer = await models.setModelAlias(request);
    return {
      json: toReportJson(SetModelAliasResponseSchema, answer),
      lines: [`${modelName}/${version} is challenger no longer`],
    };
  });
}

function rollBackModel(modelName: string, options: ChangeOptions): Promise<void> {
  return runAdminCommand(options, async (client) => {
    const answer = await client.models.rollbackModel({ modelName, actor: chooseActor(options) });
    const { model, previousVersion } = answer;
    const lines = [
      describeMove(modelName, "champion", model?.version ?? "", previousVersion),
      ...(await explainDeciding(client, model)),
    ];
    return { json: toReportJson(RollbackModelResponseSchema, answer), lines };
  });
}

function deleteModel(modelName: string, version: string, options: ChangeOptions): Promise<void> {
  return runAdminCommand(options, async ({ models }) => {
    const answer = await models.deleteModel({ modelName, version, actor: chooseActor(options) });
    return {
      json: toReportJson(DeleteModelResponseSchema, answer),
      lines: [`deleted ${nameVersion({ modelName, version })}; its version number is not given again`],
    };
  });
}

function describeMove(modelName: string, alias: string, version: string, previous: string): string {
  const before = previous === "" ? "there was none" : previous === version ? "as before" : `before: ${previous}`;
  return `${alias} of ${modelName} is ${version} (${before})`;
}
