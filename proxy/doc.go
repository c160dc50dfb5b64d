// Package proxy is the clients' side: one exchange from its first byte to its
// last. It reads a request, has its texts masked, sends it to the provider, and
// gives the answer back restored, whole or as a stream.
//
// It does not know where an API keeps its text (wire), what is sensitive
// (detect) or what stands for it (mask, vault); it neither balances, nor falls
// back, nor bills.
//
// In the order of reading: [Proxy] owns the listener and the state that a
// reload swaps; an exchange (exchange.go) is one request on its way; an
// upstream (upstream.go) is one provider and its connections; an answer
// (answer.go, stream.go) is what goes back.
//
// What was not looked at is not forwarded: each refusal is a row in failure.go.
package proxy
