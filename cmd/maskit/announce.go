package main

import (
	"fmt"
	"io"
	"maps"
	"net"
	"net/netip"
	"slices"
	"strings"

	"go.uber.org/zap"

	"maskit/config"
	"maskit/detect"
)

// announce says what listens where, what is in force, and how to point an SDK
// at it: in words on w, or as one line of the log if that is for machines.
func (s *server) announce(w io.Writer) {
	for _, warning := range s.cfg.Warnings() {
		s.log.Warn("the configuration is right, but hardly meant so", zap.String("warning", warning))
	}
	if host, _, err := net.SplitHostPort(s.cfg.Proxy.Listen); err == nil && host != "localhost" && !net.ParseIP(host).IsLoopback() && !s.cfg.RequireClientKey {
		s.log.Warn("others than this machine reach the clients' listener, and no key is asked of them", zap.String("keys", "proxy.listen, require_client_key"))
	}
	if s.cfg.Log.Format == config.FormatJSON {
		s.log.Info("listening",
			zap.String("version", version),
			zap.Stringer("clients", s.clients),
			zap.String("operators", s.operatorsText()),
			zap.String("vault", s.vault.Describe()),
			zap.Strings("kinds", kindsInForce(s.cfg.Policy.Config)),
		)
		return
	}
	base := s.baseURL()
	line := func(name, format string, args ...any) {
		fmt.Fprintf(w, "  %-10s %s\n", name, fmt.Sprintf(format, args...))
	}
	fmt.Fprintf(w, "maskit %s\n\n", version)
	line("clients", "%s", base)
	line("operators", "%s", s.operatorsText())
	if console := s.consoleText(); console != "" {
		line("console", "%s", console)
	}
	line("vault", "%s", s.vault.Describe())
	for i, kinds := range wrap(shortened(kindsInForce(s.cfg.Policy.Config)), 66) {
		line([]string{"masks", ""}[min(i, 1)], "%s", kinds)
	}
	for i, name := range slices.Sorted(maps.Keys(s.cfg.Proxy.Upstreams)) {
		line([]string{"upstreams", ""}[min(i, 1)], "/%-10s %s", name, s.cfg.Proxy.Upstreams[name].URL)
	}
	fmt.Fprintf(w, "\n  Point your SDK here:\n    export OPENAI_BASE_URL=%s/v1\n", base)
	fmt.Fprintf(w, "    export ANTHROPIC_BASE_URL=%s\n", base)
	fmt.Fprintln(w)
}

// baseURL is where a client on this machine reaches the proxy.
func (s *server) baseURL() string {
	scheme := "http"
	if s.cfg.Proxy.TLS.Cert != "" {
		scheme = "https"
	}
	return scheme + "://" + reachable(s.clients)
}

func (s *server) operatorsText() string {
	if s.operators == nil {
		return "off"
	}
	return s.opsURL() + "  /livez /readyz /metrics"
}

// opsURL is where an operator on this machine reaches the admin listener.
func (s *server) opsURL() string {
	scheme := "http"
	if s.cfg.Admin.TLS.Cert != "" {
		scheme = "https"
	}
	return scheme + "://" + reachable(s.operators)
}

// consoleText is where operators sign in. While none is configured the address
// holds the key that was made for this start: behind the "#", which no browser
// sends. It goes to the terminal only, never into the log.
func (s *server) consoleText() string {
	switch key := s.ops.FirstKey(); {
	case s.operators == nil:
		return ""
	case key != "":
		return s.opsURL() + "/console/#key=" + key
	case s.cfg.Admin.Open():
		return "off: configure admin.operators, or listen on the loopback interface"
	}
	return s.opsURL() + "/console/"
}

// reachable is an address that can be dialled: who listens on all interfaces is
// also on the loopback one.
func reachable(addr net.Addr) string {
	a, err := netip.ParseAddrPort(addr.String())
	if err != nil || !a.Addr().IsUnspecified() {
		return addr.String()
	}
	return fmt.Sprintf("127.0.0.1:%d", a.Port())
}

// kindsInForce lists what the policy looks for: names of persons and places, and
// the rest in the order of the table.
func kindsInForce(c detect.Config) []string {
	first, rest := []string{}, []string{}
	for _, k := range c.Kinds() {
		if k == detect.Person || k == detect.Location {
			first = append(first, string(k))
		} else {
			rest = append(rest, string(k))
		}
	}
	return append(first, rest...)
}

// shownKinds is how many kinds the start-up lines name.
const shownKinds = 13

// shortened names the first kinds and says how many more there are, and where to
// read about them.
func shortened(kinds []string) []string {
	if len(kinds) <= shownKinds+1 {
		return kinds
	}
	more := fmt.Sprintf("and %d more kinds: maskit config rules", len(kinds)-shownKinds)
	return append(slices.Clone(kinds[:shownKinds]), strings.Fields(more)...)
}

// wrap joins words to lines of at most width columns.
func wrap(words []string, width int) []string {
	lines := []string{""}
	for _, w := range words {
		last := &lines[len(lines)-1]
		switch {
		case *last == "":
			*last = w
		case len(*last)+1+len(w) > width:
			lines = append(lines, w)
		default:
			*last += " " + w
		}
	}
	return lines
}
