import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultConfig } from "../../src/config/config-schema.ts";
import { InvalidInputError } from "../../src/domain/errors.ts";
import type { DecisionRequest } from "../../src/domain/request.ts";
import { createTestEngine } from "../support/engine.ts";
import { createAllowedRequest, createWindow, passingQse } from "../support/requests.ts";
import { listValues } from "../support/series.ts";

const engine = createTestEngine();
const finite = (min: number, max: number) => fc.double({ min, max, noNaN: true });

/** Any window that can be decided, with any subset of the inputs. */
const anyRequest: fc.Arbitrary<DecisionRequest> = fc.record({
  symbol: fc.constantFrom("EURUSD", "GBPUSD", "SPX"),
  timeframe: fc.constantFrom("4H", "1D"),
  features: fc.dictionary(
    fc.constantFrom(
      "momentum_score",
      "trend_consistency",
      "efficiency_ratio",
      "vol_percentile",
      "volatility",
      "ma_distance_20",
      "atr",
      "something_else",
    ),
    fc.record({ values: fc.array(finite(-120, 120), { minLength: 120, maxLength: 120 }) }),
  ),
  qseOutput: fc.record(
    {
      validation: fc.record(
        {
          signalValidityFlag: fc.boolean(),
          autocorrCheckPassed: fc.boolean(),
          stationarityCheckPassed: fc.boolean(),
          distributionCheckPassed: fc.boolean(),
        },
        { requiredKeys: [] },
      ),
      metrics: fc.record(
        { trendPersistenceScore: finite(-2, 2), volatilityPercentile: finite(0, 100) },
        { requiredKeys: [] },
      ),
      regime: fc.record({ efficiencyRatio: finite(0, 1) }, { requiredKeys: [] }),
    },
    { requiredKeys: [] },
  ),
});

