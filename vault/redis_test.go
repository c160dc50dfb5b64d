package vault

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// within is how long a request waits at most for a store in trouble.
const within = 300 * time.Millisecond

// wantTrouble runs one batch of each kind and wants a prompt error that is kind.
func wantTrouble(t *testing.T, v *Vault, kind error) {
	t.Helper()
	tenant := v.Tenant("acme")
	token := []string{"EMAIL2BCDFGHJ"}
	for _, op := range []struct {
		name string
		run  func() error
	}{
		{"keep", func() error {
			_, err := tenant.Keep(t.Context(), "private-talk", []Item{{token[0], "ada@example.com", ""}})
			return err
		}},
		{"lookup", func() error {
			_, err := tenant.Lookup(t.Context(), "private-talk", token)
			return err
		}},
		{"ping", func() error { return v.Ping(t.Context()) }},
		{"erase", func() error { _, err := tenant.EraseTokens(t.Context(), token); return err }},
	} {
		begin := time.Now()
		err := op.run()
		limit := within
		if op.name == "erase" { // An operator's: it first asks a cluster for its masters.
			limit *= 2
		}
		if took := time.Since(begin); took > limit {
			t.Errorf("%s took %v", op.name, took)
		}
		if !errors.Is(err, kind) {
			t.Errorf("%s: %v, want %v", op.name, err, kind)
		}
		wantSilent(t, err)
	}
}

// wantSilent looks for what no error may say.
func wantSilent(t *testing.T, err error) {
	t.Helper()
	for _, secret := range []string{"ada@example", "private-talk", "hunter", "maskit:acme", "EMAIL2BCDFGHJ"} {
		if err != nil && strings.Contains(err.Error(), secret) {
			t.Errorf("an error shows %q", secret)
		}
	}
}

// A Redis that hangs or dies, whatever kind it is, costs a request 300 ms.
func TestRedisInTrouble(t *testing.T) {
	kinds := []struct {
		name  string
		start func() (Secret, []*redisServer)
	}{
		{"redis", func() (Secret, []*redisServer) { s := startRedis(t); return s.url(), []*redisServer{s} }},
		{"rediss", func() (Secret, []*redisServer) { u, s := startTLS(t); return u, []*redisServer{s} }},
		{"sentinel", func() (Secret, []*redisServer) { u, m, s := startSentinel(t); return u, []*redisServer{m, s} }},
		{"cluster", func() (Secret, []*redisServer) { return startCluster(t) }},
	}
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			u, servers := kind.start()
			v := openVault(t, configFor(u))
			mustKeep(t, v.Tenant("acme"), "c", Item{"CARD2BCDFGHJ", "4111", ""})
			t.Run("hung", func(t *testing.T) {
				for _, s := range servers {
					s.hang()
				}
				wantTrouble(t, v, ErrUnavailable)
				for _, s := range servers {
					s.resume()
				}
			})
			t.Run("back", func(t *testing.T) {
				waitFor(t, "the store to be back", func() bool { return v.Ping(t.Context()) == nil })
				got, err := v.Tenant("acme").Lookup(t.Context(), "c", []string{"CARD2BCDFGHJ"})
				wantValues(t, "lookup", got, err, "4111")
			})
			t.Run("killed", func(t *testing.T) {
				for _, s := range servers {
					s.kill()
				}
				wantTrouble(t, v, ErrUnavailable)
			})
		})
	}
}

