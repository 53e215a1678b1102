import { gateNames } from "../../domain/decision.ts";
import { type RegimeLabel, regimeLabels } from "../../domain/regime.ts";
import type { Bar } from "../../upstream/bar.ts";
import type { DecisionRow } from "./decision-row.ts";
import type { DecisionSummary } from "./decision-summary.ts";
import { html, type Markup, toScriptJson } from "./markup.ts";
import { formatCount, formatPrice, formatShare } from "./number-text.ts";
import { drawLines, drawRuns } from "./plot-paths.ts";
import { createPriceScale, type PriceScale } from "./price-scale.ts";
import { chooseTimeTicks } from "./time-ticks.ts";

/** Units of a plot's height: enough for whole numbers to be exact to a fraction of a pixel. */
const plotHeight = 1000;

interface PlotInput {
  readonly summary: DecisionSummary;
  /** One entry a bar of the file; undefined in the warm-up. */
  readonly rows: readonly (DecisionRow | undefined)[];
  readonly bars: readonly Bar[];
  readonly scale: PriceScale;
}

/** Price, probability and gates over time, on one axis. */
export function renderPlots(summary: DecisionSummary, decided: readonly DecisionRow[], bars: readonly Bar[]): Markup {
  const rows: (DecisionRow | undefined)[] = bars.map(() => undefined);
  for (const row of decided) rows[row.barIndex] = row;
  const scale = createPriceScale(bars.map((bar) => bar.close));
  const input = { summary, rows, bars, scale };
  return html`<section class="plots" id="plots" tabindex="0" role="group" aria-label="Plots over time; arrow keys move from bar to bar">
<p class="readout" id="readout">Move over the plots, or use the arrow keys, to read single bars. Drag to zoom; double-click or Esc to zoom out.</p>
${renderPrice(input)}
${renderProbability(input)}
${renderGates(input)}
<script type="application/json" id="bars">${toScriptJson(packBars(input))}</script>
</section>`;
}

function renderPrice({ summary, rows, bars, scale }: PlotInput): Markup {
  const heights = bars.map((bar) => scale.toShare(bar.close) * plotHeight);
  const kinds: readonly (RegimeLabel | undefined)[] = [undefined, "UNKNOWN", ...regimeLabels];
  const lines = kinds.map((kind) => {
    const path = drawLines(heights, (index) => rows[index]?.regime === kind);
    return html`<path class="line ${toClass(kind)}" d="${path}"/>`;
  });
  const legend = summary.byRegime.map(
    ({ regime, decisions }) =>
      html`<li><span class="swatch ${toClass(regime)}"></span>${regime} ${formatShare(decisions, summary.total.decisions)}</li>`,
  );
  const title = `${summary.symbol} ${summary.timeframe} close, coloured by regime`;
  const description = `Logarithmic line from ${formatPrice(bars[0]?.close ?? 0)} on ${summary.firstTime} to ${formatPrice(bars.at(-1)?.close ?? 0)} on ${summary.lastTime}.`;
  return html`<figure>
<figcaption><h3>Close, by regime</h3><ul class="legend">${legend}<li><span class="swatch warm-up"></span>warm-up</li></ul></figcaption>
${renderPlot({ id: "price", className: "tall", title, description, bars, drawing: lines, ticks: scale.ticks.map((price) => ({ share: scale.toShare(price), label: String(price) })) })}
${renderTimeAxis(bars)}
</figure>`;
}

function renderProbability({ rows, bars }: PlotInput): Markup {
  const heights = rows.map((row) => (row === undefined ? Number.NaN : (1 - row.probability) * plotHeight));
  const threshold = findThreshold(rows);
  const y = Math.round((1 - threshold) * plotHeight);
  const drawing = [
    html`<path class="line probability" d="${drawLines(heights, (index) => rows[index] !== undefined)}"/>`,
    html`<path class="line threshold" d="M0 ${y}H${bars.length - 1}"/>`,
  ];
  const description = `Line of P(momentum success) for each bar; the threshold ${threshold} is dashed.`;
  const ticks = [0, 0.25, threshold, 0.75, 1].map((value) => ({ share: 1 - value, label: String(value) }));
  return html`<figure>
<figcaption><h3>P(momentum success)</h3><ul class="legend"><li><span class="swatch threshold"></span>must be above ${threshold}</li></ul></figcaption>
${renderPlot({ id: "probability", className: "middle", title: "Signal probability", description, bars, drawing, ticks })}
</figure>`;
}

