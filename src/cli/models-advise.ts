import { dirname } from "node:path";
import type { JsonObject } from "@bufbuild/protobuf";
import type { Command } from "commander";
import type { ModelRef } from "../../gen/ts/arbitrex/ml/v1/common_pb.ts";
import type { ModelVersion } from "../../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import type { ModelDrift, ModelPerformance } from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import type { AdminClient } from "./admin-client.ts";
import { addExamples, addServiceOptions, type Report, runAdminCommand, type ServiceOptions } from "./admin-command.ts";
import { type AdviceFacts, type Finding, findReasons, listCommands, nextVersion } from "./model-advice.ts";

/** Exit code when at least one model should be trained anew; 1 to 3 are failures, as for every command. */
export const retrainExitCode = 4;

/** Adds `ml-layer models advise`. */
export function registerAdvice(models: Command): void {
  const advise = models
    .command("advise")
    .description("say whether the models that decide should be trained anew, and how")
    .action(adviseModels);
  addExamples(
    addServiceOptions(advise),
    "models advise",
    "models advise --json | jq '.models[] | select(.retrain) | .commands[]' -r",
  ).addHelpText("after", adviceHelp);
}

const adviceHelp = `
Reasons to train anew: expires_at has passed; inputs or errors drift (GET /drift); AUC or accuracy is further below the reference than
governance.performance_alert_threshold over a full window; at least training.retraining_frequency outcomes have come that
the model was not trained on.

Exit codes: 0 no model needs it, ${retrainExitCode} at least one does, 1 the service failed, 2 wrong arguments, 3 the service cannot be reached.`;

interface ModelAdvice {
  readonly facts: AdviceFacts;
  readonly findings: readonly Finding[];
  readonly commands: readonly string[];
}

function adviseModels(options: ServiceOptions): Promise<void> {
  return runAdminCommand(options, async (client) => {
    const advice = await gatherAdvice(client);
    if (advice.some(isDue)) process.exitCode = retrainExitCode;
    return toReport(advice);
  });
}

async function gatherAdvice(client: AdminClient): Promise<ModelAdvice[]> {
  const { monitoring, models, config } = client;
  const [status, registry, inForce, summary, drift] = await Promise.all([
    monitoring.getStatus({}),
    models.listModels({}),
    config.getConfig({}),
    monitoring.getPerformanceSummary({}),
    monitoring.getDrift({}),
  ]);
  if (inForce.config === undefined) throw new Error("the service answers no configuration");
  const [nowMs, current] = [Date.now(), inForce.config];
  const logFolder = dirname(status.audit?.path ?? "logs/predictions.jsonl");
  const address = new URL(client.baseUrl).host;
  return registry.models
    .filter(({ serving }) => serving)
    .map((version) => {
      const facts = {
        version,
        performance: findOf(summary.models, version),
        drift: findOf(drift.models, version),
        config: current,
        nowMs,
      };
      const own = registry.models.filter(({ modelName }) => modelName === version.modelName);
      const next = nextVersion(own.map((each) => each.version));
      return { facts, findings: findReasons(facts), commands: listCommands(facts, logFolder, next, address) };
    });
}

function findOf<T extends ModelPerformance | ModelDrift>(all: readonly T[], version: ModelVersion): T | undefined {
  const isOf = (model: ModelRef | undefined): boolean =>
    model?.name === version.modelName && model.version === version.version && model.sha256 === version.sha256;
  return all.find(({ model }) => isOf(model));
}

function isDue({ findings }: ModelAdvice): boolean {
  return findings.some(({ isReason }) => isReason);
}

function toReport(advice: readonly ModelAdvice[]): Report {
  const json: JsonObject[] = advice.map((each) => ({
    model_name: each.facts.version.modelName,
    version: each.facts.version.version,
    retrain: isDue(each),
    findings: each.findings.map(({ about, isReason, message }) => ({ about, reason: isReason, message })),
    commands: [...each.commands],
  }));
  return { json: { models: json }, lines: advice.flatMap(describeAdvice) };
}

function describeAdvice(advice: ModelAdvice): string[] {
  const { version } = advice.facts;
  const verdict = isDue(advice) ? "train it anew" : "nothing to do";
  const findings = advice.findings.map(({ isReason, message }) => `  ${isReason ? "!" : " "} ${message}`);
  const head = [`${version.modelName}/${version.version}: ${verdict}`, ...findings];
  if (!isDue(advice)) return head;
  return [...head, "  to train a successor and let it shadow:", ...advice.commands.map((command) => `    ${command}`)];
}
