import { Script } from "node:vm";
import { describe, expect, it } from "vitest";
import type { RunFacts } from "../../../src/cli/report/decision-row.ts";
import { summariseDecisions } from "../../../src/cli/report/decision-summary.ts";
import { renderHtmlReport } from "../../../src/cli/report/html-report.ts";
import { reportScript } from "../../../src/cli/report/report-script.ts";
import { makeBars, makeFacts, makeRow } from "./decision-rows.ts";
import { findHtmlProblems } from "./html-check.ts";

const hostile = `<script>alert("x")</script>&'`;

describe("the page checker", () => {
  it.each([
    ["<p><b>x</p></b>", ["</p> closes <b>", "</b> closes <p>"]],
    ["<p>1 < 2</p>", ["stray < before </p>"]],
    ['<p id="a"></p><p id="a"></p>', ["id a twice"]],
    ["<div><br></div>", []],
    ["<div>", ["<div> stays open"]],
  ])("judges %s", (page, problems) => {
    expect(findHtmlProblems(page)).toEqual(problems);
  });
});

describe("the HTML report", () => {
  it("is well-formed", () => {
    expect(findHtmlProblems(render())).toEqual([]);
  });

  it("is well-formed without a single allowed decision, and without any explanation", () => {
    expect(findHtmlProblems(render({}, () => ({ regime: "RANGING" as const })))).toEqual([]);
    const bars = makeBars([100, 101]);
    const summary = summariseDecisions([], makeFacts(bars, { unaryRoundTripsMs: [] }));
    expect(findHtmlProblems(renderHtmlReport(summary, [], bars))).toEqual([]);
  });

  it("shows hostile names as text", () => {
    const page = render({ symbol: hostile, timeframe: hostile, fileName: hostile, warnings: [hostile] });
    expect(findHtmlProblems(page)).toEqual([]);
    expect(page).not.toContain('alert("x")');
    expect(page).toContain("&#60;script&#62;alert(&#34;x&#34;)&#60;/script&#62;&#38;&#39;");
  });

  it("cannot be ended early by a time in its data", () => {
    const bars = makeBars([100, 101, 102]).map((bar) => ({ ...bar, time: "</script><b>" }));
    const rows = bars.map((bar, index) => makeRow(index, bar));
    const page = renderHtmlReport(summariseDecisions(rows, makeFacts(bars)), rows, bars);
    expect(findHtmlProblems(page)).toEqual([]);
    expect(page).not.toContain("</script><b>");
  });

  it("needs nothing from elsewhere", () => {
    const page = render();
    expect(page).not.toMatch(/https?:|\/\/[a-z]|@import|url\(|\ssrc=|\shref=/i);
    expect(page).toContain("default-src &#39;none&#39;");
  });

  it("has a script that parses", () => {
    expect(() => new Script(reportScript)).not.toThrow();
  });

  it("names every drawing for those who cannot see it", () => {
    const page = render();
    const drawings = page.match(/<svg/g)?.length;
    expect(drawings).toBe(8);
    expect(page.match(/<svg role="img" aria-labelledby="[^"]+"/g)?.length).toBe(drawings);
    expect(page.match(/<title id=/g)?.length).toBe(drawings);
    expect(page.match(/<desc id=/g)?.length).toBe(drawings);
    expect(page.match(/<table/g)?.length).toBe(page.match(/<caption>/g)?.length);
  });

  it("stays small for twenty years of days that change their regime all the time", () => {
    const bars = makeBars(Array.from({ length: 5105 }, (_, day) => 1000.123_456 + 500 * Math.sin(day / 7)));
    const rows = bars.map((bar, day) =>
      makeRow(day, bar, { regime: day % 2 === 0 ? "RANGING" : "TRENDING", probability: 0.3 + (day % 40) / 100 }),
    );
    const page = renderHtmlReport(summariseDecisions(rows, makeFacts(bars)), rows, bars);
    expect(page.length).toBeLessThan(1_000_000);
  });

  it("never claims to foresee a price", () => {
    expect(render()).not.toMatch(/predict(s|ed|ing)\b|forecast/i);
  });
});

function render(
  facts: Partial<RunFacts> = {},
  draft: (day: number) => Parameters<typeof makeRow>[2] = alternate,
): string {
  const bars = makeBars(Array.from({ length: 60 }, (_, day) => 100 + day));
  const rows = bars.slice(5).map((bar, index) => makeRow(index + 5, bar, draft(index)));
  return renderHtmlReport(summariseDecisions(rows, makeFacts(bars, facts)), rows, bars);
}

function alternate(day: number): Parameters<typeof makeRow>[2] {
  if (day % 3 === 0) return { regime: "STRESSED", qseValid: false };
  return day % 3 === 1 ? { probability: 0.54 } : {};
}
