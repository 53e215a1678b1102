/** Where each part of a bar stands in a row. */
export interface BarColumns {
  /** One column, or a date and a time of day. */
  readonly time: readonly number[];
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number | undefined;
  readonly symbol: number | undefined;
}

const priceNames = ["open", "high", "low", "close"] as const;

/** Finds the columns in a header line, whatever their case and order. The problems are sentences. */
export function findBarColumns(header: readonly string[]): BarColumns | { readonly problems: readonly string[] } {
  // Terminals export headers such as <CLOSE>.
  const names = header.map((name) => name.toLowerCase().replace(/^<(.*)>$/, "$1"));
  const indexOf = (name: string): number | undefined => (names.includes(name) ? names.indexOf(name) : undefined);
  const time = findTimeColumns(indexOf);
  const [open, high, low, close] = priceNames.map(indexOf);
  const missing = [
    ...(time.length === 0 ? ["date (or time, timestamp, datetime)"] : []),
    ...priceNames.filter((name) => indexOf(name) === undefined),
  ];
  const known = ["date", "time", "timestamp", "datetime", "volume", "symbol", ...priceNames];
  const repeated = known.filter((name) => names.indexOf(name) !== names.lastIndexOf(name));
  const problems = [
    ...missing.map(
      (name) => `there is no column ${name}; the columns found are ${header.join(", ")}. Add it to the header line`,
    ),
    ...repeated.map((name) => `there is more than one column ${name}; keep one`),
  ];
  if (problems.length > 0 || open === undefined || high === undefined || low === undefined || close === undefined) {
    return { problems };
  }
  return { time, open, high, low, close, volume: indexOf("volume"), symbol: indexOf("symbol") };
}

/** `date` and `time` side by side belong together; otherwise the most telling name wins. */
function findTimeColumns(indexOf: (name: string) => number | undefined): readonly number[] {
  const whole = indexOf("datetime") ?? indexOf("timestamp");
  if (whole !== undefined) return [whole];
  return [indexOf("date"), indexOf("time")].filter((index) => index !== undefined);
}
