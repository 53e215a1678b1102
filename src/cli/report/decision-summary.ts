import { type GateName, gateNames, type ModelIdentity } from "../../domain/decision.ts";
import { type RegimeLabel, regimeLabels } from "../../domain/regime.ts";
import type { DecisionRow, RunFacts } from "./decision-row.ts";
import { type ExplainedDecision, selectExplained } from "./explained-decision.ts";
import { checkForward, type ForwardCheck } from "./forward-check.ts";
import { type LatencyProfile, profileLatencies } from "./latency-profile.ts";

/** Decisions of one kind, counted. */
export interface DecisionCount {
  readonly decisions: number;
  readonly allowed: number;
  readonly refused: number;
}

export interface RegimeCount extends DecisionCount {
  readonly regime: RegimeLabel;
}

export interface YearCount extends DecisionCount {
  readonly year: number;
}

export interface GateCount {
  readonly gate: GateName;
  /** Decisions that this gate refused, alone or with others. */
  readonly failed: number;
  /** Decisions that no other gate refused. */
  readonly failedAlone: number;
}

/** One way to measure latency, and what it measured. */
export interface LatencyRow {
  readonly measure: string;
  readonly profile: LatencyProfile;
}

/** All that a report says about a run, in numbers. */
export interface DecisionSummary {
  readonly symbol: string;
  readonly timeframe: string;
  readonly fileName: string;
  readonly bars: number;
  /** Bars before the first decision: features and statistics need them. */
  readonly warmUpBars: number;
  readonly firstTime: string;
  readonly lastTime: string;
  readonly total: DecisionCount;
  readonly byRegime: readonly RegimeCount[];
  readonly byGate: readonly GateCount[];
  readonly byYear: readonly YearCount[];
  readonly latency: readonly LatencyRow[];
  readonly decisionsPerSecond: number;
  /** Whether client and service shared one process, and with it the processor. */
  readonly sharedProcess: boolean;
  readonly unaryCalls: number;
  readonly unaryAgreeing: number;
  readonly forward: ForwardCheck;
  readonly explained: readonly ExplainedDecision[];
  readonly warnings: readonly string[];
  readonly mlVersion: string;
  readonly configHash: string;
  readonly models: readonly ModelIdentity[];
  readonly madeAtMs: number;
}

/** Condenses decisions, oldest first, into what a report shows. */
export function summariseDecisions(rows: readonly DecisionRow[], facts: RunFacts): DecisionSummary {
  return {
    symbol: facts.symbol,
    timeframe: facts.timeframe,
    fileName: facts.fileName,
    bars: facts.bars.length,
    warmUpBars: facts.bars.length - rows.length,
    firstTime: facts.bars[0]?.time ?? "",
    lastTime: facts.bars.at(-1)?.time ?? "",
    total: count(rows),
    byRegime: countByRegime(rows),
    byGate: listGates(rows).map((gate) => countGate(rows, gate)),
    byYear: countByYear(rows),
    latency: measureLatency(rows, facts),
    decisionsPerSecond: facts.streamMs > 0 ? (rows.length / facts.streamMs) * 1000 : 0,
    sharedProcess: facts.sharedProcess,
    unaryCalls: facts.unaryRoundTripsMs.length,
    unaryAgreeing: facts.unaryAgreeing,
    forward: checkForward(rows, facts.bars),
    explained: selectExplained(rows),
    warnings: facts.warnings,
    mlVersion: facts.mlVersion,
    configHash: facts.configHash,
    models: [facts.regimeModel, facts.signalModel],
    madeAtMs: facts.madeAtMs,
  };
}

function count(rows: readonly DecisionRow[]): DecisionCount {
  const allowed = rows.filter((row) => row.allowed).length;
  return { decisions: rows.length, allowed, refused: rows.length - allowed };
}

/** The three regimes always, UNKNOWN only where it occurs. */
function countByRegime(rows: readonly DecisionRow[]): RegimeCount[] {
  const byRegime = Map.groupBy(rows, (row) => row.regime);
  const labels: RegimeLabel[] = byRegime.has("UNKNOWN") ? [...regimeLabels, "UNKNOWN"] : [...regimeLabels];
  return labels.map((regime) => ({ regime, ...count(byRegime.get(regime) ?? []) }));
}

function countByYear(rows: readonly DecisionRow[]): YearCount[] {
  const byYear = Map.groupBy(rows, (row) => new Date(row.bar.timeMs).getUTCFullYear());
  return [...byYear].map(([year, group]) => ({ year, ...count(group) }));
}

/** Every gate but the optional one, which is listed where it was in force. */
function listGates(rows: readonly DecisionRow[]): GateName[] {
  const isInForce = rows.some((row) => row.gates.some(({ name }) => name === "IN_DISTRIBUTION"));
  return gateNames.filter((name) => isInForce || name !== "IN_DISTRIBUTION");
}

function countGate(rows: readonly DecisionRow[], gate: GateName): GateCount {
  let failed = 0;
  let failedAlone = 0;
  for (const row of rows) {
    const failures = row.gates.filter((outcome) => !outcome.passed);
    if (!failures.some((outcome) => outcome.name === gate)) continue;
    failed += 1;
    if (failures.length === 1) failedAlone += 1;
  }
  return { gate, failed, failedAlone };
}

function measureLatency(rows: readonly DecisionRow[], facts: RunFacts): LatencyRow[] {
  const measured = [
    { measure: "Decision inside the service", latenciesMs: rows.map((row) => row.processingTimeMs) },
    { measure: "Predict, one call at a time", latenciesMs: facts.unaryRoundTripsMs },
    {
      measure: `BatchPredict, up to ${facts.outstandingMax} bars under way`,
      latenciesMs: rows.map((row) => row.roundTripMs),
    },
  ];
  return measured.flatMap(({ measure, latenciesMs }) => {
    const profile = profileLatencies(latenciesMs);
    return profile === undefined ? [] : [{ measure, profile }];
  });
}
