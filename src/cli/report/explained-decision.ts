import type { GateOutcome } from "../../domain/decision.ts";
import type { DecisionRow } from "./decision-row.ts";
import { formatSigned } from "./number-text.ts";

/** One decision chosen to be explained, and what would have turned it. */
export interface ExplainedDecision {
  /** Why this one was chosen, as a heading. */
  readonly title: string;
  readonly row: DecisionRow;
  /** Introduces {@link turningPoints}. */
  readonly question: string;
  /** What it would have taken to be allowed, or what it had to spare. */
  readonly turningPoints: readonly string[];
}

/**
 * Chooses up to three telling decisions: the most probable of the allowed ones, the refused one whose failed gates were closest to passing, and the largest
 * move among those refused under stress or without a valid signal. Of equals the earliest.
 */
export function selectExplained(rows: readonly DecisionRow[]): ExplainedDecision[] {
  const allowed = findLargest(
    rows.filter((row) => row.allowed),
    (row) => row.probability,
  );
  const refused = rows.filter((row) => !row.allowed);
  const [nearMiss] = refused.toSorted(
    (left, right) => totalMargin(right) - totalMargin(left) || right.probability - left.probability,
  );
  const others = refused.filter((row) => row !== nearMiss);
  const stressed = others.filter((row) => row.regime === "STRESSED");
  const shaken = findLargest(stressed.length > 0 ? stressed : others.filter(isInvalidSignal), (row) =>
    Math.abs(row.logReturn),
  );
  return [
    ...explain("Allowed: the most probable", allowed),
    ...explain("Refused: the nearest miss", nearMiss),
    ...explain(
      shaken?.regime === "STRESSED"
        ? "Refused: the largest move under stress"
        : "Refused: the largest move without a valid signal",
      shaken,
    ),
  ];
}

/**
 * For a refused decision a sentence for each failed gate; for an allowed one the gate that had least to spare.
 */
export function describeTurningPoints(row: DecisionRow): string[] {
  const failed = row.gates.filter((gate) => !gate.passed);
  if (failed.length > 0) return failed.map((gate) => describeShortfall(gate, row));
  const tightest = findLargest(row.gates.filter(isThreshold), (gate) => -gate.margin);
  if (tightest === undefined) return [];
  const { name, value, threshold, margin } = tightest;
  return [`${subjectOf(name)} ${formatSigned(margin)} (${value.toFixed(3)}, had to be above ${threshold})`];
}

function explain(title: string, row: DecisionRow | undefined): ExplainedDecision[] {
  if (row === undefined) return [];
  const question = row.allowed ? "the least it had to spare" : "what it would have taken";
  return [{ title, row, question, turningPoints: describeTurningPoints(row) }];
}

function describeShortfall(gate: GateOutcome, row: DecisionRow): string {
  switch (gate.name) {
    case "TRADING_ENABLED":
      return `trading resumed: ${gate.message}`;
    case "QSE_VALID":
      return row.failedChecks.length === 0
        ? `a valid signal (${gate.message})`
        : `a valid signal (the statistics engine's checks failed: ${row.failedChecks.join(", ")})`;
    case "REGIME_ALLOWED":
      return `another regime: ${gate.message}`;
    case "IN_DISTRIBUTION":
      return `inputs like those of training: ${gate.message}`;
    case "REGIME_CONFIDENCE":
    case "SIGNAL_PROBABILITY":
      return describeGap(gate);
    default:
      return gate.name satisfies never;
  }
}

/** The gate asks for more than its threshold, so a value equal to it is short by nothing and still refused. */
function describeGap({ name, value, threshold, margin }: GateOutcome): string {
  const missing = -margin;
  const amount = missing < 0.0005 ? "a touch more" : `+${missing.toFixed(3)}`;
  return `${subjectOf(name)} ${amount} (${value.toFixed(3)} → above ${threshold})`;
}

function subjectOf(name: GateOutcome["name"]): string {
  return name === "REGIME_CONFIDENCE" ? "regime confidence" : "probability";
}

function isThreshold({ name }: GateOutcome): boolean {
  return name === "REGIME_CONFIDENCE" || name === "SIGNAL_PROBABILITY";
}

function isInvalidSignal(row: DecisionRow): boolean {
  return row.gates.some((gate) => gate.name === "QSE_VALID" && !gate.passed);
}

/** How far the failed gates were from passing, all together; at most 0. */
function totalMargin(row: DecisionRow): number {
  return row.gates.reduce((sum, gate) => (gate.passed ? sum : sum - Math.abs(gate.margin)), 0);
}

function findLargest<T>(items: readonly T[], measure: (item: T) => number): T | undefined {
  let largest: T | undefined;
  let size = Number.NEGATIVE_INFINITY;
  for (const item of items) {
    const measured = measure(item);
    if (measured <= size) continue;
    largest = item;
    size = measured;
  }
  return largest;
}