// A Redis that was restarted between two requests costs neither of them: the
// connections that died meanwhile are noticed before they are used.
func TestRedisRestart(t *testing.T) {
	s := startRedis(t)
	v := openVault(t, configFor(s.url()))
	var group sync.WaitGroup
	for range 5 { // Several connections.
		group.Go(func() {
			if err := v.Ping(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	s.kill()
	_, port, _ := net.SplitHostPort(s.addr)
	if again := spawnRedis(t, s.addr, []string{"--port", port, "--bind", "127.0.0.1", "--save", ""}); !again.answers() {
		t.Fatal("the server did not start again")
	}
	for range 10 {
		mustKeep(t, v.Tenant("acme"), "c", Item{"CARD2BCDFGHJ", "4111", ""})
		v.known.clear()
	}
}

// The caller's deadline counts where it is shorter.
func TestRedisHeedsDeadline(t *testing.T) {
	s := startRedis(t)
	v := openVault(t, configFor(s.url()))
	s.hang()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	begin := time.Now()
	_, err := v.Tenant("acme").Keep(ctx, "", []Item{{"CARD2BCDFGHJ", "4111", ""}})
	if took := time.Since(begin); err == nil || took > 90*time.Millisecond {
		t.Errorf("took %v: %v", took, err)
	}
}

// A full Redis refuses writes and still answers reads.
func TestRedisOutOfMemory(t *testing.T) {
	s := startRedis(t, "--maxmemory-policy", "noeviction")
	v := openVault(t, configFor(s.url()))
	tenant := v.Tenant("acme")
	mustKeep(t, tenant, "c", Item{"CARD2BCDFGHJ", "4111", ""})
	s.do("CONFIG", "SET", "maxmemory", "1")
	begin := time.Now()
	_, err := tenant.Keep(t.Context(), "private-talk", []Item{{"EMAIL2BCDFGHJ", "ada@example.com", ""}})
	if took := time.Since(begin); took > within || !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), "memory is full") {
		t.Errorf("took %v: %v", took, err)
	}
	wantSilent(t, err)
	got, err := tenant.Lookup(t.Context(), "c", []string{"CARD2BCDFGHJ"})
	wantValues(t, "lookup", got, err, "4111")
	if err := v.Ping(t.Context()); !errors.Is(err, ErrUnavailable) {
		t.Errorf("ping: %v", err)
	}
	s.do("CONFIG", "SET", "maxmemory", "0")
	mustKeep(t, tenant, "c", Item{"EMAIL2BCDFGHJ", "ada@example.com", ""})
}

// A Redis that was filled under another key is told from an empty one.
func TestRedisWrongKey(t *testing.T) {
	s := startRedis(t)
	mine := configFor(s.url())
	openVault(t, mine)
	begin := time.Now()
	_, err := Open(t.Context(), configFor(s.url()))
	if took := time.Since(begin); took > within || !errors.Is(err, ErrKey) {
		t.Errorf("took %v: %v", took, err)
	}

	// A rotation: who has both keys goes on; after that, who has only the new
	// one can open, and who has only the old one is told.
	fresh := NewKey()
	rotated, after := mine, mine
	rotated.Keys = []Secret{fresh, mine.Keys[0]}
	after.Keys = []Secret{fresh}
	openVault(t, rotated)
	openVault(t, rotated)
	openVault(t, after)
	if _, err := Open(t.Context(), mine); !errors.Is(err, ErrKey) {
		t.Errorf("the key that went: %v", err)
	}

	// The key changed behind the back of a running vault.
	v := openVault(t, after)
	s.do("FLUSHALL")
	openVault(t, configFor(s.url()))
	if err := v.Ping(t.Context()); !errors.Is(err, ErrKey) {
		t.Errorf("ping: %v", err)
	}
}

func TestOpenUnreachable(t *testing.T) {
	addr := "127.0.0.1:" + freePort(t)
	for kind, u := range map[string]string{
		"redis":    "redis://bob:hunter2@" + addr + "/3",
		"rediss":   "rediss://bob:hunter2@" + addr,
		"sentinel": "redis+sentinel://bob:hunter2@" + addr + "/3?master_name=m&password=hunter3",
		"cluster":  "redis+cluster://bob:hunter2@" + addr,
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			begin := time.Now()
			_, err := Open(t.Context(), configFor(Secret(u)))
			if took := time.Since(begin); took > openWithin+within {
				t.Errorf("took %v", took)
			}
			if !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), addr) {
				t.Errorf("%v", err)
			}
			wantSilent(t, err)
		})
	}
}

// A Redis that starts at the same time as maskit gets its chance.
func TestOpenWaits(t *testing.T) {
	s := startRedis(t)
	s.hang()
	opened := make(chan error)
	go func() {
		v, err := Open(t.Context(), configFor(s.url()))
		if err == nil {
			err = v.Close()
		}
		opened <- err
	}()
	s.resume()
	if err := <-opened; err != nil {
		t.Error(err)
	}
}

func TestRedisAuthentication(t *testing.T) {
	t.Parallel()
	s := startRedis(t)
	s.do("ACL", "SETUSER", "bob", "on", ">hunter2", "~maskit:*", "+set", "+get", "+del", "+pexpire", "+eval", "+scan", "+info")
	s.do("ACL", "SETUSER", "shy", "on", ">hunter2", "~maskit:*", "+set", "+get", "+del", "+pexpire", "+eval", "+scan")
	s.do("ACL", "SETUSER", "eve", "on", ">hunter2", "~maskit:*", "+get", "+info")
	s.do("ACL", "SETUSER", "default", "off")
	cfg := configFor("")
	for _, c := range []struct{ user, password, want string }{
		{"bob", "hunter2", ""},
		{"shy", "hunter2", ""},
		{"bob", "hunter3", "redis answered WRONGPASS: user or password is wrong"},
		{"eve", "hunter2", "redis answered NOPERM: the user lacks a permission: "},
	} {
		cfg.URL = withUser(patient(s.url()), c.user, c.password)
		v, err := Open(t.Context(), cfg)
		wantSilent(t, err)
		if (c.want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("user %s: %v", c.user, err)
		}
		if err != nil {
			continue
		}
		defer v.Close()
		// Who may not ask for the policy is told that nobody did.
		if told := len(v.Warnings()) == 1 && strings.Contains(v.Warnings()[0], "does not tell"); told != (c.user == "shy") {
			t.Errorf("user %s: warnings %q", c.user, v.Warnings())
		}
		if strings.Contains(v.Describe(), "hunter") {
			t.Error("Describe shows the password")
		}
	}
}

