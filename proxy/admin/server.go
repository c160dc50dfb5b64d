// Package admin is the operators' side of maskit: a listener of its own, with
// /livez, /readyz and /metrics for machines, and for people and programs the API
// of docs/API.md.
//
// It knows nothing of the clients' side. What it works on it is given ([Deps]):
// a check by the program, the policies in force ([Live]), the vault, and by the
// proxy the record of every exchange, as an [audit.Exchange].
//
// The API is the table of routes in routes.go: a row says the method, the path,
// the permission that it wants and the function that answers. Who asks, guard.go
// finds out; call.go lets them in; each resource has a file of its own; and
// openapi.go makes the document of the same table and of the Go types. No answer
// but those that are made of values (restore, try) holds one, and no error does.
//
// [Metrics] exists without a listener too, so that "off" changes nothing else.
package admin

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"maskit/proxy/access"
	"maskit/proxy/audit"
	"maskit/vault"
)

// checkTime bounds one readiness check. Probes usually give up after 1 s.
const checkTime = time.Second

// Deps is what the listener works on.
type Deps struct {
	// Check proves that masking and restoring work, through the live policy and
	// vault. Its error is shown to operators and MUST NOT hold a value.
	Check   func(context.Context) error
	Metrics *Metrics
	Log     *zap.Logger
	// Live is what is in force.
	Live Live
	// Vault keeps the values.
	Vault *vault.Vault
	// Rules makes policies of rules that are made at run time; Documents keeps them.
	Rules     Rulebook
	Documents *vault.Documents
	// Chats asks the models that operators try policies with.
	Chats Chats
	// Record takes what operators do into the audit trail. After an error the
	// operation is not done, or its result not shown. Nil writes it to Log.
	Record func(context.Context, *audit.Operation) error
	// Trail reads what was recorded; nil if it goes to no file.
	Trail *audit.Reader
	// Stats are the figures of the last day.
	Stats *Stats
	// Version is that of the program.
	Version string
}

// Server answers operators.
type Server struct {
	http     http.Server
	check    func(context.Context) error
	draining atomic.Bool

	log       *zap.Logger
	live      Live
	vault     *vault.Vault
	chats     Chats
	book      Rulebook
	documents *vault.Documents
	trail     *audit.Reader // nil if it goes to no file
	verifying sync.Mutex
	stats     *Stats
	record    func(context.Context, *audit.Operation) error
	version   string

	guard    atomic.Pointer[guard]
	limiter  *access.Limiter
	sessions sessions
	first    string // the key that New made, "" if operators are configured
	alone    bool   // only this machine reaches the listener
	openapi  []byte
	adhoc    adhocs
}

// New returns a server that does not listen yet. Where nobody is configured and
// only this machine reaches the listener, it makes a key: see FirstKey.
func New(cfg Config, d Deps) (*Server, error) {
	s := &Server{
		check: d.Check, log: d.Log, live: d.Live, vault: d.Vault, chats: d.Chats,
		book: d.Rules, documents: d.Documents, record: d.Record, version: d.Version,
		trail: d.Trail, stats: d.Stats,
		limiter: access.NewLimiter(), alone: cfg.alone(),
	}
	if s.stats == nil {
		s.stats = new(Stats)
	}
	if s.record == nil {
		s.record = s.logged
	}
	if cfg.Open() && s.alone {
		s.first = access.NewKey(access.Operator)
	}
	write := s.record
	s.record = func(ctx context.Context, op *audit.Operation) error {
		d.Metrics.Operation(op)
		return write(ctx, op)
	}
	if err := s.Reload(cfg); err != nil {
		return nil, err
	}
	table := routes()
	var err error
	if s.openapi, err = document(table, d.Version); err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /livez", s.healthy)
	mux.HandleFunc("GET /readyz", s.ready)
	mux.Handle("GET /metrics", d.Metrics.handler(d.Log))
	files, err := consoleFiles()
	if err != nil {
		return nil, err
	}
	mux.Handle("GET "+consolePath+"{file...}", s.console(files))
	mux.Handle("GET /{$}", http.RedirectHandler(consolePath, http.StatusSeeOther))
	for path, byMethod := range byPath(table) {
		mux.HandleFunc(path, s.handle(byMethod))
	}
	mux.HandleFunc("/api/", s.handle(nil))
	s.http = http.Server{
		Handler:           mux,
		ErrorLog:          zap.NewStdLog(d.Log),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      time.Minute,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    16 << 10,
	}
	return s, nil
}

func byPath(table []route) map[string]map[string]*route {
	paths := map[string]map[string]*route{}
	for i := range table {
		r := &table[i]
		if paths[r.path] == nil {
			paths[r.path] = map[string]*route{}
		}
		paths[r.path][r.method] = r
	}
	return paths
}

// Reload swaps in other operators. The listener's own settings (listen, tls) stay
// until the next start.
func (s *Server) Reload(cfg Config) error {
	open := cfg.Open()
	if open && s.first != "" {
		cfg.Operators = []Operator{{Name: "first", KeySHA256: access.Hash(s.first), Roles: []access.Role{access.Admin}}}
	}
	g, err := newGuard(cfg)
	if err != nil {
		return fmt.Errorf("admin: %w", err)
	}
	g.open = open
	s.guard.Store(g)
	return nil
}

// FirstKey returns the key that was made since there are no operators; "" if
// there are, or if others than this machine reach the listener.
func (s *Server) FirstKey() string { return s.first }

// off says whether there is nobody whom the API could serve.
func (s *Server) off() bool { g := s.guard.Load(); return g.open && s.first == "" }

// trusts says whether a request needs no key on the routes that are open at home:
// there are no operators, only this machine reaches the listener, and the request
// was meant for it, and not for a name that somebody let lead here.
func (s *Server) trusts(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	return s.guard.Load().open && s.alone && isLoopback(host)
}

// logged takes the place of an audit trail.
func (s *Server) logged(_ context.Context, op *audit.Operation) error {
	s.log.Info("admin", zap.String("did", op.Type), zap.String("operator", op.Operator), zap.String("source", op.Source),
		zap.String("tenant", op.Tenant), zap.String("reason", op.Reason), zap.Int("tokens", len(op.Tokens)),
		zap.Int("status", op.Status), zap.String("code", op.Code), zap.String("id", op.ID))
	return nil
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

// healthy says that the process answers. It looks at nothing else: a restart
// would not bring back a Redis that is away.
func (s *Server) healthy(w http.ResponseWriter, _ *http.Request) {
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
