package mllayer

import (
	"context"
	"crypto/tls"
	"fmt"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
)

// The time that a call has when its context brings no deadline.
const (
	// DefaultTimeout is for decisions: Predict, PredictSymbols, an item of a session, a health check.
	DefaultTimeout = time.Second
	// AdministrativeTimeout is for everything else.
	AdministrativeTimeout = 30 * time.Second
	// RegistrationTimeout is for RegisterModel, which checks the model in a process of its own.
	RegistrationTimeout = 120 * time.Second
)

// Option changes how a [Client] connects or calls.
type Option func(*settings)

type settings struct {
	tls         *tls.Config
	token       func(context.Context) (string, error)
	timeout     time.Duration
	dialOptions []grpc.DialOption
}

// WithTLS encrypts the connection. The configuration names the authorities to trust and, where the service asks for
// one, the client's certificate; nil means those of the system. Without this option the connection is plaintext, as the
// service serves by default.
func WithTLS(config *tls.Config) Option {
	return func(s *settings) {
		if config == nil {
			config = &tls.Config{MinVersion: tls.VersionTLS12}
		}
		s.tls = config
	}
}

// WithToken sends "authorization: Bearer" and the token with every call. Without [WithTLS] anybody between here and the
// service can read it: that is for a proxy on this machine which encrypts.
func WithToken(token string) Option {
	return WithTokenSource(func(context.Context) (string, error) { return token, nil })
}

// WithTokenSource is [WithToken] for tokens that expire: the function is asked at every call, from several goroutines.
func WithTokenSource(token func(context.Context) (string, error)) Option {
	return func(s *settings) { s.token = token }
}

// WithTimeout sets the time, above 0, that a decision may take when its context brings no deadline, all tries together.
// Default [DefaultTimeout].
func WithTimeout(timeout time.Duration) Option {
	return func(s *settings) { s.timeout = timeout }
}

// WithDialOptions adds options of gRPC itself, such as interceptors that trace calls.
func WithDialOptions(options ...grpc.DialOption) Option {
	return func(s *settings) { s.dialOptions = append(s.dialOptions, options...) }
}

func newSettings(options []Option) (settings, error) {
	s := settings{timeout: DefaultTimeout}
	for _, option := range options {
		option(&s)
	}
	if s.timeout <= 0 {
		return s, fmt.Errorf("mllayer: WithTimeout must be above 0, not %v", s.timeout)
	}
	return s, nil
}

func (s settings) transport() []grpc.DialOption {
	options := []grpc.DialOption{grpc.WithTransportCredentials(insecure.NewCredentials())}
	if s.tls != nil {
		options[0] = grpc.WithTransportCredentials(credentials.NewTLS(s.tls))
	}
	if s.token != nil {
		options = append(options, grpc.WithPerRPCCredentials(bearer{s.token}))
	}
	return options
}

// bearer is the token as gRPC wants it.
type bearer struct {
	token func(context.Context) (string, error)
}

func (b bearer) GetRequestMetadata(ctx context.Context, _ ...string) (map[string]string, error) {
	token, err := b.token(ctx)
	if err != nil {
		return nil, err
	}
	return map[string]string{"authorization": "Bearer " + token}, nil
}

// RequireTransportSecurity is false: whether a proxy encrypts cannot be seen from here.
func (b bearer) RequireTransportSecurity() bool { return false }
