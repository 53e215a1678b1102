package main

import (
	"math"

	"google.golang.org/protobuf/proto"

	mlv1 "ml.arbitrex/gen/go/arbitrex/ml/v1"
)

const (
	lookback = 20
	rankBars = 100
)

// toFeatures are the features of one bar, from that bar and those before it.
func toFeatures(closes []float64, at int) map[string]float64 {
	var returns []float64
	for i := at - lookback - rankBars + 1; i <= at; i++ {
		returns = append(returns, math.Log(closes[i]/closes[i-1]))
	}
	var volatilities []float64
	for end := lookback + 1; end <= len(returns); end++ {
		squares := 0.0
		for _, each := range returns[end-lookback : end] {
			squares += each * each
		}
		volatilities = append(volatilities, math.Sqrt(squares/lookback))
	}
	volatility := volatilities[len(volatilities)-1]
	lower := 0
	for _, each := range volatilities {
		if each < volatility {
			lower++
		}
	}
	momentum, path := 0.0, 0.0
	for _, each := range returns[len(returns)-lookback:] {
		momentum += each
	}
	alike := 0
	for i := at - lookback + 1; i <= at; i++ {
		path += math.Abs(closes[i] - closes[i-1])
		if math.Log(closes[i]/closes[i-1])*momentum > 0 {
			alike++
		}
	}
	return map[string]float64{
		"momentum_score":    momentum / (volatility * math.Sqrt(lookback)),
		"efficiency_ratio":  math.Abs(closes[at]-closes[at-lookback]) / path,
		"vol_percentile":    100 * float64(lower) / float64(len(volatilities)),
		"trend_consistency": float64(alike) / lookback,
	}
}

// check is what a statistics engine would find. This one only looks whether the trend persists.
func check(newest map[string]float64) *mlv1.QseOutput {
	return &mlv1.QseOutput{
		Validation: &mlv1.QseOutput_Validation{
			SignalValidityFlag:      proto.Bool(true),
			AutocorrCheckPassed:     proto.Bool(true),
			StationarityCheckPassed: proto.Bool(true),
			DistributionCheckPassed: proto.Bool(math.Abs(newest["momentum_score"]) < 3),
		},
		Metrics: &mlv1.QseOutput_Metrics{TrendPersistenceScore: proto.Float64(2*newest["trend_consistency"] - 1)},
	}
}
