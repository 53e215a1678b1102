import type { ModelIdentity } from "../../domain/decision.ts";
import { type DriftReference, type InputReference, readDriftReference } from "../../domain/drift-reference.ts";
import { createRowScore } from "../../domain/row-score.ts";
import type { AlertWatch, GovernanceRule } from "../alerts/governance-rules.ts";
import type { DriftBook, ReadRows } from "./drift-book.ts";
import { driftBeyondChance, type InputDrift, measureInputDrift } from "./input-drift.ts";
import type { PageHinkleyReading } from "./page-hinkley.ts";

/** How unlike its training rows the rows are that a model reads. */
export interface OutOfDistribution {
  /** Share of rows with an input outside the range that it had in training. */
  readonly share: number;
  /** Distance of the farthest input from its range, in units of its interdecile range; 0 inside. Mean over the rows. */
  readonly meanScore: number;
  readonly maxScore: number;
}

/** How far what a model reads, and what comes of it, is from where it was trained. */
export interface ModelDrift {
  readonly model: ModelIdentity;
  /** False: its metadata have no `drift_reference`, so there is nothing to compare with. */
  readonly hasReference: boolean;
  readonly samples: number;
  readonly inputs: readonly InputDrift[];
  readonly outOfDistribution: OutOfDistribution;
  /** Of a signal filter whose outcomes have been told. */
  readonly outcomes: PageHinkleyReading | undefined;
}

export interface DriftSubject {
  readonly model: ModelIdentity;
  readonly isTrained: boolean;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export function measureDrift(book: DriftBook, { model, isTrained, metadata }: DriftSubject): ModelDrift {
  const reference = readDriftReference(metadata);
  const rows = book.rowsOf(model, isTrained);
  const compared = rows === undefined ? [] : pairColumns(rows, rows.names ?? namesOf(metadata), reference);
  const look = { inputCount: compared.length, symbolCount: rows?.symbolCount ?? 0 };
  return {
    model,
    hasReference: reference.size > 0,
    samples: rows?.size ?? 0,
    inputs: compared.map(({ name, values, own }) => measureInputDrift(name, values, own, look)),
    outOfDistribution: scoreRows(compared, rows?.size ?? 0),
    outcomes: book.outcomesOf(model),
  };
}

interface ComparedColumn {
  readonly name: string;
  readonly values: Float64Array;
  readonly own: InputReference;
}

function pairColumns(rows: ReadRows, names: readonly string[], reference: DriftReference): ComparedColumn[] {
  return names.flatMap((name, column) => {
    const own = reference.get(name);
    // The regime's places of a row hold 0: they are known only after the row has been read.
    return own === undefined || name.startsWith("regime_") ? [] : [{ name, values: rows.column(column), own }];
  });
}

function namesOf({ inputs }: Readonly<Record<string, unknown>>): readonly string[] {
  return Array.isArray(inputs) ? inputs.map(String) : [];
}

function scoreRows(columns: readonly ComparedColumn[], rowCount: number): OutOfDistribution {
  let [outside, sum, maxScore] = [0, 0, 0];
  const scoreRow = createRowScore(columns.map(({ own }) => own));
  const values = new Float64Array(columns.length);
  for (let row = 0; row < rowCount; row++) {
    for (const [at, column] of columns.entries()) values[at] = column.values[row] ?? 0;
    const score = scoreRow(values);
    if (score > 0) outside++;
    sum += score;
    maxScore = Math.max(maxScore, score);
  }
  const share = (total: number): number => (rowCount === 0 ? 0 : total / rowCount);
  return { share: share(outside), meanScore: share(sum), maxScore };
}

/** Holds governance's rules about drift against the models that decide now. */
export function watchDrift(rules: readonly GovernanceRule[], drifts: readonly ModelDrift[]): AlertWatch[] {
  return rules.flatMap((each) => {
    if (each.rule.name === "feature_drift") return [{ ...each, ...worstInput(drifts) }];
    if (each.rule.name !== "outcome_drift") return [];
    const tests = drifts.flatMap(({ outcomes }) => outcomes ?? []);
    return [{ ...each, value: Math.max(0, ...tests.map(({ level }) => level)), samples: tests.length }];
  });
}

/** Beyond chance, over the models whose window is longest. */
function worstInput(drifts: readonly ModelDrift[]): { value: number; samples: number } {
  const compared = drifts.filter(({ inputs }) => inputs.length > 0);
  const samples = Math.max(0, ...compared.map((drift) => drift.samples));
  const full = compared.filter((drift) => drift.samples === samples);
  return { value: Math.max(0, ...full.flatMap(({ inputs }) => inputs.map(driftBeyondChance))), samples };
}
