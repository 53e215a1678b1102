import type { Bar } from "./bar.ts";
import { findBarColumns } from "./bar-columns.ts";
import { BarFileError, type BarFileProblem } from "./bar-file-error.ts";
import { findGaps, findOrderProblems } from "./bar-order.ts";
import { type BarRow, readBarRow } from "./bar-row.ts";
import { detectSeparator, splitLine } from "./separated-line.ts";

export interface BarCsvOptions {
  /** What error messages call the file. @default "bar file" */
  readonly fileName?: string;
  /** Name of the instrument in a file without a symbol column. @default "UNNAMED" */
  readonly symbol?: string;
  /** Fewest bars a symbol needs. @default 100: with fewer the service has no opinion */
  readonly barsMin?: number;
  /** Most lines read. @default 1 000 000: two years of minutes, in about 200 MB of memory */
  readonly linesMax?: number;
}

/** The bars of a file, oldest first. */
export interface BarFile {
  /** By symbol, in the order in which the file first names them. */
  readonly barsBySymbol: ReadonlyMap<string, readonly Bar[]>;
  /** Bars of the first symbol: all there are, in a file without a symbol column. */
  readonly bars: readonly Bar[];
  /** Oddities that do not keep the bars from being used: gaps in time. */
  readonly warnings: readonly BarFileProblem[];
}

/** Problems, and warnings, reported at most: enough to see the pattern, few enough to read. */
const problemsMax = 20;

/**
 * Reads bars from separated text: a header line naming date (or time, timestamp, datetime), open, high, low, close and
 * optionally volume and symbol, then a line a bar. Other columns are ignored, blank lines too.
 *
 * @throws BarFileError with everything that is wrong, up to 20 problems
 */
export function readBarCsv(text: string, options: BarCsvOptions = {}): BarFile {
  const { fileName = "bar file", symbol = "UNNAMED", barsMin = 100, linesMax = 1_000_000 } = options;
  const { rows, problems } = readRows(text.split(/\r\n|\n|\r/), linesMax);
  const rowsBySymbol = Map.groupBy(rows, (row) => row.symbol ?? symbol);
  const groups = [...rowsBySymbol.values()];
  problems.push(...groups.flatMap(findOrderProblems));
  // The count is only worth a word when no line was dropped for a reason of its own.
  if (problems.length === 0) problems.push(...findShortSymbols(rowsBySymbol, barsMin));
  if (problems.length > 0) throw new BarFileError(fileName, problems.toSorted(byLine).slice(0, problemsMax));
  const barsBySymbol = new Map([...rowsBySymbol].map(([name, group]) => [name, group.map((row) => row.bar)]));
  const warnings = limitWarnings(groups.flatMap(findGaps).toSorted(byLine));
  return { barsBySymbol, bars: barsBySymbol.values().next().value ?? [], warnings };
}

/** Reads line after line until there are as many problems as anybody wants to read. */
function readRows(lines: readonly string[], linesMax: number): { rows: BarRow[]; problems: BarFileProblem[] } {
  const rows: BarRow[] = [];
  const problems: BarFileProblem[] = [];
  const headerIndex = lines.findIndex((line) => line.trim() !== "");
  const headerLine = lines[headerIndex];
  if (headerLine === undefined) {
    return { rows, problems: [{ line: 1, message: "the file is empty; it needs a header line and a line a bar" }] };
  }
  if (lines.length > linesMax) {
    return { rows, problems: [{ line: linesMax + 1, message: `more than ${linesMax} lines; split the file` }] };
  }
  const separator = detectSeparator(headerLine);
  const header = splitLine(headerLine, separator) ?? [headerLine];
  const columns = findBarColumns(header);
  if ("problems" in columns) {
    return { rows, problems: columns.problems.map((message) => ({ line: headerIndex + 1, message })) };
  }
  for (const [index, line] of lines.entries()) {
    if (index <= headerIndex || line.trim() === "") continue;
    if (problems.length >= problemsMax) break;
    const cells = splitLine(line, separator);
    if (cells === undefined) {
      problems.push({ line: index + 1, message: "a quote is opened and not closed; close or remove it" });
      continue;
    }
    const row = readBarRow(cells, index + 1, header, columns, problems);
    if (row !== undefined) rows.push(row);
  }
  if (rows.length === 0 && problems.length === 0) {
    problems.push({ line: headerIndex + 1, message: "there is a header but no bar; add a line a bar" });
  }
  return { rows, problems };
}

function findShortSymbols(rowsBySymbol: ReadonlyMap<string, readonly BarRow[]>, barsMin: number): BarFileProblem[] {
  return [...rowsBySymbol].flatMap(([symbol, rows]) => {
    const newest = rows.at(-1);
    if (newest === undefined || rows.length >= barsMin) return [];
    const message = `${symbol} has too few bars, ${rows.length} of the ${barsMin} needed; add older bars`;
    return [{ line: newest.line, message }];
  });
}

/** Bars of a market that closes every night have a gap a day; nobody reads a thousand lines. */
function limitWarnings(warnings: readonly BarFileProblem[]): readonly BarFileProblem[] {
  const next = warnings[problemsMax];
  if (next === undefined) return warnings;
  const message = `${warnings.length - problemsMax} more gaps from this line on`;
  return [...warnings.slice(0, problemsMax), { line: next.line, message }];
}

function byLine(left: BarFileProblem, right: BarFileProblem): number {
  return left.line - right.line;
}
