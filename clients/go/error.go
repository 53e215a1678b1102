package mllayer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	rpcstatus "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Who defines the reason of an error.
const (
	// ServiceDomain is the domain of the service's own reasons.
	ServiceDomain = "ml.arbitrex"
	// ClientDomain is the domain of the reasons below, which this package finds itself.
	ClientDomain = "ml.arbitrex.client"
)

// Reasons in [ClientDomain].
const (
	// ReasonMismatchedAnswer: the answer belongs to another request. Code INTERNAL.
	ReasonMismatchedAnswer = "MISMATCHED_ANSWER"
	// ReasonContradictoryAnswer: the answer allows a trade that its own gates do not, or lacks what it must have. Code INTERNAL.
	ReasonContradictoryAnswer = "CONTRADICTORY_ANSWER"
	// ReasonInvalidAppend: appended bars are not of the shape of the window. Code INVALID_ARGUMENT; the service says it too.
	ReasonInvalidAppend = "INVALID_APPEND"
	// ReasonTooManyUnanswered: a session waits for as many answers as it may. Code RESOURCE_EXHAUSTED.
	ReasonTooManyUnanswered = "TOO_MANY_UNANSWERED"
	// ReasonSessionClosed: the session has been closed. Code CANCELLED.
	ReasonSessionClosed = "SESSION_CLOSED"
)

// Error is why there is no decision or no answer. Find it with [errors.As]; [status.FromError] sees through it as well, and
// [errors.Is] knows it as [context.DeadlineExceeded] or [context.Canceled] where its code says so.
type Error struct {
	// Code is the gRPC status code; never OK.
	Code codes.Code
	// Message is a text for developers.
	Message string
	// Reason is the cause for programs, in UPPER_SNAKE_CASE; empty where the service was not reached.
	Reason string
	// Domain says who defines the reason: [ServiceDomain] or [ClientDomain].
	Domain string
	// Metadata holds values that belong to the cause.
	Metadata map[string]string
	// FieldViolations names every field of the request that is wrong.
	FieldViolations []FieldViolation
	// PreconditionViolations names what must change before the call can succeed.
	PreconditionViolations []PreconditionViolation
	// Resource is what does not exist, or exists already; nil where the error is about none.
	Resource *Resource
	// RetryDelay is the least time to wait before calling again; nil where the service gave none.
	RetryDelay *time.Duration

	status *status.Status
}

// FieldViolation is one wrong field.
type FieldViolation struct {
	// Field is its path, e.g. features["atr"].values[117].
	Field string
	// Description says what is wrong with it.
	Description string
}

// PreconditionViolation is one condition that is not met.
type PreconditionViolation struct {
	// Type is its kind, in UPPER_SNAKE_CASE.
	Type string
	// Subject is what it applies to, e.g. signal_filter/v2.0.0.
	Subject string
	// Description says how it is not met.
	Description string
}

// Resource is what an error is about.
type Resource struct {
	// Type is its kind, e.g. model_version.
	Type string
	// Name is its name.
	Name string
	// Description says what went wrong with it.
	Description string
}

// Error is the code, the reason and the message.
func (e *Error) Error() string {
	if e.Reason == "" {
		return fmt.Sprintf("mllayer: %s: %s", e.Code, e.Message)
	}
	return fmt.Sprintf("mllayer: %s (%s): %s", e.Code, e.Reason, e.Message)
}

// GRPCStatus is the status as it was received.
func (e *Error) GRPCStatus() *status.Status { return e.status }

// Is knows the two errors of package context.
func (e *Error) Is(target error) bool {
	switch target {
	case context.DeadlineExceeded:
		return e.Code == codes.DeadlineExceeded
	case context.Canceled:
		return e.Code == codes.Canceled
	}
	return false
}

// toError makes an [*Error] of whatever a call ended with; nil stays nil.
func toError(err error) error {
	if err == nil {
		return nil
	}
	var known *Error
	if errors.As(err, &known) {
		return err
	}
	// The status as it was received, without the words that gRPC puts around it when it has tried again.
	var received interface{ GRPCStatus() *status.Status }
	if errors.As(err, &received) {
		return fromStatus(received.GRPCStatus())
	}
	return fromContext(err)
}

// fromContext is the end of a context as an error; never nil.
func fromContext(err error) *Error { return fromStatus(status.FromContextError(err)) }

// fromItem is the error that stands in the place of one item's decision.
func fromItem(received *rpcstatus.Status) *Error { return fromStatus(status.FromProto(received)) }

func fromStatus(received *status.Status) *Error {
	e := &Error{Code: received.Code(), Message: received.Message(), status: received}
	if e.Code == codes.OK {
		// An error of code OK would look like none to whoever asks for its status.
		e.Code, e.Message = codes.Internal, "an error without a code: "+received.Message()
		e.status = status.New(e.Code, e.Message)
	}
	for _, detail := range received.Details() {
		e.add(detail)
	}
	return e
}

func (e *Error) add(detail any) {
	switch d := detail.(type) {
	case *errdetails.ErrorInfo:
		e.Reason, e.Domain, e.Metadata = d.GetReason(), d.GetDomain(), d.GetMetadata()
	case *errdetails.BadRequest:
		for _, violation := range d.GetFieldViolations() {
			e.FieldViolations = append(e.FieldViolations, FieldViolation{violation.GetField(), violation.GetDescription()})
		}
	case *errdetails.PreconditionFailure:
		for _, unmet := range d.GetViolations() {
			e.PreconditionViolations = append(e.PreconditionViolations, PreconditionViolation{unmet.GetType(), unmet.GetSubject(), unmet.GetDescription()})
		}
	case *errdetails.ResourceInfo:
		e.Resource = &Resource{d.GetResourceType(), d.GetResourceName(), d.GetDescription()}
	case *errdetails.RetryInfo:
		delay := d.GetRetryDelay().AsDuration()
		e.RetryDelay = &delay
	}
}

func newClientError(code codes.Code, reason, format string, values ...any) *Error {
	made := status.Newf(code, format, values...)
	return &Error{Code: code, Message: made.Message(), Reason: reason, Domain: ClientDomain, status: made}
}
