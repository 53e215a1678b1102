import type { BarFileProblem } from "./bar-file-error.ts";
import type { BarRow } from "./bar-row.ts";

/** An interval longer than this many median intervals is a gap. Above 4, so that a holiday next to a weekend is none in daily bars. */
const gapIntervals = 5;

/** What is wrong with the order of one symbol's rows. A file that runs backwards has one problem, not one a line. */
export function findOrderProblems(rows: readonly BarRow[]): readonly BarFileProblem[] {
  const problems: BarFileProblem[] = [];
  let newest = rows[0];
  let isBackwards = rows.length > 2;
  for (const row of rows.slice(1)) {
    if (newest === undefined || row.bar.timeMs > newest.bar.timeMs) {
      newest = row;
      isBackwards = false;
    } else if (row.bar.timeMs === newest.bar.timeMs) {
      const message = `${row.bar.time} is on line ${newest.line} already; keep one bar for each time`;
      problems.push({ line: row.line, message });
      isBackwards = false;
    } else {
      const message = `${row.bar.time} comes after ${newest.bar.time} of line ${newest.line}; sort the lines oldest first`;
      problems.push({ line: row.line, message });
    }
  }
  const second = rows[1];
  if (!isBackwards || second === undefined) return problems;
  return [
    { line: second.line, message: "the bars run newest first; reverse the lines so that the oldest comes first" },
  ];
}

/** The gaps in one symbol's rows, as warnings on the line after each gap. */
export function findGaps(rows: readonly BarRow[]): readonly BarFileProblem[] {
  const intervals = rows.slice(1).map((row, index) => row.bar.timeMs - (rows[index]?.bar.timeMs ?? Number.NaN));
  const median = intervals.toSorted((a, b) => a - b)[Math.floor(intervals.length / 2)] ?? Number.NaN;
  return rows.slice(1).flatMap((row, index) => {
    const before = rows[index];
    const interval = intervals[index];
    if (before === undefined || interval === undefined || !(interval > gapIntervals * median)) return [];
    const lengths = Math.round(interval / median);
    return [
      {
        line: row.line,
        message: `${lengths} bar intervals lie between ${before.bar.time} (line ${before.line}) and ${row.bar.time}`,
      },
    ];
  });
}
