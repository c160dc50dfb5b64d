package eval

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// shown is a text with its labels as [kind : value].
func shown(t Text) string {
	var b strings.Builder
	from := 0
	for _, l := range t.Spans {
		fmt.Fprintf(&b, "%s[%s : %s]", t.Text[from:l.Start], l.Kind, t.Text[l.Start:l.End])
		from = l.End
	}
	return b.String() + t.Text[from:]
}

func TestRead(t *testing.T) {
	for _, c := range []struct {
		name, file, data string
		want             []string
	}{
		{
			"own, offsets in characters", "x.jsonl",
			`{"id":"1","text":"😀é a@b c@d","spans":[{"start":7,"end":10,"kind":"EMAIL_ADDRESS"},{"start":3,"end":6,"kind":"email"}]}` + "\n\n" + `{"text":"none"}`,
			[]string{"😀é [EMAIL_ADDRESS : a@b] [EMAIL_ADDRESS : c@d]", "none"},
		},
		{
			"SGD", "x.jsonl",
			`{"id":"1","speaker":"S","text":"at 1 Elm St","spans":[{"start":3,"end":11,"label":"street_address"}]}`,
			[]string{"at [STREET_ADDRESS : 1 Elm St]"},
		},
		{
			"AmbientMeta", "x.jsonl",
			`{"id":"1","text":"Jo ran","annotations":[{"start":0,"end":2,"text":"Jo","entity_type":"PERSON"}]}`,
			[]string{"[PERSON : Jo] ran"},
		},
		{
			"SLURP", "x.jsonl",
			`{"id":"1","annotated":"call [person : jo] at [time : ten] and [person : al]"}`,
			[]string{"call [PERSON : jo] at [DATE_TIME : ten] and [PERSON : al]"},
		},
		{
			"presidio-research", "x.json",
			`[{"full_text":"Dr. Jo ran","spans":[{"entity_type":"PERSON","entity_value":"Jo","start_position":4,"end_position":6},{"entity_type":"TITLE","start_position":0,"end_position":3}],"metadata":null}]`,
			[]string{"Dr. [PERSON : Jo] ran"},
		},
		{
			"CoNLL, IOB2, and handles", "x.conll",
			"Jo\tB-PER\nRoe\tI-PER\nAl\tB-PER\nran\tO\n\t\n@\tB-PER\nal\tI-PER\n@bo\tB-PER\nin\tO\nRome\tB-LOC\n",
			[]string{"[PERSON : Jo Roe] [PERSON : Al] ran", "@ al @bo in [LOCATION : Rome]"},
		},
		{
			"CoNLL, IOB with spaces", "x.conll",
			"010 I-MISC\nThe I-ORG\nBand I-ORG\nof O\nJo I-PER\nRome I-LOC\n",
			[]string{"010 [ORGANIZATION : The Band] of [PERSON : Jo] [LOCATION : Rome]"},
		},
		{
			"CoNLL-U like, with the text", "x.iob2",
			"# sent_id = a-1\n# text = Jo's in St. Ives.\n1\tJo\tB-PER\t-\t-\n2\t's\tO\t-\t-\n3\tin\tO\t-\t-\n4\tSt.\tB-LOC\t-\t-\n5\tIves\tI-LOC\t-\t-\n6\t.\tO\t-\t-\n",
			[]string{"[PERSON : Jo]'s in [LOCATION : St. Ives]."},
		},
		{
			"KLUE, by character", "x.tsv",
			"## CHAR\tNE_TAG\n## id\t<박:PS>씨\n박\tB-PS\n씨\tO\n \tO\n3\tB-QT\n2\tI-QT\n",
			[]string{"[PERSON : 박]씨 32"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := Read(c.file, strings.NewReader(c.data))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, x := range s.Texts {
				got = append(got, shown(x))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadErrorsQuoteNothing(t *testing.T) {
	const planted = "Planted-Name"
	for _, c := range []struct{ file, data, want string }{
		{"x.jsonl", `{"text":"ok"}` + "\n" + `{"text":"` + planted, "eval: reading x.jsonl: line 2: not valid JSON at byte 21"},
		{"x.jsonl", `{"text":"` + planted + `","spans":[{"start":1,"end":99,"kind":"PERSON"}]}`, "line 1: span 1, from 1 to 99, is not within the 12 characters of the text"},
		{"x.jsonl", `{"text":"` + planted + `","spans":[{"start":0,"end":3}]}`, "line 1: span 1 has no kind"},
		{"x.jsonl", `{"text":["` + planted + `"]}`, "line 1: text is not of the type that is expected here"},
		{"x.json", `[{"full_text":"` + planted + `","spans":[{"entity_type":"PERSON","start_position":3,"end_position":3}]}]`, "text 1: span 1, from 3 to 3,"},
		{"x.conll", "Jo\tB-PER\n" + planted + "\tperson\n", "line 2: expected a token and its tag"},
		{"x.jsonl", "\n", "there are no texts in it"},
		{"x.txt", planted, "the name does not say the format"},
	} {
		_, err := Read(c.file, strings.NewReader(c.data))
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), planted) {
			t.Errorf("%s: %v, want %s", c.file, err, c.want)
		}
	}
}

// The collections that maskit is measured on are read whole.
func TestReadPublished(t *testing.T) {
	dir := filepath.Join("..", "..", "..", "shared", "data")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the collections are not here")
	}
	for _, c := range []struct {
		file          string
		texts, labels int
	}{
		{"pii/presidio_generated_large.json", 2109, 4055 - 36}, // without 36 titles
		{"pii/ambientmeta_standard.jsonl", 473, 699},
		{"pii/ambientmeta_contextual.jsonl", 162, 348},
		{"pii/sgd_dev.jsonl", 2631, 2796},
		{"ner/wnut17_dev.conll", 1009, 0},
		{"ner/wikigold.conll", 1696, 0},
		{"ner/ewt_dev.iob2", 2001, 0},
		{"ner/klue_dev_first4000.tsv", 4000, 0},
		{"ner/slurp.jsonl", 5007, 0},
		{"ner/btc_a.conll", 0, 0},
	} {
		f, err := os.Open(filepath.Join(dir, c.file))
		if err != nil {
			t.Fatal(err)
		}
		s, err := Read(c.file, f)
		f.Close()
		if err != nil {
			t.Error(err)
			continue
		}
		labels := 0
		for _, x := range s.Texts {
			labels += len(x.Spans)
		}
		if c.texts > 0 && len(s.Texts) != c.texts || labels == 0 || c.labels > 0 && labels != c.labels {
			t.Errorf("%s: %d texts with %d labels", c.file, len(s.Texts), labels)
		}
	}
}

// A name stands for one kind, and what it stands for stands for itself.
func TestNames(t *testing.T) {
	seen := map[string]bool{}
	for _, n := range Names {
		if seen[n.Name] {
			t.Errorf("%s is there twice", n.Name)
		}
		seen[n.Name] = true
		if n.Kind != "" && KindOf(string(n.Kind)) != n.Kind {
			t.Errorf("%s is %s, which is another kind", n.Name, n.Kind)
		}
	}
	if k := KindOf("creative-work"); k != "" {
		t.Errorf("creative-work is %s", k)
	}
	if k := KindOf("Us_Ssn"); k != "US_SSN" {
		t.Errorf("Us_Ssn is %s", k)
	}
}
