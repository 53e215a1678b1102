import { readFile } from "node:fs/promises";
import { basename, extname } from "node:path";
import { MlError } from "../domain/errors.ts";
import type { Bar } from "../upstream/bar.ts";
import { readBarCsv } from "../upstream/bar-csv.ts";
import { replayBarsMin } from "./replay-plan.ts";
import type { ReplayInput } from "./replay-run.ts";

/** Which bars of which file. */
export interface BarSource {
  readonly path: string;
  /** Names the instrument of a file without a symbol column, chooses one of a file with one. @default the file's name, or its only symbol */
  readonly symbol?: string | undefined;
  /** @default read off the spacing of the bars */
  readonly timeframe?: string | undefined;
}

/** The user asked for something that cannot be done; the message says what to do instead. */
export class UsageError extends MlError {
  constructor(message: string, options?: ErrorOptions) {
    super("USAGE", message, options);
  }
}

/**
 * Reads a bar file.
 *
 * @throws BarFileError naming the lines that are wrong, UsageError when the file cannot be opened or holds another symbol.
 */
export async function readBars(source: BarSource): Promise<ReplayInput> {
  const fileName = basename(source.path);
  const defaultSymbol = basename(fileName, extname(fileName)).slice(0, symbolLengthMax);
  const text = await readText(source.path);
  const file = readBarCsv(text, { fileName, symbol: source.symbol ?? defaultSymbol, barsMin: replayBarsMin });
  const symbol = chooseSymbol([...file.barsBySymbol.keys()], source.symbol, fileName);
  const bars = file.barsBySymbol.get(symbol) ?? file.bars;
  return {
    symbol,
    timeframe: source.timeframe ?? nameTimeframe(bars),
    fileName,
    bars,
    warnings: file.warnings.map(({ line, message }) => `${fileName} line ${line}: ${message}`),
  };
}

/** The service takes symbols of at most 64 characters. */
const symbolLengthMax = 64;

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    const reason = code === "ENOENT" ? "there is no such file" : code === "EISDIR" ? "it is a folder" : String(cause);
    throw new UsageError(`cannot read ${path}: ${reason}`, { cause });
  }
}

function chooseSymbol(symbols: readonly string[], wanted: string | undefined, fileName: string): string {
  const [only] = symbols;
  if (wanted !== undefined && symbols.includes(wanted)) return wanted;
  if (wanted === undefined && only !== undefined && symbols.length === 1) return only;
  const problem = wanted === undefined ? "several symbols" : `no symbol ${wanted}`;
  throw new UsageError(`${fileName} holds ${problem}; choose one with --symbol: ${symbols.join(", ")}`);
}

const minuteMs = 60_000;
const timeframes: readonly (readonly [string, number])[] = [
  ["1M", minuteMs],
  ["5M", 5 * minuteMs],
  ["15M", 15 * minuteMs],
  ["1H", 60 * minuteMs],
  ["4H", 240 * minuteMs],
  ["1D", 1440 * minuteMs],
  ["1W", 7 * 1440 * minuteMs],
];

/** The named bar size nearest, as a ratio, to the usual distance between bars. */
export function nameTimeframe(bars: readonly Bar[]): string {
  const distances = bars.slice(1).map((bar, index) => bar.timeMs - (bars[index]?.timeMs ?? 0));
  const median = distances.toSorted((a, b) => a - b)[Math.floor(distances.length / 2)] ?? 1440 * minuteMs;
  const ratio = ([, lengthMs]: readonly [string, number]): number => Math.abs(Math.log(lengthMs / median));
  const [nearest] = timeframes.toSorted((left, right) => ratio(left) - ratio(right));
  return nearest?.[0] ?? "1D";
}
