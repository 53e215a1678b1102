package mllayer

import (
	"context"
	"errors"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	rpcstatus "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	mlv1 "ml.arbitrex/gen/go/arbitrex/ml/v1"
)

func TestPredictSendsOneRequestIDWithEveryAttemptAndLeavesTheRequestAsItIs(t *testing.T) {
	attempts := 0
	service := &fakeService{predict: func(request *mlv1.PredictRequest) (*mlv1.PredictResponse, error) {
		if attempts++; attempts < 3 {
			return nil, status.Error(codes.Unavailable, "not yet")
		}
		return allowed(request), nil
	}}
	request := window("EURUSD")
	before := proto.Clone(request)
	decision, err := connect(t, service, WithToken("s3cret")).Predict(t.Context(), request)
	if err != nil || !decision.TradeAllowed() {
		t.Fatalf("decision %v, error %v", decision.Response(), err)
	}
	if len(service.requests) != 3 {
		t.Fatalf("%d attempts instead of 3", len(service.requests))
	}
	for _, seen := range service.requests {
		if id := seen.GetRequestId(); id == "" || id != service.requests[0].GetRequestId() {
			t.Errorf("request_id %q after %q", id, service.requests[0].GetRequestId())
		}
	}
	if !proto.Equal(request, before) {
		t.Error("the caller's request was changed")
	}
	if got := service.metadata.Get("authorization"); len(got) != 1 || got[0] != "Bearer s3cret" {
		t.Errorf("authorization %q", got)
	}
}

func TestNamedKeepsEveryField(t *testing.T) {
	request := window("EURUSD")
	request.BarIndex, request.HistoryBars = proto.Int32(7), proto.Uint32(8)
	request.QseOutput = &mlv1.QseOutput{Validation: &mlv1.QseOutput_Validation{SignalValidityFlag: proto.Bool(true)}}
	request.BarTime, request.OmitExplanation = timestamppb.Now(), true
	sent := named(request)
	fields := request.ProtoReflect().Descriptor().Fields()
	for i := range fields.Len() {
		if !sent.ProtoReflect().Has(fields.Get(i)) {
			t.Errorf("%s is lost", fields.Get(i).Name())
		}
	}
	sent.RequestId = ""
	if !proto.Equal(sent, request) {
		t.Errorf("%v instead of %v", sent, request)
	}
}

func TestACallWithoutADeadlineGetsTheClientsTimeout(t *testing.T) {
	service := &fakeService{predict: func(*mlv1.PredictRequest) (*mlv1.PredictResponse, error) {
		<-t.Context().Done()
		return nil, nil
	}}
	decision, err := connect(t, service, WithTimeout(20*time.Millisecond)).Predict(t.Context(), window("EURUSD"))
	if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) || decision.TradeAllowed() {
		t.Errorf("decision %v, error %v", decision, err)
	}
}

func TestATimeoutThatIsNoneIsRefused(t *testing.T) {
	if _, err := NewClient("127.0.0.1:1", WithTimeout(0)); err == nil {
		t.Error("a timeout of 0 was taken")
	}
}

func TestErrorHoldsEveryDetail(t *testing.T) {
	service := &fakeService{predict: func(*mlv1.PredictRequest) (*mlv1.PredictResponse, error) {
		return nil, refusal(t, codes.FailedPrecondition, "no",
			errorInfo("CAUSE"),
			&errdetails.BadRequest{FieldViolations: []*errdetails.BadRequest_FieldViolation{{Field: "symbol", Description: "is empty"}}},
			&errdetails.PreconditionFailure{Violations: []*errdetails.PreconditionFailure_Violation{{Type: "T", Subject: "s", Description: "d"}}},
			&errdetails.ResourceInfo{ResourceType: "model", ResourceName: "x", Description: "gone"},
			&errdetails.RetryInfo{RetryDelay: durationpb.New(100 * time.Millisecond)})
	}}
	_, err := connect(t, service).Predict(t.Context(), window("EURUSD"))
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("%T", err)
	}
	if e.Code != codes.FailedPrecondition || e.Reason != "CAUSE" || e.Domain != ServiceDomain || e.Message != "no" {
		t.Errorf("%+v", e)
	}
	if len(e.FieldViolations) != 1 || e.FieldViolations[0] != (FieldViolation{"symbol", "is empty"}) {
		t.Errorf("%+v", e.FieldViolations)
	}
	if len(e.PreconditionViolations) != 1 || e.PreconditionViolations[0] != (PreconditionViolation{"T", "s", "d"}) {
		t.Errorf("%+v", e.PreconditionViolations)
	}
	if e.Resource == nil || *e.Resource != (Resource{"model", "x", "gone"}) || e.RetryDelay == nil || *e.RetryDelay != 100*time.Millisecond {
		t.Errorf("%+v %v", e.Resource, e.RetryDelay)
	}
	if status.Code(err) != codes.FailedPrecondition {
		t.Errorf("gRPC reads %v", status.Code(err))
	}
}

func TestAnErrorIsNeverOK(t *testing.T) {
	if e := fromItem(&rpcstatus.Status{}); e.Code != codes.Internal || status.Code(e) != codes.Internal {
		t.Errorf("%v", e)
	}
}

func TestNothingIsAllowedWithoutATrustworthyAnswer(t *testing.T) {
	answers := map[string]func(*mlv1.PredictResponse){
		"another request":     func(a *mlv1.PredictResponse) { a.RequestId = "other" },
		"another symbol":      func(a *mlv1.PredictResponse) { a.Symbol = "GBPUSD" },
		"another timeframe":   func(a *mlv1.PredictResponse) { a.Timeframe = "1D" },
		"no prediction":       func(a *mlv1.PredictResponse) { a.Prediction = nil },
		"no gates":            func(a *mlv1.PredictResponse) { a.Prediction.Gates = nil },
		"a gate that failed":  func(a *mlv1.PredictResponse) { a.Prediction.Gates[0].Passed = false },
		"nothing but a field": func(a *mlv1.PredictResponse) { proto.Reset(a); a.Prediction = &mlv1.Prediction{AllowTrade: true} },
	}
	for name, spoil := range answers {
		t.Run(name, func(t *testing.T) {
			service := &fakeService{predict: func(request *mlv1.PredictRequest) (*mlv1.PredictResponse, error) {
				answer := allowed(request)
				spoil(answer)
				return answer, nil
			}}
			decision, err := connect(t, service).Predict(t.Context(), window("EURUSD"))
			var e *Error
			if !errors.As(err, &e) || e.Domain != ClientDomain || decision.TradeAllowed() {
				t.Errorf("decision %v, error %v", decision.Response(), err)
			}
		})
	}
	if (&Decision{}).TradeAllowed() || (*Decision)(nil).TradeAllowed() {
		t.Error("no decision allows a trade")
	}
	if decision, err := (*SymbolDecisions)(nil).Of("EURUSD"); err == nil || decision.TradeAllowed() {
		t.Error("no decisions allow a trade")
	}
}
