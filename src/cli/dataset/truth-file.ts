import { parseBarTime } from "../../upstream/bar-time.ts";
import { splitLine } from "../../upstream/separated-line.ts";
import { UsageError } from "../bar-source.ts";

/** What `ml-layer simulate` says about each bar, as text, by symbol and time. */
export interface TruthFile {
  /** Names of the columns, each with the prefix that keeps it from being taken for a feature. */
  readonly columns: readonly string[];
  find(symbol: string, timeMs: number): readonly string[];
}

/** Columns that a table repeats; `regime` and the chances of a signal, not of a rise. */
const takenColumns = [
  ["regime", "truth_regime"],
  ["success", "truth_success"],
  ...["filter", "own_filter"].flatMap((who) =>
    ["trending", "ranging", "stressed", "success"].map((what) => [`${who}_${what}`, `${who}_${what}`]),
  ),
] as const;

/** @throws UsageError for a file that `ml-layer simulate` did not write */
export function readTruth(text: string, fileName: string): TruthFile {
  const [header = "", ...lines] = text.split(/\r?\n/).filter((line) => line !== "");
  const names = splitLine(header, ",") ?? [];
  const indexes = ["time", "symbol", ...takenColumns.map(([name]) => name ?? "")].map((name) => names.indexOf(name));
  if (indexes.includes(-1))
    throw new UsageError(`${fileName} is no truth.csv of ml-layer simulate: columns are missing`);
  const rows = new Map<string, readonly string[]>();
  for (const line of lines) {
    const cells = splitLine(line, ",") ?? [];
    const [time = "", symbol = "", ...values] = indexes.map((index) => cells[index] ?? "");
    rows.set(`${symbol} ${parseBarTime(time)}`, values);
  }
  return {
    columns: takenColumns.map(([, name]) => name ?? ""),
    find(symbol, timeMs) {
      const values = rows.get(`${symbol} ${timeMs}`);
      if (values !== undefined) return values;
      throw new UsageError(`${fileName} says nothing about ${symbol} at ${new Date(timeMs).toISOString()}`);
    },
  };
}
