package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/signal"
	"reflect"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"syscall"

	"go.uber.org/zap"

	"maskit/config"
	"maskit/proxy"
	"maskit/proxy/admin"
	"maskit/proxy/audit"
	"maskit/proxy/mask"
	"maskit/proxy/traces"
	"maskit/vault"
)

type serveCmd struct {
	settings
}

// Help is shown by maskit serve --help.
func (serveCmd) Help() string {
	return `Without a configuration maskit listens on 127.0.0.1:8080, forwards to the public
URLs of the known providers and keeps the values in memory.

The order is: defaults, then the file, then the environment, then flags; the later
one wins. The keys that seal the values in Redis are given in MASKIT_KEY, in the
file that MASKIT_KEY_FILE names, or in the configuration.

SIGHUP, or a change of the file, reloads it. SIGTERM lets running answers finish.`
}

// Run serves until ctx ends.
func (c *serveCmd) Run(ctx context.Context, std streams) error {
	changed := func(context.Context, func()) error { return nil }
	if c.Config != "" {
		// Before the file is read, so that no change is missed.
		w, err := config.Watch(c.Config)
		if err != nil {
			return err
		}
		defer w.Close()
		changed = w.Run
	}
	cfg, err := c.load()
	if err != nil {
		return err
	}
	log := newLog(cfg.Log, std.err)
	return serve(ctx, cfg, log, func(ctx context.Context, s *server) {
		s.announce(std.err)
		s.reloads(ctx, c.load, changed)
	})
}

// server is maskit at work.
type server struct {
	cfg     *config.Config // as it was started
	log     *zap.Logger
	vault   *vault.Vault
	metrics *admin.Metrics
	proxy   *proxy.Proxy
	now     atomic.Pointer[config.Config] // as it was loaded last
	// policies are the live ones.
	policies atomic.Pointer[mask.Policies]
	tally    atomic.Pointer[tally] // sums up for maskit run, else nil

	trail     *audit.Trail // nil if none is configured
	stats     admin.Stats
	traces    *traces.Exporter // nil if off
	documents *vault.Documents
	changing  sync.Mutex // whoever changes what is in force
	rules     rules      // that were made at run time

	ops       *admin.Server
	clients   net.Addr
	operators net.Addr // nil if off
}

// serve builds everything from the bottom up, calls during with a context that
// ends as soon as serving does, and stops everything from the top down. It is
// long because its steps share their locals.
func serve(ctx context.Context, cfg *config.Config, log *zap.Logger, during func(context.Context, *server)) (err error) {
	limitHeap(os.Getenv)
	s := &server{cfg: cfg, log: log, metrics: admin.NewMetrics(version)}
	also := func(f func() error) { err = errors.Join(err, f()) }

	if s.vault, err = vault.Open(ctx, cfg.Vault); err != nil {
		return err
	}
	defer also(s.vault.Close)
	for _, warning := range s.vault.Warnings() {
		log.Warn("vault: " + warning)
	}

	if err := s.begin(ctx, cfg); err != nil {
		return err
	}
	options := proxy.Options{Log: log, Done: s.done, Tokens: cfg.Audit.Tokens}
	if cfg.Traces.Endpoint != "" {
		s.traces = traces.New(cfg.Traces, version, log)
		defer also(s.traces.Close)
		options.Traces, options.Sample = true, cfg.Traces.Sample
	}
	var reader *audit.Reader
	var operations func(context.Context, *audit.Operation) error // nil: the log takes them
	if cfg.Audit.On() {
		if s.trail, reader, err = openTrail(cfg); err != nil {
			return err
		}
		defer also(s.trail.Close)
		s.metrics.Trail(s.trail.Writable)
		options.Ready, operations = s.trail.Ready, s.trail.Write
	}
	s.proxy, err = proxy.New(cfg.Proxy, cfg.Access, s.policies.Load(), options)
	if err != nil {
		return err
	}

	ctx, end := context.WithCancelCause(ctx)
	var running sync.WaitGroup
	defer running.Wait()
	defer end(nil)
	start := func(f func() error) {
		running.Go(func() {
			if err := f(); err != nil {
				end(err)
			}
		})
	}

	ln, err := listen(ctx, cfg.Proxy.Listen, "proxy.listen")
	if err != nil {
		return err
	}
	s.clients = ln.Addr()
	start(func() error { return s.proxy.Serve(ln) })

	ops, err := admin.New(cfg.Admin, admin.Deps{
		Check: s.check, Metrics: s.metrics, Log: log, Live: s, Vault: s.vault, Version: version,
		Chats: chats{s.upstreams}, Rules: s, Documents: s.documents, Record: operations, Trail: reader, Stats: &s.stats,
	})
	if err != nil {
		return errors.Join(err, s.proxy.Shutdown(ctx))
	}
	s.ops = ops
	if cfg.Admin.Listen != admin.Off {
		opsLn, err := listen(ctx, cfg.Admin.Listen, "admin.listen")
		if err != nil {
			return errors.Join(err, s.proxy.Shutdown(ctx))
		}
		s.operators = opsLn.Addr()
		if cfg.Admin.TLS.Cert != "" {
			if opsLn, err = proxy.TLSListener(opsLn, proxy.TLSFiles(cfg.Admin.TLS)); err != nil {
				return errors.Join(fmt.Errorf("admin.tls: %w", err), s.proxy.Shutdown(ctx))
			}
		}
		start(func() error { return ops.Serve(opsLn) })
		defer also(func() error { return ops.Shutdown(context.Background()) })
	}

	running.Go(func() { s.documents.Watch(ctx, admin.RulesName, s.follow(ctx)) })
	running.Go(func() { during(ctx, s) })
	running.Go(debug.FreeOSMemory) // The start needs more than what runs on.
	<-ctx.Done()
	ops.Drain()
	log.Info("stopping", zap.Duration("drain", cfg.Proxy.Drain))
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), cfg.Proxy.Drain)
	defer cancel()
	if err := s.proxy.Shutdown(drain); err != nil {
		log.Warn("stopped before all answers had ended", zap.Error(err))
	}
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		return cause
	}
	return nil
}

