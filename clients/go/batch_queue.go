package mllayer

import (
	"cmp"
	"fmt"
	"slices"

	"google.golang.org/grpc/codes"

	mlv1 "ml.arbitrex/gen/go/arbitrex/ml/v1"
)

// item is one question of a session, from its submission to its answer. Exactly one of window and bars is set.
type item struct {
	id       string
	key      windowKey
	window   *mlv1.PredictRequest
	bars     *mlv1.BatchPredictRequest_AppendBars
	sequence uint64

	outcome chan outcome
	// release lets go of what the item holds while somebody waits for it; nil once it has its outcome.
	release func()
}

type outcome struct {
	decision *Decision
	err      error
}

// settle gives an item its outcome; further ones are dropped.
func (i *item) settle(result outcome) {
	if i.release == nil {
		return
	}
	i.outcome <- result
	i.release()
	i.release = nil
}

// isSettled is true for an item that stays because its bars are facts, although its time was up.
func (i *item) isSettled() bool { return i.release == nil }

// place is what a session knows of one symbol and timeframe.
type place struct {
	// window is as of the last answered item; nil before the first.
	window *keptWindow
	// lost are the items that will not be answered any more because their time was up, oldest first: the window moves on by them
	// before the next item that is sent.
	lost []*item
	// inStep is true while the current stream holds the same window, or will once it has answered what is on its way.
	inStep bool
	// opener is the item on its way that gives the current stream the window.
	opener *item
	// waiting counts the items of the queue that belong here, inFlight those of them that have been sent.
	waiting, inFlight int
}

// itemQueue holds the items of a session that have no answer, and the windows that outlive its streams. The session guards it.
type itemQueue struct {
	places   map[windowKey]*place
	unsent   []*item
	inFlight map[string]*item
	last     uint64
	// lastBreak is why the last stream broke.
	lastBreak error
}

func newItemQueue() *itemQueue {
	return &itemQueue{places: map[windowKey]*place{}, inFlight: map[string]*item{}}
}

// size counts the items without an answer.
func (q *itemQueue) size() int { return len(q.unsent) + len(q.inFlight) }

func (q *itemQueue) add(added *item) {
	q.last++
	added.sequence = q.last
	p := q.places[added.key]
	if p == nil {
		p = &place{}
		q.places[added.key] = p
	}
	if p.waiting == 0 {
		p.takeLost()
	}
	p.waiting++
	q.unsent = append(q.unsent, added)
}

// next is the message that may be sent now; nil for none. Items of one symbol and timeframe never overtake each other.
func (q *itemQueue) next() *mlv1.BatchPredictRequest {
	held := map[windowKey]bool{}
	for at, candidate := range q.unsent {
		p := q.places[candidate.key]
		if held[candidate.key] || p.mustWait(candidate) || q.inFlight[candidate.id] != nil {
			held[candidate.key] = true
			continue
		}
		q.unsent = slices.Delete(q.unsent, at, at+1)
		message, err := p.toMessage(candidate)
		if err != nil {
			candidate.settle(outcome{err: err})
			q.leave(candidate)
			return q.next()
		}
		p.inFlight++
		q.inFlight[candidate.id] = candidate
		return message
	}
	return nil
}

// mustWait is true while the stream is being given the window, so that a refused one does not take the next items along, and for
// bars that need their window sent with them while answers are due that may move it.
func (p *place) mustWait(candidate *item) bool {
	return p.opener != nil || (candidate.bars != nil && !p.inStep && p.inFlight > 0)
}

// toMessage is an item as the current stream needs it: bars alone where it holds their window or there is none.
func (p *place) toMessage(sent *item) (*mlv1.BatchPredictRequest, *Error) {
	message := &mlv1.BatchPredictRequest{RequestId: sent.id}
	if p.inFlight == 0 {
		p.takeLost()
	}
	switch {
	case sent.bars == nil:
		message.Item = &mlv1.BatchPredictRequest_Window{Window: sent.window}
	case p.inStep || p.window == nil:
		message.Item = &mlv1.BatchPredictRequest_Append{Append: sent.bars}
		return message, nil
	default:
		whole, err := p.window.followedBy(sent.bars)
		if err != nil {
			return nil, err
		}
		message.Item = &mlv1.BatchPredictRequest_Window{Window: whole}
	}
	if !p.inStep {
		p.opener, p.inStep = sent, true
	}
	return message, nil
}

