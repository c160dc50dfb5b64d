package proxy

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"maskit/proxy/mask"
	"maskit/vault"
)

// batches is a provider that takes files and batches and answers each request
// of a batch with what its user said.
type batches struct {
	file string
}

func (p *batches) handle(w http.ResponseWriter, req *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	switch req.Method + " " + req.URL.Path {
	case "POST /v1/files":
		file, head, err := req.FormFile("file")
		if err != nil {
			panic(err)
		}
		data, err := io.ReadAll(file)
		if err != nil {
			panic(err)
		}
		p.file = string(data)
		fmt.Fprintf(w, `{"id":"file-in","object":"file","bytes":%d,"filename":%q}`, len(data), head.Filename)
	case "POST /v1/batches":
		fmt.Fprint(w, `{"id":"batch_1","input_file_id":"file-in","output_file_id":null}`)
	case "GET /v1/batches/batch_1":
		fmt.Fprint(w, `{"id":"batch_1","input_file_id":"file-in","output_file_id":"file-out"}`)
	case "GET /v1/files/file-out/content":
		w.Header().Set("Content-Type", "application/octet-stream")
		for line := range strings.Lines(p.file) {
			fmt.Fprint(w, result(line, "body.messages.0.content"))
		}
	case "POST /v1/messages/batches":
		body, err := io.ReadAll(req.Body)
		if err != nil {
			panic(err)
		}
		p.file = ""
		for _, r := range gjson.GetBytes(body, "requests").Array() {
			p.file += strings.ReplaceAll(r.Raw, "\n", "") + "\n"
		}
		fmt.Fprint(w, `{"id":"msgbatch_1","type":"message_batch"}`)
	case "GET /v1/messages/batches/msgbatch_1/results":
		w.Header().Set("Content-Type", "application/x-jsonl")
		for line := range strings.Lines(p.file) {
			fmt.Fprint(w, result(line, "params.messages.0.content"))
		}
	default:
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, `{"error":{"message":"no such thing"}}`)
	}
}

func result(line, at string) string {
	return fmt.Sprintf("{\"custom_id\":%s,\"response\":{\"body\":{\"choices\":[{\"message\":{\"content\":%s}}]}}}\n",
		gjson.Get(line, "custom_id").Raw, gjson.Get(line, at).Raw)
}

func (r *rig) get(path string) string {
	r.t.Helper()
	resp, err := http.Get("http://" + r.addr + path)
	if err != nil {
		r.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return string(body)
}

// A batch is masked when its file is uploaded and restored when its results are
// fetched, by another process too; a stranger gets the tokens.
func TestBatches(t *testing.T) {
	addr, _ := startRedis(t)
	provider := &batches{}
	upstream := httptest.NewServer(http.HandlerFunc(provider.handle))
	defer upstream.Close()
	var rigs [2]*rig
	for i := range rigs {
		rigs[i] = &rig{t: t, ended: make(chan struct{}, 100)}
		rigs[i].start(upstream.URL, redisVault(t, addr, vault.OnFailureRefuse))
	}

	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("file", "of "+email+".jsonl")
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		fmt.Fprintf(part, `{"custom_id":"c%d","method":"POST","url":"/v1/chat/completions","body":%s}`+"\n", i, chat(text))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	resp, answer, err := rigs[0].post("/v1/files", form.String(), "Content-Type", w.FormDataContentType())
	if err != nil || resp.StatusCode != http.StatusOK || gjson.Get(answer, "filename").Str != "of "+email+".jsonl" {
		t.Fatalf("uploading: %v %s", err, answer)
	}
	for _, value := range planted {
		if strings.Contains(provider.file, value) {
			t.Fatal("a planted value is in the uploaded file")
		}
	}
	if _, _, err := rigs[1].post("/v1/batches", `{"input_file_id":"file-in","endpoint":"/v1/chat/completions","completion_window":"24h"}`); err != nil {
		t.Fatal(err)
	}
	if got := rigs[0].get("/v1/files/file-out/content"); strings.Contains(got, email) {
		t.Error("results are restored before anybody was told of them")
	}
	rigs[0].get("/v1/batches/batch_1")
	lines := strings.Split(rigs[1].get("/v1/files/file-out/content"), "\n")
	if len(lines) != 4 || gjson.Get(lines[2], "response.body.choices.0.message.content").Str != text {
		t.Errorf("results: %q", lines)
	}
}

func TestAnthropicBatches(t *testing.T) {
	provider := &batches{}
	r := newRig(t, provider.handle, func(c *Config, _ *mask.Config, _ *vault.Vault) {
		c.Upstreams["anthropic"] = c.Upstreams["openai"]
	})
	body := fmt.Sprintf(`{"requests":[{"custom_id":"c1","params":%s},{"custom_id":"c2","params":%[1]s}]}`, chat(text))
	if resp, answer, err := r.post("/v1/messages/batches", body); err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%v %s", err, answer)
	}
	lines := strings.Split(r.get("/v1/messages/batches/msgbatch_1/results"), "\n")
	if len(lines) != 3 || gjson.Get(lines[1], "response.body.choices.0.message.content").Str != text {
		t.Errorf("results: %q", lines)
	}
}

// Pieces of a file are refused: a value that is cut in two would be found in
// neither.
func TestUploadsInPieces(t *testing.T) {
	r := newRig(t, echo)
	resp, answer, err := r.post("/v1/uploads/u1/parts", "x")
	if err != nil || resp.StatusCode != http.StatusUnsupportedMediaType || code(t, answer) != "unsupported_content" {
		t.Errorf("%v %s", err, answer)
	}
}

// A refusal has the shape of the provider, also on a path that several have.
func TestRefusalsOfSharedPaths(t *testing.T) {
	r := newRig(t, echo, func(c *Config, _ *mask.Config, _ *vault.Vault) {
		c.Upstreams["anthropic"] = c.Upstreams["openai"]
	})
	for path, typ := range map[string]string{"/v1/files": "error", "/anthropic/v1/skills": "error", "/openai/v1/files": ""} {
		_, answer, err := r.post(path, "x", "Content-Type", "text/plain", "anthropic-version", "2023-06-01")
		if err != nil || gjson.Get(answer, "type").Str != typ || code(t, answer) != "unsupported_content" {
			t.Errorf("%s: %s %v", path, answer, err)
		}
	}
}
