package mllayer

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	mlv1 "ml.arbitrex/gen/go/arbitrex/ml/v1"
)

// windowKey names what a session keeps a window for.
type windowKey struct {
	symbol, timeframe string
}

// keptWindow is a copy of what the service decided on last for one symbol and timeframe.
type keptWindow struct {
	series map[string][]float64
	// bars is the length of every series; it never changes.
	bars int
	// historyBars counts the bars that exist, barIndex is the index of the newest one.
	historyBars uint32
	barIndex    int32
}

func newKeptWindow(request *mlv1.PredictRequest) *keptWindow {
	w := &keptWindow{series: make(map[string][]float64, len(request.GetFeatures()))}
	for name, series := range request.GetFeatures() {
		w.series[name] = slices.Clone(series.GetValues())
		w.bars = len(series.GetValues())
	}
	w.historyBars = uint32(w.bars)
	if request.HistoryBars != nil {
		w.historyBars = request.GetHistoryBars()
	}
	w.barIndex = int32(w.historyBars) - 1
	if request.BarIndex != nil {
		w.barIndex = request.GetBarIndex()
	}
	return w
}

// measure is the number of appended bars; an error names every series that does not fit the window.
func (w *keptWindow) measure(bars *mlv1.BatchPredictRequest_AppendBars) (int, *Error) {
	var violations []FieldViolation
	violate := func(name, format string, values ...any) {
		violations = append(violations, FieldViolation{fmt.Sprintf("append.features[%q]", name), fmt.Sprintf(format, values...)})
	}
	added := commonLength(bars.GetFeatures())
	for _, name := range slices.Sorted(maps.Keys(bars.GetFeatures())) {
		length := len(bars.GetFeatures()[name].GetValues())
		switch _, known := w.series[name]; {
		case !known:
			violate(name, "the full window has no such series")
		case length == 0:
			violate(name, "must hold at least one bar")
		case length > w.bars:
			violate(name, "%d bars; the window holds %d: send a full window", length, w.bars)
		case length != added:
			violate(name, "%d bars where the other series have %d", length, added)
		}
	}
	for name := range w.series {
		if _, given := bars.GetFeatures()[name]; !given {
			violate(name, "is missing; the full window has it")
		}
	}
	if len(violations) == 0 && added == 0 {
		violations = []FieldViolation{{"append.features", "must hold at least one bar"}}
	}
	if len(violations) > 0 {
		return 0, invalidAppend(violations)
	}
	return added, nil
}

// commonLength is the length that most series have, so that the odd one out is the one that is named.
func commonLength(features map[string]*mlv1.FeatureSeries) int {
	counts := map[int]int{}
	common := 0
	for _, series := range features {
		length := len(series.GetValues())
		counts[length]++
		if counts[length] > counts[common] {
			common = length
		}
	}
	return common
}

func invalidAppend(violations []FieldViolation) *Error {
	texts := make([]string, len(violations))
	for i, violation := range violations {
		texts[i] = violation.Field + ": " + violation.Description
	}
	err := newClientError(codes.InvalidArgument, ReasonInvalidAppend, "%s", strings.Join(texts, "; "))
	err.FieldViolations = violations
	return err
}

// followedBy is the whole window that the service decides on when the bars are appended.
func (w *keptWindow) followedBy(bars *mlv1.BatchPredictRequest_AppendBars) (*mlv1.PredictRequest, *Error) {
	added, err := w.measure(bars)
	if err != nil {
		return nil, err
	}
	features := make(map[string]*mlv1.FeatureSeries, len(w.series))
	for name, values := range w.series {
		features[name] = &mlv1.FeatureSeries{Values: slices.Concat(values[added:], bars.GetFeatures()[name].GetValues())}
	}
	return &mlv1.PredictRequest{
		Symbol:          bars.GetSymbol(),
		Timeframe:       bars.GetTimeframe(),
		Features:        features,
		QseOutput:       bars.GetQseOutput(),
		BarIndex:        proto.Int32(w.barIndex + int32(added)),
		HistoryBars:     proto.Uint32(w.historyBars + uint32(added)),
		BarTime:         bars.GetBarTime(),
		OmitExplanation: bars.GetOmitExplanation(),
	}, nil
}

// take moves the window on by bars of its shape that have been decided on.
func (w *keptWindow) take(bars *mlv1.BatchPredictRequest_AppendBars) {
	added := 0
	for name, values := range w.series {
		newest := bars.GetFeatures()[name].GetValues()
		added = len(newest)
		copy(values, values[added:])
		copy(values[w.bars-added:], newest)
	}
	w.historyBars += uint32(added)
	w.barIndex += int32(added)
}
