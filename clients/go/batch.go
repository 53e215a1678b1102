package mllayer

import (
	"context"
	"sync"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	mlv1 "ml.arbitrex/gen/go/arbitrex/ml/v1"
)

// unansweredMax is how many items of a session may wait for their answers.
const unansweredMax = 1024

// BatchSession decides bar by bar: a full window of a symbol and timeframe once, then only its newest bars. When the
// connection is lost or the service restarts, the session connects again and sends what is unanswered again, the first bars of
// every symbol together with their window, so every decision is the one that a whole window would have got.
//
// Safe for concurrent use. Items of one symbol and timeframe are decided in the order in which they were submitted. Bars that the
// service refuses do not count; corrected ones may be appended in their place. Bars whose decision does not come in time do
// count, since they are facts and only the decision is missing: they are not appended again.
type BatchSession struct {
	client *Client
	ctx    context.Context
	cancel context.CancelFunc
	// ended is closed once nothing of the session runs any more.
	ended chan struct{}
	// wake tells the goroutine that sends of something to send.
	wake chan struct{}

	mutex sync.Mutex
	queue *itemQueue
}

// Batch opens a session. It lives until it is closed; the contexts of its calls limit those calls alone.
func (c *Client) Batch() *BatchSession {
	ctx, cancel := context.WithCancel(context.Background())
	s := &BatchSession{
		client: c,
		ctx:    ctx,
		cancel: cancel,
		ended:  make(chan struct{}),
		wake:   make(chan struct{}, 1),
		queue:  newItemQueue(),
	}
	go s.run()
	return s
}

// Close ends the session and waits until it has ended. Items without an answer end with reason [ReasonSessionClosed].
func (s *BatchSession) Close() error {
	s.cancel()
	<-s.ended
	return nil
}

// Window decides on a full window, which the session then keeps in place of an earlier one of the same symbol and timeframe.
// The session takes a copy: the request may be used again.
func (s *BatchSession) Window(ctx context.Context, request *mlv1.PredictRequest) (*Decision, error) {
	return s.SubmitWindow(ctx, request).Wait()
}

// Append decides at the newest of the given bars, at least one and at most as many as the window holds: the same series as
// in the window, all of equal length, oldest bar first. The session takes a copy: the message may be used again.
//
// Code FAILED_PRECONDITION, reason NO_WINDOW, where no full window came before.
func (s *BatchSession) Append(ctx context.Context, bars *mlv1.BatchPredictRequest_AppendBars) (*Decision, error) {
	return s.SubmitAppend(ctx, bars).Wait()
}

// SubmitWindow is [BatchSession.Window] without waiting for the answer.
func (s *BatchSession) SubmitWindow(ctx context.Context, request *mlv1.PredictRequest) *Pending {
	sent := named(proto.CloneOf(request))
	return s.submit(ctx, &item{id: sent.GetRequestId(), key: windowKey{sent.GetSymbol(), sent.GetTimeframe()}, window: sent})
}

// SubmitAppend is [BatchSession.Append] without waiting for the answer, so that the next bars can follow at once. Of a
// session, at most 1 024 items may be without an answer.
func (s *BatchSession) SubmitAppend(ctx context.Context, bars *mlv1.BatchPredictRequest_AppendBars) *Pending {
	return s.submit(ctx, &item{id: newRequestID(), key: windowKey{bars.GetSymbol(), bars.GetTimeframe()}, bars: proto.CloneOf(bars)})
}

// Pending is an item whose answer has not been waited for.
type Pending struct {
	item *item
	once sync.Once
	outcome
}

// Wait waits for the decision or the error, which come before the context ends that the item was submitted with.
func (p *Pending) Wait() (*Decision, error) {
	p.once.Do(func() { p.outcome = <-p.item.outcome })
	return p.decision, p.err
}

func (s *BatchSession) submit(ctx context.Context, submitted *item) *Pending {
	submitted.outcome = make(chan outcome, 1)
	ctx, cancel := withDeadline(ctx, s.client.timeout)
	s.mutex.Lock()
	defer s.mutex.Unlock()
	// Time runs out for an item whether or not anybody waits for it.
	stop := context.AfterFunc(ctx, func() { s.expire(ctx, submitted) })
	submitted.release = func() {
		stop()
		cancel()
	}
	switch {
	case s.ctx.Err() != nil:
		submitted.settle(outcome{err: sessionClosed()})
	case s.queue.size() >= unansweredMax:
		submitted.settle(outcome{err: newClientError(codes.ResourceExhausted, ReasonTooManyUnanswered, "%d items have no answer yet", unansweredMax)})
	default:
		s.queue.add(submitted)
		s.signal()
	}
	return &Pending{item: submitted}
}

func (s *BatchSession) expire(ctx context.Context, expired *item) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.queue.expire(expired, fromContext(ctx.Err()))
}

// signal wakes the goroutine that sends.
func (s *BatchSession) signal() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}
