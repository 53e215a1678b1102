import { describe, expect, it } from "vitest";
import { createProgressBar } from "../../src/cli/progress-bar.ts";

describe("the progress bar", () => {
  it("writes a line every fifth without a terminal, and none twice", () => {
    const output = collect(false);
    const bar = createProgressBar(output, "SPX", 10, () => 0);
    for (let done = 0; done <= 10; done += 1) bar.advanceTo(done);
    bar.finish();
    expect(output.text().replaceAll("\u00A0", " ")).toBe(
      ["20 %  2 of 10", "40 %  4 of 10", "60 %  6 of 10", "80 %  8 of 10", "100 %  10 of 10"]
        .map((line) => `SPX ${line}\n`)
        .join(""),
    );
  });

  it("redraws itself on a terminal, at most twenty times a second, and at the end in any case", () => {
    const output = collect(true);
    let nowMs = 0;
    const bar = createProgressBar(output, "SPX", 1000, () => nowMs);
    for (let done = 1; done <= 1000; done += 1) {
      nowMs += 1;
      bar.advanceTo(done);
    }
    bar.finish();
    const drawings = output.text().split("\r\u001B[2K").slice(1);
    expect(drawings.length).toBe(21);
    expect(drawings.at(-1)).toMatch(/^SPX ━+ 100\s% {2}1\s000 of 1\s000 {2}1\s000\/s\n$/);
  });

  it.each([
    [20, "SPX  "],
    [0, "SPX ╌"],
    [80, "SPX ╌"],
  ])("fits a terminal of %d columns", (columns, start) => {
    const output = collect(true, columns);
    createProgressBar(output, "SPX", 1000, () => 0).advanceTo(1);
    const line = output.text().replace("\r\u001B[2K", "");
    expect(line.startsWith(start)).toBe(true);
    expect(line.length).toBeLessThan(80);
  });
});

function collect(isTTY: boolean, columns = 80) {
  const written: string[] = [];
  return { isTTY, columns, write: (text: string) => written.push(text), text: () => written.join("") };
}
