package upstream

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
)

// state is what a provider keeps for later: what was said up to each answer of the
// Responses API, and files with what became of them.
type state struct {
	mu    sync.Mutex
	said  map[string]string
	files map[string][]byte
}

// goOn lets an answer go on from an earlier one: it says again what that one did.
func (st *state) goOn(p *prompt) {
	st.mu.Lock()
	defer st.mu.Unlock()
	if st.said == nil {
		st.said = make(map[string]string)
	}
	if p.previous != "" {
		p.text = st.said[p.previous] + "\n" + p.text
	}
	st.said["resp_"+p.id] = p.text
}

// serve answers calls about files and batches; false if it is none.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) bool {
	st := &s.state
	st.mu.Lock()
	defer st.mu.Unlock()
	if st.files == nil {
		st.files = make(map[string][]byte)
	}
	w.Header().Set("Content-Type", "application/json")
	path := r.URL.Path
	switch {
	case r.Method == http.MethodPost && path == "/v1/files":
		file, head, err := r.FormFile("file")
		if err != nil {
			return false
		}
		data, err := io.ReadAll(file)
		if err != nil {
			return false
		}
		id := fmt.Sprintf("file-%d", s.answers.Add(1))
		st.files[id] = data
		writeObject(w, object{"id": id, "object": "file", "bytes": len(data), "created_at": 1, "filename": head.Filename, "purpose": r.FormValue("purpose"), "status": "processed"})
	case r.Method == http.MethodPost && path == "/v1/batches":
		var req struct {
			Input string `json:"input_file_id"`
		}
		if json.NewDecoder(r.Body).Decode(&req) != nil {
			return false
		}
		id := "batch_" + strings.TrimPrefix(req.Input, "file-")
		st.files["file-of-"+id] = resultsOf(st.files[req.Input])
		writeObject(w, object{"id": id, "object": "batch", "status": "in_progress", "input_file_id": req.Input, "endpoint": "/v1/chat/completions"})
	case r.Method == http.MethodGet && strings.HasPrefix(path, "/v1/batches/"):
		id := strings.TrimPrefix(path, "/v1/batches/")
		writeObject(w, object{"id": id, "object": "batch", "status": "completed", "output_file_id": "file-of-" + id, "endpoint": "/v1/chat/completions"})
	case r.Method == http.MethodGet && strings.HasSuffix(path, "/content"):
		w.Header().Set("Content-Type", "application/octet-stream")
		_, _ = w.Write(st.files[strings.TrimSuffix(strings.TrimPrefix(path, "/v1/files/"), "/content")])
	default:
		w.Header().Del("Content-Type")
		return false
	}
	return true
}

func writeObject(w io.Writer, o object) {
	_ = json.NewEncoder(w).Encode(o)
}

// resultsOf answers each line of a batch.
func resultsOf(file []byte) []byte {
	var out bytes.Buffer
	for line := range bytes.Lines(file) {
		var req struct {
			ID   string          `json:"custom_id"`
			Body json.RawMessage `json:"body"`
		}
		if json.Unmarshal(line, &req) != nil {
			continue
		}
		p, err := readChat(req.Body)
		if err != nil {
			continue
		}
		p.id = req.ID
		writeObject(&out, object{"id": "r", "custom_id": req.ID, "response": object{"status_code": 200, "body": wholeChat(p, answerTo(p, manner{}))}})
	}
	return out.Bytes()
}
