// Package traces tells an OpenTelemetry collector of exchanges: a span for each,
// with one for the masking, one for the provider and one for the rest of the
// answer below it. Spans hold names, counts and times, and never a text.
//
// The spans are made of the record of an exchange that has ended, so that nothing
// is measured twice and the exchange knows of no tracer; a few lines of OTLP's
// JSON take the place of an SDK and its exporter, which would make the program
// half as large again. An [Exporter] keeps the spans that wait in a bounded queue
// and sends them in batches; what does not fit, or cannot be sent, is dropped and
// counted.
package traces

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"go.uber.org/zap"

	"maskit/proxy/audit"
	"maskit/vault"
)

// Config is the section "traces".
type Config struct {
	// Endpoint takes OTLP over HTTP: http://127.0.0.1:4318/v1/traces. Empty: off.
	Endpoint string `yaml:"endpoint"`
	// Headers are sent along, such as a collector's key.
	Headers map[string]vault.Secret `yaml:"headers"`
	// Sample is the share, from 0 to 1, of exchanges that are traced if their
	// request does not say by traceparent whether they are.
	Sample float64 `yaml:"sample"`
	// Service is the name of this service.
	Service string `yaml:"service"`
}

// DefaultConfig sends nothing.
func DefaultConfig() Config { return Config{Sample: 1, Service: "maskit"} }

// Validate reports all faults of the section at once.
func (c Config) Validate() error {
	var errs []error
	if u, err := url.Parse(c.Endpoint); c.Endpoint != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		errs = append(errs, errors.New("endpoint: not of the form http(s)://host:port/v1/traces"))
	}
	if !(c.Sample >= 0 && c.Sample <= 1) {
		errs = append(errs, fmt.Errorf("sample: %v is not from 0 to 1", c.Sample))
	}
	if c.Service == "" {
		errs = append(errs, errors.New("service: is empty"))
	}
	return errors.Join(errs...)
}

const (
	queued    = 2048 // exchanges that wait at most
	batch     = 256  // that are sent at once
	batchWait = 2 * time.Second
	sendTime  = 10 * time.Second
)

// Exporter sends spans. It is safe for concurrent use.
type Exporter struct {
	cfg     Config
	version string
	log     *zap.Logger
	client  *http.Client
	queue   chan audit.Exchange
	closing chan struct{}
	closed  chan struct{}
}

// New begins to send what is noted, until Close.
func New(cfg Config, version string, log *zap.Logger) *Exporter {
	e := &Exporter{
		cfg: cfg, version: version, log: log, client: &http.Client{Timeout: sendTime},
		queue: make(chan audit.Exchange, queued), closing: make(chan struct{}), closed: make(chan struct{}),
	}
	go e.run()
	return e
}

// Exchange takes an exchange that has ended and does not wait.
func (e *Exporter) Exchange(x *audit.Exchange) {
	if !x.Trace.Sampled {
		return
	}
	select {
	case e.queue <- *x:
	default: // The collector is slower than the clients; it is told less.
	}
}

// Close sends what waits and ends.
func (e *Exporter) Close() error {
	close(e.closing)
	<-e.closed
	return nil
}

func (e *Exporter) run() {
	defer close(e.closed)
	tick := time.NewTicker(batchWait)
	defer tick.Stop()
	var waiting []audit.Exchange
	for {
		due := false
		select {
		case x := <-e.queue:
			waiting = append(waiting, x)
			due = len(waiting) >= batch
		case <-tick.C:
			due = len(waiting) > 0
		case <-e.closing:
			for len(e.queue) > 0 {
				waiting = append(waiting, <-e.queue)
			}
			if len(waiting) > 0 {
				e.send(waiting)
			}
			return
		}
		if due {
			e.send(waiting)
			waiting = waiting[:0]
		}
	}
}

// send gives a batch to the collector. What it does not take is lost: spans are
// no trail.
func (e *Exporter) send(batch []audit.Exchange) {
	ctx, cancel := context.WithTimeout(context.Background(), sendTime)
	defer cancel()
	if err := e.post(ctx, e.encode(batch)); err != nil {
		e.log.Warn("traces: a batch was not sent", zap.Int("exchanges", len(batch)), zap.Error(err))
	}
}

func (e *Exporter) post(ctx context.Context, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.cfg.Endpoint, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	for name, value := range e.cfg.Headers {
		req.Header.Set(name, value.Reveal())
	}
	resp, err := e.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<16)) // So that the connection can be used again.
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("the collector answered %d", resp.StatusCode)
	}
	return nil
}