// Some answers of Redis quote the command: none of it may come through.
func TestRedisAnswersAreNotQuoted(t *testing.T) {
	s := startRedis(t, "--rename-command", "SET", "")
	store := newRedisStore(redis.NewClient(&redis.Options{Addr: s.addr}), "redis", time.Minute)
	defer store.Close()
	_, err := store.Put(t.Context(), []Entry{{"maskit:acme:t:EMAIL2BCDFGHJ", []byte("hunter2")}}, time.Hour)
	if err == nil || !strings.Contains(err.Error(), "redis answered ERR: maskit needs Redis 7.0") {
		t.Errorf("%v", err)
	}
	wantSilent(t, err)
}

func TestRedisWarnings(t *testing.T) {
	t.Parallel()
	s := startRedis(t)
	cfg := configFor(patient(s.url()))
	if w := openVault(t, cfg).Warnings(); len(w) != 0 {
		t.Errorf("noeviction: %q", w)
	}
	s.do("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
	if w := openVault(t, cfg).Warnings(); len(w) != 1 || !strings.Contains(w[0], "maxmemory-policy is allkeys-lru") {
		t.Errorf("allkeys-lru: %q", w)
	}
	u, nodes := startCluster(t)
	nodes[2].do("CONFIG", "SET", "maxmemory-policy", "volatile-ttl")
	if w := openVault(t, configFor(patient(u))).Warnings(); len(w) != 1 || !strings.Contains(w[0], "maxmemory-policy is volatile-ttl") {
		t.Errorf("one node of a cluster: %q", w)
	}
}

// Nothing readable is ever in Redis, in whatever usual spelling.
func TestRedisHoldsNothingReadable(t *testing.T) {
	s := startRedis(t)
	v := openVault(t, configFor(s.url()))
	planted := []string{"ada.lovelace@example.com", "4111 1111 1111 1111", "4111111111111111", "Grüße \"x\"", "private-talk", "Tenant Name"}
	for _, name := range []string{"acme", "Tenant Name"} {
		tenant := v.Tenant(name)
		for _, conversation := range []string{"", "private-talk"} {
			var items []Item
			for i, p := range planted {
				items = append(items, Item{fmt.Sprintf("T2BCDFGH%d", i+2), p, strings.ToLower(p)})
			}
			mustKeep(t, tenant, conversation, items...)
		}
	}
	all := s.dump()
	// The epoch may be there by now, or not yet.
	if n := bytes.Count(all, []byte("maskit:")) - bytes.Count(all, []byte(epochKey)); n != 1+2*(1+2*len(planted)) {
		t.Fatalf("%d entries", n)
	}
	for i, p := range planted {
		for _, p := range []string{p, strings.ToLower(p)} {
			for form, text := range map[string]string{
				"plain":   p,
				"hex":     hex.EncodeToString([]byte(p)),
				"base64":  base64.RawStdEncoding.EncodeToString([]byte(p)),
				"escaped": url.QueryEscape(p),
			} {
				if bytes.Contains(all, []byte(text)) {
					t.Errorf("Redis holds planted value %d, %s", i, form)
				}
			}
		}
	}
}

// roundTrips counts what goes out on the wire as one.
type roundTrips struct{ n, cmds int }

func (*roundTrips) DialHook(next redis.DialHook) redis.DialHook { return next }

func (r *roundTrips) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		r.n++
		return next(ctx, cmd)
	}
}

func (r *roundTrips) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		r.n++
		r.cmds += len(cmds)
		return next(ctx, cmds)
	}
}

func TestRedisRoundTrips(t *testing.T) {
	v := openVault(t, configFor(startRedis(t).url()))
	v.unfollow()
	v.following.Wait()
	hook := new(roundTrips)
	v.store.(*redisStore).client.AddHook(hook)
	tenant := v.Tenant("acme")
	var items []Item
	var tokens []string
	for i := range 11 {
		tokens = append(tokens, fmt.Sprintf("T2BCDFG%02d", i))
		items = append(items, Item{tokens[i], fmt.Sprint("value ", i), ""})
	}
	for _, step := range []struct {
		name string
		run  func() error
		n    int
	}{
		{"keep for the first time", func() error { // What the tenant's keys are is asked too.
			_, err := tenant.Keep(t.Context(), "c", items[:1])
			return err
		}, 2},
		{"keep what is new", func() error { _, err := tenant.Keep(t.Context(), "c", items); return err }, 1},
		{"keep what is known", func() error { _, err := tenant.Keep(t.Context(), "c", items); return err }, 0},
		{"lookup", func() error { _, err := tenant.Lookup(t.Context(), "c", tokens); return err }, 1},
		{"reveal", func() error { _, err := tenant.Reveal(t.Context(), tokens); return err }, 1},
		{"erase", func() error { _, err := tenant.EraseTokens(t.Context(), tokens); return err }, 4},
	} {
		*hook = roundTrips{}
		if err := step.run(); err != nil || hook.n != step.n {
			t.Errorf("%s: %d round trips, want %d: %v", step.name, hook.n, step.n, err)
		}
	}
}

