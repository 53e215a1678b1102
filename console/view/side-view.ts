/** Alerts, the gates that refuse most, and the rules in force. */

import { RegimePrediction_Label } from "../../gen/ts/arbitrex/ml/v1/common_pb.ts";
import type { GetConfigResponse } from "../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import type { Metrics } from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import { type AlertRow, toAlertRows } from "../model/alert-row.ts";
import type { ConsoleState } from "../model/console-state.ts";
import { enumName } from "../model/enum-name.ts";
import { absent } from "../model/figure-text.ts";
import { type GateRefusal, rankGateRefusals } from "../model/gate-refusal.ts";
import type { Part } from "../model/part.ts";
import { chooseFigures } from "../model/recent-figures.ts";
import { type Child, find, h, setShare } from "./element.ts";
import { Section } from "./section.ts";

interface Gates {
  readonly refusals: readonly GateRefusal[];
  readonly span: string;
}

type Rules = readonly (readonly [string, string])[];

export class SideView {
  readonly #alerts = new Section<Part<readonly AlertRow[]> | undefined>(find("alerts"), buildAlerts);
  readonly #gates = new Section<Part<Gates> | undefined>(find("gates"), buildGates);
  readonly #rules = new Section<Part<Rules> | undefined>(find("rules"), buildRules);

  show({ alerts, metrics, config }: ConsoleState): void {
    this.#alerts.show(mapPart(alerts, toAlertRows));
    this.#gates.show(mapPart(metrics, toGates));
    this.#rules.show(mapPart(config, listRules));
  }
}

function mapPart<T, U>(part: Part<T> | undefined, map: (value: T) => U): Part<U> | undefined {
  return part?.kind === "ok" ? { kind: "ok", value: map(part.value) } : part;
}

function buildAlerts(part: Part<readonly AlertRow[]> | undefined): readonly Child[] {
  if (part === undefined) return [empty("Not read yet.")];
  if (part.kind === "failed") {
    return [empty(part.isMissing ? "Alerting is not available in this service." : `Cannot be read: ${part.reason}.`)];
  }
  if (part.value.length === 0) return [empty("No alerts.")];
  const rows = part.value.map((alert) =>
    h(
      "li",
      { "data-firing": String(alert.isFiring), "data-severity": alert.severity },
      h(
        "p",
        {},
        h("span", { class: "tag" }, `${alert.severity} · ${alert.state}`.toLowerCase()),
        " ",
        h("b", {}, alert.rule),
      ),
      h("p", {}, alert.message),
      h("p", { class: "note" }, `${alert.figures}; since ${alert.since}`),
    ),
  );
  return [h("ul", { class: "alerts" }, ...rows)];
}

function toGates(metrics: Metrics): Gates {
  const { figures, span } = chooseFigures(metrics);
  return { refusals: figures === undefined ? [] : rankGateRefusals(figures), span };
}

function buildGates(part: Part<Gates> | undefined): readonly Child[] {
  if (part === undefined) return [empty("Not read yet.")];
  if (part.kind === "failed") return [empty(`Cannot be read: ${part.reason}.`)];
  const { refusals, span } = part.value;
  if (refusals.length === 0) return [empty("No gate has refused anything.")];
  const rows = refusals.map(({ gate, count, share, shareText }) => {
    const bar = h("span", { class: "bar", "aria-hidden": "true" });
    setShare(bar, "--share", share);
    const figures = h("span", { class: "figures" }, shareText, h("small", {}, ` ${count}`));
    return h("li", {}, h("span", {}, gate), figures, bar);
  });
  return [
    h("ul", { class: "refusals" }, ...rows),
    h("p", { class: "note" }, `Share of the refused decisions, ${span}; several gates may refuse one.`),
  ];
}

function listRules({ config }: GetConfigResponse): Rules {
  const { regime, signalFilter } = config ?? {};
  const labels = signalFilter?.allowedRegimes?.labels ?? [];
  const model = (usesTrained: boolean | undefined) => (usesTrained === true ? "trained model" : "rules");
  return [
    ["Allowed regimes", labels.map((label) => enumName(RegimePrediction_Label, label).toLowerCase()).join(", ")],
    ["Regime confidence above", figure(regime?.minConfidence)],
    ["Probability above", figure(signalFilter?.entryThreshold)],
    ["Regime by", model(regime?.useMlModel)],
    ["Probability by", model(signalFilter?.useMlModel)],
  ];
}

function buildRules(part: Part<Rules> | undefined): readonly Child[] {
  if (part === undefined) return [empty("Not read yet.")];
  if (part.kind === "failed") return [empty(`Cannot be read: ${part.reason}.`)];
  const pairs = part.value.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)));
  return [h("dl", { class: "record" }, ...pairs)];
}

function figure(value: number | undefined): string {
  return value === undefined ? absent : String(value);
}

function empty(text: string): HTMLElement {
  return h("p", { class: "empty" }, text);
}
