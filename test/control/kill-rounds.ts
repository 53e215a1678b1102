/** Kills a serving process while it is asked for a change, starts it again, and looks which of the two states it is in. */

import { setTimeout as wait } from "node:timers/promises";
import { ConfigService } from "../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import { ModelRegistryService } from "../../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import { verifyAuditLog } from "../../src/monitor/audit/audit-verify.ts";
import { createRandom } from "../registry/model-fixtures.ts";
import { serveInProcess } from "../service/served-process.ts";
import { createFolders, digestOf, type GovernedFolders, Operator, toRegistration } from "./governed-service.ts";
import { createTrendingRequest } from "./trained-requests.ts";

export interface KillCounts {
  rounds: number;
  /** Starts after a kill that failed; the service must always start. */
  readonly failedStarts: string[];
  /** The kill came after the answer. */
  acknowledged: number;
  /** Not answered, and in force all the same: the kill came between the disk and the answer. */
  unansweredNew: number;
  /** Not answered, and not in force. */
  unansweredOld: number;
  /** Acknowledged and not there, or neither the old state nor the new one. */
  readonly broken: string[];
  auditStatus: string;
}

/** What is changed in each round, and how to tell whether it was. */
interface Subject {
  /** First guess of the time from the call to the moment the disk has the change, ms. */
  readonly aimMs: number;
  /** Asks for the change of this round; answers whether it was acknowledged. */
  change(operator: Operator, round: number): Promise<boolean>;
  /** Looks at what is there; answers whether the change of this round is, or what is wrong. */
  look(operator: Operator, round: number, acknowledged: readonly number[]): Promise<boolean | string>;
}

const configSubject: Subject = {
  aimMs: 6,
  async change(operator, round) {
    const config = { signalFilter: { entryThreshold: thresholdOf(round) } };
    return (await operator.try(ConfigService.method.updateConfig, { config })).answer !== undefined;
  },
  async look(operator, round, acknowledged) {
    const found = (await operator.configInForce()).config?.signalFilter?.entryThreshold;
    if (found === thresholdOf(round)) return true;
    // An unanswered change of an earlier round may have come into force, too; it is the old one now.
    const before = acknowledged.at(-1) ?? -1;
    for (let each = before; each < round; each++) if (found === thresholdOf(each)) return false;
    return `round ${round}: entry_threshold is ${found}`;
  },
};

/** Unlike any other round's. */
function thresholdOf(round: number): number {
  return round < 0 ? 0.55 : Number((0.5 + (round + 1) / 10_000).toFixed(4));
}

const fixture = "signal-lightgbm.onnx";

const registrySubject: Subject = {
  aimMs: 220,
  async change(operator, round) {
    const request = toRegistration(fixture, `v2.${round}.0`);
    return (await operator.try(ModelRegistryService.method.registerModel, request)).answer !== undefined;
  },
  async look(operator, round, acknowledged) {
    const { models } = await operator.ask(ModelRegistryService.method.listModels, {});
    const states = await operator.states();
    for (const { modelName, version, format, sha256 } of models) {
      const state = states.get(`${modelName}/${version}`);
      if (state === "END" || (format === "onnx" && sha256 !== digestOf(fixture)))
        return `${version}: ${state} ${sha256}`;
    }
    const found = new Set(models.map(({ version }) => version));
    const lost = acknowledged.filter((each) => !found.has(`v2.${each}.0`));
    if (lost.length > 0) return `round ${round}: lost ${lost.join(", ")}`;
    if (!found.has(`v2.${round}.0`)) return false;
    // A version that is there can be decided with.
    const config = { signalFilter: { useMlModel: true }, model: { signalFilterVersion: `v2.${round}.0` } };
    await operator.configure(config);
    const { signalModel } = await operator.predict(createTrendingRequest(round));
    return signalModel?.version === `v2.${round}.0` ? true : `round ${round}: ${signalModel?.version} decides`;
  },
};

export const subjects = { UpdateConfig: configSubject, RegisterModel: registrySubject } as const;

/** Kills and starts so many times. */
export async function runKillRounds(name: keyof typeof subjects, rounds: number, seed: number): Promise<KillCounts> {
  using folders = createFolders();
  const subject = subjects[name];
  let { aimMs } = subject;
  const random = createRandom(seed);
  const acknowledged: number[] = [];
  const counts: KillCounts = {
    rounds: 0,
    failedStarts: [],
    acknowledged: 0,
    unansweredNew: 0,
    unansweredOld: 0,
    broken: [],
    auditStatus: "",
  };
  let served = await serve(folders);
  try {
    for (let round = 0; round < rounds; round++) {
      const afterMs = aimMs * (0.75 + random(500) / 1000);
      const isAcknowledged = await changeAndKill(subject, served, round, afterMs);
      if (isAcknowledged) acknowledged.push(round);
      counts.rounds++;
      served = await serve(folders);
      using operator = new Operator(served.port);
      const found = await subject.look(operator, round, acknowledged);
      // Narrows in on the decisive moment, wherever the machine's load puts it.
      if (isAcknowledged) aimMs *= 0.85;
      else if (found === false) aimMs *= 1.15;
      if (typeof found === "string") counts.broken.push(found);
      else if (isAcknowledged && !found) counts.broken.push(`round ${round}: acknowledged and lost`);
      else if (isAcknowledged) counts.acknowledged++;
      else if (found) counts.unansweredNew++;
      else counts.unansweredOld++;
    }
  } catch (error) {
    counts.failedStarts.push(String(error));
  } finally {
    await served.kill();
  }
  counts.auditStatus = (await verifyAuditLog(folders.logDirectory)).status;
  return counts;
}

function serve({ modelsDirectory, configDirectory, logDirectory }: GovernedFolders) {
  return serveInProcess({
    MODELS_DIR: modelsDirectory,
    CONFIG_DIR: configDirectory,
    LOG_DIR: logDirectory,
    AUDIT_DURABILITY: "strict",
  });
}

async function changeAndKill(
  subject: Subject,
  served: { readonly port: number; kill(): Promise<void> },
  round: number,
  afterMs: number,
): Promise<boolean> {
  using operator = new Operator(served.port);
  // The connection stands before the clock runs, so that the kill meets the change and not the handshake.
  await operator.configInForce();
  const changed = subject.change(operator, round);
  await wait(afterMs);
  await served.kill();
  return await changed;
}

export function describeCounts(name: string, counts: KillCounts): string {
  const { rounds, acknowledged, unansweredNew, unansweredOld, broken, failedStarts, auditStatus } = counts;
  return (
    `kill -9 during ${name}: ${rounds} rounds, ${acknowledged} acknowledged and kept, ${unansweredNew} unanswered and new, ` +
    `${unansweredOld} unanswered and old, ${broken.length} broken, ${failedStarts.length} failed starts, audit log ${auditStatus}`
  );
}
