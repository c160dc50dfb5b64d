package admin

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"maskit/proxy/access"
)

var update = flag.Bool("update", false, "write the table of routes into docs/API.md")

// docs/API.md has the table of routes, and the roles with their permissions.
func TestDocumentedRoutes(t *testing.T) {
	var b strings.Builder
	b.WriteString("<!-- routes -->\n| route | permission | |\n|---|---|---|\n")
	for _, r := range routes() {
		permit := string(r.permit)
		switch r.permit {
		case nobody:
			permit = "none"
		case anyone:
			permit = "any"
		}
		fmt.Fprintf(&b, "| `%s %s` | %s | %s |\n", r.method, r.path, permit, r.doc)
	}
	b.WriteString("<!-- /routes -->")
	const file = "../../docs/API.md"
	doc, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	table := regexp.MustCompile(`(?s)<!-- routes -->.*<!-- /routes -->`)
	switch got := string(table.Find(doc)); {
	case got == b.String():
	case *update:
		if err := os.WriteFile(file, table.ReplaceAllLiteral(doc, []byte(b.String())), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Error("docs/API.md has other routes: go test ./proxy/admin -run TestDocumentedRoutes -update")
	}
	for _, row := range access.Roles {
		names := make([]string, len(row.Permissions))
		for i, p := range row.Permissions {
			names[i] = string(p)
		}
		if line := fmt.Sprintf("| `%s` | %s |", row.Role, strings.Join(names, ", ")); !strings.Contains(string(doc), line) {
			t.Errorf("docs/API.md does not say %s", line)
		}
	}
}
