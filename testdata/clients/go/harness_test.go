// Package clients_test runs unmodified Go SDKs through maskit and straight
// against the same echo upstream: both must tell the app the same. It is run
// by `make test` in the folder above, which starts what it needs.
package clients_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// fix is what the runner tells; see its type fixture.
var fix struct {
	Maskit, Direct, Control, Key, Text string
	Values                             []struct{ Kind, Text string }
}

func TestMain(m *testing.M) {
	b, err := os.ReadFile(os.Getenv("CLIENTS_FIXTURE"))
	if err == nil {
		err = json.Unmarshal(b, &fix)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "this suite is run by `make test` in the folder above:", err)
		os.Exit(1)
	}
	direct, masked = openAI(fix.Direct), openAI(fix.Maskit)
	os.Exit(m.Run())
}

// value returns the first planted value of a kind.
func value(kind string) string {
	for _, v := range fix.Values {
		if v.Kind == kind {
			return v.Text
		}
	}
	panic("BUG: no value of kind " + kind)
}

// said is what the app gets to see of an answer.
type said struct {
	texts     []string // a choice's content
	refusals  []string
	calls     []string // a call's choice, id and name
	arguments []string // a call's arguments, JSON
	finish    []string
	tokens    int64
	err       error
	header    http.Header
}

// compare reports where the app was told something else. JSON inside strings
// must mean the same; how it is escaped is the writer's affair. Nothing that
// was said is printed: only places, lengths and tokens.
func compare(t *testing.T, want, got said, content bool) {
	t.Helper()
	if want.err != nil || got.err != nil {
		t.Fatalf("directly the SDK fails (%t), through maskit (%t)", want.err != nil, got.err != nil)
	}
	sameAll(t, "refusals", want.refusals, got.refusals, same)
	sameAll(t, "calls", want.calls, got.calls, same)
	sameAll(t, "finish reasons", want.finish, got.finish, same)
	sameAll(t, "arguments", want.arguments, got.arguments, sameJSON)
	if content {
		sameAll(t, "contents", want.texts, got.texts, sameJSON)
	} else {
		sameAll(t, "contents", want.texts, got.texts, same)
	}
	if want.tokens != got.tokens {
		t.Errorf("usage is %d, not %d", got.tokens, want.tokens)
	}
}

func sameAll(t *testing.T, what string, want, got []string, same func(want, got string) error) {
	t.Helper()
	if len(want) != len(got) {
		t.Errorf("%d %s, not %d", len(got), what, len(want))
		return
	}
	for i := range want {
		if err := same(want[i], got[i]); err != nil {
			t.Errorf("%s, %d of %d: %v", what, i+1, len(want), err)
		}
	}
}

func same(want, got string) error {
	if got == want {
		return nil
	}
	at := 0
	for at < min(len(got), len(want)) && got[at] == want[at] {
		at++
	}
	return fmt.Errorf("%d bytes, not %d; other from byte %d on; tokens left: %v", len(got), len(want), at, tokensIn(got))
}

func sameJSON(want, got string) error {
	var w, g any
	if err := json.Unmarshal([]byte(want), &w); err != nil {
		return fmt.Errorf("directly it is no JSON, at %s", place(err))
	}
	if err := json.Unmarshal([]byte(got), &g); err != nil {
		return fmt.Errorf("it is no JSON, at %s; tokens left: %v", place(err), tokensIn(got))
	}
	if !reflect.DeepEqual(w, g) {
		return fmt.Errorf("it means something else; tokens left: %v", tokensIn(got))
	}
	return nil
}

// place says where JSON is wrong without quoting it.
func place(err error) string {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Sprintf("byte %d", syntax.Offset)
	}
	return "an unknown place"
}

var token = regexp.MustCompile(`[A-Z]{2,}[2-9][2-9BCDFGHJKMNPQRTVWXZ]{7}`)

// tokensIn returns what is shaped like a token and was not in the app's text.
func tokensIn(text string) []string {
	var left []string
	for _, t := range token.FindAllString(text, -1) {
		if !strings.Contains(fix.Text, t) {
			left = append(left, t)
		}
	}
	return left
}

var receipt = regexp.MustCompile(`^[A-Z0-9_]+=[1-9][0-9]*(,[A-Z0-9_]+=[1-9][0-9]*)*$`)

// checkReceipt looks for the headers that say what was masked.
func checkReceipt(t *testing.T, h http.Header) {
	t.Helper()
	if h.Get("x-maskit-request-id") == "" {
		t.Error("no x-maskit-request-id")
	}
	list := h.Get("x-maskit-masked")
	if !receipt.MatchString(list) {
		t.Errorf("x-maskit-masked is no list of kinds and counts, but %d bytes", len(list))
		return
	}
	for _, kind := range []string{"EMAIL_ADDRESS", "CREDIT_CARD", "PROJECT"} {
		if !strings.Contains(","+list, ","+kind+"=") {
			t.Errorf("x-maskit-masked does not count %s: %s", kind, list)
		}
	}
}

type taken struct {
	Requests, Tokens int
	Leaks            []string
}

// take asks for what the upstream received since it was last asked.
func take(t *testing.T) taken {
	t.Helper()
	var got taken
	if err := json.Unmarshal([]byte(control(t, "/take")), &got); err != nil {
		t.Fatalf("reading the upstream's record: %v", err)
	}
	return got
}

// checkUpstream looks at the one request that came since the last take.
func checkUpstream(t *testing.T) {
	t.Helper()
	checkUpstreams(t, 1)
}

// checkUpstreams looks at the requests that came since the last take.
func checkUpstreams(t *testing.T, requests int) {
	t.Helper()
	got := take(t)
	if got.Requests != requests {
		t.Errorf("the upstream received %d requests, not %d", got.Requests, requests)
	}
	if got.Tokens < len(fix.Values) {
		t.Errorf("the upstream saw %d tokens for %d values", got.Tokens, len(fix.Values))
	}
	for _, l := range got.Leaks {
		t.Errorf("leaked: %s", l)
	}
}

// control asks the upstream's control and returns what it says.
func control(t *testing.T, path string) string {
	t.Helper()
	resp, err := http.Post(fix.Control+path, "", nil)
	if err != nil {
		t.Fatalf("asking the upstream for %s: %v", path, err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("asking the upstream for %s: status %d, %v", path, resp.StatusCode, err)
	}
	return string(b)
}

// manners are the ways in which the upstream answers; see its package comment.
var manners = []struct {
	model  string
	stream bool
}{
	{"echo", false},
	{"echo,ascii", false},
	{"echo,cut=1", true},
	{"echo,cut=2", true},
	{"echo,cut=3", true},
	{"echo,cut=5", true},
	{"echo,cut=7", true},
	{"echo,cut=11", true},
	{"echo,cut=64", true},
	{"echo,cut=100000", true},
	{"echo,cut=4,ascii", true},
	{"echo,cut=6,write=7", true},
	{"echo,cut=24,write=1", true},
	{"echo,cut=9,nodone", true},
}