// answer settles the item that the service answered.
func (q *itemQueue) answer(answer *mlv1.BatchPredictResponse) {
	answered := q.inFlight[answer.GetRequestId()]
	if answered == nil {
		return
	}
	delete(q.inFlight, answered.id)
	p := q.places[answered.key]
	p.inFlight--
	isOpener := p.opener == answered
	if isOpener {
		p.opener = nil
	}
	decision, err := p.toDecision(answered, answer)
	if err == nil {
		p.take(answered)
		answered.settle(outcome{decision: decision})
	} else {
		if isOpener || err.Code != codes.InvalidArgument {
			// Only after a plain refusal is the stream's window surely where it was.
			p.inStep = false
		}
		answered.settle(outcome{err: err})
	}
	q.leave(answered)
}

// toDecision trusts an answer only where it is about the bar that comes next.
func (p *place) toDecision(asked *item, answer *mlv1.BatchPredictResponse) (*Decision, *Error) {
	if answer.GetError() != nil {
		return nil, fromItem(answer.GetError())
	}
	decision, err := newDecision(question{asked.id, asked.key.symbol, asked.key.timeframe}, answer.GetResponse())
	if err != nil || asked.bars == nil {
		return decision, err
	}
	if p.window == nil {
		return nil, newClientError(codes.Internal, ReasonMismatchedAnswer, "an answer to bars without a window")
	}
	added, err := p.window.measure(asked.bars)
	if err != nil {
		return nil, err
	}
	if expected := p.window.barIndex + int32(added); decision.Response().GetBarIndex() != expected {
		return nil, newClientError(codes.Internal, ReasonMismatchedAnswer, "asked for bar %d, answered for bar %d", expected, decision.Response().GetBarIndex())
	}
	return decision, nil
}

// take moves the window on by an item, where it fits.
func (p *place) take(taken *item) {
	if taken.bars == nil {
		p.window = newKeptWindow(taken.window)
		return
	}
	if p.window == nil {
		return
	}
	if _, err := p.window.measure(taken.bars); err == nil {
		p.window.take(taken.bars)
	}
}

func (p *place) takeLost() {
	for _, lost := range p.lost {
		p.take(lost)
	}
	p.lost = nil
}

// expire settles an item whose time is up. What it brought stays part of the window: only the decision is missing.
func (q *itemQueue) expire(expired *item, err *Error) {
	if expired.isSettled() {
		return
	}
	if q.lastBreak != nil {
		err.Message = fmt.Sprintf("%s; the stream before: %v", err.Message, q.lastBreak)
	}
	expired.settle(outcome{err: err})
	if at := slices.Index(q.unsent, expired); at >= 0 {
		q.unsent = slices.Delete(q.unsent, at, at+1)
		q.lose(expired)
	}
}

// lose keeps what an item brought, although it will not be answered.
func (q *itemQueue) lose(lost *item) {
	p := q.places[lost.key]
	p.lost = insert(p.lost, lost)
	p.inStep = false
	q.leave(lost)
}

// restart prepares for the next stream: what is unanswered is sent again, or settled where the next one would end alike.
func (q *itemQueue) restart(err error) {
	q.lastBreak = err
	for _, p := range q.places {
		p.inFlight, p.inStep, p.opener = 0, false, nil
	}
	for _, unanswered := range q.inFlight {
		switch {
		case unanswered.isSettled():
			q.lose(unanswered)
		case isPassing(err):
			q.unsent = insert(q.unsent, unanswered)
		default:
			unanswered.settle(outcome{err: err})
			q.leave(unanswered)
		}
	}
	clear(q.inFlight)
}

// end settles everything.
func (q *itemQueue) end(err error) {
	q.restart(err)
	for _, unsent := range q.unsent {
		unsent.settle(outcome{err: err})
	}
	q.unsent = nil
}

// leave takes an item off its place, and forgets a place that holds nothing, so that refused symbols do not pile up.
func (q *itemQueue) leave(gone *item) {
	p := q.places[gone.key]
	p.waiting--
	if p.waiting == 0 && p.window == nil && len(p.lost) == 0 {
		delete(q.places, gone.key)
	}
}

// insert keeps items in the order of their submission.
func insert(items []*item, added *item) []*item {
	at, _ := slices.BinarySearchFunc(items, added, func(a, b *item) int { return cmp.Compare(a.sequence, b.sequence) })
	return slices.Insert(items, at, added)
}
