import type { Bar } from "./bar.ts";
import type { BarColumns } from "./bar-columns.ts";
import type { BarFileProblem } from "./bar-file-error.ts";
import { parseBarTime } from "./bar-time.ts";

/** A bar, and where it came from. */
export interface BarRow {
  readonly line: number;
  /** Undefined in a file without a symbol column. */
  readonly symbol: string | undefined;
  readonly bar: Bar;
}

/** How far, relative to the price, rounding may put a high below a close. */
const roundingShare = 1e-9;

const decimalNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** Reads the cells of one line, and adds to `problems` what is wrong with them. */
export function readBarRow(
  cells: readonly string[],
  line: number,
  header: readonly string[],
  columns: BarColumns,
  problems: BarFileProblem[],
): BarRow | undefined {
  if (cells.length !== header.length) {
    const message = `${cells.length} cells under a header of ${header.length}; add or remove cells, or quote text that holds the separator`;
    problems.push({ line, message });
    return undefined;
  }
  const problemsBefore = problems.length;
  const report = (index: number, message: string): number => {
    const column = header[index];
    problems.push({ line, ...(column === undefined ? {} : { column }), message });
    return Number.NaN;
  };
  const readPrice = (index: number): number => {
    const price = parseNumber(cells[index] ?? "");
    if (typeof price === "string") return report(index, price);
    return price > 0 ? price : report(index, `${cells[index]} is not above zero; correct the price or remove the line`);
  };
  const time = columns.time.map((index) => cells[index]).join(" ");
  const bar = {
    time,
    timeMs: parseBarTime(time) ?? report(columns.time[0] ?? 0, describeBadTime(time)),
    open: readPrice(columns.open),
    high: readPrice(columns.high),
    low: readPrice(columns.low),
    close: readPrice(columns.close),
    volume: columns.volume === undefined ? 0 : readVolume(cells[columns.volume] ?? "", columns.volume, report),
  };
  const symbol = columns.symbol === undefined ? undefined : cells[columns.symbol];
  if (columns.symbol !== undefined && symbol === "") report(columns.symbol, "the symbol is empty; name the instrument");
  if (problems.length === problemsBefore) reportInconsistency(bar, columns, report);
  return problems.length === problemsBefore ? { line, symbol, bar } : undefined;
}

type Report = (index: number, message: string) => number;

function readVolume(cell: string, index: number, report: Report): number {
  if (cell === "") return 0;
  const volume = parseNumber(cell);
  if (typeof volume === "string") return report(index, volume);
  return volume >= 0 ? volume : report(index, `${cell} is below zero; correct the volume or leave the cell empty`);
}

/** The number, or a sentence on why there is none. */
function parseNumber(cell: string): number | string {
  if (cell === "") return "the cell is empty; fill in the number or remove the line";
  const value = decimalNumber.test(cell) ? Number(cell) : Number.NaN;
  if (Number.isFinite(value)) return value;
  const isGrouped = /^[+-]?[\d.,]*\d,\d[\d.,]*$/.test(cell);
  const advice = isGrouped
    ? "write it with a decimal point and without thousands separators"
    : "fill in the number or remove the line";
  return `${JSON.stringify(cell.slice(0, 40))} is not a number; ${advice}`;
}

function describeBadTime(time: string): string {
  return `${JSON.stringify(time.slice(0, 40))} is not a date; write 2024-01-31, 2024-01-31T16:00:00Z or Unix seconds`;
}

function reportInconsistency(bar: Bar, columns: BarColumns, report: Report): void {
  const slack = roundingShare * bar.high;
  if (bar.high < bar.low - slack) {
    report(columns.high, `the high ${bar.high} is below the low ${bar.low}; check that the columns are not swapped`);
    return;
  }
  for (const name of ["open", "close"] as const) {
    if (bar[name] <= bar.high + slack && bar[name] >= bar.low - slack) continue;
    report(
      columns[name],
      `the ${name} ${bar[name]} lies outside low to high, ${bar.low} to ${bar.high}; correct the line or remove it`,
    );
  }
}
