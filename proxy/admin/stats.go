package admin

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strconv"
	"sync"
	"time"

	"maskit/proxy/audit"
)

const (
	day        = 24 * 60 // minutes that are kept
	maxPoints  = 240     // of a series
	maxTenants = 100     // that are told apart; the rest is one
	others     = "(others)"
)

// Stats are the figures of the last day by minute and tenant, in this process
// only: what lasts is for Prometheus to keep. The zero value is ready, and safe
// for concurrent use.
type Stats struct {
	mu      sync.Mutex
	minutes [day]minute
	tenants map[string]bool
}

// minute is what happened in one minute.
type minute struct {
	at       int64 // minutes since 1970
	byTenant map[string]*figures
}

// figures are sums over exchanges.
type figures struct {
	requests, blocked, failed, restored, unknown int
	kinds, rules                                 map[string]int
	added                                        [buckets]int // exchanges by the time that masking took
}

// buckets of durations: bucket i ends at 2^(i/2) times 16 microseconds, so that
// a percentile is right to a fifth, and the last one holds all above 11 s.
const buckets = 40

func bucket(d time.Duration) int {
	if d <= 16*time.Microsecond {
		return 0
	}
	return min(buckets-1, int(math.Ceil(2*math.Log2(float64(d)/float64(16*time.Microsecond)))))
}

// bound is where a bucket ends, in milliseconds.
func bound(i int) float64 { return 0.016 * math.Pow(2, float64(i)/2) }

// Exchange adds an exchange that has ended.
func (s *Stats) Exchange(x *audit.Exchange) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.at(x.Start.Unix()/60, s.tenant(x.Tenant))
	f.requests++
	switch {
	case x.Code == "sensitive_data_blocked":
		f.blocked++
	case x.Code != "" || x.Status >= 500:
		f.failed++
	}
	f.restored += x.Restored
	f.unknown += x.Unknown
	f.added[bucket(x.Mask)]++
	add(&f.kinds, x.Found)
	add(&f.rules, x.Rules)
}

func add(sums *map[string]int, counts []audit.Count) {
	for _, c := range counts {
		if *sums == nil {
			*sums = make(map[string]int)
		}
		(*sums)[c.Kind] += c.N
	}
}

// tenant is the name under which a tenant is counted.
func (s *Stats) tenant(name string) string {
	if !s.tenants[name] {
		if len(s.tenants) == maxTenants {
			return others
		}
		if s.tenants == nil {
			s.tenants = make(map[string]bool)
		}
		s.tenants[name] = true
	}
	return name
}

// at returns the figures of a minute, cleared of those of the day before.
func (s *Stats) at(now int64, tenant string) *figures {
	m := &s.minutes[now%day]
	if m.at != now || m.byTenant == nil {
		*m = minute{at: now, byTenant: make(map[string]*figures)}
	}
	f := m.byTenant[tenant]
	if f == nil {
		f = new(figures)
		m.byTenant[tenant] = f
	}
	return f
}

// merge adds other figures.
func (f *figures) merge(o *figures) {
	f.requests += o.requests
	f.blocked += o.blocked
	f.failed += o.failed
	f.restored += o.restored
	f.unknown += o.unknown
	for i := range f.added {
		f.added[i] += o.added[i]
	}
	for _, sums := range []struct {
		to   *map[string]int
		from map[string]int
	}{{&f.kinds, o.kinds}, {&f.rules, o.rules}} {
		for name, n := range sums.from {
			if *sums.to == nil {
				*sums.to = make(map[string]int)
			}
			(*sums.to)[name] += n
		}
	}
}

// percentile is in milliseconds, 0 without exchanges.
func (f *figures) percentile(p float64) float64 {
	if f.requests == 0 {
		return 0
	}
	rank, seen := int(math.Ceil(p*float64(f.requests))), 0
	for i, n := range f.added {
		if seen += n; seen >= rank {
			return math.Round(1000*bound(i)) / 1000
		}
	}
	return bound(buckets - 1)
}

