/** The regimes of a symbol, decision by decision. */

import { timestampMs } from "@bufbuild/protobuf/wkt";
import { RegimePrediction_Label } from "../../gen/ts/arbitrex/ml/v1/common_pb.ts";
import type { DecisionRecord } from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import { enumName } from "./enum-name.ts";
import { absent, formatClock } from "./figure-text.ts";

export interface RegimeCell {
  readonly regime: string;
  readonly isAllowed: boolean;
}

export interface RegimeStrip {
  readonly key: string;
  readonly symbol: string;
  readonly timeframe: string;
  /** Oldest first. */
  readonly cells: readonly RegimeCell[];
  readonly current: string;
  /** Time of the oldest and the newest decision. */
  readonly from: string;
  readonly until: string;
  readonly allowed: number;
  /** The strip in words. */
  readonly summary: string;
}

export interface RegimeStrips {
  readonly strips: readonly RegimeStrip[];
  /** Symbols that have no room. */
  readonly omitted: number;
}

/** Decisions that a strip holds: as many as stay apart on a narrow screen. */
export const cellsMax = 60;
const stripsMax = 12;

/** One strip for each symbol and timeframe; when there are too many, the ones that were decided for last. */
export function buildRegimeStrips(newestFirst: readonly DecisionRecord[]): RegimeStrips {
  const groups = new Map<string, DecisionRecord[]>();
  for (const decision of newestFirst) {
    const key = `${decision.symbol} ${decision.timeframe}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [decision]);
    else if (group.length < cellsMax) group.push(decision);
  }
  const strips = [...groups].slice(0, stripsMax).map(([key, group]) => toStrip(key, group));
  // In a fixed order, so that strips do not change places all the time.
  strips.sort((a, b) => (a.key < b.key ? -1 : 1));
  return { strips, omitted: Math.max(0, groups.size - stripsMax) };
}

function toStrip(key: string, newestFirst: readonly DecisionRecord[]): RegimeStrip {
  const cells = newestFirst
    .map(({ regime, allowed }) => ({ regime: enumName(RegimePrediction_Label, regime), isAllowed: allowed }))
    .reverse();
  const current = cells.at(-1)?.regime ?? "UNKNOWN";
  const allowed = cells.filter((cell) => cell.isAllowed).length;
  const [newest] = newestFirst;
  const counts = new Map<string, number>();
  for (const { regime } of cells) counts.set(regime, (counts.get(regime) ?? 0) + 1);
  const shares = [...counts].map(([regime, count]) => `${regime} ${count}`).join(", ");
  return {
    key,
    symbol: newest?.symbol ?? "",
    timeframe: newest?.timeframe ?? "",
    cells,
    current,
    from: clockOf(newestFirst.at(-1)),
    until: clockOf(newest),
    allowed,
    summary: `${key}: ${current} now; of the last ${cells.length} decisions ${shares}; ${allowed} allowed`,
  };
}

function clockOf(decision: DecisionRecord | undefined): string {
  return decision?.timestamp === undefined ? absent : formatClock(timestampMs(decision.timestamp));
}
