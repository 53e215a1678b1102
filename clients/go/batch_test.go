package mllayer

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	mlv1 "ml.arbitrex/gen/go/arbitrex/ml/v1"
)

// counting answers every item at the bar that comes next, as the service does; refuse says which items it refuses.
func counting(refuse func(item *mlv1.BatchPredictRequest) error) func(*mlv1.BatchPredictRequest) (*mlv1.BatchPredictResponse, error) {
	index := int32(-1)
	return func(item *mlv1.BatchPredictRequest) (*mlv1.BatchPredictResponse, error) {
		if refuse != nil {
			if err := refuse(item); err != nil {
				return refusedItem(item, err), nil
			}
		}
		if whole := item.GetWindow(); whole != nil {
			index = 2
			if whole.BarIndex != nil {
				index = whole.GetBarIndex()
			}
			return allowedItem(item, index), nil
		}
		index += int32(len(item.GetAppend().GetFeatures()["atr"].GetValues()))
		return allowedItem(item, index), nil
	}
}

func open(t *testing.T, client *Client) *BatchSession {
	t.Helper()
	session := client.Batch()
	t.Cleanup(func() { _ = session.Close() })
	return session
}

func decideWindow(t *testing.T, session *BatchSession, symbol string) {
	t.Helper()
	if _, err := session.Window(t.Context(), window(symbol)); err != nil {
		t.Fatal(err)
	}
}

func TestASessionSendsAWindowAgainTogetherWithTheNextBarsWhenItsStreamBroke(t *testing.T) {
	streams := 1
	answer := counting(nil)
	service := &fakeService{batch: func(item *mlv1.BatchPredictRequest) (*mlv1.BatchPredictResponse, error) {
		if item.GetAppend().GetFeatures()["atr"].GetValues() != nil && streams == 1 {
			streams++
			return nil, status.Error(codes.Unavailable, "going")
		}
		return answer(item)
	}}
	session := open(t, connect(t, service))
	decideWindow(t, session, "EURUSD")
	decision, err := session.Append(t.Context(), bars("EURUSD", 7, 8))
	if err != nil || decision.Response().GetBarIndex() != 4 {
		t.Fatalf("decision %v, error %v", decision.Response(), err)
	}
	items := service.seenItems()
	if len(items) != 3 || items[1].GetRequestId() != items[2].GetRequestId() {
		t.Fatalf("%v", items)
	}
	again := items[2].GetWindow()
	if got := again.GetFeatures()["atr"].GetValues(); !slices.Equal(got, []float64{3, 7, 8}) {
		t.Errorf("atr %v", got)
	}
	if again.GetHistoryBars() != 5 || again.GetBarIndex() != 4 {
		t.Errorf("history %d, index %d", again.GetHistoryBars(), again.GetBarIndex())
	}
}

func TestRefusedBarsDoNotMoveTheWindowAndCorrectedOnesTakeTheirPlace(t *testing.T) {
	service := &fakeService{batch: counting(func(item *mlv1.BatchPredictRequest) error {
		if slices.Contains(item.GetAppend().GetFeatures()["atr"].GetValues(), 99) {
			return status.Error(codes.InvalidArgument, "no")
		}
		return nil
	})}
	session := open(t, connect(t, service))
	decideWindow(t, session, "EURUSD")
	refused := session.SubmitAppend(t.Context(), bars("EURUSD", 99))
	corrected := session.SubmitAppend(t.Context(), bars("EURUSD", 7))
	var e *Error
	if decision, err := refused.Wait(); !errors.As(err, &e) || e.Code != codes.InvalidArgument || decision.TradeAllowed() {
		t.Errorf("decision %v, error %v", decision, err)
	}
	if decision, err := corrected.Wait(); err != nil || decision.Response().GetBarIndex() != 3 {
		t.Errorf("decision %v, error %v", decision.Response(), err)
	}
}

func TestADecisionOnAnotherBarIsNone(t *testing.T) {
	service := &fakeService{batch: func(item *mlv1.BatchPredictRequest) (*mlv1.BatchPredictResponse, error) {
		return allowedItem(item, 2), nil
	}}
	session := open(t, connect(t, service))
	decideWindow(t, session, "EURUSD")
	decision, err := session.Append(t.Context(), bars("EURUSD", 7))
	var e *Error
	if !errors.As(err, &e) || e.Reason != ReasonMismatchedAnswer || decision.TradeAllowed() {
		t.Errorf("decision %v, error %v", decision, err)
	}
}

func TestBarsWhoseTimeWasUpStayPartOfTheWindowHoweverLongTheOutage(t *testing.T) {
	var isDown atomic.Bool
	isDown.Store(true)
	answer := counting(nil)
	service := &fakeService{batch: func(item *mlv1.BatchPredictRequest) (*mlv1.BatchPredictResponse, error) {
		isFirst := item.GetWindow() != nil && item.GetWindow().HistoryBars == nil
		if isDown.Load() && !isFirst {
			return nil, status.Error(codes.Unavailable, "down")
		}
		return answer(item)
	}}
	session := open(t, connect(t, service))
	decideWindow(t, session, "EURUSD")
	past, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer cancel()
	lost := unansweredMax + 3
	for i := range lost {
		decision, err := session.Append(past, bars("EURUSD", float64(i)))
		if !errors.Is(err, context.DeadlineExceeded) || decision.TradeAllowed() {
			t.Fatalf("bar %d: decision %v, error %v", i, decision, err)
		}
	}
	isDown.Store(false)
	decision, err := session.Append(t.Context(), bars("EURUSD", -1))
	if err != nil || decision.Response().GetBarIndex() != int32(2+lost+1) {
		t.Fatalf("decision %v, error %v", decision.Response(), err)
	}
	items := service.seenItems()
	last := items[len(items)-1].GetWindow().GetFeatures()["atr"].GetValues()
	if !slices.Equal(last, []float64{float64(lost - 2), float64(lost - 1), -1}) {
		t.Errorf("atr %v", last)
	}
}

