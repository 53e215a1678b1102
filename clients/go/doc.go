// Package mllayer asks the Arbitrex ML layer whether a trading signal may trade now.
//
// A [Client] holds one connection and is safe for concurrent use. [Client.Predict] answers one request,
// [Client.Batch] opens a session that sends a whole window once and then only the newest bars.
//
// Everything fails closed: [Decision.TradeAllowed] is true only for an answer that the service gave to exactly this
// request and in which every gate passed. A nil or zero Decision, which is all there is beside an error, allows nothing.
//
// Errors are of type [*Error], with the status code and the google.rpc details of the service.
package mllayer
