package mask

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"maskit/detect"
)

var update = flag.Bool("update", false, "write the documents anew")

const document = "../../docs/POLICIES.md"

// What docs/POLICIES.md says of actions and packs is made of the tables.
func TestDocument(t *testing.T) {
	old, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	doc := string(old)
	for name, text := range map[string]string{
		"actions": "\n" + actionRows() + "\n",
		"fakers":  kindList(slices.Sorted(maps.Keys(fakers))),
		"packs":   "\n" + packRows() + "\n",
	} {
		place := regexp.MustCompile(`(?s)<!-- ` + name + ` -->.*<!-- /` + name + ` -->`)
		if !place.MatchString(doc) {
			t.Fatalf("%s has no place for the %s", document, name)
		}
		doc = place.ReplaceAllLiteralString(doc, "<!-- "+name+" -->"+text+"<!-- /"+name+" -->")
	}
	if doc == string(old) {
		return
	}
	if !*update {
		t.Fatalf("%s is not what the tables say; go test ./proxy/mask -run TestDocument -update writes it anew", document)
	}
	if err := os.WriteFile(document, []byte(doc), 0o600); err != nil {
		t.Fatal(err)
	}
}

func actionRows() string {
	rows := "| action | what stands in the value's place | comes back |\n|---|---|---|"
	for i := range Actions {
		a := &Actions[i]
		back := "no"
		if a.Restored {
			back = "yes"
		}
		rows += fmt.Sprintf("\n| `%s` | %s | %s |", a.Name, a.Doc, back)
	}
	return rows
}

func packRows() string {
	var b strings.Builder
	for i := range Packs {
		p := &Packs[i]
		fmt.Fprintf(&b, "### `%s`: %s\n\nIn short: %s.\n\n| what | is found as |\n|---|---|\n", p.Name, p.Title, p.Config.Doc)
		for _, c := range p.Covers {
			found := kindList(c.Kinds)
			if found == "" {
				found = "**not found**"
			}
			if c.Note != "" {
				found += "; " + c.Note
			}
			fmt.Fprintf(&b, "| %s | %s |\n", c.What, found)
		}
		b.WriteString("\nNot covered:\n\n")
		for _, o := range p.Omits {
			b.WriteString("- " + o + "\n")
		}
		b.WriteString("\n")
		changes := packChanges(&p.Config)
		if changes != "" {
			b.WriteString("It differs from `standard` in: " + changes + ".\n\n")
		}
	}
	return strings.TrimRight(b.String(), "\n")
}

// packChanges lists what a pack has that the standard policy has not, but for
// what it enables, of which maskit config policies tells.
func packChanges(c *Config) string {
	var all []string
	standard := DefaultConfig()
	if c.MinScore != standard.MinScore {
		all = append(all, fmt.Sprintf("`min_score: %v`", c.MinScore))
	}
	if len(c.Enable) > 0 {
		all = append(all, "kinds enabled that are off by default")
	}
	if len(c.Disable) > 0 {
		all = append(all, "`disable`: "+kindList(c.Disable))
	}
	for _, k := range slices.Sorted(maps.Keys(c.Thresholds)) {
		all = append(all, fmt.Sprintf("`thresholds.%s: %v`", k, c.Thresholds[k]))
	}
	for _, k := range slices.Sorted(maps.Keys(c.Actions)) {
		all = append(all, fmt.Sprintf("`actions.%s: %s`", k, c.Actions[k]))
	}
	for _, k := range slices.Sorted(maps.Keys(c.Restore.Kinds)) {
		all = append(all, fmt.Sprintf("`restore.kinds.%s: %s`", k, c.Restore.Kinds[k]))
	}
	if !maps.Equal(c.Parts, standard.Parts) {
		all = append(all, "all parts blocked that cannot be read as text")
	}
	return strings.Join(all, ", ")
}

func kindList(kinds []detect.Kind) string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = "`" + string(k) + "`"
	}
	return strings.Join(names, ", ")
}