// listen names the knob when it fails: the usual reason is a port in use.
func listen(ctx context.Context, addr, key string) (net.Listener, error) {
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		if errors.Is(err, syscall.EADDRINUSE) {
			err = fmt.Errorf("%w; end what listens there, or choose another port", err)
		}
		return nil, fmt.Errorf("%s: %w", key, err)
	}
	return ln, nil
}

// upstreams are those of the configuration in force.
func (s *server) upstreams() map[string]proxy.Upstream { return s.now.Load().Proxy.Upstreams }

// check proves for /readyz that the live policy and the vault work.
func (s *server) check(ctx context.Context) error { return s.policies.Load().Default().Check(ctx) }

// done takes the record of each exchange that has ended.
func (s *server) done(x *audit.Exchange) {
	if s.trail != nil {
		s.trail.Note(x)
	}
	s.metrics.Exchange(x)
	s.stats.Exchange(x)
	if s.traces != nil {
		s.traces.Exchange(x)
	}
	logExchange(s.log, x)
	if t := s.tally.Load(); t != nil {
		t.add(x)
	}
}

// reloads reloads the configuration on SIGHUP, and when watch says that the file
// has changed, until ctx ends.
func (s *server) reloads(ctx context.Context, load func() (*config.Config, error), watch func(context.Context, func()) error) {
	due := make(chan os.Signal, 1)
	signal.Notify(due, syscall.SIGHUP)
	defer signal.Stop(due)
	var watching sync.WaitGroup
	defer watching.Wait()
	watching.Go(func() {
		err := watch(ctx, func() {
			select {
			case due <- syscall.SIGHUP:
			default: // One is due already, and will read what is there then.
			}
		})
		if err != nil {
			s.log.Error("the file is no longer watched; SIGHUP still reloads it", zap.Error(err))
		}
	})
	for {
		select {
		case <-ctx.Done():
			return
		case <-due:
			s.reload(load)
		}
	}
}

// reload builds everything new and swaps it in; on any error the last good one
// stays.
func (s *server) reload(load func() (*config.Config, error)) {
	err := s.swap(load)
	s.metrics.Reload(err)
	if err != nil {
		s.log.Error("the configuration was not reloaded, the last good one stays in force", zap.Error(err))
		return
	}
	s.log.Info("the configuration was reloaded")
	// Rules that did not fit the configuration before may fit this one.
	if err := s.followNewest(context.Background()); err != nil {
		s.log.Error("rules made at run time are not in force, the last good ones are", zap.Error(err))
	}
}

func (s *server) swap(load func() (*config.Config, error)) error {
	cfg, err := load()
	if err != nil {
		return err
	}
	s.changing.Lock()
	defer s.changing.Unlock()
	policies, err := s.build(cfg, s.rules.doc)
	if err != nil {
		return err
	}
	if err := s.proxy.Reload(cfg.Proxy, cfg.Access, policies); err != nil {
		return err
	}
	if err := s.ops.Reload(cfg.Admin); err != nil {
		return err
	}
	s.policies.Store(policies)
	s.now.Store(cfg)
	if later := s.untilNextStart(cfg); len(later) > 0 {
		s.log.Warn("some changes take effect at the next start only", zap.Strings("keys", later))
	}
	return nil
}

// untilNextStart lists the keys that differ from those of the start and that a
// reload cannot change.
func (s *server) untilNextStart(cfg *config.Config) []string {
	was := s.cfg
	var keys []string
	for _, k := range []struct {
		key      string
		was, now any
	}{
		{"proxy.listen", was.Proxy.Listen, cfg.Proxy.Listen},
		{"proxy.tls", was.Proxy.TLS, cfg.Proxy.TLS},
		{"proxy.max_body", was.Proxy.MaxBody, cfg.Proxy.MaxBody},
		{"proxy.idle_timeout", was.Proxy.IdleTimeout, cfg.Proxy.IdleTimeout},
		{"proxy.read_timeout", was.Proxy.ReadTimeout, cfg.Proxy.ReadTimeout},
		{"proxy.drain", was.Proxy.Drain, cfg.Proxy.Drain},
		{"admin.listen", was.Admin.Listen, cfg.Admin.Listen},
		{"admin.tls", was.Admin.TLS, cfg.Admin.TLS},
		{"admin.rules_file", was.Admin.RulesFile, cfg.Admin.RulesFile},
		{"vault", was.Vault, cfg.Vault},
		{"audit", was.Audit, cfg.Audit},
		{"traces", was.Traces, cfg.Traces},
		{"log", was.Log, cfg.Log},
	} {
		if !reflect.DeepEqual(k.was, k.now) {
			keys = append(keys, k.key)
		}
	}
	return keys
}
