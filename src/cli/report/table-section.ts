import type { DecisionSummary } from "./decision-summary.ts";
import type { HitRate } from "./forward-check.ts";
import { html, type Markup, type MarkupValue } from "./markup.ts";
import { formatCount, formatInterval, formatMs, formatPercent, formatShare } from "./number-text.ts";
import { findHighestRate, forwardCaveat } from "./terminal-summary.ts";

/** The counts of a run as tables, each in a box of its own. */
export function renderTables(summary: DecisionSummary): Markup {
  return html`<section class="boxes">
<div class="stack">${renderRegimes(summary)}${renderGateCounts(summary)}${renderForward(summary)}</div>
<div class="stack">${renderYears(summary)}</div>
<div class="stack">${renderLatency(summary)}</div>
</section>`;
}

function renderRegimes({ byRegime, total }: DecisionSummary): Markup {
  const rows = [...byRegime, { regime: "all", ...total }].map(({ regime, decisions, allowed, refused }) => [
    regime,
    formatCount(decisions),
    formatCount(allowed),
    formatCount(refused),
    formatShare(allowed, decisions),
  ]);
  return renderTable("Decisions by regime", ["Regime", "Decisions", "Allowed", "Refused", "Allow rate"], rows);
}

function renderGateCounts({ byGate, total }: DecisionSummary): Markup {
  const rows = byGate.map(({ gate, failed, failedAlone }) => [
    gate,
    formatCount(failed),
    formatShare(failed, total.decisions),
    formatCount(failedAlone),
  ]);
  return renderTable("Gates", ["Gate", "Refused", "Of all", "Alone"], rows);
}

function renderYears({ byYear }: DecisionSummary): Markup {
  const highest = findHighestRate(byYear);
  const rows = byYear.map(({ year, allowed, decisions }) => [
    String(year),
    html`<span class="meter"><span style="width:${((100 * allowed) / decisions / highest).toFixed(1)}%"></span></span>`,
    formatShare(allowed, decisions),
    `${formatCount(allowed)} of ${formatCount(decisions)}`,
  ]);
  return renderTable("Allowed by year", ["Year", "", "Rate", "Decisions"], rows);
}

function renderLatency(summary: DecisionSummary): Markup {
  const rows = summary.latency.map(({ measure, profile: { count, p50Ms, p95Ms, p99Ms, maxMs } }) => [
    measure,
    formatCount(count),
    ...[p50Ms, p95Ms, p99Ms, maxMs].map(formatMs),
  ]);
  const note = `The first row is the service's own processing_time_ms; the others are round trips over gRPC as the client saw them${summary.sharedProcess ? ", client and service sharing one process" : ""}. ${formatCount(summary.decisionsPerSecond)} decisions a second on the stream. ${summary.unaryAgreeing} of ${summary.unaryCalls} single calls gave the stream's answer.`;
  return renderTable("Latency, milliseconds", ["Measured", "n", "p50", "p95", "p99", "max"], rows, note);
}

function renderForward({ forward }: DecisionSummary): Markup {
  const both = [forward.allowed, forward.refused];
  const toRow = (name: string, describe: (rate: HitRate) => string): string[] => [name, ...both.map(describe)];
  return renderTable(
    `Did momentum hold over the next ${forward.horizonBars} bars?`,
    ["After", "allowed bars", "refused bars"],
    [
      toRow("held", ({ hits, trials }) => `${formatCount(hits)} of ${formatCount(trials)}`),
      toRow("hit rate", ({ rate }) => (rate === undefined ? "–" : formatPercent(rate))),
      toRow("95 % Wilson interval", ({ interval }) => formatInterval(interval)),
      toRow("bars apart", ({ apart }) => formatCount(apart)),
      toRow("interval of those", ({ apartInterval }) => formatInterval(apartInterval)),
    ],
    forwardCaveat(forward.horizonBars).join(" "),
  );
}

function renderTable(
  caption: string,
  headings: readonly string[],
  rows: readonly (readonly MarkupValue[])[],
  note?: string,
): Markup {
  const body = rows.map(([first = "", ...others]) => {
    const cells = others.map((cell) => html`<td>${cell}</td>`);
    return html`<tr><th scope="row">${first}</th>${cells}</tr>`;
  });
  const head = headings.map((heading) => (heading === "" ? html`<td></td>` : html`<th scope="col">${heading}</th>`));
  return html`<div class="box"><div class="scroller" tabindex="0" role="region" aria-label="${caption}"><table><caption>${caption}</caption><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>${note === undefined ? "" : html`<p class="note">${note}</p>`}</div>`;
}
