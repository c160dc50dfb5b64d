package detect

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// vectors are examples that others published, which lie beside the module and
// not in it.
const vectors = "../../shared/data/vectors"

// vector is a line of these files.
type vector struct {
	File      string  `json:"file"`
	Rule      string  `json:"rule"`
	Label     int     `json:"label"`
	Text      string  `json:"text"`
	Expected  int     `json:"expected_len"`
	Positions [][]int `json:"expected_positions"`
}

func readVectors(t *testing.T, file string) (all []vector) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(vectors, file))
	if os.IsNotExist(err) {
		t.Skipf("%s is not here: the published examples are not part of the module", vectors)
	}
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var v vector
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		all = append(all, v)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}
