package admin

import (
	"net/http"
	"runtime"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.uber.org/zap"

	"maskit/proxy/audit"
	"maskit/proxy/mask"
)

// Metrics counts what happens. Labels come from bounded sets: names of routes,
// of configured upstreams, of kinds, of maskit's own error codes; never from what
// a client sent. docs/METRICS.md lists them all.
type Metrics struct {
	registry *prometheus.Registry

	requests *prometheus.CounterVec
	tenants  *prometheus.CounterVec
	masked   *prometheus.CounterVec
	allowed  *prometheus.CounterVec
	unread   *prometheus.CounterVec
	restored prometheus.Counter
	unknown  prometheus.Counter
	withheld prometheus.Counter
	unkept   prometheus.Counter
	operated *prometheus.CounterVec
	bytesIn  prometheus.Counter
	bytesOut prometheus.Counter
	mask     prometheus.Histogram
	total    *prometheus.HistogramVec
	reloads  *prometheus.CounterVec
	reloaded prometheus.Gauge
}

// Masking takes from 10 us (a short chat) to 1 s (the largest bodies), an
// exchange from 1 ms (refused) to minutes (a long stream).
var (
	maskBuckets  = []float64{.00001, .000025, .00005, .0001, .00025, .0005, .001, .0025, .005, .01, .05, .1, 1}
	totalBuckets = []float64{.001, .005, .01, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300}
)

// NewMetrics returns metrics in a registry of their own. The version is that of
// the program.
func NewMetrics(version string) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: counters("maskit_requests_total", "Exchanges that have ended.", "route", "upstream", "status", "code"),
		tenants:  counters("maskit_tenant_requests_total", "The same by tenant and policy.", "tenant", "policy"),
		masked:   counters("maskit_masked_values_total", "Values masked in requests.", "kind"),
		allowed:  counters("maskit_allowed_values_total", "Values found that stayed, as the policy says.", "kind"),
		unread:   counters("maskit_unread_parts_total", "Parts that went to the provider unread.", "kind"),
		restored: counter("maskit_restored_tokens_total", "Tokens put back into answers."),
		unknown:  counter("maskit_unknown_tokens_total", "What looks like a token in answers but stands for nothing."),
		withheld: counter("maskit_withheld_tokens_total", "Tokens that the policy did not put back where they stood."),
		unkept:   counter("maskit_unkept_exchanges_total", "Exchanges that went on although the vault did not take their values."),
		operated: counters("maskit_operations_total", "What operators did, and were refused.", "type", "status"),
		bytesIn:  counter("maskit_request_bytes_total", "Bytes of request bodies, decoded."),
		bytesOut: counter("maskit_response_bytes_total", "Bytes of answers, as sent to clients."),
		mask: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "maskit_mask_duration_seconds", Buckets: maskBuckets,
			Help: "From the request read to the request ready to leave, the vault included.",
		}),
		total: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "maskit_exchange_duration_seconds", Buckets: totalBuckets,
			Help: "From the request read to the last byte given back.",
		}, []string{"stream"}),
		reloads: counters("maskit_config_reloads_total", "Attempts to reload the configuration.", "result"),
		reloaded: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "maskit_config_last_reload_successful",
			Help: "1 if the configuration in force is the one that was read last.",
		}),
	}
	m.reloaded.Set(1)
	build := prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "maskit_build_info", Help: "1, with the version of the program and of Go.",
	}, []string{"version", "goversion"})
	build.WithLabelValues(version, runtime.Version()).Set(1)
	m.registry.MustRegister(
		m.requests, m.tenants, m.masked, m.allowed, m.unread, m.restored, m.unknown, m.withheld, m.unkept, m.bytesIn, m.bytesOut,
		m.operated,
		m.mask, m.total, m.reloads, m.reloaded, build,
		countOf("maskit_texts_known_total", "Texts that an earlier request had, which were not searched again.", func() (n uint64) { n, _ = mask.CacheCounts(); return n }),
		countOf("maskit_texts_searched_total", "Texts that were searched, short ones left out.", func() (n uint64) { _, n = mask.CacheCounts(); return n }),
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	return m
}

func counter(name, help string) prometheus.Counter {
	return prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help})
}

func countOf(name, help string, count func() uint64) prometheus.Collector {
	return prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, func() float64 { return float64(count()) })
}

func counters(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
}

// Exchange counts an exchange that has ended. It is safe for concurrent use.
func (m *Metrics) Exchange(x *audit.Exchange) {
	m.requests.WithLabelValues(x.Route, x.Upstream, class(x.Status), x.Code).Inc()
	m.tenants.WithLabelValues(x.Tenant, x.Policy).Inc()
	for _, c := range x.Allowed {
		m.allowed.WithLabelValues(c.Kind).Add(float64(c.N))
	}
	for _, c := range x.Found {
		m.masked.WithLabelValues(c.Kind).Add(float64(c.N))
	}
	for _, c := range x.Unread {
		m.unread.WithLabelValues(c.Kind).Add(float64(c.N))
	}
	m.restored.Add(float64(x.Restored))
	m.unknown.Add(float64(x.Unknown))
	m.withheld.Add(float64(x.Withheld))
	if x.Unkept {
		m.unkept.Inc()
	}
	m.bytesIn.Add(float64(x.BytesIn))
	m.bytesOut.Add(float64(x.BytesOut))
	m.mask.Observe(x.Mask.Seconds())
	m.total.WithLabelValues(strconv.FormatBool(x.Stream)).Observe(x.Total.Seconds())
}

// Operation counts what an operator did, or was refused.
func (m *Metrics) Operation(o *audit.Operation) {
	m.operated.WithLabelValues(o.Type, class(o.Status)).Inc()
}

// Trail shows whether the audit trail can be written. It is called once, where
// there is a trail.
func (m *Metrics) Trail(writable func() bool) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "maskit_audit_writable", Help: "1 if the audit trail can be written.",
	}, func() float64 {
		if writable() {
			return 1
		}
		return 0
	}))
}

// Reload counts an attempt to reload the configuration, and how it came out.
func (m *Metrics) Reload(err error) {
	result, successful := "ok", 1.0
	if err != nil {
		result, successful = "failed", 0
	}
	m.reloads.WithLabelValues(result).Inc()
	m.reloaded.Set(successful)
}

// class folds a status into 2xx, 4xx and so on; "none" if the client saw none.
func class(status int) string {
	if status < 100 || status > 599 {
		return "none"
	}
	return strconv.Itoa(status/100) + "xx"
}

// handler serves the metrics to few scrapers at a time.
func (m *Metrics) handler(log *zap.Logger) http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		ErrorLog:            zap.NewStdLog(log),
		MaxRequestsInFlight: 4,
		Timeout:             10 * time.Second,
	})
}
