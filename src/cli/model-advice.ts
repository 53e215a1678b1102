/** Whether a model that decides should be trained anew, from what its service knows of it. */

import type { JsonObject } from "@bufbuild/protobuf";
import { timestampDate } from "@bufbuild/protobuf/wkt";
import type { Config } from "../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import type { ModelVersion } from "../../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import type { ModelDrift, ModelPerformance } from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import { defaultConfig } from "../config/config-schema.ts";

export interface AdviceFacts {
  /** The version that decides. */
  readonly version: ModelVersion;
  readonly performance: ModelPerformance | undefined;
  readonly drift: ModelDrift | undefined;
  readonly config: Config;
  readonly nowMs: number;
}

/** One thing that was looked at. */
export interface Finding {
  readonly about: "age" | "drift" | "performance" | "samples";
  /** Whether it is a reason to train anew. */
  readonly isReason: boolean;
  readonly message: string;
}

const dayMs = 86_400_000;

/** Looks at age, drift, performance and new outcomes, in this order; each is said, whether or not it is a reason. */
export function findReasons(facts: AdviceFacts): Finding[] {
  return [judgeAge(facts), ...judgeDrift(facts), ...judgePerformance(facts), judgeSamples(facts)];
}

function judgeAge({ version, nowMs }: AdviceFacts): Finding {
  const created = version.createdAt === undefined ? undefined : timestampDate(version.createdAt).getTime();
  const age =
    created === undefined ? "of unknown age" : `${Math.max(0, Math.floor((nowMs - created) / dayMs))} days old`;
  const expiry = readExpiry(version.metadata);
  if (expiry === undefined)
    return { about: "age", isReason: false, message: `${age}, and its metadata have no expires_at` };
  const isExpired = expiry.getTime() <= nowMs;
  const when = expiry.toISOString().slice(0, 10);
  return { about: "age", isReason: isExpired, message: `${age}, ${isExpired ? "expired on" : "expires on"} ${when}` };
}

function readExpiry(metadata: JsonObject | undefined): Date | undefined {
  const text = metadata?.["expires_at"];
  const expiry = new Date(typeof text === "string" ? text : Number.NaN);
  return Number.isNaN(expiry.getTime()) ? undefined : expiry;
}

function judgeDrift({ drift, config }: AdviceFacts): Finding[] {
  const say = (isReason: boolean, message: string): Finding => ({ about: "drift", isReason, message });
  const defaults = defaultConfig.governance;
  const threshold = config.governance?.driftThreshold ?? defaults.driftThreshold;
  const window = config.governance?.driftWindow ?? defaults.driftWindow;
  if (drift === undefined) return [say(false, "drift is not watched (governance.enable_drift_detection)")];
  const findings: Finding[] = [];
  const { features, samples, outcomes } = drift;
  if (!drift.hasReference) findings.push(say(false, "inputs cannot be compared: no drift_reference in its metadata"));
  else if (samples < window) findings.push(say(false, `inputs: ${samples} of ${window} decisions, too few to tell`));
  else {
    const drifted = features.filter(({ psi, ks, ksByChance }) => ks > ksByChance && psi > threshold);
    const named = drifted.map(({ feature, psi }) => `${feature} (PSI ${psi.toFixed(2)})`).join(", ");
    findings.push(
      say(
        named !== "",
        named === "" ? `inputs: no drift beyond chance in ${samples} decisions` : `inputs drift: ${named}`,
      ),
    );
  }
  if (outcomes !== undefined) {
    const level = outcomes.level.toFixed(2);
    findings.push(
      say(
        outcomes.level > 1,
        `errors: level ${level} of the test over ${outcomes.samples} outcomes; above 1 they have risen`,
      ),
    );
  }
  return findings;
}

function judgePerformance({ performance, config }: AdviceFacts): Finding[] {
  const say = (isReason: boolean, message: string): Finding => ({ about: "performance", isReason, message });
  const defaults = defaultConfig.governance;
  const window = config.governance?.performanceWindow ?? defaults.performanceWindow;
  const tolerated = config.governance?.performanceAlertThreshold ?? defaults.performanceAlertThreshold;
  const outcomes = performance?.outcomes ?? 0;
  if (performance === undefined || outcomes < window)
    return [say(false, `${outcomes} of ${window} outcomes, too few to judge`)];
  const { auc, accuracy, referenceAuc, referenceAccuracy } = performance;
  const compare = (name: string, live: number, reference: number): Finding =>
    // As the alert has it: a difference that is only one of binary fractions is none.
    say(
      Math.round((reference - live) * 1e9) / 1e9 > tolerated,
      `${name} ${live.toFixed(3)} over ${outcomes} outcomes, reference ${reference.toFixed(3)}`,
    );
  return [
    ...(auc !== undefined && referenceAuc !== undefined ? [compare("AUC", auc, referenceAuc)] : []),
    compare("accuracy", accuracy, referenceAccuracy),
  ];
}

function judgeSamples({ performance, config }: AdviceFacts): Finding {
  const due = config.training?.retrainingFrequency ?? defaultConfig.training.retrainingFrequency;
  const labelled = performance?.outcomesTotal ?? 0;
  const message = `${labelled} outcomes that it was not trained on; training is due every ${due}`;
  return { about: "samples", isReason: labelled >= due, message };
}

/** Commands that train a successor and let it decide beside the present one. `logFolder` is where the service writes. */
export function listCommands({ version }: AdviceFacts, logFolder: string, next: string, address: string): string[] {
  const name = version.modelName;
  const kind = name === "signal_filter" ? "signal" : "regime";
  const folder = `retrain/${name}-${next}`;
  const [table, service] = [`${folder}/table.parquet`, `--address ${address}`];
  // Rules read few numbers, so their log holds too little to train a model on.
  const source = version.format === "onnx" ? `--audit ${quote(logFolder)}` : "--bars YOUR-BARS.csv";
  return [
    `mkdir -p ${folder}`,
    `ml-layer dataset ${source} --out ${table}`,
    `arbitrex-train ${kind} --table ${table} --version ${next} --out ${folder}`,
    `ml-layer models register --model ${name} ${folder}/model.onnx --metadata ${folder}/metadata.json --version ${next} ${service}`,
    `ml-layer models shadow ${name} ${next} ${service}`,
  ];
}

/** A version that is free: the minor number above all of the highest major one. */
export function nextVersion(versions: readonly string[]): string {
  let [major, minor] = [1, 0];
  for (const version of versions) {
    const [, ownMajor, ownMinor] = /^v?(\d+)\.(\d+)\./.exec(version) ?? [];
    const [a, b] = [Number(ownMajor ?? 0), Number(ownMinor ?? 0)];
    if (a > major || (a === major && b > minor)) [major, minor] = [a, b];
  }
  return `v${major}.${minor + 1}.0_lightgbm`;
}

/** For a POSIX shell. */
function quote(text: string): string {
  return /^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
