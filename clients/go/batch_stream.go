package mllayer

import (
	"context"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"

	mlv1 "ml.arbitrex/gen/go/arbitrex/ml/v1"
)

// closeTimeout is how long a session that closes waits for the service to end the stream.
const closeTimeout = time.Second

type batchCall = grpc.BidiStreamingClient[mlv1.BatchPredictRequest, mlv1.BatchPredictResponse]

// run opens one stream after the other for as long as there is something to send, until the session is closed.
func (s *BatchSession) run() {
	defer close(s.ended)
	defer s.end()
	for pauses := newPause(20*time.Millisecond, 200*time.Millisecond); ; {
		select {
		case <-s.wake:
		case <-s.ctx.Done():
			return
		}
		if s.isIdle() {
			continue
		}
		isAnswered, err := s.runStream()
		if s.ctx.Err() != nil {
			return
		}
		if isAnswered {
			pauses = newPause(20*time.Millisecond, 200*time.Millisecond)
		}
		s.mutex.Lock()
		s.queue.restart(err)
		s.mutex.Unlock()
		if waitFor(s.ctx, pauses.take()) != nil {
			return
		}
		s.signal()
	}
}

func (s *BatchSession) isIdle() bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return len(s.queue.unsent) == 0
}

// runStream sends and receives on one stream until it breaks. It answers whether the service answered anything, and why the stream broke.
func (s *BatchSession) runStream() (isAnswered bool, err error) {
	// A stream outlives its session by the time that it takes to close it, once it is open.
	ctx, cancel := context.WithCancel(context.WithoutCancel(s.ctx))
	defer cancel()
	stop := context.AfterFunc(s.ctx, cancel)
	call, err := s.client.inference.BatchPredict(ctx, grpc.WaitForReady(true))
	if err != nil {
		return false, err
	}
	if !stop() {
		return false, s.ctx.Err()
	}
	defer context.AfterFunc(s.ctx, func() { time.AfterFunc(closeTimeout, cancel) })()
	received := make(chan error, 1)
	go func() { received <- s.receive(call, &isAnswered) }()
	err = s.send(call, received)
	return isAnswered, err
}

// send returns why the stream broke, once nothing is received any more.
func (s *BatchSession) send(call batchCall, received chan error) error {
	for {
		s.mutex.Lock()
		message := s.queue.next()
		s.mutex.Unlock()
		if message != nil {
			// A failed Send says io.EOF alone; the reason is what receiving ends with.
			if call.Send(message) != nil {
				return <-received
			}
			continue
		}
		select {
		case <-s.wake:
		case err := <-received:
			return err
		case <-s.ctx.Done():
			_ = call.CloseSend()
			return <-received
		}
	}
}

// receive returns why the stream ended.
func (s *BatchSession) receive(call batchCall, answered *bool) error {
	for {
		answer, err := call.Recv()
		if err != nil {
			return endOfStream(err)
		}
		*answered = true
		s.mutex.Lock()
		s.queue.answer(answer)
		s.mutex.Unlock()
		// What waited for this answer may be sent now.
		s.signal()
	}
}

func (s *BatchSession) end() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.queue.end(sessionClosed())
}

func sessionClosed() *Error {
	return newClientError(codes.Canceled, ReasonSessionClosed, "the session has been closed")
}