function renderGates({ summary, rows, bars }: PlotInput): Markup {
  const { total, byGate } = summary;
  const strips = byGate.map(({ gate: name, failed }) => {
    const isFailed = (index: number): boolean =>
      rows[index]?.gates.some((gate) => gate.name === name && !gate.passed) ?? false;
    return renderStrip(name, `refused ${formatShare(failed, total.decisions)}`, "refused", bars, isFailed);
  });
  const allowedText = `${formatCount(total.allowed)} bars, ${formatShare(total.allowed, total.decisions)}`;
  return html`<figure>
<figcaption><h3>Gates</h3><ul class="legend"><li><span class="swatch refused"></span>gate refused</li><li><span class="swatch allowed"></span>trade allowed</li></ul></figcaption>
${strips}
${renderStrip("ALLOWED", allowedText, "allowed", bars, (index) => rows[index]?.allowed ?? false)}
${renderTimeAxis(bars)}
</figure>`;
}

function renderStrip(
  name: string,
  figures: string,
  kind: "refused" | "allowed",
  bars: readonly Bar[],
  include: (index: number) => boolean,
): Markup {
  const drawing = [html`<path class="run ${kind}" d="${drawRuns(bars.length, plotHeight, include)}"/>`];
  const description = `Each stretch of bars that were ${kind}: ${figures}.`;
  return html`<p class="strip-name"><b>${name}</b> <span>${figures}</span></p>
${renderPlot({ id: `strip-${name}`, className: "strip", title: name, description, bars, drawing, ticks: [] })}`;
}

interface Plot {
  readonly id: string;
  readonly className: string;
  readonly title: string;
  readonly description: string;
  readonly bars: readonly Bar[];
  readonly drawing: readonly Markup[];
  readonly ticks: readonly { readonly share: number; readonly label: string }[];
}

/** The stretched drawing, and labels that stand beside it so that they are not stretched. */
function renderPlot({ id, className, title, description, bars, drawing, ticks }: Plot): Markup {
  const grid = ticks.map(({ share }) => `M0 ${Math.round(share * plotHeight)}H${bars.length - 1}`).join("");
  const labels = ticks.map(
    ({ share, label }) =>
      html`<span data-share="${share.toFixed(4)}" style="top:${(100 * share).toFixed(2)}%">${label}</span>`,
  );
  return html`<div class="plot ${className}"><svg role="img" aria-labelledby="${id}-title ${id}-desc" viewBox="0 0 ${bars.length - 1} ${plotHeight}" preserveAspectRatio="none"><title id="${id}-title">${title}</title><desc id="${id}-desc">${description}</desc><path class="grid" d="${grid}"/>${drawing}</svg><div class="scale" aria-hidden="true">${labels}</div></div>`;
}

function renderTimeAxis(bars: readonly Bar[]): Markup {
  const labels = chooseTimeTicks(bars).map(
    ({ barIndex, label, major }) =>
      html`<span class="${major ? "major" : "minor"}" data-bar="${barIndex}" style="left:${((100 * barIndex) / (bars.length - 1)).toFixed(3)}%">${label}</span>`,
  );
  return html`<div class="time-axis" aria-hidden="true"><div>${labels}</div></div>`;
}

/** What the pointer reads out, a column a fact; numbers as short as their meaning allows. */
function packBars({ rows, bars, scale }: PlotInput): unknown {
  return {
    times: bars.map((bar) => bar.time),
    closes: bars.map((bar) => Number(formatPrice(bar.close))),
    regimes: ["warm-up", "UNKNOWN", ...regimeLabels],
    regime: rows.map((row) => (row === undefined ? 0 : 1 + ["UNKNOWN", ...regimeLabels].indexOf(row.regime))).join(""),
    probabilities: rows.map((row) => (row === undefined ? 0 : Number(row.probability.toFixed(4)))),
    gates: gateNames,
    logTop: scale.logTop,
    logHeight: scale.logHeight,
    failed: rows.map((row) => packFailures(row).toString(16).padStart(2, "0")).join(""),
  };
}

/** One bit a gate, six of them: two hexadecimal digits a bar. */
function packFailures(row: DecisionRow | undefined): number {
  return gateNames.reduce((bits, name, position) => {
    const failed = row?.gates.some((gate) => gate.name === name && !gate.passed) ?? false;
    return failed ? bits | (1 << position) : bits;
  }, 0);
}

function findThreshold(rows: readonly (DecisionRow | undefined)[]): number {
  const gates = rows.findLast((row) => row !== undefined)?.gates ?? [];
  return gates.find((gate) => gate.name === "SIGNAL_PROBABILITY")?.threshold ?? 0.5;
}

function toClass(regime: RegimeLabel | undefined): string {
  return regime === undefined || regime === "UNKNOWN" ? "warm-up" : regime.toLowerCase();
}
