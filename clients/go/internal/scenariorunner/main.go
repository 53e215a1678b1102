// Command scenariorunner is the runner that clients/scenarios/README.md describes, for the Go client.
package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"google.golang.org/protobuf/proto"

	mllayer "ml.arbitrex/clients/go"
	mlv1 "ml.arbitrex/gen/go/arbitrex/ml/v1"
)

// lineBytesMax is the longest command: a message larger than the service reads, in base64.
const lineBytesMax = 64 << 20

type command struct {
	Op         string   `json:"op"`
	Address    string   `json:"address"`
	Token      string   `json:"token"`
	CA         string   `json:"ca"`
	TimeoutMs  int64    `json:"timeoutMs"`
	DeadlineMs int64    `json:"deadlineMs"`
	Request    string   `json:"request"`
	Bars       []string `json:"bars"`
	File       string   `json:"file"`
	Service    string   `json:"service"`
	Method     string   `json:"method"`
}

// answer is one outcome: a message, an error, or items that are either.
type answer struct {
	Message string   `json:"message,omitempty"`
	Error   *failure `json:"error,omitempty"`
	Items   []answer `json:"items,omitempty"`
}

type runner struct {
	client  *mllayer.Client
	session *mllayer.BatchSession
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, lineBytesMax)
	replies := json.NewEncoder(os.Stdout)
	r := &runner{}
	for lines.Scan() {
		if err := replies.Encode(r.obey(lines.Bytes())); err != nil {
			panic(err)
		}
	}
	if err := errors.Join(lines.Err(), r.close()); err != nil {
		panic(err)
	}
}

func (r *runner) close() error {
	if r.client == nil {
		return nil
	}
	return r.client.Close()
}

func (r *runner) obey(line []byte) map[string]any {
	var c command
	if err := json.Unmarshal(line, &c); err != nil {
		return map[string]any{"fault": err.Error()}
	}
	ok, err := r.perform(c)
	var typed *mllayer.Error
	switch {
	case errors.As(err, &typed):
		return map[string]any{"error": toFailure(typed)}
	case err != nil:
		return map[string]any{"fault": err.Error()}
	}
	return map[string]any{"ok": ok}
}

func (r *runner) perform(c command) (answer, error) {
	ctx, cancel := c.context(c.DeadlineMs)
	defer cancel()
	switch c.Op {
	case "connect":
		return answer{}, errors.Join(r.close(), r.connect(c))
	case "waitForHealth":
		ctx, cancel := c.context(c.TimeoutMs)
		defer cancel()
		return answer{}, r.client.WaitUntilServing(ctx)
	case "predict":
		request := &mlv1.PredictRequest{}
		if err := decode(c.Request, request); err != nil {
			return answer{}, err
		}
		return toAnswer(r.client.Predict(ctx, request))
	case "predictSymbols":
		request := &mlv1.PredictSymbolsRequest{}
		if err := decode(c.Request, request); err != nil {
			return answer{}, err
		}
		decisions, err := r.client.PredictSymbols(ctx, request)
		return encode(decisions.Response(), err)
	case "openSession":
		r.session = r.client.Batch()
		return answer{}, nil
	case "window":
		request := &mlv1.PredictRequest{}
		if err := decode(c.Request, request); err != nil {
			return answer{}, err
		}
		return toAnswer(r.session.Window(ctx, request))
	case "append":
		return r.append(ctx, c)
	case "closeSession":
		return answer{}, r.session.Close()
	case "call":
		return r.call(ctx, c)
	case "uploadModel":
		return r.upload(ctx, c)
	}
	return answer{}, fmt.Errorf("no such op: %s", c.Op)
}

func (r *runner) connect(c command) error {
	var options []mllayer.Option
	if c.Token != "" {
		options = append(options, mllayer.WithToken(c.Token))
	}
	if c.CA != "" {
		roots := x509.NewCertPool()
		if !roots.AppendCertsFromPEM([]byte(c.CA)) {
			return errors.New("ca is no certificate")
		}
		options = append(options, mllayer.WithTLS(&tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}))
	}
	var err error
	r.client, err = mllayer.NewClient(c.Address, options...)
	return err
}

func (r *runner) append(ctx context.Context, c command) (answer, error) {
	pending := make([]*mllayer.Pending, len(c.Bars))
	for i, encoded := range c.Bars {
		bars := &mlv1.BatchPredictRequest_AppendBars{}
		if err := decode(encoded, bars); err != nil {
			return answer{}, err
		}
		pending[i] = r.session.SubmitAppend(ctx, bars)
	}
	items := make([]answer, len(pending))
	for i := range pending {
		item, err := toAnswer(pending[i].Wait())
		var typed *mllayer.Error
		if errors.As(err, &typed) {
			item = answer{Error: toFailure(typed)}
		} else if err != nil {
			return answer{}, err
		}
		items[i] = item
	}
	return answer{Items: items}, nil
}

// upload is beside the table: a client stream is made in another way in every language.
func (r *runner) upload(ctx context.Context, c command) (answer, error) {
	header := &mlv1.RegisterModelRequest{}
	if err := decode(c.Request, header); err != nil {
		return answer{}, err
	}
	file, err := os.Open(c.File)
	if err != nil {
		return answer{}, err
	}
	defer file.Close()
	model, err := r.client.UploadModel(ctx, header, file)
	return encode(model, err)
}

// context has the deadline that the command names; without one the library's defaults apply.
func (c command) context(ms int64) (context.Context, context.CancelFunc) {
	if ms == 0 {
		return context.Background(), func() {}
	}
	return context.WithTimeout(context.Background(), time.Duration(ms)*time.Millisecond)
}

func toAnswer(decision *mllayer.Decision, err error) (answer, error) {
	if err != nil && decision.TradeAllowed() {
		return answer{}, fmt.Errorf("a trade is allowed beside an error: %w", err)
	}
	return encode(decision.Response(), err)
}

func encode(message proto.Message, err error) (answer, error) {
	if err != nil {
		return answer{}, err
	}
	bytes, err := proto.Marshal(message)
	return answer{Message: base64.StdEncoding.EncodeToString(bytes)}, err
}

func decode(text string, message proto.Message) error {
	bytes, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return err
	}
	return proto.Unmarshal(bytes, message)
}
