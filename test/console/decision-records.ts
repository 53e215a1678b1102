/** Decisions as ListDecisions answers them. */

import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { GateResult_Name, RegimePrediction_Label } from "../../gen/ts/arbitrex/ml/v1/common_pb.ts";
import { type DecisionRecord, DecisionRecordSchema } from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";

export type RecordInit = Exclude<MessageInitShape<typeof DecisionRecordSchema>, { $typeName: string }>;

/** 2026-03-04 10:20:30.500 UTC */
export const baseMs = Date.UTC(2026, 2, 4, 10, 20, 30, 500);

export function createRecord(init: RecordInit = {}): DecisionRecord {
  return create(DecisionRecordSchema, {
    predictionId: "p-1",
    timestamp: timestampFromMs(baseMs),
    symbol: "EURUSD",
    timeframe: "4H",
    regime: RegimePrediction_Label.TRENDING,
    regimeConfidence: 0.7,
    signalProb: 0.62,
    allowed: true,
    gates: [
      { name: GateResult_Name.TRADING_ENABLED, passed: true, value: 1, threshold: 1 },
      { name: GateResult_Name.SIGNAL_PROBABILITY, passed: true, value: 0.62, threshold: 0.55, margin: 0.07 },
    ],
    ...init,
  });
}

/** So many decisions, newest first, a second apart: `p-<count>` to `p-1`. */
export function createRecords(count: number, init: RecordInit = {}): DecisionRecord[] {
  return Array.from({ length: count }, (_, index) => {
    const number = count - index;
    return createRecord({ predictionId: `p-${number}`, timestamp: timestampFromMs(baseMs + number * 1000), ...init });
  });
}
