import type { DecisionSummary, YearCount } from "./decision-summary.ts";
import { formatCount, formatInterval, formatMs, formatPercent, formatShare } from "./number-text.ts";
import { describeExplained } from "./terminal-explanation.ts";
import type { TextStyle } from "./text-style.ts";
import { layOutTable } from "./text-table.ts";

/** Eighths of a cell, so that a bar of twenty cells shows 160 steps. */
const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
const yearBarCells = 24;

/** What a run comes to, as text for a terminal of 80 columns. */
export function formatTerminalSummary(summary: DecisionSummary, style: TextStyle): string {
  const sections = [
    formatHeading(summary, style),
    titled("Decisions by regime", formatRegimes(summary), style),
    titled("Gates", formatGates(summary), style),
    titled(`Allowed by year${describeYearScale(summary)}`, formatYears(summary, style), style),
    titled("Latency, milliseconds", formatLatency(summary, style), style),
    titled(`What followed within ${summary.forward.horizonBars} bars`, formatForward(summary, style), style),
    ...summary.explained.map((explained) => describeExplained(explained, style).join("\n")),
  ];
  return `\n${sections.join("\n\n")}\n`;
}

function titled(title: string, lines: readonly string[], style: TextStyle): string {
  return [style.bold(title), ...lines].join("\n");
}

function formatHeading(summary: DecisionSummary, style: TextStyle): string {
  const { symbol, timeframe, total, models } = summary;
  return [
    `${style.bold(`${symbol} ${timeframe}`)}  ${summary.firstTime} to ${summary.lastTime}, ${formatCount(summary.bars)} bars of ${summary.fileName}`,
    `${formatCount(total.decisions)} decisions after ${summary.warmUpBars} bars of warm-up: ${style.good(`${formatCount(total.allowed)} allowed`)} (${formatShare(total.allowed, total.decisions)}), ${style.bad(`${formatCount(total.refused)} refused`)}`,
    style.dim(
      `ml-layer ${summary.mlVersion}, configuration ${summary.configHash}, ${models.map((model) => `${model.name} ${model.version}`).join(", ")}`,
    ),
    ...summary.warnings.map((warning) => style.odd(`note: ${warning}`)),
  ].join("\n");
}

function formatRegimes({ byRegime, total }: DecisionSummary): string[] {
  const counts = [...byRegime, { regime: "all", ...total }];
  return layOutTable(
    [
      { heading: "regime" },
      { heading: "decisions", align: "right" },
      { heading: "share", align: "right" },
      { heading: "allowed", align: "right" },
      { heading: "refused", align: "right" },
      { heading: "allow rate", align: "right" },
    ],
    counts.map(({ regime, decisions, allowed, refused }) => [
      regime,
      formatCount(decisions),
      formatShare(decisions, total.decisions),
      formatCount(allowed),
      formatCount(refused),
      formatShare(allowed, decisions),
    ]),
  );
}

function formatGates({ byGate, total }: DecisionSummary): string[] {
  return layOutTable(
    [
      { heading: "gate" },
      { heading: "refused", align: "right" },
      { heading: "of all", align: "right" },
      { heading: "alone", align: "right" },
    ],
    byGate.map(({ gate, failed, failedAlone }) => [
      gate,
      formatCount(failed),
      formatShare(failed, total.decisions),
      formatCount(failedAlone),
    ]),
  );
}

function describeYearScale({ byYear }: DecisionSummary): string {
  const highest = findHighestRate(byYear);
  return highest > Number.MIN_VALUE ? ` (a full bar is ${formatPercent(highest)})` : "";
}

/** Never 0, so that a rate can be divided by it. */
export function findHighestRate(years: readonly YearCount[]): number {
  return Math.max(...years.map(({ allowed, decisions }) => allowed / decisions), Number.MIN_VALUE);
}

function formatYears({ byYear }: DecisionSummary, style: TextStyle): string[] {
  const highest = findHighestRate(byYear);
  return byYear.map(({ year, allowed, decisions }) => {
    const bar = drawBar(allowed / decisions / highest, yearBarCells);
    return `${year} ${style.good(bar.padEnd(yearBarCells))} ${formatShare(allowed, decisions).padStart(6)}  ${formatCount(allowed)} of ${formatCount(decisions)}`;
  });
}

/** A horizontal bar of at most `cells` cells; whatever is not nothing shows. */
export function drawBar(share: number, cells: number): string {
  const steps = Math.round(share * cells * eighths.length);
  const visible = share > 0 ? Math.max(1, steps) : 0;
  return "█".repeat(Math.floor(visible / eighths.length)) + (eighths[visible % eighths.length] ?? "");
}

function formatLatency(summary: DecisionSummary, style: TextStyle): string[] {
  const { latency, unaryCalls, unaryAgreeing } = summary;
  const lines = layOutTable(
    [
      { heading: "measured" },
      { heading: "n", align: "right" },
      { heading: "p50", align: "right" },
      { heading: "p95", align: "right" },
      { heading: "p99", align: "right" },
      { heading: "max", align: "right" },
    ],
    latency.map(({ measure, profile: { count, p50Ms, p95Ms, p99Ms, maxMs } }) => [
      measure,
      formatCount(count),
      ...[p50Ms, p95Ms, p99Ms, maxMs].map(formatMs),
    ]),
  );
  const place = summary.sharedProcess
    ? ["Round trips as the client saw them; it shares this process with the service."]
    : [];
  const figures = [
    `${formatCount(summary.decisionsPerSecond)} decisions a second on the stream.`,
    `${unaryAgreeing} of ${unaryCalls} single calls gave the stream's answer.`,
  ];
  return [...lines, ...place.map(style.dim), style.dim(figures.join(" "))];
}

function formatForward({ forward }: DecisionSummary, style: TextStyle): string[] {
  const lines = layOutTable(
    [
      { heading: "momentum after" },
      { heading: "held", align: "right" },
      { heading: "of", align: "right" },
      { heading: "hit rate", align: "right" },
      { heading: "95 % Wilson", align: "right" },
      { heading: "apart", align: "right" },
      { heading: "95 % of those", align: "right" },
    ],
    [
      { name: "allowed bars", ...forward.allowed },
      { name: "refused bars", ...forward.refused },
    ].map(({ name, hits, trials, rate, interval, apart, apartInterval }) => [
      name,
      formatCount(hits),
      formatCount(trials),
      rate === undefined ? "–" : formatPercent(rate),
      formatInterval(interval),
      formatCount(apart),
      formatInterval(apartInterval),
    ]),
  );
  return [...lines, ...forwardCaveat(forward.horizonBars).map(style.dim)];
}

/** What the forward check does not say, in lines of 80 columns at most. */
export function forwardCaveat(horizonBars: number): readonly string[] {
  return [
    `Descriptive only: what happened in this file, not what will happen. Neighbouring`,
    `bars share ${horizonBars - 1} of the ${horizonBars} bars that follow them; "apart" counts those that share none.`,
  ];
}
