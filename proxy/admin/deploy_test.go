package admin

import (
	"encoding/json"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	dto "github.com/prometheus/client_model/go"

	"maskit/proxy/audit"
)

// gathered are the metrics that maskit has, each with something to show.
func gathered(t *testing.T) []*dto.MetricFamily {
	t.Helper()
	m := NewMetrics("test")
	m.Trail(func() bool { return true })
	m.Exchange(&audit.Exchange{Found: []audit.Count{{Kind: "A", N: 1}}, Allowed: []audit.Count{{Kind: "A", N: 1}}, Unread: []audit.Count{{Kind: "image", N: 1}}})
	m.Operation(&audit.Operation{Type: "restore", Status: 200})
	m.Reload(nil)
	families, err := m.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	return families
}

// known are the names of the metrics that maskit has.
func known(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	for _, f := range gathered(t) {
		names[f.GetName()] = true
		if f.GetType().String() == "HISTOGRAM" {
			names[f.GetName()+"_bucket"] = true
		}
	}
	return names
}

var metricName = regexp.MustCompile(`\b(maskit|process|go)_[a-z_]+\b`)

// checkNames wants the metrics of an expression to exist.
func checkNames(t *testing.T, names map[string]bool, where, expr string) {
	t.Helper()
	found := metricName.FindAllString(expr, -1)
	if len(found) == 0 && !strings.HasPrefix(expr, "up{") {
		t.Errorf("%s: no metric in %s", where, expr)
	}
	for _, name := range found {
		if !names[name] {
			t.Errorf("%s: there is no metric %s", where, name)
		}
	}
}

func TestDashboardUsesMetricsThatExist(t *testing.T) {
	data, err := os.ReadFile("../../deploy/grafana/maskit.json")
	if err != nil {
		t.Fatal(err)
	}
	var board struct {
		Panels []struct {
			ID      int
			Type    string
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(data, &board); err != nil {
		t.Fatal(err)
	}
	names, shown, ids := known(t), "", map[int]bool{}
	for _, p := range board.Panels {
		if ids[p.ID] {
			t.Errorf("two panels have the id %d", p.ID)
		}
		ids[p.ID] = true
		if p.Type != "row" && len(p.Targets) == 0 {
			t.Errorf("the panel %s shows nothing", p.Title)
		}
		for _, target := range p.Targets {
			checkNames(t, names, p.Title, target.Expr)
			shown += target.Expr + "\n"
		}
	}
	for _, name := range []string{"maskit_requests_total", "maskit_masked_values_total", "maskit_unknown_tokens_total", "maskit_mask_duration_seconds"} {
		if !strings.Contains(shown, name) {
			t.Errorf("%s is not on the dashboard", name)
		}
	}
}

func TestAlerts(t *testing.T) {
	const file = "../../deploy/prometheus/alerts.yaml"
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var rules struct {
		Groups []struct {
			Rules []struct{ Alert, Expr string }
		}
	}
	if err := yaml.Unmarshal(data, &rules); err != nil {
		t.Fatal(err)
	}
	doc, err := os.ReadFile("../../docs/METRICS.md")
	if err != nil {
		t.Fatal(err)
	}
	tests, err := os.ReadFile("../../deploy/prometheus/alerts_test.yaml")
	if err != nil {
		t.Fatal(err)
	}
	names := known(t)
	for _, r := range rules.Groups[0].Rules {
		checkNames(t, names, r.Alert, r.Expr)
		if !strings.Contains(string(doc), "| `"+r.Alert+"` |") {
			t.Errorf("docs/METRICS.md does not say what %s means", r.Alert)
		}
		if !strings.Contains(string(tests), "alertname: "+r.Alert) {
			t.Errorf("%s has no test", r.Alert)
		}
	}
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("promtool is not installed: the rules are read, not run")
	}
	if out, err := exec.CommandContext(t.Context(), promtool, "test", "rules", "../../deploy/prometheus/alerts_test.yaml").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
