package mllayer

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
)

const (
	// healthPause is the time between two looks at a service that does not serve yet.
	healthPause = 100 * time.Millisecond
	// healthTimeout is the time that a look may take.
	healthTimeout = time.Second
)

// IsServing answers whether the service takes calls now.
func (c *Client) IsServing(ctx context.Context) (bool, error) {
	answer, err := c.health.Check(ctx, &grpc_health_v1.HealthCheckRequest{})
	if err != nil {
		return false, err
	}
	return answer.GetStatus() == grpc_health_v1.HealthCheckResponse_SERVING, nil
}

// WaitUntilServing returns nil once the service takes calls, however often it has to connect until then. It gives up with
// code DEADLINE_EXCEEDED or CANCELLED when the context ends, and at once where waiting cannot help, e.g. with UNAUTHENTICATED.
func (c *Client) WaitUntilServing(ctx context.Context) error {
	for {
		isServing, err := c.look(ctx)
		switch {
		case isServing:
			return nil
		case ctx.Err() != nil:
			return toError(ctx.Err())
		case err != nil && !isPassing(err) && !errors.Is(err, context.DeadlineExceeded):
			return err
		}
		if err := waitFor(ctx, healthPause); err != nil {
			return err
		}
	}
}

func (c *Client) look(ctx context.Context) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	return c.IsServing(ctx)
}

// endOfStream is the error of a stream that the service ended although it was wanted: it goes, and may come back.
func endOfStream(err error) error {
	if errors.Is(err, io.EOF) {
		return toError(status.Error(codes.Unavailable, "the service ended the stream"))
	}
	return err
}

// isPassing answers whether another stream may go well where one ended: the connection was lost or reset, or the service went.
func isPassing(err error) bool {
	var e *Error
	if !errors.As(err, &e) {
		return false
	}
	return slices.Contains([]codes.Code{codes.Unavailable, codes.Canceled, codes.Internal, codes.Unknown}, e.Code)
}

// pause grows from try to try, within what a trading client can wait.
type pause struct {
	next, longest time.Duration
}

func newPause(first, longest time.Duration) *pause { return &pause{first, longest} }

// take is the time to wait before the next try.
func (p *pause) take() time.Duration {
	taken := p.next
	p.next = min(2*p.next, p.longest)
	return taken
}

func waitFor(ctx context.Context, delay time.Duration) error {
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return toError(ctx.Err())
	}
}
