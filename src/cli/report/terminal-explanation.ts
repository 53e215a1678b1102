import type { Contribution } from "../../domain/decision.ts";
import type { ExplainedDecision } from "./explained-decision.ts";
import { formatPercent, formatPrice, formatSigned, formatValue } from "./number-text.ts";
import type { TextStyle } from "./text-style.ts";

/** Cells on either side of the axis; one cell is a hundredth. */
const sideCells = 16;
const cellSize = 0.01;

/** One decision in full: what it was, the terms of its probability, its gates, what would have turned it. */
export function describeExplained(
  { title, row, question, turningPoints }: ExplainedDecision,
  style: TextStyle,
): string[] {
  const mark = row.allowed ? style.good : style.bad;
  const { base, contributions, unit } = row.explanation;
  const sum = unit === "PROBABILITY" ? "" : " (log-odds)";
  return [
    `${style.bold(title)}  ${row.bar.time}  ${mark(row.allowed ? "ALLOWED" : "REFUSED")}`,
    `close ${formatPrice(row.bar.close)}, ${row.regime} ${formatPercent(row.regimeConfidence)}${row.regimeStable ? "" : ", unstable"}, efficiency ratio ${row.efficiencyRatio.toFixed(3)}, volatility percentile ${row.volatilityPercentile.toFixed(0)}`,
    `  ${"base".padEnd(24)} ${base.toFixed(3).padStart(9)}`,
    ...contributions.filter(isWorthALine).map((term) => drawContribution(term, style)),
    `  ${`= probability${sum}`.padEnd(24)} ${row.probability.toFixed(3).padStart(9)}`,
    ...row.gates.map(({ name, passed, margin, message }) => {
      const verdict = passed ? style.good("✓") : style.bad("✗");
      return `  ${verdict} ${name.padEnd(18)} ${formatSigned(margin).padStart(7)}  ${message}`;
    }),
    ...turningPoints.map(
      (point, index) => `  ${(index === 0 ? `${question}:` : "and").padEnd(question.length + 1)} ${point}`,
    ),
    style.dim(`  prediction ${row.predictionId}`),
  ];
}

/** Clipping is a term of every explanation and almost always nothing. */
export function isWorthALine({ name, contribution }: Contribution): boolean {
  return name !== "clipping" || contribution !== 0;
}

function drawContribution({ name, value, contribution }: Contribution, style: TextStyle): string {
  const cells = Math.min(sideCells, Math.round(Math.abs(contribution) / cellSize));
  const bar = "█".repeat(cells);
  const left = contribution < 0 ? bar.padStart(sideCells) : " ".repeat(sideCells);
  const right = contribution > 0 ? bar : "";
  const axis = `${style.bad(left)}│${style.good(right)}`;
  return `  ${name.padEnd(24)} ${formatValue(value).padStart(9)}  ${formatSigned(contribution).padStart(7)} ${axis}`;
}
