import type { MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { Client, Transport } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import { RegimePrediction_Label } from "../../gen/ts/arbitrex/ml/v1/common_pb.ts";
import { ConfigService } from "../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import { MonitoringService, type OutcomeSchema } from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import { mergeConfig } from "../config/config-merge.ts";
import { defaultConfig } from "../config/config-schema.ts";
import type { Config } from "../domain/config.ts";
import { shippedModelsDirectory } from "../environment.ts";
import { toConfigPatch } from "../handlers/config-patch.ts";
import { openModelRegistry } from "../registry/model-registry.ts";
import type { StreamedAnswer } from "./bar-stream.ts";
import { labelForward } from "./dataset/forward-labels.ts";
import type { ReplayPlan } from "./replay-plan.ts";

/** What the service made of the outcomes. */
export interface OutcomeCounts {
  readonly recorded: number;
  readonly duplicates: number;
  readonly refused: number;
  /** Decisions whose horizon ends behind the last bar, or that had no direction. */
  readonly untold: number;
}

type OutcomeInit = MessageInitShape<typeof OutcomeSchema>;

/** Outcomes in one call; the service takes a thousand. */
const outcomesPerCall = 1000;

/**
 * Tells the service what its decisions came to: the return over its momentum horizon in the momentum's direction, and the regime of those
 * bars as `label_regime` of a training table has it.
 */
export async function recordReplayOutcomes(
  transport: Transport,
  plan: ReplayPlan,
  answers: readonly StreamedAnswer[],
): Promise<OutcomeCounts> {
  const { config } = await createClient(ConfigService, transport).getConfig({});
  const merged = mergeConfig(defaultConfig, config === undefined ? {} : toConfigPatch(config));
  const outcomes = listOutcomes(plan, answers, merged);
  return {
    ...(await sendOutcomes(createClient(MonitoringService, transport), outcomes)),
    untold: answers.length - outcomes.length,
  };
}

function listOutcomes(plan: ReplayPlan, answers: readonly StreamedAnswer[], config: Config): OutcomeInit[] {
  const { momentumHorizon: horizonBars } = config.training;
  const { rules } = openModelRegistry(shippedModelsDirectory).loadRegimeModel("v1.0.0_rule_based");
  const forward = labelForward(plan.bars, { horizonBars, thresholds: config.regime, rules });
  return answers.flatMap(({ barIndex, response }): OutcomeInit[] => {
    const [outcome, end] = [forward[barIndex], plan.bars[barIndex + horizonBars]];
    const direction = Math.sign(plan.features.momentum_score[barIndex] ?? 0);
    if (outcome === undefined || end === undefined || direction === 0) return [];
    return [
      {
        predictionId: response.predictionId,
        result: { case: "realisedReturn", value: direction * outcome.logReturn },
        realisedRegime: RegimePrediction_Label[outcome.regime ?? "UNKNOWN"],
        time: timestampFromMs(end.timeMs),
      },
    ];
  });
}

async function sendOutcomes(
  client: Client<typeof MonitoringService>,
  outcomes: readonly OutcomeInit[],
): Promise<Omit<OutcomeCounts, "untold">> {
  const counts = { recorded: 0, duplicates: 0, refused: 0 };
  for (let start = 0; start < outcomes.length; start += outcomesPerCall) {
    const answer = await client.recordOutcomes({ outcomes: outcomes.slice(start, start + outcomesPerCall) });
    counts.recorded += answer.recorded;
    counts.duplicates += answer.duplicates;
    counts.refused += answer.refused.length;
  }
  return counts;
}
