import type { DecisionRequest, QseOutput } from "../../src/domain/request.ts";
import type { ReferenceDecision } from "./reference-decisions.ts";

/** A window in which every series has the given value at every bar. */
export function createWindow(
  bars: number,
  values: Readonly<Record<string, number>>,
): Record<string, { values: number[] }> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { values: new Array<number>(bars).fill(value) }]),
  );
}

/** Upstream checks that all pass. */
export const passingQse: QseOutput = {
  validation: {
    signalValidityFlag: true,
    autocorrCheckPassed: true,
    stationarityCheckPassed: true,
    distributionCheckPassed: true,
  },
  metrics: { trendPersistenceScore: 0.6 },
  regime: { efficiencyRatio: 0.5, correlationRegime: "NORMAL" },
};

/** A request that every gate lets through. */
export function createAllowedRequest(bars = 120): DecisionRequest & { features: Record<string, { values: number[] }> } {
  return {
    symbol: "EURUSD",
    timeframe: "4H",
    features: createWindow(bars, {
      momentum_score: 1.2,
      efficiency_ratio: 0.8,
      vol_percentile: 50,
      trend_consistency: 0.75,
      atr: 0.002,
    }),
    qseOutput: passingQse,
  };
}

/** A reference request in the form the engine takes. */
export function toDecisionRequest({ request }: ReferenceDecision): DecisionRequest {
  const { validation, metrics, regime } = request.qse_output;
  return {
    symbol: request.symbol,
    timeframe: request.timeframe,
    features: Object.fromEntries(Object.entries(request.features).map(([name, values]) => [name, { values }])),
    qseOutput: {
      validation: {
        signalValidityFlag: validation["signal_validity_flag"],
        autocorrCheckPassed: validation["autocorr_check_passed"],
        stationarityCheckPassed: validation["stationarity_check_passed"],
        distributionCheckPassed: validation["distribution_check_passed"],
      },
      metrics: { trendPersistenceScore: metrics.trend_persistence_score },
      regime: { efficiencyRatio: regime.efficiency_ratio, correlationRegime: regime.correlation_regime },
    },
  };
}
