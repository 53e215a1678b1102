import { describe, expect, it } from "vitest";
import { buildRegimeStrips, cellsMax } from "../../console/model/regime-strip.ts";
import { RegimePrediction_Label } from "../../gen/ts/arbitrex/ml/v1/common_pb.ts";
import { createRecord, createRecords } from "./decision-records.ts";

describe("the regimes of a symbol", () => {
  it("run from the oldest decision to the newest", () => {
    const [newest, oldest] = createRecords(2);
    if (newest === undefined || oldest === undefined) throw new Error("two were made");
    newest.regime = RegimePrediction_Label.STRESSED;
    newest.allowed = false;
    const { strips } = buildRegimeStrips([newest, oldest]);
    expect(strips).toMatchObject([
      {
        current: "STRESSED",
        cells: [
          { regime: "TRENDING", isAllowed: true },
          { regime: "STRESSED", isAllowed: false },
        ],
        from: "10:20:31",
        until: "10:20:32",
        allowed: 1,
        summary: "EURUSD 4H: STRESSED now; of the last 2 decisions TRENDING 1, STRESSED 1; 1 allowed",
      },
    ]);
  });

  it("hold the newest decisions that have room", () => {
    const records = createRecords(cellsMax + 3);
    const { strips } = buildRegimeStrips(records);
    expect(strips[0]?.cells).toHaveLength(cellsMax);
    expect(strips[0]?.from).toBe("10:20:34");
  });

  it("are apart by timeframe and stay in their places", () => {
    const records = ["GBPUSD", "EURUSD", "AUDUSD"].map((symbol) => createRecord({ symbol }));
    const { strips } = buildRegimeStrips([...records, createRecord({ symbol: "EURUSD", timeframe: "1H" })]);
    expect(strips.map(({ key }) => key)).toEqual(["AUDUSD 4H", "EURUSD 1H", "EURUSD 4H", "GBPUSD 4H"]);
  });

  it("are those of the symbols decided for last when there are too many", () => {
    const records = Array.from({ length: 15 }, (_, index) => createRecord({ symbol: `S${index + 10}` }));
    const { strips, omitted } = buildRegimeStrips(records);
    expect(omitted).toBe(3);
    expect(strips.map(({ symbol }) => symbol)).not.toContain("S24");
  });
});