func TestASessionIsNotChangedByWhatItsCallerDoesToAMessageAfterwards(t *testing.T) {
	answer := counting(nil)
	var isGone atomic.Bool
	service := &fakeService{batch: func(item *mlv1.BatchPredictRequest) (*mlv1.BatchPredictResponse, error) {
		if isGone.CompareAndSwap(true, false) {
			return nil, status.Error(codes.Unavailable, "going")
		}
		return answer(item)
	}}
	session := open(t, connect(t, service))
	decideWindow(t, session, "EURUSD")
	past, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer cancel()
	late := bars("EURUSD", 7)
	if _, err := session.Append(past, late); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatal(err)
	}
	late.Features["atr"].Values[0] = 99
	isGone.Store(true)
	if _, err := session.Append(t.Context(), bars("EURUSD", 8)); err != nil {
		t.Fatal(err)
	}
	items := service.seenItems()
	if got := items[len(items)-1].GetWindow().GetFeatures()["atr"].GetValues(); !slices.Equal(got, []float64{3, 7, 8}) {
		t.Errorf("atr %v", got)
	}
}

func TestLostItemsAreLetGoOnceTheyArePartOfTheWindow(t *testing.T) {
	queue := newItemQueue()
	key := windowKey{"EURUSD", "4H"}
	queue.places[key] = &place{window: newKeptWindow(window("EURUSD"))}
	for i := range 10 {
		lost := &item{key: key, bars: bars("EURUSD", float64(i)), outcome: make(chan outcome, 1), release: func() {}}
		queue.add(lost)
		queue.expire(lost, fromContext(context.DeadlineExceeded))
		if kept := len(queue.places[key].lost); kept != 1 || queue.size() != 0 {
			t.Fatalf("%d lost items are kept, %d wait", kept, queue.size())
		}
	}
}

func TestAnErrorThatAnotherStreamWouldMeetAgainIsNotRetried(t *testing.T) {
	service := &fakeService{batch: func(*mlv1.BatchPredictRequest) (*mlv1.BatchPredictResponse, error) {
		return nil, status.Error(codes.Unauthenticated, "who are you?")
	}}
	session := open(t, connect(t, service))
	_, err := session.Window(t.Context(), window("EURUSD"))
	if status.Code(err) != codes.Unauthenticated || len(service.seenItems()) != 1 {
		t.Errorf("%v after %d items", err, len(service.seenItems()))
	}
}

func TestASessionHasAsManyUnansweredItemsAsItMayAndEndsThemWhenItIsClosed(t *testing.T) {
	service := &fakeService{batch: func(*mlv1.BatchPredictRequest) (*mlv1.BatchPredictResponse, error) { return nil, nil }}
	session := open(t, connect(t, service, WithTimeout(time.Hour)))
	pending := make([]*Pending, unansweredMax)
	for i := range pending {
		pending[i] = session.SubmitAppend(t.Context(), bars("EURUSD", 1))
	}
	var e *Error
	if _, err := session.Append(t.Context(), bars("EURUSD", 1)); !errors.As(err, &e) || e.Reason != ReasonTooManyUnanswered {
		t.Errorf("%v", err)
	}
	if err := session.Close(); err != nil {
		t.Fatal(err)
	}
	for _, each := range pending {
		if _, err := each.Wait(); !errors.As(err, &e) || e.Reason != ReasonSessionClosed {
			t.Fatalf("%v", err)
		}
	}
	if _, err := session.Append(t.Context(), bars("EURUSD", 1)); !errors.As(err, &e) || e.Reason != ReasonSessionClosed {
		t.Errorf("%v", err)
	}
}

func TestItemsOfManySymbolsAreAnsweredEachAtItsOwnBar(t *testing.T) {
	indexes := map[string]int32{}
	service := &fakeService{batch: func(item *mlv1.BatchPredictRequest) (*mlv1.BatchPredictResponse, error) {
		symbol := item.GetWindow().GetSymbol() + item.GetAppend().GetSymbol()
		if item.GetWindow() != nil {
			indexes[symbol] = 1
		}
		indexes[symbol]++
		return allowedItem(item, indexes[symbol]), nil
	}}
	session := open(t, connect(t, service))
	symbols := []string{"EURUSD", "GBPUSD", "USDJPY"}
	var pending []*Pending
	for bar := range 50 {
		for _, symbol := range symbols {
			if bar == 0 {
				pending = append(pending, session.SubmitWindow(t.Context(), proto.CloneOf(window(symbol))))
			} else {
				pending = append(pending, session.SubmitAppend(t.Context(), bars(symbol, float64(bar))))
			}
		}
	}
	for i, each := range pending {
		decision, err := each.Wait()
		if err != nil || decision.Response().GetSymbol() != symbols[i%3] || decision.Response().GetBarIndex() != int32(2+i/3) {
			t.Fatalf("item %d: decision %v, error %v", i, decision.Response(), err)
		}
	}
}
