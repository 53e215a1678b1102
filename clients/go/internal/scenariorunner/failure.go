package main

import (
	rpccode "google.golang.org/genproto/googleapis/rpc/code"

	mllayer "ml.arbitrex/clients/go"
)

// failure is what the typed error of the client holds, in the form of the runner protocol.
type failure struct {
	Code                   string      `json:"code"`
	Message                string      `json:"message"`
	Reason                 string      `json:"reason,omitempty"`
	Domain                 string      `json:"domain,omitempty"`
	FieldViolations        []violation `json:"fieldViolations,omitempty"`
	PreconditionViolations []violation `json:"preconditionViolations,omitempty"`
	Resource               *resource   `json:"resource,omitempty"`
	RetryDelayMs           *int64      `json:"retryDelayMs,omitempty"`
}

// violation is a wrong field, or a condition that is not met.
type violation struct {
	Field       string `json:"field,omitempty"`
	Type        string `json:"type,omitempty"`
	Subject     string `json:"subject,omitempty"`
	Description string `json:"description"`
}

type resource struct {
	Type        string `json:"type"`
	Name        string `json:"name"`
	Description string `json:"description"`
}

func toFailure(e *mllayer.Error) *failure {
	f := &failure{
		Code:    rpccode.Code(e.Code).String(),
		Message: e.Message,
		Reason:  e.Reason,
		Domain:  e.Domain,
	}
	for _, v := range e.FieldViolations {
		f.FieldViolations = append(f.FieldViolations, violation{Field: v.Field, Description: v.Description})
	}
	for _, v := range e.PreconditionViolations {
		f.PreconditionViolations = append(f.PreconditionViolations, violation{Type: v.Type, Subject: v.Subject, Description: v.Description})
	}
	if e.Resource != nil {
		f.Resource = &resource{e.Resource.Type, e.Resource.Name, e.Resource.Description}
	}
	if e.RetryDelay != nil {
		ms := e.RetryDelay.Milliseconds()
		f.RetryDelayMs = &ms
	}
	return f
}
