import { describe, expect, it } from "vitest";
import { type BarCsvOptions, type BarFile, readBarCsv } from "../../src/upstream/bar-csv.ts";
import { BarFileError } from "../../src/upstream/bar-file-error.ts";
import { readIndexFile } from "./bar-series.ts";

const header = "date,open,high,low,close,volume";
const goodRow = (day: number): string => `2024-01-${String(day).padStart(2, "0")},10,12,9,11,500`;
const file = (...rows: string[]): string => [header, ...rows].join("\n");

function read(text: string, options: BarCsvOptions = {}): BarFile {
  return readBarCsv(text, { barsMin: 1, ...options });
}

function errorOf(text: string, options?: BarCsvOptions): BarFileError {
  try {
    read(text, options);
  } catch (error) {
    if (error instanceof BarFileError) return error;
    throw error;
  }
  throw new Error("the file was read");
}

describe("a bar file", () => {
  const expected = [
    { time: "2024-01-02", timeMs: Date.UTC(2024, 0, 2), open: 10, high: 12, low: 9, close: 11, volume: 500 },
    { time: "2024-01-03", timeMs: Date.UTC(2024, 0, 3), open: 11, high: 13, low: 10, close: 12.5, volume: 0 },
  ];
  const readable: readonly [string, string][] = [
    ["with commas", "date,open,high,low,close,volume\n2024-01-02,10,12,9,11,500\n2024-01-03,11,13,10,12.5,0"],
    ["with semicolons", "date;open;high;low;close;volume\n2024-01-02;10;12;9;11;500\n2024-01-03;11;13;10;12.5;0"],
    [
      "with tabs",
      "date\topen\thigh\tlow\tclose\tvolume\n2024-01-02\t10\t12\t9\t11\t500\n2024-01-03\t11\t13\t10\t12.5\t0",
    ],
    [
      "with CRLF and blank lines at the end",
      "date,open,high,low,close,volume\r\n2024-01-02,10,12,9,11,500\r\n2024-01-03,11,13,10,12.5,0\r\n\r\n  \r\n",
    ],
    [
      "with a byte order mark",
      "\uFEFFdate,open,high,low,close,volume\n2024-01-02,10,12,9,11,500\n2024-01-03,11,13,10,12.5,0",
    ],
    [
      "with quotes",
      '"date","open","high","low","close","volume"\n"2024-01-02","10",12,9,11,"500"\n"2024-01-03",11,13,10,12.5,0',
    ],
    [
      "with its own order and case",
      "Volume,CLOSE,Low,High,Open,Date\n500,11,9,12,10,2024-01-02\n0,12.5,10,13,11,2024-01-03",
    ],
    [
      "with columns that are not ours",
      'date,note,open,high,low,close,adj,volume\n2024-01-02,"a, ""b""",10,12,9,11,x,500\n2024-01-03,,11,13,10,12.5,,0',
    ],
    [
      "with spaces around cells",
      "date , open , high,low,close,volume\n 2024-01-02 , 10 ,12,9,11,500\n2024-01-03,11,13,10,12.5,",
    ],
    ["with exponents", "date,open,high,low,close,volume\n2024-01-02,1e1,1.2E1,9.,11,5e+2\n2024-01-03,11,13,10,12.5,0"],
  ];
  it.each(readable)("is read %s", (_name, text) => {
    expect(read(text).bars).toEqual(expected);
  });

  it.each([
    ["date", "2024-01-31", "2024-01-31T00:00:00.000Z"],
    ["Time", "2024/01/31", "2024-01-31T00:00:00.000Z"],
    ["timestamp", "20240131", "2024-01-31T00:00:00.000Z"],
    ["datetime", "2024.01.31 16:30", "2024-01-31T16:30:00.000Z"],
    ["datetime", "2024-01-31T16:30:15.250Z", "2024-01-31T16:30:15.250Z"],
    ["datetime", "2024-01-31 16:30:15+02:00", "2024-01-31T14:30:15.000Z"],
    ["datetime", "2024-01-31T16:30-0530", "2024-01-31T22:00:00.000Z"],
    ["time", "1706718600", "2024-01-31T16:30:00.000Z"],
    ["timestamp", "1706718600000", "2024-01-31T16:30:00.000Z"],
  ])("has in a column %s the time %s", (column, time, iso) => {
    const [bar] = read(`${column},open,high,low,close\n${time},10,12,9,11`).bars;
    expect(new Date(bar?.timeMs ?? Number.NaN).toISOString()).toBe(iso);
    expect(bar?.time).toBe(time);
  });

  it("may keep the date and the time of day apart, as terminals do", () => {
    const [bar] = read("<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\n2024.01.31\t16:30:00\t10\t12\t9\t11").bars;
    expect(bar?.timeMs).toBe(Date.UTC(2024, 0, 31, 16, 30));
    expect(bar?.volume).toBe(0);
  });

  it("may hold several symbols, each in order by itself", () => {
    const text =
      "symbol,date,open,high,low,close\nEURUSD,2024-01-02,1,1,1,1\nEURUSD,2024-01-03,1,1,1,1\nGBPUSD,2024-01-02,2,2,2,2";
    const { barsBySymbol, bars } = read(text);
    expect([...barsBySymbol].map(([symbol, each]) => [symbol, each.length])).toEqual([
      ["EURUSD", 2],
      ["GBPUSD", 1],
    ]);
    expect(bars).toBe(barsBySymbol.get("EURUSD"));
  });

  it("goes by the given name when it has no symbol column", () => {
    expect([...read(file(goodRow(2)), { symbol: "SPX" }).barsBySymbol.keys()]).toEqual(["SPX"]);
  });

  it("may be off by a rounding error", () => {
    expect(read(file("2024-01-02,10,11.999999999,9,12.000000000,1")).bars).toHaveLength(1);
    expect(errorOf(file("2024-01-02,10,11.9999999,9,12.0000000,1")).problems).toHaveLength(1);
  });

  it("is the S&P 500 of 2000 to 2020, with one gap in September 2001", () => {
    const { bars, warnings } = readIndexFile();
    expect(bars).toHaveLength(5105);
    expect(bars.at(-1)).toMatchObject({ time: "2020-04-17", close: 2874.560059, volume: 5792140000 });
    expect(warnings).toEqual([
      { line: 428, message: "7 bar intervals lie between 2001-09-10 (line 427) and 2001-09-17" },
    ]);
  });
});

