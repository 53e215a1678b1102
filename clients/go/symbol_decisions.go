package mllayer

import (
	"google.golang.org/grpc/codes"

	mlv1 "ml.arbitrex/gen/go/arbitrex/ml/v1"
)

// SymbolDecisions are the answers to one [Client.PredictSymbols]. Nil holds none.
type SymbolDecisions struct {
	timeframe string
	response  *mlv1.PredictSymbolsResponse
}

// Of is the decision on one symbol, or the [*Error] that stands in its place; an error as well for a symbol that has no answer.
func (d *SymbolDecisions) Of(symbol string) (*Decision, error) {
	answer := d.Response().GetResults()[symbol]
	if answer == nil {
		return nil, newClientError(codes.Internal, ReasonMismatchedAnswer, "no answer for %q", symbol)
	}
	if answer.GetError() != nil {
		return nil, fromItem(answer.GetError())
	}
	decision, mistrust := newDecision(question{symbol: symbol, timeframe: d.timeframe}, &mlv1.PredictResponse{
		PredictionId:     answer.GetPredictionId(),
		Symbol:           symbol,
		Timeframe:        d.timeframe,
		Timestamp:        answer.GetTimestamp(),
		Prediction:       answer.GetPrediction(),
		RegimeModel:      answer.GetRegimeModel(),
		SignalModel:      answer.GetSignalModel(),
		ConfigHash:       answer.GetConfigHash(),
		ProcessingTimeMs: answer.GetProcessingTimeMs(),
		MissingInputs:    answer.GetMissingInputs(),
	})
	if mistrust != nil {
		return nil, mistrust
	}
	return decision, nil
}

// Response is the whole answer; its getters may be called on nil.
func (d *SymbolDecisions) Response() *mlv1.PredictSymbolsResponse {
	if d == nil {
		return nil
	}
	return d.response
}
