package access

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestKey(t *testing.T) {
	for _, p := range []Prefix{Operator, Client} {
		key, other := NewKey(p), NewKey(p)
		if key == other {
			t.Fatal("two keys are the same")
		}
		if !strings.HasPrefix(key, string(p)) || len(key) != KeyLen {
			t.Errorf("a key of %d bytes, want %d, after %s", len(key), KeyLen, p)
		}
		if err := Check(key); err != nil {
			t.Errorf("a fresh key: %v", err)
		}
	}
}

func TestCheckTellsTypingMistakes(t *testing.T) {
	key := NewKey(Operator)
	for _, c := range []struct {
		name, key string
		want      error
	}{
		{"nothing", "", ErrForm},
		{"short", "mk", ErrForm},
		{"another product's", "sk-" + key[4:], ErrForm},
		{"prefix only", string(Operator), ErrMistyped},
		{"the other prefix", string(Client) + key[4:], ErrMistyped},
		{"cut", key[:len(key)-1], ErrMistyped},
		{"longer", key + "a", ErrMistyped},
		{"upper case", string(Operator) + strings.ToUpper(key[4:]), ErrMistyped},
		{"space", key + " ", ErrMistyped},
		{"a line break, which base32 skips", key[:20] + "\n" + key[20:], ErrMistyped},
	} {
		if err := Check(c.key); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	// One wrong character, wherever it is.
	for i := len(Operator); i < len(key); i++ {
		wrong := []byte(key)
		wrong[i] = 'a' + (wrong[i]-'a'+1)%26
		if err := Check(string(wrong)); !errors.Is(err, ErrMistyped) {
			t.Errorf("character %d changed: %v", i, err)
		}
	}
}

func TestHashIsSHA256(t *testing.T) {
	// printf %s abc | sha256sum (FIPS 180-4, appendix).
	if got := Hash("abc"); got != "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" {
		t.Error(got)
	}
}

func TestKeysFind(t *testing.T) {
	var keys, hashes []string
	for range 20 {
		key := NewKey(Client)
		keys, hashes = append(keys, key), append(hashes, Hash(key))
	}
	hashes[7] = strings.ToUpper(hashes[7])
	table, err := NewKeys(hashes)
	if err != nil {
		t.Fatal(err)
	}
	for i, key := range keys {
		if got := table.Find(key); got != i {
			t.Errorf("row %d was found as %d", i, got)
		}
	}
	for _, stranger := range []string{"", NewKey(Client), keys[0][:KeyLen-1], keys[0] + "a", hashes[0]} {
		if got := table.Find(stranger); got != -1 {
			t.Errorf("a stranger's key of %d bytes is row %d", len(stranger), got)
		}
	}
	if none, err := NewKeys(nil); err != nil || none.Find(keys[0]) != -1 || none.Find("") != -1 {
		t.Errorf("an empty table knows a key; error %v", err)
	}
}

func TestKeysRefusesWrongHashes(t *testing.T) {
	key := NewKey(Operator)
	for name, hashes := range map[string][]string{
		"the key itself": {key},
		"empty":          {""},
		"not hex":        {strings.Repeat("zz", 32)},
		"too short":      {Hash(key)[2:]},
		"twice":          {Hash(key), Hash("x"), strings.ToUpper(Hash(key))},
	} {
		_, err := NewKeys(hashes)
		if err == nil {
			t.Errorf("%s: no error", name)
		} else if strings.Contains(err.Error(), key) {
			t.Errorf("%s: the error quotes the key", name)
		}
		if name != "twice" && ValidateHash(hashes[0]) == nil {
			t.Errorf("%s: ValidateHash has no objection", name)
		}
	}
}

// The table of roles, spelled out once more: a change of it is a change of who
// may see originals.
func TestRoles(t *testing.T) {
	for _, c := range []struct {
		roles []Role
		want  string
	}{
		{nil, "[]"},
		{[]Role{"root"}, "[]"},
		{[]Role{Viewer}, "[view]"},
		{[]Role{Editor}, "[view edit]"},
		{[]Role{Restorer}, "[view restore]"},
		{[]Role{Editor, Restorer}, "[view edit restore]"},
		{[]Role{Admin}, "[view edit restore erase export]"},
	} {
		p := &Principal{Roles: c.roles}
		if got := fmt.Sprint(p.Permissions()); got != c.want {
			t.Errorf("%v: %s, want %s", c.roles, got, c.want)
		}
		for _, what := range (&Principal{Roles: []Role{Admin}}).Permissions() {
			if p.Has(what) != slices.Contains(p.Permissions(), what) {
				t.Errorf("%v: Has and Permissions do not agree about %s", c.roles, what)
			}
		}
	}
	if err := Role("root").Validate(); err == nil || !strings.Contains(err.Error(), "viewer, editor, restorer, admin") {
		t.Errorf("root: %v", err)
	}
	if err := Admin.Validate(); err != nil {
		t.Error(err)
	}
}

func TestMayBindsToTenants(t *testing.T) {
	free := &Principal{Roles: []Role{Restorer}}
	bound := &Principal{Roles: []Role{Restorer}, Tenants: []string{"acme", "globex"}}
	for _, c := range []struct {
		p      *Principal
		what   Permission
		tenant string
		want   bool
	}{
		{free, Restore, "acme", true},
		{free, Restore, AllTenants, true},
		{free, Erase, "acme", false},
		{bound, Restore, "acme", true},
		{bound, Restore, "globex", true},
		{bound, Restore, "initech", false},
		{bound, Restore, AllTenants, false},
		{bound, Erase, "acme", false},
		{new(Principal), View, "acme", false},
		{new(Principal), View, AllTenants, false},
		{&Principal{Roles: []Role{Admin}, Tenants: []string{""}}, View, AllTenants, false},
	} {
		if got := c.p.May(c.what, c.tenant); got != c.want {
			t.Errorf("%v of %v: %s of %q is %t", c.p.Roles, c.p.Tenants, c.what, c.tenant, got)
		}
	}
}

func TestLimiterSlows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := NewLimiter()
		for i := range freeAttempts {
			if wait := l.Fail("a"); wait != 0 {
				t.Fatalf("failure %d: wait %v", i+1, wait)
			}
		}
		for _, want := range []time.Duration{1, 2, 4, 8, 16, 32, 60, 60, 60} {
			if wait := l.Fail("a"); wait != want*time.Second || l.Wait("a") != wait {
				t.Fatalf("wait %v and %v, want %d s", wait, l.Wait("a"), want)
			}
		}
		if l.Wait("b") != 0 {
			t.Error("another source waits too")
		}
		time.Sleep(59 * time.Second)
		if wait := l.Wait("a"); wait != time.Second {
			t.Errorf("after 59 s: wait %v", wait)
		}
		time.Sleep(time.Second)
		if l.Wait("a") != 0 {
			t.Error("the wait does not end")
		}
		if wait := l.Fail("a"); wait != longWait {
			t.Errorf("the next failure: wait %v", wait)
		}
		l.Succeed("a")
		if l.Wait("a") != 0 || l.Fail("a") != 0 {
			t.Error("a success does not forget")
		}
	})
}

func TestLimiterForgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := NewLimiter()
		for range 2 * freeAttempts {
			l.Fail("a")
		}
		time.Sleep(forgetAfter)
		if wait := l.Fail("a"); wait != 0 {
			t.Errorf("after %v: wait %v", forgetAfter, wait)
		}
	})
}

func TestLimiterIsBounded(t *testing.T) {
	l := NewLimiter()
	for i := range 3*maxSources + 10 {
		l.Fail(fmt.Sprint("source ", i))
	}
	if n := len(l.fresh) + len(l.aged); n > 2*maxSources {
		t.Errorf("%d sources are kept", n)
	}
	for range 2 * freeAttempts { // Who goes on failing is never flushed out by others.
		l.Fail("a")
		for i := range maxSources / 2 {
			l.Fail(fmt.Sprint("other ", i))
		}
	}
	if l.Wait("a") == 0 {
		t.Error("a flood of other sources frees one that goes on")
	}
}

func TestSource(t *testing.T) {
	for addr, want := range map[string]string{
		"192.0.2.7":             "192.0.2.7",
		"::ffff:192.0.2.7":      "192.0.2.7",
		"2001:db8:1:2:3:4:5:6":  "2001:db8:1:2::/64",
		"fe80::1%eth0":          "fe80::/64",
		"2001:db8:1:2:ffff::99": "2001:db8:1:2::/64",
	} {
		if got := Source(netip.MustParseAddr(addr)); got != want {
			t.Errorf("%s: %s, want %s", addr, got, want)
		}
	}
	if got := Source(netip.Addr{}); got == "" {
		t.Error("an address that is none has no name")
	}
}

func BenchmarkFind(b *testing.B) {
	hashes := make([]string, 1000)
	for i := range hashes {
		hashes[i] = Hash(NewKey(Client))
	}
	table, err := NewKeys(hashes)
	if err != nil {
		b.Fatal(err)
	}
	key := NewKey(Client)
	b.ReportAllocs()
	for b.Loop() {
		if table.Find(key) >= 0 {
			b.Fatal("a stranger was found")
		}
	}
}
