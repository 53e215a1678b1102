package mllayer

import (
	"context"
	"net"
	"sync"
	"testing"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"
	"google.golang.org/protobuf/protoadapt"

	mlv1 "ml.arbitrex/gen/go/arbitrex/ml/v1"
)

// fakeService answers as it is told and remembers what it was asked.
type fakeService struct {
	mlv1.UnimplementedInferenceServiceServer
	predict func(*mlv1.PredictRequest) (*mlv1.PredictResponse, error)
	// batch answers one item; nil for no answer, an error ends the stream.
	batch func(*mlv1.BatchPredictRequest) (*mlv1.BatchPredictResponse, error)

	mutex    sync.Mutex
	requests []*mlv1.PredictRequest
	items    []*mlv1.BatchPredictRequest
	metadata metadata.MD
}

func (f *fakeService) Predict(ctx context.Context, request *mlv1.PredictRequest) (*mlv1.PredictResponse, error) {
	f.mutex.Lock()
	f.requests = append(f.requests, request)
	f.metadata, _ = metadata.FromIncomingContext(ctx)
	f.mutex.Unlock()
	return f.predict(request)
}

func (f *fakeService) BatchPredict(stream grpc.BidiStreamingServer[mlv1.BatchPredictRequest, mlv1.BatchPredictResponse]) error {
	for {
		item, err := stream.Recv()
		if err != nil {
			return nil
		}
		f.mutex.Lock()
		f.items = append(f.items, item)
		f.mutex.Unlock()
		answer, err := f.batch(item)
		if err != nil {
			return err
		}
		if answer != nil {
			if err := stream.Send(answer); err != nil {
				return err
			}
		}
	}
}

func (f *fakeService) seenItems() []*mlv1.BatchPredictRequest {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return append([]*mlv1.BatchPredictRequest(nil), f.items...)
}

// connect starts the service inside this process and connects a client to it.
func connect(t *testing.T, service *fakeService, options ...Option) *Client {
	t.Helper()
	listener := bufconn.Listen(1 << 20)
	server := grpc.NewServer()
	mlv1.RegisterInferenceServiceServer(server, service)
	go func() { _ = server.Serve(listener) }()
	dialer := grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) })
	client, err := NewClient("passthrough:///inside", append(options, WithDialOptions(dialer))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = client.Close()
		server.Stop()
	})
	return client
}

// refusal is a status with the details that the service attaches.
func refusal(t *testing.T, code codes.Code, message string, details ...protoadapt.MessageV1) error {
	t.Helper()
	made := status.New(code, message)
	for _, detail := range details {
		var err error
		made, err = made.WithDetails(detail)
		if err != nil {
			t.Fatal(err)
		}
	}
	return made.Err()
}

func errorInfo(reason string) *errdetails.ErrorInfo {
	return &errdetails.ErrorInfo{Reason: reason, Domain: ServiceDomain}
}

func window(symbol string) *mlv1.PredictRequest {
	return &mlv1.PredictRequest{
		Symbol:    symbol,
		Timeframe: "4H",
		Features:  Features(map[string][]float64{"atr": {1, 2, 3}, "momentum_score": {4, 5, 6}}),
	}
}

func bars(symbol string, values ...float64) *mlv1.BatchPredictRequest_AppendBars {
	return &mlv1.BatchPredictRequest_AppendBars{
		Symbol:    symbol,
		Timeframe: "4H",
		Features:  Features(map[string][]float64{"atr": values, "momentum_score": values}),
	}
}

// allowed is the answer to a request that every gate lets through.
func allowed(request *mlv1.PredictRequest) *mlv1.PredictResponse {
	return &mlv1.PredictResponse{
		RequestId: request.GetRequestId(),
		Symbol:    request.GetSymbol(),
		Timeframe: request.GetTimeframe(),
		BarIndex:  request.GetBarIndex(),
		Prediction: &mlv1.Prediction{
			AllowTrade: true,
			Gates:      []*mlv1.GateResult{{Name: mlv1.GateResult_QSE_VALID, Passed: true}},
		},
	}
}

// allowedItem is the answer to an item at the bar of that index.
func allowedItem(item *mlv1.BatchPredictRequest, barIndex int32) *mlv1.BatchPredictResponse {
	symbol := item.GetWindow().GetSymbol() + item.GetAppend().GetSymbol()
	answer := allowed(&mlv1.PredictRequest{RequestId: item.GetRequestId(), Symbol: symbol, Timeframe: "4H", BarIndex: &barIndex})
	return &mlv1.BatchPredictResponse{RequestId: item.GetRequestId(), Result: &mlv1.BatchPredictResponse_Response{Response: answer}}
}

func refusedItem(item *mlv1.BatchPredictRequest, err error) *mlv1.BatchPredictResponse {
	return &mlv1.BatchPredictResponse{
		RequestId: item.GetRequestId(),
		Result:    &mlv1.BatchPredictResponse_Error{Error: status.Convert(err).Proto()},
	}
}
