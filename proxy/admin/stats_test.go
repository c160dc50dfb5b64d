package admin

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"maskit/proxy/audit"
)

func TestStatsSeries(t *testing.T) {
	var s Stats
	now := time.Unix(1_700_000_000, 0)
	masked := func(n int) []audit.Count { return []audit.Count{{Kind: "EMAIL_ADDRESS", N: n}} }
	s.Exchange(&audit.Exchange{Start: now.Add(-25 * time.Hour), Tenant: "a", Found: masked(100)}) // overwritten or too old
	s.Exchange(&audit.Exchange{Start: now.Add(-2 * time.Minute), Tenant: "a", Found: masked(2), Rules: []audit.Count{{Kind: "email", N: 2}}, Mask: time.Millisecond, Restored: 3})
	s.Exchange(&audit.Exchange{Start: now, Tenant: "b", Code: "sensitive_data_blocked", Status: 422})
	s.Exchange(&audit.Exchange{Start: now, Tenant: "a", Found: masked(1), Unknown: 1, Status: 502})

	a := s.series(now, 5, func(string) bool { return true })
	if a.Step != 60 || !slices.Equal(a.Requests, []int{0, 0, 1, 0, 2}) || !slices.Equal(a.Masked["EMAIL_ADDRESS"], []int{0, 0, 2, 0, 1}) {
		t.Errorf("got %+v", a)
	}
	if !slices.Equal(a.Blocked, []int{0, 0, 0, 0, 1}) || !slices.Equal(a.Failed, []int{0, 0, 0, 0, 1}) || a.Restored[2] != 3 || a.Unknown[4] != 1 {
		t.Errorf("got %+v", a)
	}
	if p := a.P50[2]; p < 1 || p > 1.5 {
		t.Errorf("the median of one exchange of 1 ms is %v ms", p)
	}
	if !slices.Equal(a.Tenants, []tenantStats{{"a", 2, 3}, {"b", 1, 0}}) || !slices.Equal(a.Rules, []ruleStats{{"email", 2}}) {
		t.Errorf("got %+v", a)
	}
	if a := s.series(now, 5, func(tenant string) bool { return tenant == "b" }); !slices.Equal(a.Requests, []int{0, 0, 0, 0, 1}) || len(a.Masked) != 0 {
		t.Errorf("of b: %+v", a)
	}
	if a := s.series(now, day, func(string) bool { return true }); len(a.Requests) != maxPoints || a.Step != 360 {
		t.Errorf("a day has %d points of %d s", len(a.Requests), a.Step)
	}
}

// TestStatsAreBounded counts more tenants than are told apart.
func TestStatsAreBounded(t *testing.T) {
	var s Stats
	for i := range 3 * maxTenants {
		s.Exchange(&audit.Exchange{Start: time.Unix(0, 0), Tenant: fmt.Sprint(i)})
	}
	if n := len(s.minutes[0].byTenant); n != maxTenants+1 {
		t.Errorf("%d tenants are kept apart", n)
	}
}

func TestShowStats(t *testing.T) {
	stats := new(Stats)
	stats.Exchange(&audit.Exchange{Start: time.Now(), Tenant: "acme", Found: []audit.Count{{Kind: "EMAIL_ADDRESS", N: 1}}})
	stats.Exchange(&audit.Exchange{Start: time.Now(), Tenant: "other"})
	f := newFixture(t, func(_ *Config, d *Deps) { d.Stats = stats })
	for who, want := range map[string]int{"viewer": 2, "acme-admin": 1} {
		var a statsAnswer
		f.ok(t, who, http.MethodGet, "/api/v1/stats?minutes=5", "", &a)
		sum := 0
		for _, n := range a.Requests {
			sum += n
		}
		if sum != want || !a.Vault.OK {
			t.Errorf("%s sees %d requests; vault %+v", who, sum, a.Vault)
		}
	}
	for _, minutes := range []string{"0", "1441", "x"} {
		if r := f.do(t, "viewer", http.MethodGet, "/api/v1/stats?minutes="+minutes, ""); r.status != http.StatusBadRequest {
			t.Errorf("minutes=%s: %d", minutes, r.status)
		}
	}
}
