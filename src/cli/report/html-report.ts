import type { Bar } from "../../upstream/bar.ts";
import type { DecisionRow } from "./decision-row.ts";
import type { DecisionSummary } from "./decision-summary.ts";
import { renderExplanations } from "./explanation-section.ts";
import { html, Markup } from "./markup.ts";
import { formatCount, formatShare } from "./number-text.ts";
import { renderPlots } from "./plot-section.ts";
import { reportScript } from "./report-script.ts";
import { reportStyle } from "./report-style.ts";
import { renderTables } from "./table-section.ts";

/** The policy of the page: nothing is fetched, from anywhere. */
const contentPolicy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

/** A run as one HTML file that needs nothing else. */
export function renderHtmlReport(summary: DecisionSummary, rows: readonly DecisionRow[], bars: readonly Bar[]): string {
  const name = `${summary.symbol} ${summary.timeframe}`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy}">
<title>${name}: decisions</title>
<style>${new Markup(reportStyle)}</style>
</head>
<body>
<main>
${renderHeader(summary)}
${renderPlots(summary, rows, bars)}
${renderTables(summary)}
${renderExplanations(summary.explained)}
${renderOrigin(summary)}
</main>
<script>${new Markup(reportScript)}</script>
</body>
</html>
`;
  return page.text;
}

function renderHeader(summary: DecisionSummary): Markup {
  const { total } = summary;
  return html`<header>
<h1>${summary.symbol} <small>${summary.timeframe}</small></h1>
<p>${summary.firstTime} to ${summary.lastTime}. For each of ${formatCount(total.decisions)} bars the service was asked one question: may the momentum signal trade now?</p>
<dl class="figures">
<div class="allowed"><dt>allowed</dt><dd>${formatCount(total.allowed)} <small>${formatShare(total.allowed, total.decisions)}</small></dd></div>
<div class="refused"><dt>refused</dt><dd>${formatCount(total.refused)} <small>${formatShare(total.refused, total.decisions)}</small></dd></div>
<div><dt>decisions a second</dt><dd>${formatCount(summary.decisionsPerSecond)}</dd></div>
</dl>
${summary.warnings.map((warning) => html`<p class="note">Note: ${warning}</p>`)}
</header>`;
}

function renderOrigin(summary: DecisionSummary): Markup {
  const models = summary.models.map(
    ({ name, version, sha256 }) =>
      html`<dt>${name}</dt><dd>${version} <code>sha256 ${sha256.slice(0, 12)}…</code></dd>`,
  );
  return html`<footer aria-label="Origin of this report"><dl>
<dt>bars</dt><dd>${formatCount(summary.bars)} of ${summary.fileName}, ${summary.warmUpBars} of them warm-up</dd>
<dt>configuration</dt><dd><code>${summary.configHash}</code></dd>
${models}
<dt>service</dt><dd>ml-layer ${summary.mlVersion}</dd>
<dt>made</dt><dd>${new Date(summary.madeAtMs).toISOString().slice(0, 19)}Z</dd>
</dl><p class="note">A decision says whether a validated signal may trade now. It says nothing about where a price will go.</p></footer>`;
}
