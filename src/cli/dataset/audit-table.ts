import type { HashedConfig } from "../../domain/config.ts";
import { featureVersion } from "../../domain/feature-schema.ts";
import type { RegimeModel, SignalModel } from "../../domain/model.ts";
import { createDecisionEngine, type RuleBasedEngine } from "../../engine/decision-engine.ts";
import type { AuditRecord } from "../../monitor/audit/audit-record.ts";
import { outcomeKind, type RecordedOutcome, readRecordedOutcome } from "../../monitor/outcomes/outcome-record.ts";
import { type RecordedDecision, readRecordedDecision } from "../../monitor/recorded-decision.ts";
import { UsageError } from "../bar-source.ts";
import { findBarTime } from "./bar-clock.ts";
import { type InputLookup, readRecordedInputs } from "./recorded-inputs.ts";
import { tableInputNames } from "./row-reader.ts";
import type { Cell, Table } from "./table-file.ts";
import { answerColumns, rowColumns } from "./training-table.ts";

/** Why a decision has no label. */
export const auditExclusions = [
  "insufficient_data",
  "no_bar_time",
  "repeated_bar",
  "no_outcome",
  "neutral",
  "stressed",
] as const;
export type AuditExclusion = (typeof auditExclusions)[number];

/** A training table made of decisions: one row each, in the order of the log. */
export interface AuditTable extends Table {
  readonly excluded: Readonly<Record<AuditExclusion, number>>;
}

export interface AuditTableOptions {
  readonly config: HashedConfig;
  readonly regimeModel: RegimeModel;
  readonly signalModel: SignalModel;
  readonly findInputs: InputLookup;
  /** Rows that a table may have; they are held in memory. */
  readonly rowsMax: number;
  /** Told after every decision how many there were. */
  readonly onProgress?: (done: number) => void;
}

/**
 * Makes a training table of an audit log: the inputs are the numbers that the models read when they decided, the labels are
 * the outcomes that were recorded since. Nothing is computed again, so nothing can differ from what was served.
 *
 * @throws UsageError when there are more decisions than `rowsMax`
 */
export async function buildAuditTable(
  readRecords: () => AsyncIterable<AuditRecord>,
  options: AuditTableOptions,
): Promise<AuditTable> {
  const outcomes = await collectOutcomes(readRecords());
  const excluded = { insufficient_data: 0, no_bar_time: 0, repeated_bar: 0, no_outcome: 0, neutral: 0, stressed: 0 };
  const found: { readonly cells: DecisionCells; readonly values: ReadonlyMap<string, number> }[] = [];
  const extraNames = new Set<string>();
  const describe = createRowDescription(options, outcomes);
  for await (const record of readRecords()) {
    if (record.kind !== "decision") continue;
    if (found.length >= options.rowsMax)
      throw new UsageError(`the log has more than ${options.rowsMax} decisions; see --max-rows`);
    const decision = readRecordedDecision(record);
    const values = readRecordedInputs(decision, options.findInputs);
    for (const name of values.keys()) if (!tableInputNames.includes(name)) extraNames.add(name);
    const cells = describe(decision);
    if (cells.exclusion !== undefined) excluded[cells.exclusion] += 1;
    found.push({ cells, values });
    options.onProgress?.(found.length);
  }
  const inputNames = [...tableInputNames, ...extraNames];
  return {
    columns: [...rowColumns, "prediction_id", ...inputNames, ...answerColumns],
    rows: found.map(({ cells, values }) => [
      ...cells.leading,
      ...inputNames.map((name) => values.get(name) ?? ""),
      ...cells.trailing,
    ]),
    excluded,
  };
}

interface DecisionCells {
  readonly leading: readonly Cell[];
  readonly trailing: readonly Cell[];
  readonly exclusion: AuditExclusion | undefined;
}

async function collectOutcomes(records: AsyncIterable<AuditRecord>): Promise<ReadonlyMap<string, RecordedOutcome>> {
  const outcomes = new Map<string, RecordedOutcome>();
  for await (const record of records) {
    if (record.kind !== outcomeKind) continue;
    const outcome = readRecordedOutcome(record);
    outcomes.set(outcome.predictionId, outcome);
  }
  return outcomes;
}

function createRowDescription(
  { config, regimeModel, signalModel }: AuditTableOptions,
  outcomes: ReadonlyMap<string, RecordedOutcome>,
): (decision: RecordedDecision) => DecisionCells {
  const engine = createDecisionEngine({ config, regimeModel, signalModel, findHalt: () => undefined });
  const seenBars = new Set<string>();
  const { momentumHorizon, excludeStressed } = config.config.training;
  return (decision) => {
    const { timestamp, timeframe, symbol, predictionId, inputs } = decision;
    const time = findBarTime(decision.barTime, timestamp, timeframe);
    const outcome = outcomes.get(predictionId);
    const rules = askRules(engine, decision);
    const { momentumScore, missing } = inputs;
    // A caller that does not send the momentum knows its direction all the same.
    const direction = missing.includes("momentum_score") ? undefined : Math.sign(momentumScore);
    const bar = `${symbol} ${timeframe} ${time}`;
    const judge = (): AuditExclusion | undefined => {
      if (rules === undefined) return "insufficient_data";
      if (time === undefined) return "no_bar_time";
      // Asked again about the same bar, a label would count twice.
      if (seenBars.has(bar)) return "repeated_bar";
      if (outcome === undefined) return "no_outcome";
      if (direction === 0) return "neutral";
      return excludeStressed && rules[0] === "STRESSED" ? "stressed" : undefined;
    };
    const exclusion = judge();
    // A stressed bar has no label of the signal, but one of the regime.
    const hasRegime = exclusion === undefined || exclusion === "stressed";
    if (hasRegime) seenBars.add(bar);
    return {
      leading: [time ?? timestamp, symbol, featureVersion, config.hash, momentumHorizon, predictionId],
      trailing: [
        ...(rules ?? ["", "", "", "", ""]),
        exclusion === undefined ? Number(outcome?.success) : "",
        (hasRegime ? outcome?.realisedRegime : undefined) ?? "",
        toReturn(outcome, direction),
        exclusion ?? "",
      ],
      exclusion,
    };
  };
}

/** What the rules answer to the recorded numbers; undefined where there were too few bars to ask them. */
function askRules(engine: RuleBasedEngine, { inputs }: RecordedDecision): readonly Cell[] | undefined {
  const { regime, signal } = engine.redecide(inputs, undefined);
  if (regime.label === "UNKNOWN") return undefined;
  return [regime.label, regime.probTrending, regime.probRanging, regime.probStressed, signal.probability];
}

/** Outcomes count returns in the direction of the momentum; tables count rises. */
function toReturn(outcome: RecordedOutcome | undefined, direction = 0): Cell {
  const directed = outcome?.realisedReturn;
  return directed === undefined || direction === 0 ? "" : directed * direction;
}
