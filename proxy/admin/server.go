// Package admin is the operators' side of maskit: a listener of its own with
// /livez, /readyz and /metrics.
//
// It knows nothing of the clients' side. What it reports it is given: a check by
// the program (cmd), and the record of every exchange by the proxy, as an
// [audit.Exchange], which holds counts and never a value. There is no pprof and
// no list of what there is, and so far no access control: the default address is
// on the loopback interface.
//
// [Metrics] exists without a listener too, so that "off" changes nothing else.
package admin

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"go.uber.org/zap"
)

// checkTime bounds one readiness check. Probes usually give up after 1 s.
const checkTime = time.Second

// Deps is what the listener reports on.
type Deps struct {
	// Check proves that masking and restoring work, through the live policy and
	// vault. Its error is shown to operators and MUST NOT hold a value.
	Check   func(context.Context) error
	Metrics *Metrics
	Log     *zap.Logger
}

// Server answers operators.
type Server struct {
	http     http.Server
	check    func(context.Context) error
	draining atomic.Bool
}

// New returns a server that does not listen yet.
func New(d Deps) *Server {
	s := &Server{check: d.Check}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /livez", s.live)
	mux.HandleFunc("GET /readyz", s.ready)
	mux.Handle("GET /metrics", d.Metrics.handler(d.Log))
	s.http = http.Server{
		Handler:           mux,
		ErrorLog:          zap.NewStdLog(d.Log),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    16 << 10,
	}
	return s
}

// Serve answers on ln until Shutdown, and closes it.
func (s *Server) Serve(ln net.Listener) error {
	if err := s.http.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("admin: serving on %s: %w", ln.Addr(), err)
	}
	return nil
}

// Drain makes /readyz say that the program is about to stop, so that no new
// clients are sent to it.
func (s *Server) Drain() { s.draining.Store(true) }

// Shutdown stops listening and waits for running answers until ctx ends.
func (s *Server) Shutdown(ctx context.Context) error {
	if err := s.http.Shutdown(ctx); err != nil {
		return fmt.Errorf("admin: shutting down: %w", err)
	}
	return nil
}

// live says that the process answers. It looks at nothing else: a restart would
// not bring back a Redis that is away.
func (s *Server) live(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, "live")
}

// ready says whether clients should be sent here.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	if s.draining.Load() {
		answer(w, http.StatusServiceUnavailable, "not ready: shutting down")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), checkTime)
	defer cancel()
	if err := s.check(ctx); err != nil {
		answer(w, http.StatusServiceUnavailable, "not ready: "+err.Error())
		return
	}
	answer(w, http.StatusOK, "ready")
}

func answer(w http.ResponseWriter, status int, text string) {
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = fmt.Fprintln(w, text) // The prober has gone; there is nobody to tell.
}