describe("a decision", () => {
  it("is explained by contributions that add up to the probability exactly", () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const { probability, explanation } = engine.decide(request).signal;
        let sum = explanation.base;
        for (const { contribution } of explanation.contributions) sum += contribution;
        expect(sum).toBe(probability);
        expect(probability).toBeGreaterThanOrEqual(0);
        expect(probability).toBeLessThanOrEqual(1);
      }),
      { numRuns: 500 },
    );
  });

  it("is a pure function of the request: order, repeats and other symbols in between change nothing", () => {
    fc.assert(
      fc.property(fc.array(anyRequest, { minLength: 2, maxLength: 6 }), fc.array(fc.nat(5)), (requests, order) => {
        const alone = requests.map((request) => createTestEngine().decide(structuredClone(request)));
        const shuffled = [...order, ...requests.keys()].map((index) => index % requests.length);
        for (const index of shuffled) {
          const request = requests[index];
          if (request === undefined) throw new Error("no such request");
          expect(engine.decide(request)).toEqual(alone[index]);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("leaves the request as it was", () => {
    const request = createAllowedRequest();
    const before = structuredClone(request);
    engine.decide(request);
    expect(request).toEqual(before);
  });

  it("does not change with older bars in front of the window, unless a model ranks over the window", () => {
    fc.assert(
      fc.property(anyRequest, fc.integer({ min: 1, max: 60 }), (request, older) => {
        fc.pre(request.features["vol_percentile"] !== undefined || request.features["volatility"] === undefined);
        const longer: DecisionRequest = {
          ...request,
          features: Object.fromEntries(
            Object.entries(request.features).map(([name, { values }]) => [
              name,
              { values: [...new Array<number>(older).fill(7), ...listValues(values)] },
            ]),
          ),
        };
        fc.pre(Object.keys(request.features).length > 0);
        const { inputs, ...decision } = engine.decide(request);
        const { inputs: longerInputs, ...longerDecision } = engine.decide(longer);
        expect(longerDecision).toEqual(decision);
        expect({ ...longerInputs, bars: 120 }).toEqual(inputs);
      }),
      { numRuns: 200 },
    );
  });

  it("is the same for a short window with a history as for the whole window", () => {
    const request = createAllowedRequest();
    const short = {
      ...request,
      historyBars: 120,
      features: Object.fromEntries(
        Object.entries(request.features).map(([name, { values }]) => [name, { values: values.slice(-23) }]),
      ),
    };
    expect(engine.decide(short)).toEqual(engine.decide(request));
  });

  it("is allowed only when every gate passes, and every gate is evaluated", () => {
    const { gates, allowTrade, reasons } = engine.decide(createAllowedRequest());
    expect(gates.map(({ name, passed }) => [name, passed])).toEqual([
      ["TRADING_ENABLED", true],
      ["QSE_VALID", true],
      ["REGIME_ALLOWED", true],
      ["REGIME_CONFIDENCE", true],
      ["SIGNAL_PROBABILITY", true],
    ]);
    expect(allowTrade).toBe(true);
    expect(reasons).toEqual(["all gates passed"]);
  });

  it.each<[string, Partial<DecisionRequest>, string[]]>([
    ["QSE output is missing", { qseOutput: undefined }, ["QSE_VALID"]],
    [
      "QSE refuses",
      { qseOutput: { ...passingQse, validation: { ...passingQse.validation, signalValidityFlag: false } } },
      ["QSE_VALID"],
    ],
    [
      "the regime is ranging",
      {
        features: createWindow(120, {
          momentum_score: 1.2,
          efficiency_ratio: 0.2,
          vol_percentile: 10,
          trend_consistency: 0.9,
        }),
      },
      ["REGIME_ALLOWED"],
    ],
    [
      "the trend is weak",
      {
        features: createWindow(120, {
          momentum_score: 1.2,
          efficiency_ratio: 0.6,
          vol_percentile: 50,
          trend_consistency: 0.9,
        }),
      },
      ["REGIME_CONFIDENCE"],
    ],
    [
      "momentum is against it",
      {
        features: createWindow(120, {
          momentum_score: -2,
          efficiency_ratio: 0.8,
          vol_percentile: 50,
          trend_consistency: 0.3,
        }),
      },
      ["SIGNAL_PROBABILITY"],
    ],
    [
      "everything is against it",
      {
        qseOutput: undefined,
        features: createWindow(120, {
          momentum_score: -2,
          efficiency_ratio: 0.5,
          vol_percentile: 50,
          trend_consistency: 0,
        }),
      },
      ["QSE_VALID", "REGIME_ALLOWED", "REGIME_CONFIDENCE", "SIGNAL_PROBABILITY"],
    ],
  ])("is refused when %s, and names the gates", (_name, change, failed) => {
    const { gates, allowTrade, reasons } = engine.decide({ ...createAllowedRequest(), ...change });
    expect(gates.filter(({ passed }) => !passed).map(({ name }) => name)).toEqual(failed);
    expect(allowTrade).toBe(false);
    expect(reasons).toEqual(gates.filter(({ passed }) => !passed).map(({ message }) => message));
  });

  it("is refused while trading is halted, whatever else passes", () => {
    const halted = createTestEngine(defaultConfig, (symbol) =>
      symbol === "EURUSD" ? "halted: fat finger" : undefined,
    );
    const { gates, allowTrade, reasons } = halted.decide(createAllowedRequest());
    expect(gates.filter(({ passed }) => !passed).map(({ name }) => name)).toEqual(["TRADING_ENABLED"]);
    expect(allowTrade).toBe(false);
    expect(reasons).toEqual(["halted: fat finger"]);
    expect(halted.decide({ ...createAllowedRequest(), symbol: "GBPUSD" }).allowTrade).toBe(true);
  });

  it("says of each symbol why it is halted, whatever the one before was halted for", () => {
    const reasons: Readonly<Record<string, string | undefined>> = { EURUSD: "fat finger", GBPUSD: "no prices" };
    const halted = createTestEngine(defaultConfig, (symbol) => reasons[symbol]);
    const tell = (symbol: string) => halted.decide({ ...createAllowedRequest(), symbol }).gates[0]?.message;
    expect(["EURUSD", "EURUSD", "GBPUSD", "SPX", "EURUSD"].map(tell)).toEqual([
      "fat finger",
      "fat finger",
      "no prices",
      "trading is enabled",
      "fat finger",
    ]);
  });

  it("cannot be changed through the outcomes that it shares with the ones after it", () => {
    const engine = createTestEngine();
    const request = { ...createAllowedRequest(), qseOutput: undefined };
    for (const gate of engine.decide(request).gates) {
      if (gate.name !== "SIGNAL_PROBABILITY") expect(() => Object.assign(gate, { passed: true })).toThrow(TypeError);
    }
    expect(engine.decide(request).allowTrade).toBe(false);
  });

  it("has the outcomes of the one before where nothing has changed, as the same objects", () => {
    const request = createAllowedRequest();
    const { gates } = engine.decide(request);
    const ranging = { ...request, features: createWindow(120, { efficiency_ratio: 0.1, vol_percentile: 10 }) };
    engine.decide(ranging);
    const again = engine.decide({ ...request, symbol: "GBPUSD" }).gates;
    expect(again.map((gate, at) => gate === gates[at])).toEqual([true, true, true, true, false]);
    const invalid = { ...passingQse, validation: { ...passingQse.validation, signalValidityFlag: false } };
    expect(engine.decide({ ...request, qseOutput: invalid }).gates.map((gate, at) => gate === gates[at])).toEqual([
      true,
      false,
      true,
      true,
      false,
    ]);
  });

  it.each([
    ["confidence at the threshold", { regime: { ...defaultConfig.regime, minConfidence: 0.7 } }],
    [
      "probability at the threshold",
      {
        signalFilter: {
          ...defaultConfig.signalFilter,
          entryThreshold: engine.decide(createAllowedRequest()).signal.probability,
          highConfidenceThreshold: 1,
        },
      },
    ],
  ])("is refused with the %s: above is above", (_name, change) => {
    expect(createTestEngine({ ...defaultConfig, ...change }).decide(createAllowedRequest()).allowTrade).toBe(false);
  });

  it("warns of an unstable regime without refusing for it", () => {
    const request = createAllowedRequest();
    request.features["efficiency_ratio"]?.values.splice(117, 1, 0.1);
    const { allowTrade, reasons, regime } = engine.decide(request);
    expect(regime).toMatchObject({
      label: "TRENDING",
      stable: false,
      recentLabels: ["RANGING", "TRENDING", "TRENDING"],
    });
    expect(allowTrade).toBe(true);
    expect(reasons).toEqual(["all gates passed", "warning: regime is unstable (RANGING, TRENDING, TRENDING)"]);
  });
});

describe("with too few bars", () => {
  it.each([0, 1, 40, 99])("answers %i bars with UNKNOWN and never allows", (bars) => {
    const request = bars === 0 ? { ...createAllowedRequest(), features: {} } : createAllowedRequest(bars);
    const { regime, signal, allowTrade, reasons } = engine.decide(request);
    expect(allowTrade).toBe(false);
    expect(reasons).toEqual([`insufficient data: ${bars} of 100 bars`]);
    expect(regime).toMatchObject({
      label: "UNKNOWN",
      confidence: 0,
      probTrending: 0.33,
      probRanging: 0.33,
      probStressed: 0.33,
    });
    expect(signal).toMatchObject({ probability: 0.5, level: "LOW", shouldEnter: false, shouldExit: false });
  });

  it("answers 100 bars with a decision", () => {
    expect(engine.decide(createAllowedRequest(100)).allowTrade).toBe(true);
  });

  it("takes the larger of the two models' needs", () => {
    const config = { ...defaultConfig, signalFilter: { ...defaultConfig.signalFilter, minBarsRequired: 130 } };
    expect(createTestEngine(config).decide(createAllowedRequest()).reasons).toEqual([
      "insufficient data: 120 of 130 bars",
    ]);
  });

  it.each([
    [22, 500, false],
    [23, 500, true],
    [23, 99, false],
    [23, 100, true],
  ])("with a window of %i bars and a history of %i allows: %s", (bars, historyBars, allowed) => {
    expect(engine.decide({ ...createAllowedRequest(bars), historyBars }).allowTrade).toBe(allowed);
  });
});

describe("a missing input", () => {
  it("is named when a neutral value stands in for it", () => {
    const { inputs, regime } = engine.decide({ symbol: "A", timeframe: "1D", features: createWindow(120, { atr: 1 }) });
    expect(inputs.missing).toEqual([
      "efficiency_ratio",
      "vol_percentile",
      "momentum_score",
      "trend_consistency",
      "qse_output.metrics.trend_persistence_score",
      "qse_output.validation.signal_validity_flag",
      "qse_output.validation.autocorr_check_passed",
      "qse_output.validation.stationarity_check_passed",
      "qse_output.validation.distribution_check_passed",
    ]);
    expect(regime).toMatchObject({ efficiencyRatio: 0.5, volatilityPercentile: 50, correlationRegime: "UNKNOWN" });
  });

  it("is not missing when the upstream engine reports it", () => {
    const request: DecisionRequest = {
      symbol: "A",
      timeframe: "1D",
      features: createWindow(120, { momentum_score: 1, trend_consistency: 0.5 }),
      qseOutput: { ...passingQse, metrics: { trendPersistenceScore: 0.2, volatilityPercentile: 30 } },
    };
    const { inputs } = engine.decide(request);
    expect(inputs.missing).toEqual([]);
    expect(inputs.efficiencyRatio).toEqual([0.5, 0.5, 0.5]);
    expect(inputs.volatilityPercentile).toEqual([30, 30, 30]);
  });

  it("falls back on the rank of volatility in the window, looking at no later bar", () => {
    const rising = Array.from({ length: 120 }, (_, bar) => bar);
    const features = { ...createWindow(120, { efficiency_ratio: 0.5 }), rolling_vol: { values: rising } };
    expect(engine.decide({ symbol: "A", timeframe: "1D", features }).inputs.volatilityPercentile).toEqual([
      100, 100, 100,
    ]);
    const falling = { ...features, rolling_vol: { values: rising.toReversed() } };
    const { volatilityPercentile } = engine.decide({ symbol: "A", timeframe: "1D", features: falling }).inputs;
    expect(volatilityPercentile).toEqual([100 / 118, 100 / 119, 100 / 120]);
  });
});

describe("a bad request", () => {
  const withSeries = (name: string, values: number[]): DecisionRequest => {
    const request = createAllowedRequest();
    return { ...request, features: { ...request.features, [name]: { values } } };
  };
  const long = (value: number, bars = 120): number[] => new Array<number>(bars).fill(value);

  it.each<[string, DecisionRequest, string[]]>([
    ["an empty symbol", { ...createAllowedRequest(), symbol: "" }, ["symbol"]],
    ["an empty timeframe", { ...createAllowedRequest(), timeframe: "" }, ["timeframe"]],
    ["a long symbol", { ...createAllowedRequest(), symbol: "x".repeat(65) }, ["symbol"]],
    ["both names bad", { ...createAllowedRequest(), symbol: "", timeframe: "t".repeat(33) }, ["symbol", "timeframe"]],
    ["a short series", withSeries("atr", long(1, 119)), ['features["atr"].values']],
    ["a long series", withSeries("atr", long(1, 10_001)), ['features["atr"].values']],
    ["a history shorter than the window", { ...createAllowedRequest(), historyBars: 119 }, ["history_bars"]],
    [
      "NaN at the newest bar",
      withSeries("momentum_score", long(1).with(119, Number.NaN)),
      ['features["momentum_score"].values[119]'],
    ],
    [
      "infinity in the smoothing window",
      withSeries("efficiency_ratio", long(1).with(117, Number.POSITIVE_INFINITY)),
      ['features["efficiency_ratio"].values[117]'],
    ],
    [
      "a feature under both its names",
      { ...createAllowedRequest(), features: { volatility: { values: long(1) }, rolling_vol: { values: long(1) } } },
      ['features["rolling_vol"]'],
    ],
    [
      "a non-finite metric",
      { ...createAllowedRequest(), qseOutput: { ...passingQse, metrics: { trendPersistenceScore: Number.NaN } } },
      ["qse_output.metrics.trend_persistence_score"],
    ],
  ])("with %s is refused and the field is named", (_name, request, fields) => {
    let caught: unknown;
    try {
      engine.decide(request);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(InvalidInputError);
    expect(caught instanceof InvalidInputError ? caught.violations.map(({ field }) => field) : []).toEqual(fields);
  });

  it("with 257 series is refused, with 256 it is not", () => {
    const series = (count: number): DecisionRequest => ({
      symbol: "A",
      timeframe: "1D",
      features: createWindow(120, Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}`, 1]))),
    });
    expect(() => engine.decide(series(257))).toThrow(InvalidInputError);
    expect(engine.decide(series(256)).allowTrade).toBe(false);
  });

  it.each([
    ["a bar that no model reads", withSeries("momentum_score", long(1).with(118, Number.NaN))],
    ["a series that no model reads", withSeries("atr", long(Number.NaN))],
    ["the limits themselves", { ...createAllowedRequest(), symbol: "x".repeat(64), timeframe: "t".repeat(32) }],
    ["10 000 bars", createAllowedRequest(10_000)],
  ])("is not refused for %s", (_name, request) => {
    expect(engine.decide(request).allowTrade).toBe(true);
  });
});
