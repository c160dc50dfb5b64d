package detect

import "testing"

// TestSoftwareIsNobody wants programs not to be taken for people, nor people who
// are called like a word for programs.
func TestSoftwareIsNobody(t *testing.T) {
	c := DefaultConfig()
	c.Model = true
	e, err := Compile(c)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]int{
		"We moved from Django to Kafka and Grafana last year.": 0,
		"Ask Ollama or Gradle about it, says Kibana.":          0,
		"Ask Maria Delgado about it.":                          1,
	} {
		found, err := e.Find(t.Context(), nil, []byte(text))
		if err != nil || len(found) != want {
			t.Errorf("%d findings of %d, %v", len(found), want, err)
		}
	}
}
