import type { Contribution, GateOutcome } from "../../domain/decision.ts";
import type { ExplainedDecision } from "./explained-decision.ts";
import { html, type Markup } from "./markup.ts";
import { formatPercent, formatPrice, formatSigned, formatValue } from "./number-text.ts";
import { isWorthALine } from "./terminal-explanation.ts";

/** The chosen decisions, each in full. */
export function renderExplanations(explained: readonly ExplainedDecision[]): Markup {
  return html`<section aria-labelledby="explained"><h2 id="explained">Three decisions explained</h2><div class="boxes">${explained.map(renderExplained)}</div></section>`;
}

function renderExplained({ title, row, question, turningPoints }: ExplainedDecision): Markup {
  const verdict = row.allowed ? "allowed" : "refused";
  const terms = row.explanation.contributions.filter(isWorthALine);
  const largest = Math.max(...terms.map(({ contribution }) => Math.abs(contribution)), Number.MIN_VALUE);
  const unit = row.explanation.unit === "PROBABILITY" ? "" : " (log-odds)";
  return html`<article class="box ${verdict}">
<h3>${title}</h3>
<p><b>${row.bar.time}</b> <span class="verdict">${verdict.toUpperCase()}</span> at ${formatPrice(row.bar.close)}. ${row.regime} ${formatPercent(row.regimeConfidence)}${row.regimeStable ? "" : ", unstable"}, efficiency ratio ${row.efficiencyRatio.toFixed(3)}, volatility percentile ${row.volatilityPercentile.toFixed(0)}.</p>
<div class="scroller" tabindex="0" role="region" aria-label="Terms of the probability on ${row.bar.time}"><table class="terms"><caption>Terms of the probability${unit}</caption>
<thead><tr><th scope="col">Term</th><th scope="col">Value</th><th scope="col">Adds</th><td></td></tr></thead>
<tbody><tr><th scope="row">base</th><td></td><td>${row.explanation.base.toFixed(3)}</td><td></td></tr>${terms.map((term) => renderTerm(term, largest))}<tr class="sum"><th scope="row">probability</th><td></td><td>${row.probability.toFixed(3)}</td><td></td></tr></tbody></table></div>
<ul class="gates">${row.gates.map(renderGate)}</ul>
<p class="question">${question}</p>
<ul>${turningPoints.map((point) => html`<li>${point}</li>`)}</ul>
<p class="note">prediction ${row.predictionId}</p>
</article>`;
}

function renderTerm({ name, value, contribution }: Contribution, largest: number): Markup {
  const width = ((50 * Math.abs(contribution)) / largest).toFixed(1);
  const side = contribution < 0 ? "down" : "up";
  return html`<tr><th scope="row">${name}</th><td>${formatValue(value)}</td><td>${formatSigned(contribution)}</td><td class="axis"><span class="${side}" style="width:${width}%"></span></td></tr>`;
}

function renderGate({ name, passed, margin, message }: GateOutcome): Markup {
  return html`<li class="${passed ? "passed" : "failed"}"><b>${passed ? "✓" : "✗"} ${name}</b> <span class="margin">${formatSigned(margin)}</span> ${message}</li>`;
}
