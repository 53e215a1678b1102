// Command signalgenerator asks before it trades: signalgenerator HOST:PORT BARS.csv [BARS].
//
// It reads daily bars with the columns date and close, makes features of them, and prints for each of the newest bars whether its
// momentum signal may trade. Your own feature engine and statistics take the place of features.go.
package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"log"
	"os"
	"slices"
	"strconv"
	"time"

	"google.golang.org/protobuf/proto"

	mllayer "ml.arbitrex/clients/go"
	mlv1 "ml.arbitrex/gen/go/arbitrex/ml/v1"
)

const (
	symbol     = "SPX"
	timeframe  = "1D"
	windowBars = 120
)

func main() {
	if len(os.Args) < 3 {
		log.Fatal("usage: signalgenerator HOST:PORT BARS.csv [BARS]")
	}
	count := 60
	if len(os.Args) > 3 {
		var err error
		if count, err = strconv.Atoi(os.Args[3]); err != nil {
			log.Fatal(err)
		}
	}
	if err := run(os.Args[1], os.Args[2], count); err != nil {
		log.Fatal(err)
	}
}

func run(address, path string, count int) error {
	dates, closes, err := readBars(path)
	if err != nil {
		return err
	}
	first := len(closes) - count
	if first < windowBars+lookback+rankBars {
		return fmt.Errorf("%d bars are too few for %d decisions", len(closes), count)
	}
	client, err := mllayer.NewClient(address)
	if err != nil {
		return err
	}
	defer client.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := client.WaitUntilServing(ctx); err != nil {
		return err
	}
	session := client.Batch()
	defer session.Close()
	trades := 0
	for at := first; at < len(closes); at++ {
		newest := toFeatures(closes, at)
		decision, err := decide(session, closes, at, at == first)
		if act(dates[at], newest, decision, err) {
			trades++
		}
	}
	fmt.Printf("%d trades on %d bars\n", trades, count)
	return nil
}

// decide sends the whole window at the first bar and one bar after that.
func decide(session *mllayer.BatchSession, closes []float64, at int, isFirst bool) (*mllayer.Decision, error) {
	from := at
	if isFirst {
		from = at - windowBars + 1
	}
	series := map[string][]float64{}
	for bar := from; bar <= at; bar++ {
		for name, value := range toFeatures(closes, bar) {
			series[name] = append(series[name], value)
		}
	}
	checks := check(toFeatures(closes, at))
	// A context with a deadline would limit this one decision; without it the client's timeout does.
	ctx := context.Background()
	if isFirst {
		return session.Window(ctx, &mlv1.PredictRequest{
			Symbol:      symbol,
			Timeframe:   timeframe,
			Features:    mllayer.Features(series),
			QseOutput:   checks,
			HistoryBars: proto.Uint32(uint32(at + 1)),
		})
	}
	return session.Append(ctx, &mlv1.BatchPredictRequest_AppendBars{
		Symbol:    symbol,
		Timeframe: timeframe,
		Features:  mllayer.Features(series),
		QseOutput: checks,
	})
}

// act is where an order would go out. No decision is a refusal.
func act(date string, newest map[string]float64, decision *mllayer.Decision, err error) bool {
	var refused *mllayer.Error
	switch {
	case errors.As(err, &refused):
		fmt.Printf("%s  no trade: %s\n", date, refused.Message)
		return false
	case err != nil:
		fmt.Printf("%s  no trade: %v\n", date, err)
		return false
	case !decision.TradeAllowed():
		fmt.Printf("%s  no trade: %s\n", date, decision.Reasons()[0])
		return false
	}
	side := "short"
	if newest["momentum_score"] > 0 {
		side = "long"
	}
	fmt.Printf("%s  %s, probability %.4f\n", date, side, decision.SuccessProbability())
	return true
}

func readBars(path string) (dates []string, closes []float64, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil || len(rows) == 0 {
		return nil, nil, fmt.Errorf("%s: no bars: %w", path, err)
	}
	date, price := slices.Index(rows[0], "date"), slices.Index(rows[0], "close")
	if date < 0 || price < 0 {
		return nil, nil, fmt.Errorf("%s: needs the columns date and close", path)
	}
	for _, row := range rows[1:] {
		closing, err := strconv.ParseFloat(row[price], 64)
		if err != nil {
			return nil, nil, err
		}
		dates, closes = append(dates, row[date]), append(closes, closing)
	}
	return dates, closes, nil
}