describe("a bad bar file", () => {
  const bad: readonly [string, string, number, string | undefined, string][] = [
    ["empty", "", 1, undefined, "the file is empty; it needs a header line and a line a bar"],
    ["blank", "\n \r\n", 1, undefined, "the file is empty"],
    ["only a header", `\n${header}\n`, 2, undefined, "there is a header but no bar"],
    [
      "without a close",
      "date,open,high,low,price\n2024-01-02,1,1,1,1",
      1,
      undefined,
      "there is no column close; the columns found are date, open, high, low, price.",
    ],
    [
      "without a date",
      "day,open,high,low,close\n2024-01-02,1,1,1,1",
      1,
      undefined,
      "there is no column date (or time, timestamp, datetime)",
    ],
    [
      "with two columns of a name",
      "date,open,high,low,close,Close\n2024-01-02,1,1,1,1,1",
      1,
      undefined,
      "more than one column close",
    ],
    [
      "with a duplicate date",
      file(goodRow(2), goodRow(3), goodRow(3)),
      4,
      undefined,
      "2024-01-03 is on line 3 already",
    ],
    [
      "with a line out of order",
      file(goodRow(3), goodRow(2), goodRow(4)),
      3,
      undefined,
      "2024-01-02 comes after 2024-01-03 of line 2; sort",
    ],
    [
      "that runs backwards",
      file(goodRow(4), goodRow(3), goodRow(2)),
      3,
      undefined,
      "the bars run newest first; reverse",
    ],
    ["with text for a price", file(goodRow(2), "2024-01-03,10,12,n/a,11,5"), 3, "low", '"n/a" is not a number'],
    ["with hexadecimals", file("2024-01-03,0x10,12,9,11,5"), 2, "open", '"0x10" is not a number'],
    ["with an infinite price", file("2024-01-03,10,1e999,9,11,5"), 2, "high", '"1e999" is not a number'],
    ["with an empty price", file("2024-01-03,10,12,9,,5"), 2, "close", "the cell is empty"],
    [
      "with decimal commas",
      "date;open;high;low;close\n2024-01-02;10;12;9;11,5",
      2,
      "close",
      "write it with a decimal point",
    ],
    ["with a high below its low", file("2024-01-03,10,9,12,10,5"), 2, "high", "the high 9 is below the low 12"],
    [
      "with an open above its high",
      file("2024-01-03,13,12,9,11,5"),
      2,
      "open",
      "the open 13 lies outside low to high, 9 to 12",
    ],
    [
      "with a close below its low",
      file("2024-01-03,10,12,9,8,5"),
      2,
      "close",
      "the close 8 lies outside low to high, 9 to 12",
    ],
    ["with a price of zero", file("2024-01-03,10,12,0,11,5"), 2, "low", "0 is not above zero"],
    ["with a negative price", file("2024-01-03,-10,12,9,11,5"), 2, "open", "-10 is not above zero"],
    ["with a negative volume", file("2024-01-03,10,12,9,11,-5"), 2, "volume", "-5 is below zero"],
    [
      "with an ambiguous date",
      file("03/04/2024,10,12,9,11,5"),
      2,
      "date",
      '"03/04/2024" is not a date; write 2024-01-31',
    ],
    ["with a day that does not exist", file("2023-02-29,10,12,9,11,5"), 2, "date", '"2023-02-29" is not a date'],
    ["with an hour that does not exist", file("2024-01-02T24:30,10,12,9,11,5"), 2, "date", "is not a date"],
    ["with a cell too few", file(goodRow(2), "", "2024-01-03,10,12,9,11"), 4, undefined, "5 cells under a header of 6"],
    ["with a cell too many", file("2024-01-03,10,12,9,11,5,"), 2, undefined, "7 cells under a header of 6"],
    ["with an open quote", file('2024-01-03,"10,12,9,11,5'), 2, undefined, "a quote is opened and not closed"],
    [
      "without a symbol in its column",
      "symbol,date,open,high,low,close\n,2024-01-02,1,1,1,1",
      2,
      "symbol",
      "the symbol is empty",
    ],
  ];
  it.each(bad)("is refused: %s", (_name, text, line, column, message) => {
    const { problems } = errorOf(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ line, message: expect.stringContaining(message) });
    expect(problems[0]?.column).toBe(column);
  });

  it("is refused with too few bars, by name", () => {
    const ninetyNine = Array.from({ length: 99 }, (_, day) => `${1_700_000_000 + day * 86_400},10,12,9,11,1`);
    const { problems } = errorOf(file(...ninetyNine), { barsMin: 100, symbol: "SPX" });
    expect(problems).toEqual([{ line: 100, message: "SPX has too few bars, 99 of the 100 needed; add older bars" }]);
    expect(readBarCsv(file(...ninetyNine, "1800000000,10,12,9,11,1")).bars).toHaveLength(100);
  });

  it("is refused with more lines than allowed", () => {
    const text = file(goodRow(2), goodRow(3));
    expect(errorOf(text, { linesMax: 2 }).problems).toEqual([
      { line: 3, message: "more than 2 lines; split the file" },
    ]);
    expect(read(text, { linesMax: 3 }).bars).toHaveLength(2);
  });

  it("tells every problem at once, by line", () => {
    const error = errorOf(file("2024-01-05,x,12,9,y,5", goodRow(4), goodRow(3), "2024-01-06,10,12,9"), {
      fileName: "fx.csv",
    });
    expect(error.problems.map(({ line, column }) => [line, column])).toEqual([
      [2, "open"],
      [2, "close"],
      [4, undefined],
      [5, undefined],
    ]);
    expect(error.message.split("\n")[0]).toBe("fx.csv cannot be read as bars:");
    expect(error.message.split("\n")[1]).toBe(
      '  line 2, column open: "x" is not a number; fill in the number or remove the line',
    );
  });

  it("tells no more than twenty problems", () => {
    const { problems } = errorOf(file(...Array.from({ length: 30 }, () => "2024-01-05,x,y,9,10,5")));
    expect(problems).toHaveLength(20);
    expect(problems.at(-1)?.line).toBe(11);
  });
});

describe("gaps", () => {
  const hourly = (hours: readonly number[]): string =>
    file(...hours.map((hour) => `${1_700_000_000 + hour * 3600},10,12,9,11,1`));

  it("warn from more than five bar intervals on", () => {
    expect(read(hourly([0, 1, 2, 3, 8, 9, 10])).warnings).toEqual([]);
    expect(read(hourly([0, 1, 2, 3, 9, 10, 11])).warnings.map((each) => each.line)).toEqual([6]);
  });

  it("do not include a holiday next to a weekend", () => {
    expect(read(file(goodRow(8), goodRow(9), goodRow(10), goodRow(11), goodRow(12), goodRow(16))).warnings).toEqual([]);
  });

  it("are summed up after the twentieth", () => {
    const nights = Array.from({ length: 25 }, (_, night) => [0, 1, 2, 3].map((hour) => night * 24 + hour)).flat();
    const { warnings } = read(hourly(nights));
    expect(warnings).toHaveLength(21);
    expect(warnings.at(-1)?.message).toBe("4 more gaps from this line on");
  });
});
