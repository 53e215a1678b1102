import { createWriteStream } from "node:fs";
import { extname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { UsageError } from "../bar-source.ts";

/** A cell that nothing is known for is "". */
export type Cell = string | number;

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/**
 * Writes a table as Parquet where the name ends in `.parquet`, as CSV otherwise.
 *
 * @throws UsageError when the file cannot be written
 */
export async function writeTable(table: Table, path: string): Promise<void> {
  try {
    if (extname(path) === ".parquet") await writeParquet(table, path);
    else await pipeline(Readable.from(toCsvLines(table)), createWriteStream(path));
  } catch (cause) {
    throw new UsageError(`cannot write ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** The table as CSV. No cell holds a comma but a symbol, which is quoted when it does. */
export function* toCsvLines({ columns, rows }: Table): Generator<string> {
  yield `${columns.join(",")}\n`;
  for (const row of rows) yield `${row.map(quoteCell).join(",")}\n`;
}

function quoteCell(cell: Cell): Cell {
  return typeof cell === "string" && /[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** Columns of text; of the others `horizon` and `label_success` are whole, labels, rules and truth double, and inputs float. */
const textColumns: ReadonlySet<string> = new Set([
  ...["time", "symbol", "feature_version", "config_hash", "prediction_id", "excluded"],
  ...["rules_regime", "label_regime", "truth_regime"],
]);
const wholeColumns: ReadonlySet<string> = new Set(["horizon", "label_success"]);
const doubleColumns = /^(rules|label|truth|filter|own_filter)_/;

type ColumnType = "STRING" | "INT32" | "DOUBLE" | "FLOAT";

/** How Parquet holds a column. Inputs are what models read, and models read float32. */
export function typeColumn(name: string): ColumnType {
  if (textColumns.has(name)) return "STRING";
  if (wholeColumns.has(name)) return "INT32";
  return doubleColumns.test(name) ? "DOUBLE" : "FLOAT";
}

async function writeParquet({ columns, rows }: Table, path: string): Promise<void> {
  // Only whoever asks for Parquet pays for loading it.
  const { parquetWriteFile } = await import("hyparquet-writer");
  const columnData = columns.map((name, index) => {
    const type = typeColumn(name);
    const read = (cell: Cell = ""): Cell | undefined => {
      if (cell === "") return undefined;
      return type === "STRING" ? String(cell) : Number(cell);
    };
    return { name, type, nullable: true, data: rows.map((row) => read(row[index])) };
  });
  parquetWriteFile({ filename: path, columnData });
}
