/** The figures an operator looks at first. */

import { countFiring } from "../model/alert-row.ts";
import type { ConsoleState } from "../model/console-state.ts";
import { currentRate, listRates } from "../model/decision-rate.ts";
import {
  absent,
  formatCount,
  formatMillis,
  formatMillisFigure,
  formatPercent,
  formatRate,
} from "../model/figure-text.ts";
import { answerOf, type Part } from "../model/part.ts";
import { chooseFigures } from "../model/recent-figures.ts";
import { find, h, setShare, svg } from "./element.ts";
import { Section } from "./section.ts";

/** Samples that take the whole width of the line; with fewer it begins further right. */
const lineSamplesMin = 12;

interface Card {
  readonly name: string;
  readonly value: string;
  readonly detail: string;
  readonly level?: "bad" | "good";
  /** [0, 1] */
  readonly share?: number;
  readonly line?: readonly number[];
  readonly values?: readonly (readonly [string, string])[];
}

export class CardsView {
  readonly #section = new Section<readonly Card[]>(find("cards"), (cards) => cards.map(buildCard));

  show(state: ConsoleState): void {
    this.#section.show([toRateCard(state), ...toDecisionCards(state), toAlertCard(state.alerts), toAuditCard(state)]);
  }
}

function toRateCard({ rates, status }: ConsoleState): Card {
  const rate = currentRate(rates);
  return {
    name: "Decisions a second",
    value: rate === undefined ? absent : formatRate(rate),
    detail: status === undefined ? "" : `${formatCount(status.totalPredictions)} since start`,
    line: listRates(rates),
  };
}

function toDecisionCards({ metrics }: ConsoleState): readonly Card[] {
  const { figures, span } = chooseFigures(answerOf(metrics));
  const name = (text: string) => `${text}, ${span}`;
  if (figures === undefined || figures.totalPredictions === 0n) {
    const detail = metrics?.kind === "failed" ? metrics.reason : "no decisions yet";
    return [
      { name: name("Allowed"), value: absent, detail },
      { name: name("Latency ms"), value: absent, detail },
    ];
  }
  return [
    {
      name: name("Allowed"),
      value: formatPercent(figures.allowRate),
      detail: `${formatCount(figures.allowed)} of ${formatCount(figures.totalPredictions)}`,
      share: figures.allowRate,
    },
    {
      name: name("Latency ms"),
      value: "",
      detail: `largest ${formatMillisFigure(figures.maxProcessingTimeMs)}`,
      values: [
        ["p50", formatMillisFigure(figures.p50ProcessingTimeMs)],
        ["p95", formatMillisFigure(figures.p95ProcessingTimeMs)],
        ["p99", formatMillisFigure(figures.p99ProcessingTimeMs)],
      ],
    },
  ];
}

function toAlertCard(alerts: Part<Parameters<typeof countFiring>[0]> | undefined): Card {
  const name = "Alerts firing";
  if (alerts === undefined) return { name, value: absent, detail: "" };
  if (alerts.kind === "failed") return { name, value: absent, detail: "not available" };
  const firing = countFiring(alerts.value);
  const detail = firing === 0 ? "all quiet" : "see Alerts";
  return { name, value: String(firing), detail, level: firing === 0 ? "good" : "bad" };
}

function toAuditCard({ status }: ConsoleState): Card {
  const name = "Audit log";
  const audit = status?.audit;
  if (audit === undefined) return { name, value: absent, detail: "" };
  return {
    name,
    value: audit.healthy ? "Healthy" : "Failed",
    detail: `queue ${audit.queueDepth}, last sync ${formatMillis(audit.lastSyncMs)}, ${audit.durability}`,
    level: audit.healthy ? "good" : "bad",
  };
}

function buildCard({ name, value, detail, level, share, line, values }: Card): HTMLElement {
  const card = h("div", { class: "card", "data-level": level }, h("h3", {}, name));
  if (values === undefined) card.append(h("p", { class: "value" }, value));
  else {
    const pairs = values.map(([term, text]) => h("div", {}, h("dt", {}, term), h("dd", {}, text)));
    card.append(h("dl", { class: "trio" }, ...pairs));
  }
  if (share !== undefined) {
    const bar = h("div", { class: "split", "aria-hidden": "true" });
    setShare(bar, "--share", share);
    card.append(bar);
  }
  if (line !== undefined && line.length > 3) card.append(buildLine(line));
  card.append(h("p", { class: "detail" }, detail));
  return card;
}

/** The rate of the last minutes; its words are the card's value. */
function buildLine(values: readonly number[]): SVGElement {
  const largest = Math.max(...values, 1e-9);
  // The newest at the right edge, and no more room to its left than a few samples need.
  const span = Math.max(lineSamplesMin, values.length);
  const offset = span - values.length;
  const points = values.map((value, index) => `${offset + index},${(19 - (value / largest) * 18).toFixed(1)}`);
  const box = `0 0 ${span - 1} 20`;
  return svg(
    "svg",
    { class: "line", viewBox: box, preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("polyline", { points: points.join(" ") }),
  );
}