// What OTLP's JSON looks like, as far as it is needed here:
// https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding.
type (
	spanJSON struct {
		TraceID    string      `json:"traceId"`
		SpanID     string      `json:"spanId"`
		Parent     string      `json:"parentSpanId,omitempty"`
		Name       string      `json:"name"`
		Kind       int         `json:"kind"`
		Start      string      `json:"startTimeUnixNano"`
		End        string      `json:"endTimeUnixNano"`
		Attributes []attribute `json:"attributes,omitempty"`
		Status     *status     `json:"status,omitempty"`
	}
	attribute struct {
		Key   string         `json:"key"`
		Value map[string]any `json:"value"`
	}
	status struct {
		Code    int    `json:"code"`
		Message string `json:"message,omitempty"`
	}
	object map[string]any
)

// The kinds of spans, and the status of an error.
const (
	kindInternal = 1
	kindServer   = 2
	kindClient   = 3
	statusError  = 2
)

func (e *Exporter) encode(batch []audit.Exchange) []byte {
	all := make([]spanJSON, 0, 4*len(batch))
	for i := range batch {
		all = append(all, spansOf(&batch[i])...)
	}
	b, err := json.Marshal(object{"resourceSpans": []object{{
		"resource": object{"attributes": []attribute{text("service.name", e.cfg.Service), text("service.version", e.version)}},
		"scopeSpans": []object{{
			"scope": object{"name": "maskit", "version": e.version},
			"spans": all,
		}},
	}}})
	if err != nil {
		panic("BUG: traces: spans are no JSON: " + err.Error())
	}
	return b
}

// spansOf are the spans of one exchange.
func spansOf(x *audit.Exchange) []spanJSON {
	end := x.Start.Add(x.Total)
	top := newSpan(x, x.Trace.Span, x.Trace.Parent, "maskit "+x.Route, kindServer, x.Start, end)
	top.Attributes = attributes(x)
	if x.Code != "" || x.Status >= 500 {
		top.Status = &status{statusError, x.Code}
	}
	all := []spanJSON{top}
	ready, head := x.Start.Add(x.Mask), x.Start.Add(x.Head)
	if x.Mask > 0 {
		all = append(all, newSpan(x, below(x.Trace.Span, 1), x.Trace.Span, "mask", kindInternal, x.Start, ready))
	}
	if x.Head > 0 {
		upstream := newSpan(x, x.Trace.Upstream, x.Trace.Span, "upstream "+x.Upstream, kindClient, ready, head)
		all = append(all, upstream, newSpan(x, below(x.Trace.Span, 2), x.Trace.Span, "restore", kindInternal, head, end))
	}
	return all
}

func newSpan(x *audit.Exchange, id, parent [8]byte, name string, kind int, from, to time.Time) spanJSON {
	s := spanJSON{
		TraceID: hex.EncodeToString(x.Trace.ID[:]), SpanID: hex.EncodeToString(id[:]), Name: name, Kind: kind,
		Start: strconv.FormatInt(from.UnixNano(), 10), End: strconv.FormatInt(to.UnixNano(), 10),
	}
	if parent != ([8]byte{}) {
		s.Parent = hex.EncodeToString(parent[:])
	}
	return s
}

// below is the id of a child that nobody else has to know.
func below(id [8]byte, n byte) [8]byte {
	id[7] ^= n
	return id
}

func attributes(x *audit.Exchange) []attribute {
	a := []attribute{
		text("maskit.request_id", x.ID), text("maskit.route", x.Route), text("maskit.upstream", x.Upstream),
		text("maskit.tenant", x.Tenant), text("maskit.policy", x.Policy), number("http.response.status_code", x.Status),
		number("maskit.restored", x.Restored), number("maskit.unknown", x.Unknown),
		number("http.request.body.size", x.BytesIn), number("http.response.body.size", x.BytesOut),
	}
	for _, c := range x.Found {
		a = append(a, number("maskit.masked."+c.Kind, c.N))
	}
	if x.Code != "" {
		a = append(a, text("error.type", x.Code))
	}
	return a
}

func text(key, value string) attribute { return attribute{key, map[string]any{"stringValue": value}} }

// number is a string in OTLP's JSON, as all 64-bit integers are.
func number(key string, value int) attribute {
	return attribute{key, map[string]any{"intValue": strconv.Itoa(value)}}
}
