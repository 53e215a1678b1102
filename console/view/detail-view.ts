/** One decision with everything that led to it. */

import type { Explanation, GateResult, ModelRef } from "../../gen/ts/arbitrex/ml/v1/common_pb.ts";
import { RegimePrediction_Label } from "../../gen/ts/arbitrex/ml/v1/common_pb.ts";
import type { DecisionRecord, ShadowComparison } from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import { type ContributionBar, toContributionChart } from "../model/contribution-chart.ts";
import { toDecisionRow } from "../model/decision-row.ts";
import { enumName } from "../model/enum-name.ts";
import { formatMillis, formatMoment, formatShare, formatSigned } from "../model/figure-text.ts";
import { describeGate } from "../model/gate-name.ts";
import { type Child, findDialog, h, setShare } from "./element.ts";

export class DetailView {
  readonly #dialog = findDialog("detail");

  /** Opens as a modal dialog: the focus goes in, Escape closes it, and the focus returns to where it was. */
  open(decision: DecisionRecord): void {
    const dialog = this.#dialog;
    const close = h("button", { type: "button", class: "close" }, "Close");
    close.addEventListener("click", () => dialog.close());
    const row = toDecisionRow(decision);
    const outcome = h("span", { class: "outcome", "data-allowed": String(row.isAllowed) }, row.outcome);
    const title = h("h2", { id: "detail-title" }, `${row.symbol} ${row.timeframe} `, outcome);
    const reasons = decision.decisionReasons.map((reason) => h("li", {}, reason));
    dialog.replaceChildren(
      h("div", { class: "drawer-head" }, title, close),
      h("ul", { class: "reasons" }, ...reasons),
      h("h3", {}, "What made the probability"),
      ...buildExplanation(decision.explanation, decision.signalProb),
      h("h3", {}, "Gates"),
      buildGates(decision.gates),
      ...buildShadow(decision.shadow),
      h("h3", {}, "Record"),
      buildFacts(listFacts(decision)),
    );
    dialog.showModal();
    dialog.scrollTop = 0;
  }
}

function buildExplanation(explanation: Explanation | undefined, probability: number): readonly Child[] {
  if (explanation === undefined) return [h("p", { class: "empty" }, "This decision was not explained.")];
  const chart = toContributionChart(explanation);
  if (chart.bars.length === 0) {
    const note = chart.note === "" ? "There are no contributions." : chart.note;
    return [h("p", { class: "empty" }, `${note} Probability ${formatShare(probability)}.`)];
  }
  const rows = [
    h(
      "tr",
      { class: "total" },
      h("th", { scope: "row", colspan: 3 }, "Base"),
      h("td", { class: "number" }, chart.base),
    ),
    ...chart.bars.map(buildBar),
    h(
      "tr",
      { class: "total" },
      h("th", { scope: "row", colspan: 3 }, `Sum, ${chart.unit}`),
      h("td", { class: "number" }, chart.sum),
    ),
  ];
  const head = h(
    "tr",
    {},
    h("th", { scope: "col" }, "Input"),
    h("th", { scope: "col", class: "number" }, "Value"),
    h("th", { scope: "col" }, h("span", { class: "axis" }, h("span", {}, "lowers"), h("span", {}, "raises"))),
    h("th", { scope: "col", class: "number" }, "Adds"),
  );
  return [h("table", { class: "contributions" }, h("thead", {}, head), h("tbody", {}, ...rows))];
}

function buildBar(bar: ContributionBar): HTMLElement {
  const fill = h("span", { class: "signed", "data-effect": bar.effect, "aria-hidden": "true" });
  setShare(fill, "--start", bar.start);
  setShare(fill, "--length", bar.length);
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, bar.name),
    h("td", { class: "number" }, bar.value),
    h("td", {}, fill),
    h("td", { class: "number" }, bar.contribution),
  );
}

function buildGates(gates: readonly GateResult[]): HTMLElement {
  const rows = gates.map((gate) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, describeGate(gate.name), h("small", {}, gate.message)),
      h(
        "td",
        {},
        h("span", { class: "outcome", "data-allowed": String(gate.passed) }, gate.passed ? "Passed" : "Failed"),
      ),
      h("td", { class: "number" }, formatShare(gate.value), h("small", {}, `needs ${formatShare(gate.threshold)}`)),
      h("td", { class: "number" }, formatSigned(gate.margin, 3)),
    ),
  );
  const head = ["Gate", "Outcome", "Value", "Margin"].map((name, index) =>
    h("th", { scope: "col", class: index > 1 ? "number" : undefined }, name),
  );
  return h("table", { class: "gates" }, h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...rows));
}

function buildShadow(shadow: ShadowComparison | undefined): readonly Child[] {
  if (shadow === undefined) return [];
  const verdict = shadow.allowed ? "would have allowed it" : "would have refused it";
  return [
    h("h3", {}, "Challenger"),
    buildFacts([
      ["Decision", shadow.flips ? `${verdict}: the other way` : `${verdict} too`],
      ["Regime", enumName(RegimePrediction_Label, shadow.regime).toLowerCase()],
      ["Probability", `${formatShare(shadow.signalProb)} (${formatSigned(shadow.probabilityDifference)})`],
      ["Models", `${describeModel(shadow.regimeModel)}, ${describeModel(shadow.signalModel)}`],
    ]),
  ];
}

function listFacts(decision: DecisionRecord): readonly (readonly [string, string])[] {
  return [
    ["Taken", formatMoment(decision.timestamp)],
    ["Took", formatMillis(decision.processingTimeMs)],
    ["Bar", String(decision.barIndex)],
    [
      "Regime",
      `${enumName(RegimePrediction_Label, decision.regime).toLowerCase()}, ${formatShare(decision.regimeConfidence)}`,
    ],
    ["Prediction", decision.predictionId],
    ["Request", decision.requestId],
    ["Configuration", decision.configHash],
    ["Regime model", describeModel(decision.regimeModel)],
    ["Signal model", describeModel(decision.signalModel)],
  ];
}

function buildFacts(facts: readonly (readonly [string, string])[]): HTMLElement {
  const pairs = facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)));
  return h("dl", { class: "record" }, ...pairs);
}

function describeModel(model: ModelRef | undefined): string {
  return model === undefined ? "–" : `${model.name} ${model.version}`;
}