// A server that takes no scripts gets pipelines instead, and is not asked again.
func TestRedisWithoutScripts(t *testing.T) {
	for _, c := range []struct {
		name  string
		start func() Secret
	}{
		{"keys of several slots", func() Secret { return startSlots(t).url() }},
		{"user without +eval", func() Secret {
			s := startRedis(t)
			s.do("ACL", "SETUSER", "app", "on", ">hunter2", "~maskit:*", "+set", "+get", "+pexpire", "+info", "+del", "+client")
			return withUser(s.url(), "app", "hunter2")
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := openVault(t, configFor(patient(c.start())))
			v.unfollow()
			v.following.Wait()
			items := []Item{{"T2BCDFG22", "value 1", ""}, {"T2BCDFG23", "value 2", ""}}
			mustKeep(t, v.Tenant("acme"), "c", items[0])
			hook := new(roundTrips)
			v.store.(*redisStore).client.AddHook(hook)
			mustKeep(t, v.Tenant("acme"), "c", items...)
			if hook.n != 1 {
				t.Errorf("%d round trips", hook.n)
			}
			got, err := v.Tenant("acme").Lookup(t.Context(), "c", []string{items[0].Token, items[1].Token})
			wantValues(t, "lookup", got, err, items[0].Value, items[1].Value)
		})
	}
}

// A body of a spreadsheet's size takes several round trips, and not the error
// of a Redis that hangs.
func TestRedisManyValues(t *testing.T) {
	t.Parallel()
	v := openVault(t, configFor(patient(startRedis(t).url())))
	v.unfollow()
	v.following.Wait()
	hook := new(roundTrips)
	v.store.(*redisStore).client.AddHook(hook)
	const n = 3*maxPipeline/2 + 1 // Two entries each.
	items, tokens := make([]Item, n), make([]string, n)
	for i := range items {
		tokens[i] = fmt.Sprint("T", i)
		items[i] = Item{tokens[i], fmt.Sprint("value ", i), ""}
	}
	mustKeep(t, v.Tenant("acme"), "c", items...)
	if hook.n != 1+4 || hook.cmds != 2 { // Only what the tenant's keys are goes in a pipeline.
		t.Errorf("%d round trips and %d commands in pipelines for %d values", hook.n, hook.cmds, n)
	}
	got, err := v.Tenant("acme").Lookup(t.Context(), "c", tokens)
	if err != nil || got[0] != "value 0" || got[n-1] != fmt.Sprint("value ", n-1) {
		t.Errorf("lookup: %v", err)
	}
}

func TestSentinelFailover(t *testing.T) {
	t.Parallel()
	u, master, sentinel := startSentinel(t)
	host, port, _ := net.SplitHostPort(master.addr)
	replica := startRedis(t, "--replicaof", host+" "+port)
	waitFor(t, "the replica to follow", func() bool {
		return infoField(replica.do("INFO", "replication").(string), "master_link_status") == "up"
	})
	v := openVault(t, configFor(u))
	if v.Describe() == "" || !strings.Contains(v.Describe(), "master mymaster") || !strings.Contains(v.Describe(), "db 3") {
		t.Errorf("Describe: %s", v.Describe())
	}
	item := Item{"CARD2BCDFGHJ", "4111", ""}
	mustKeep(t, v.Tenant("acme"), "c", item)
	master.do("WAIT", 1, 1000)
	waitFor(t, "the sentinel to know the replica", func() bool {
		return len(sentinel.do("SENTINEL", "REPLICAS", "mymaster").([]any)) == 1
	})
	master.kill()
	waitFor(t, "the replica to take over", func() bool { return v.Ping(t.Context()) == nil })
	got, err := v.Tenant("acme").Lookup(t.Context(), "c", []string{item.Token})
	wantValues(t, "lookup", got, err, item.Value)
}

func TestTLSWantsACertificateOfTrust(t *testing.T) {
	t.Parallel()
	u, s := startTLS(t)
	openVault(t, configFor(patient(u)))
	_, err := Open(t.Context(), configFor(Secret("rediss://"+s.addr)))
	if !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("%v", err)
	}
}
