/** A decision as one row. */

import { timestampMs } from "@bufbuild/protobuf/wkt";
import { GateResult_Name, RegimePrediction_Label } from "../../gen/ts/arbitrex/ml/v1/common_pb.ts";
import type { DecisionRecord } from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import { enumName } from "./enum-name.ts";
import { absent, formatPreciseClock, formatShare } from "./figure-text.ts";
import { describeGate } from "./gate-name.ts";

export interface DecisionRow {
  readonly id: string;
  readonly time: string;
  readonly symbol: string;
  readonly timeframe: string;
  readonly regime: string;
  readonly confidence: string;
  /** [0, 1] */
  readonly probability: number;
  readonly probabilityText: string;
  /** [0, 1]; what the probability had to be above. */
  readonly threshold: number | undefined;
  readonly thresholdText: string;
  readonly isAllowed: boolean;
  readonly outcome: "Allowed" | "Refused";
  readonly failedGates: readonly string[];
  /** True when a challenger would have decided the other way. */
  readonly isFlipped: boolean;
  /** The row in one sentence, for those who do not see it. */
  readonly summary: string;
}

export interface RowFilter {
  /** Part of a symbol, in any case; empty for all. */
  readonly symbol: string;
  readonly outcome: "all" | "allowed" | "refused";
}

export function toDecisionRow(record: DecisionRecord): DecisionRow {
  const { symbol, timeframe, allowed, signalProb } = record;
  const threshold = record.gates.find((gate) => gate.name === GateResult_Name.SIGNAL_PROBABILITY)?.threshold;
  const regime = enumName(RegimePrediction_Label, record.regime);
  const outcome = allowed ? "Allowed" : "Refused";
  const failedGates = record.failedGates.map(describeGate);
  const because = failedGates.length === 0 ? "" : ` by ${failedGates.join(", ")}`;
  const time = record.timestamp === undefined ? absent : formatPreciseClock(timestampMs(record.timestamp));
  return {
    id: record.predictionId,
    time,
    symbol,
    timeframe,
    regime,
    confidence: formatShare(record.regimeConfidence),
    probability: signalProb,
    probabilityText: formatShare(signalProb),
    threshold,
    thresholdText: threshold === undefined ? absent : formatShare(threshold),
    isAllowed: allowed,
    outcome,
    failedGates,
    isFlipped: record.shadow?.flips === true,
    summary: `${time}, ${symbol} ${timeframe}: ${outcome.toLowerCase()}${because}`,
  };
}

export function filterDecisions(decisions: readonly DecisionRecord[], filter: RowFilter): readonly DecisionRecord[] {
  const wanted = filter.symbol.trim().toUpperCase();
  return decisions.filter(
    ({ symbol, allowed }) =>
      symbol.toUpperCase().includes(wanted) && (filter.outcome === "all" || allowed === (filter.outcome === "allowed")),
  );
}
