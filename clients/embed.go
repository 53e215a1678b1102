// Package clients holds what the clients of every language share.
package clients

import _ "embed"

// ServiceConfig is the standard gRPC service config: which calls are tried again, when and how often.
//
//go:embed service-config.json
var ServiceConfig string
