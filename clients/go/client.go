package mllayer

import (
	"context"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/keepalive"

	"ml.arbitrex/clients"
	mlv1 "ml.arbitrex/gen/go/arbitrex/ml/v1"
)

// readMaxBytes is what the service may write: whole registries and exports must fit.
const readMaxBytes = 64 << 20

// Client is a connection to the service. Safe for concurrent use; one is enough for a process.
type Client struct {
	connection *grpc.ClientConn
	inference  mlv1.InferenceServiceClient
	health     grpc_health_v1.HealthClient
	timeout    time.Duration
}

// NewClient prepares a connection to a target such as "127.0.0.1:8003" or "dns:///ml-layer.trading:8003". It connects at
// the first call, and again by itself when the connection is lost; [Client.WaitUntilServing] waits until that is so.
func NewClient(target string, options ...Option) (*Client, error) {
	s, err := newSettings(options)
	if err != nil {
		return nil, err
	}
	c := &Client{timeout: s.timeout}
	dial := append(s.transport(),
		grpc.WithDefaultServiceConfig(clients.ServiceConfig),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(readMaxBytes)),
		// A trading client would rather try often than wait for the minutes that gRPC's own pauses grow to.
		grpc.WithConnectParams(grpc.ConnectParams{
			Backoff:           backoff.Config{BaseDelay: 100 * time.Millisecond, Multiplier: 1.6, Jitter: 0.2, MaxDelay: time.Second},
			MinConnectTimeout: 2 * time.Second,
		}),
		// A connection whose other end has vanished is noticed, however long the kernel would wait.
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 20 * time.Second, Timeout: 5 * time.Second}),
		grpc.WithChainUnaryInterceptor(c.callUnary),
		grpc.WithChainStreamInterceptor(openStream),
	)
	c.connection, err = grpc.NewClient(target, append(dial, s.dialOptions...)...)
	if err != nil {
		return nil, err
	}
	c.inference = mlv1.NewInferenceServiceClient(c.connection)
	c.health = grpc_health_v1.NewHealthClient(c.connection)
	return c, nil
}

// Close ends the connection; calls in flight end with code CANCELLED. Close its sessions first.
func (c *Client) Close() error { return c.connection.Close() }

// Predict asks whether one signal may trade now. It is tried again as the service config says, always under the same
// request_id, within the context's deadline or the client's timeout. The request is not changed.
//
// A refused trade is a decision, not an error. With an error there is no decision.
func (c *Client) Predict(ctx context.Context, request *mlv1.PredictRequest) (*Decision, error) {
	sent := named(request)
	response, err := c.inference.Predict(ctx, sent)
	if err != nil {
		return nil, err
	}
	decision, mistrust := newDecision(question{sent.GetRequestId(), sent.GetSymbol(), sent.GetTimeframe()}, response)
	if mistrust != nil {
		return nil, mistrust
	}
	return decision, nil
}

// PredictSymbols asks for several symbols at one timeframe, at most 1 000. One that fails leaves the others as they are.
func (c *Client) PredictSymbols(ctx context.Context, request *mlv1.PredictSymbolsRequest) (*SymbolDecisions, error) {
	response, err := c.inference.PredictSymbols(ctx, request)
	if err != nil {
		return nil, err
	}
	return &SymbolDecisions{request.GetTimeframe(), response}, nil
}

// Registry calls which models exist and which decide. Its errors are of type [*Error].
func (c *Client) Registry() mlv1.ModelRegistryServiceClient {
	return mlv1.NewModelRegistryServiceClient(c.connection)
}

// Config calls the configuration and the kill switch. Its errors are of type [*Error].
func (c *Client) Config() mlv1.ConfigServiceClient { return mlv1.NewConfigServiceClient(c.connection) }

// Monitoring calls metrics, decisions, alerts, outcomes and drift. Its errors are of type [*Error].
func (c *Client) Monitoring() mlv1.MonitoringServiceClient {
	return mlv1.NewMonitoringServiceClient(c.connection)
}

// callUnary gives every call a deadline and every error its type.
func (c *Client) callUnary(ctx context.Context, method string, request, reply any, connection *grpc.ClientConn,
	invoke grpc.UnaryInvoker, options ...grpc.CallOption) error {
	ctx, cancel := withDeadline(ctx, c.timeoutOf(method))
	defer cancel()
	return toError(invoke(ctx, method, request, reply, connection, options...))
}

func (c *Client) timeoutOf(method string) time.Duration {
	switch method {
	case mlv1.InferenceService_Predict_FullMethodName, mlv1.InferenceService_PredictSymbols_FullMethodName,
		grpc_health_v1.Health_Check_FullMethodName:
		return c.timeout
	case mlv1.ModelRegistryService_RegisterModel_FullMethodName:
		return RegistrationTimeout
	}
	return AdministrativeTimeout
}

func withDeadline(ctx context.Context, timeout time.Duration) (context.Context, context.CancelFunc) {
	if _, has := ctx.Deadline(); has {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, timeout)
}
