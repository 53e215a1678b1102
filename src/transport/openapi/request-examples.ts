/** Requests and answers that show what the service is asked and what it says; by RPC. */

import type { JsonObject } from "@bufbuild/protobuf";

export interface MethodExample {
  readonly request: JsonObject;
  readonly answer: JsonObject;
}

/** As few bars as a decision needs when the number of bars that exist is given beside them. */
const bars = 23;
const historyBars = 500;

const configHash = "6f1ed002ab559585";
const timestamp = "2026-01-30T16:00:00.184467Z";

const qseOutput: JsonObject = {
  validation: {
    signal_validity_flag: true,
    autocorr_check_passed: true,
    stationarity_check_passed: true,
    distribution_check_passed: true,
  },
  metrics: { trend_persistence_score: 0.31, volatility_percentile: 54 },
  regime: { efficiency_ratio: 0.71, correlation_regime: "NORMAL" },
};

const prediction: JsonObject = {
  regime: {
    regime_label: "TRENDING",
    regime_confidence: 0.7,
    prob_trending: 0.7,
    prob_ranging: 0.2,
    prob_stressed: 0.1,
    efficiency_ratio: 0.71,
    volatility_percentile: 54,
    correlation_regime: "NORMAL",
    regime_stable: true,
    recent_labels: ["TRENDING", "TRENDING", "TRENDING"],
  },
  signal: {
    momentum_success_prob: 0.8075,
    should_enter: true,
    should_exit: false,
    confidence_level: "HIGH",
    top_features: { momentum_score: 0.12, trend_consistency: 0.03 },
  },
  allow_trade: true,
  decision_reasons: ["every gate passed"],
  gates: [
    {
      name: "SIGNAL_PROBABILITY",
      passed: true,
      value: 0.8075,
      threshold: 0.55,
      margin: 0.2575,
      message: "momentum_success_prob 0.8075 is above 0.55",
    },
  ],
};

const predictionId = "019c0f5e-3a11-7c4e-9d2f-5b8a1e6c7d30";

export const methodExamples: Readonly<Record<string, MethodExample>> = {
  Predict: {
    request: {
      symbol: "EURUSD",
      timeframe: "4H",
      features: createFeatures(),
      qse_output: qseOutput,
      history_bars: historyBars,
    },
    answer: {
      prediction_id: predictionId,
      symbol: "EURUSD",
      timeframe: "4H",
      bar_index: historyBars - 1,
      timestamp,
      prediction,
      config_hash: configHash,
      ml_version: "0.1.0",
      processing_time_ms: 0.08,
      missing_inputs: [],
      request_id: "7f9c2ba4",
    },
  },
  PredictSymbols: {
    request: {
      symbols: ["EURUSD", "GBPUSD"],
      timeframe: "4H",
      features: { EURUSD: createFeatures() },
      qse_outputs: { EURUSD: qseOutput },
    },
    answer: {
      EURUSD: {
        prediction_id: predictionId,
        timestamp,
        prediction,
        config_hash: configHash,
        processing_time_ms: 0.08,
        missing_inputs: [],
      },
      GBPUSD: { error: { code: "invalid_argument", message: "features: none given", details: [] } },
    },
  },
};

/** A calm uptrend. */
function createFeatures(): JsonObject {
  return {
    momentum_score: createSeries(0.6, 0.01),
    trend_consistency: createSeries(0.55, 0.005),
    efficiency_ratio: createSeries(0.6, 0.005),
    vol_percentile: createSeries(43, 0.5),
  };
}

function createSeries(first: number, step: number): number[] {
  return Array.from({ length: bars }, (_, bar) => Number((first + step * bar).toFixed(4)));
}
