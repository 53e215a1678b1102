import { describe, expect, it } from "vitest";
import type { DecisionRow } from "../../../src/cli/report/decision-row.ts";
import { summariseDecisions } from "../../../src/cli/report/decision-summary.ts";
import { drawBar, formatTerminalSummary } from "../../../src/cli/report/terminal-summary.ts";
import { chooseTextStyle, colourStyle, plainStyle } from "../../../src/cli/report/text-style.ts";
import { layOutTable } from "../../../src/cli/report/text-table.ts";
import { makeBars, makeFacts, makeRow, type RowDraft } from "./decision-rows.ts";

describe("a text table", () => {
  it("aligns its columns whatever their colour", () => {
    const lines = layOutTable(
      [{ heading: "name" }, { heading: "n", align: "right" }],
      [
        [colourStyle.good("ab"), "1"],
        ["abcdef", colourStyle.bad("234")],
      ],
    );
    expect(lines).toEqual([
      "name      n",
      "───────────",
      "\u001B[32mab\u001B[39m        1",
      "abcdef  \u001B[31m234\u001B[39m",
    ]);
  });
});

describe("the style of text", () => {
  it.each([
    [true, {}, colourStyle],
    [true, { NO_COLOR: "" }, colourStyle],
    [true, { NO_COLOR: "1" }, plainStyle],
    [true, { TERM: "dumb" }, plainStyle],
    [false, {}, plainStyle],
  ])("on a terminal %s with %j", (isTTY, variables, style) => {
    expect(chooseTextStyle(isTTY, variables)).toBe(style);
  });
});

describe("a bar of cells", () => {
  it.each([
    [0, ""],
    [0.0001, "▏"],
    [0.5, "██"],
    [0.53, "██▏"],
    [1, "████"],
  ])("shows %d", (share, bar) => {
    expect(drawBar(share, 4)).toBe(bar);
  });
});

describe("the terminal summary", () => {
  const text = summarise([{}, { probability: 0.537 }, { regime: "STRESSED" }]);

  it("shows counts, gates, years, latency, what followed and the explained decisions", () => {
    expect(text).toContain("3 decisions after 0 bars of warm-up: 1 allowed (33.3\u00A0%), 2 refused");
    expect(text).toMatch(/^TRENDING +2 +66\.7\s% +1 +1 +50\.0\s%$/m);
    expect(text).toMatch(/^SIGNAL_PROBABILITY +1 +33\.3\s% +1$/m);
    expect(text).toMatch(/^2020 █{24} +33\.3\s% {2}1 of 3$/m);
    expect(text).toMatch(/^Predict, one call at a time +3 +2\.000 +3\.000 +3\.000 +3\.000$/m);
    expect(text).toContain("Descriptive only");
    expect(text).toContain("what it would have taken: probability +0.013 (0.537 → above 0.55)");
  });

  it("draws contributions to either side of an axis", () => {
    expect(text).toContain("  momentum_score                  −1   −0.150  ███████████████│");
    expect(text).toContain("  regime                           1   +0.050                 │█████");
    expect(text).not.toContain("clipping");
  });

  it("has no colours unless asked for", () => {
    expect(text).not.toContain("\u001B");
    expect(summarise([{}], colourStyle)).toContain("\u001B[32m");
  });

  it("has something to say when nothing was allowed", () => {
    const nothing = summarise([{ regime: "RANGING" }]);
    expect(nothing).toContain("0 allowed (0.0\u00A0%)");
    expect(nothing).not.toContain("NaN");
  });

  it("never claims to foresee a price", () => {
    expect(text).not.toMatch(/predict(s|ed|ing)\b|forecast/i);
  });
});

function summarise(drafts: readonly RowDraft[], style = plainStyle): string {
  const bars = makeBars(drafts.map(() => 100));
  const rows = drafts.flatMap((draft, index): DecisionRow[] => {
    const bar = bars[index];
    return bar === undefined ? [] : [makeRow(index, bar, draft)];
  });
  return formatTerminalSummary(summariseDecisions(rows, makeFacts(bars)), style);
}
