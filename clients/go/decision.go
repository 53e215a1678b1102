package mllayer

import (
	"google.golang.org/grpc/codes"

	mlv1 "ml.arbitrex/gen/go/arbitrex/ml/v1"
)

// Decision is the service's answer to one request. The zero value, and nil, allow nothing.
type Decision struct {
	response *mlv1.PredictResponse
}

// TradeAllowed answers whether the signal may trade now. False without a decision.
func (d *Decision) TradeAllowed() bool {
	return d.Response().GetPrediction().GetAllowTrade()
}

// Reasons are the failed gates in words, or why the trade is allowed; then warnings.
func (d *Decision) Reasons() []string { return d.Response().GetPrediction().GetDecisionReasons() }

// Regime is the market regime after smoothing; UNKNOWN without a decision.
func (d *Decision) Regime() mlv1.RegimePrediction_Label {
	return d.Response().GetPrediction().GetRegime().GetRegimeLabel()
}

// RegimeConfidence is the probability of the regime at the newest bar, in [0, 1].
func (d *Decision) RegimeConfidence() float64 {
	return d.Response().GetPrediction().GetRegime().GetRegimeConfidence()
}

// SuccessProbability is the estimated probability that the momentum signal succeeds, in [0, 1].
func (d *Decision) SuccessProbability() float64 {
	return d.Response().GetPrediction().GetSignal().GetMomentumSuccessProb()
}

// PredictionID is the key of the decision's audit record, to report its outcome under; empty without a decision.
func (d *Decision) PredictionID() string { return d.Response().GetPredictionId() }

// Response is the whole answer; its getters may be called on nil. Nil without a decision.
func (d *Decision) Response() *mlv1.PredictResponse {
	if d == nil {
		return nil
	}
	return d.response
}

// question is what an answer is held against.
type question struct {
	requestID, symbol, timeframe string
}

// newDecision trusts an answer only where it answers this question and agrees with its own gates.
func newDecision(asked question, response *mlv1.PredictResponse) (*Decision, *Error) {
	answered := question{response.GetRequestId(), response.GetSymbol(), response.GetTimeframe()}
	if answered != asked {
		return nil, newClientError(codes.Internal, ReasonMismatchedAnswer, "asked for %q, answered for %q", asked, answered)
	}
	prediction := response.GetPrediction()
	if prediction == nil || len(prediction.GetGates()) == 0 {
		return nil, newClientError(codes.Internal, ReasonContradictoryAnswer, "an answer without gates")
	}
	for _, gate := range prediction.GetGates() {
		if prediction.GetAllowTrade() && !gate.GetPassed() {
			return nil, newClientError(codes.Internal, ReasonContradictoryAnswer, "a trade allowed although gate %s failed", gate.GetName())
		}
	}
	return &Decision{response}, nil
}