type statsAnswer struct {
	From     time.Time        `json:"from" doc:"when the first point begins"`
	Step     int              `json:"step_seconds" doc:"how long a point is"`
	Requests []int            `json:"requests"`
	Blocked  []int            `json:"blocked" doc:"requests that a policy refused for what they hold"`
	Failed   []int            `json:"failed" doc:"requests that were refused or failed for other reasons"`
	Restored []int            `json:"restored" doc:"tokens put back into answers"`
	Unknown  []int            `json:"unknown" doc:"what looks like a token in answers and stands for nothing"`
	Masked   map[string][]int `json:"masked" doc:"values by kind"`
	P50      []float64        `json:"added_ms_p50" doc:"how long it took to make requests ready, in milliseconds"`
	P95      []float64        `json:"added_ms_p95"`
	Tenants  []tenantStats    `json:"tenants" doc:"those with most requests first"`
	Rules    []ruleStats      `json:"rules" doc:"those that found most first"`
	Vault    vaultStats       `json:"vault"`
}

type tenantStats struct {
	Tenant   string `json:"tenant"`
	Requests int    `json:"requests"`
	Masked   int    `json:"masked"`
}

type ruleStats struct {
	Rule string `json:"rule"`
	Hits int    `json:"hits"`
}

type vaultStats struct {
	Store string `json:"store"`
	OK    bool   `json:"ok" doc:"a value was masked, kept and restored just now"`
}

// topRules is how many rules are listed.
const topRules = 20

// showStats gives the series of the tenants that the operator may see.
func (s *Server) showStats(c *call) (*statsAnswer, error) {
	minutes := 60
	if text := c.r.URL.Query().Get("minutes"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > day {
			return nil, errInvalid.at("minutes", "is not a number from 1 to 1440")
		}
		minutes = n
	}
	a := s.stats.series(time.Now(), minutes, func(tenant string) bool { return len(c.who.Tenants) == 0 || slices.Contains(c.who.Tenants, tenant) })
	a.Vault = vaultStats{Store: s.vault.Describe(), OK: s.check(c.r.Context()) == nil}
	return a, nil
}

// series sums up the minutes to now, of the tenants that are wanted.
func (s *Stats) series(now time.Time, minutes int, wanted func(string) bool) *statsAnswer {
	step := (minutes + maxPoints - 1) / maxPoints
	points := (minutes + step - 1) / step
	first := now.Unix()/60 - int64(points*step) + 1
	sums, all, tenants := make([]figures, points), new(figures), make(map[string]*figures)
	s.mu.Lock()
	for i := range points * step {
		m := &s.minutes[(first+int64(i))%day]
		if m.at != first+int64(i) {
			continue
		}
		for tenant, f := range m.byTenant {
			if wanted(tenant) {
				sums[i/step].merge(f)
				if tenants[tenant] == nil {
					tenants[tenant] = new(figures)
				}
				tenants[tenant].merge(f)
				all.merge(f)
			}
		}
	}
	s.mu.Unlock()

	a := &statsAnswer{From: time.Unix(first*60, 0).UTC(), Step: step * 60, Masked: make(map[string][]int), Tenants: []tenantStats{}, Rules: []ruleStats{}}
	for kind := range all.kinds {
		a.Masked[kind] = make([]int, points)
	}
	for i := range sums {
		f := &sums[i]
		a.Requests = append(a.Requests, f.requests)
		a.Blocked, a.Failed = append(a.Blocked, f.blocked), append(a.Failed, f.failed)
		a.Restored, a.Unknown = append(a.Restored, f.restored), append(a.Unknown, f.unknown)
		a.P50, a.P95 = append(a.P50, f.percentile(0.50)), append(a.P95, f.percentile(0.95))
		for kind, n := range f.kinds {
			a.Masked[kind][i] = n
		}
	}
	for tenant, f := range tenants {
		masked := 0
		for n := range maps.Values(f.kinds) {
			masked += n
		}
		a.Tenants = append(a.Tenants, tenantStats{tenant, f.requests, masked})
	}
	slices.SortFunc(a.Tenants, func(x, y tenantStats) int {
		return cmp.Or(y.Requests-x.Requests, cmp.Compare(x.Tenant, y.Tenant))
	})
	for rule, n := range all.rules {
		a.Rules = append(a.Rules, ruleStats{rule, n})
	}
	slices.SortFunc(a.Rules, func(x, y ruleStats) int { return cmp.Or(y.Hits-x.Hits, cmp.Compare(x.Rule, y.Rule)) })
	a.Rules = a.Rules[:min(len(a.Rules), topRules)]
	return a
}
