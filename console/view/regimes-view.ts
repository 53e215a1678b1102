import type { DecisionRecord } from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import {
  buildRegimeStrips,
  cellsMax,
  type RegimeCell,
  type RegimeStrip,
  type RegimeStrips,
} from "../model/regime-strip.ts";
import { type Child, find, h, svg } from "./element.ts";
import { Section } from "./section.ts";

/** Height by regime as well as colour, so that they can be told apart without it. */
const heights: Readonly<Record<string, number>> = { TRENDING: 22, RANGING: 11, STRESSED: 22 };
const cellWidth = 10;
const baseline = 24;

/** The regimes of each symbol. */
export class RegimesView {
  readonly #section = new Section<RegimeStrips>(find("regimes"), buildStrips);

  show(decisions: readonly DecisionRecord[]): void {
    this.#section.show(buildRegimeStrips(decisions));
  }
}

function buildStrips({ strips, omitted }: RegimeStrips): readonly Child[] {
  if (strips.length === 0) return [h("p", { class: "empty" }, "No decisions yet.")];
  const more =
    omitted === 0 ? [] : [h("p", { class: "note" }, `${omitted} more symbols were decided for less lately.`)];
  return [...strips.map(buildStrip), ...more];
}

function buildStrip(strip: RegimeStrip): HTMLElement {
  const { symbol, timeframe, current, from, until, cells, summary } = strip;
  const allowed = `${strip.allowed}/${cells.length}`;
  return h(
    "div",
    { class: "strip" },
    h("p", { class: "strip-name" }, h("b", {}, symbol), ` ${timeframe}`),
    drawCells(cells, summary),
    h("p", { class: "strip-now" }, h("span", { class: "regime", "data-regime": current }, current.toLowerCase())),
    h("p", { class: "strip-span" }, `${from} – ${until}`, h("span", {}, `${allowed} allowed`)),
  );
}

function drawCells(cells: readonly RegimeCell[], summary: string): SVGElement {
  const width = cellsMax * cellWidth;
  // The newest stands at the right edge, whether or not the strip is full.
  const offset = cellsMax - cells.length;
  const marks = cells.flatMap(({ regime, isAllowed }, index) => {
    const x = (offset + index) * cellWidth;
    const height = heights[regime] ?? 3;
    const fill = regime === "STRESSED" ? { fill: "url(#hatch)" } : {};
    const place = { x: x + 0.5, y: baseline - height, width: cellWidth - 1, height };
    const cell = svg("rect", { class: "cell", "data-regime": regime, ...place, ...fill });
    if (!isAllowed) return [cell];
    return [cell, svg("rect", { class: "allowed", x: x + 0.5, y: baseline + 3, width: cellWidth - 1, height: 5 })];
  });
  const line = svg("rect", { class: "ground", x: 0, y: baseline, width, height: 1 });
  const box = `0 0 ${width} ${baseline + 9}`;
  const label = { role: "img", "aria-label": summary };
  return svg("svg", { class: "strip-cells", viewBox: box, preserveAspectRatio: "none", ...label }, line, ...marks);
}
