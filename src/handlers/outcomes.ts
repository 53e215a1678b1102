import type { MessageInitShape } from "@bufbuild/protobuf";
import { RegimePrediction_Label } from "../../gen/ts/arbitrex/ml/v1/common_pb.ts";
import {
  type Outcome as OutcomeMessage,
  type RecordOutcomesRequest,
  type RecordOutcomesResponseSchema,
  RefusedOutcome_Reason,
} from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import { InvalidInputError } from "../domain/errors.ts";
import { regimeLabels } from "../domain/regime.ts";
import type { OutcomeReport, SentOutcome } from "../monitor/outcomes/judged-outcome.ts";
import { fromTimestamp } from "./timestamp-message.ts";

/** Outcomes of one call: more would be decoded in one go while decisions wait. */
export const outcomesMax = 1_000;

/** Records outcomes; resolves when they are durable. */
export type OutcomeRecorder = (sent: readonly SentOutcome[]) => Promise<OutcomeReport>;

export async function recordOutcomes(
  { outcomes }: RecordOutcomesRequest,
  record: OutcomeRecorder,
): Promise<MessageInitShape<typeof RecordOutcomesResponseSchema>> {
  if (outcomes.length === 0) {
    throw new InvalidInputError([{ field: "outcomes", description: "must hold at least one outcome" }]);
  }
  if (outcomes.length > outcomesMax) {
    const description = `${outcomes.length} outcomes; at most ${outcomesMax} are read`;
    throw new InvalidInputError([{ field: "outcomes", description }]);
  }
  const { recorded, duplicates, refused } = await record(outcomes.map(readOutcome));
  return {
    recorded,
    duplicates,
    refused: refused.map(({ reason, ...rest }) => ({ ...rest, reason: RefusedOutcome_Reason[reason] })),
  };
}

function readOutcome({ predictionId, result, time, realisedRegime: regime }: OutcomeMessage): SentOutcome {
  const refuse = (fault: string): SentOutcome => ({ predictionId, fault });
  const realisedRegime = regimeLabels.find((label) => RegimePrediction_Label[label] === regime);
  if (realisedRegime === undefined && regime !== RegimePrediction_Label.UNKNOWN) {
    return refuse(`realised_regime: ${regime} is no regime`);
  }
  const known = { predictionId, realisedRegime, timeMicros: fromTimestamp(time) };
  switch (result.case) {
    case undefined:
      return refuse("realised_return or success: one of them is needed");
    case "success":
      return { ...known, success: result.value, realisedReturn: undefined };
    case "realisedReturn": {
      if (!Number.isFinite(result.value)) return refuse(`realised_return: ${result.value} is not a finite number`);
      // -0 would be another return than 0, and the audit log writes both alike.
      return { ...known, success: result.value > 0, realisedReturn: result.value + 0 };
    }
    default:
      return result satisfies never;
  }
}
