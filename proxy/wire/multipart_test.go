package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"strings"
	"testing"

	"github.com/tidwall/gjson"
)

const boundary = "xYz-7"

// upload writes a body of parts, each a head and a content.
func upload(parts ...string) string {
	var b strings.Builder
	for i := 0; i < len(parts); i += 2 {
		b.WriteString("--" + boundary + "\r\n" + strings.ReplaceAll(parts[i], "\n", "\r\n") + "\r\n\r\n" + parts[i+1] + "\r\n")
	}
	return b.String() + "--" + boundary + "--\r\n"
}

const (
	purpose = `Content-Disposition: form-data; name="purpose"`
	aFile   = "Content-Disposition: form-data; name=\"file\"; filename=\"a.jsonl\"\nContent-Type: application/octet-stream"
)

const batchLine = `{"custom_id":"c1","method":"POST","url":"/v1/chat/completions","body":{"model":"m","messages":[{"role":"user","content":"by ann@example.org"},{"role":"assistant","tool_calls":[{"id":"i","type":"function","function":{"name":"f","arguments":"{\"to\":\"ann@example.org\"}"}}]}]}}`

func masked(t *testing.T, path, body string, kinds *[]string) string {
	t.Helper()
	got, err := For(path).Multipart(nil, []byte(body), boundary, swap("ann@example.org", "EMAIL4K7Q"), func(kind string) error {
		*kinds = append(*kinds, kind)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(got)
}

// Files are masked by what they hold: text as text, JSON string by string, the
// lines of a batch by the row of their URL. All else stays, byte for byte.
func TestMultipart(t *testing.T) {
	const png = "\x89PNG\r\n\x1a\n\x00ann@example.org"
	for name, c := range map[string]struct {
		path, in string
		kinds    string
		same     bool
	}{
		"batch":                   {path: "/v1/files", in: upload(purpose, "batch", aFile, batchLine+"\n"+batchLine+"\n")},
		"lines that are not JSON": {path: "/v1/files", in: upload(purpose, "user_data", aFile, "{\"a\":1}\nann@example.org said\n{\"a\":\"ann@example.org\"}")},
		"text":                    {path: "/v1/files", in: upload(aFile, "Dear ann@example.org,\r\n\r\n--xY\r\nyours")},
		"JSON":                    {path: "/v1/files", in: upload(aFile, "[\n {\"a\": \"\\u0061nn@example.org\"} ]")},
		"names of files":          {path: "/v1/files", in: upload("Content-Disposition: form-data; name=\"file\"; filename=\"of ann@example.org.pdf\"; filename*=UTF-8''of%20ann%40example.org.pdf\nContent-Type: application/pdf", "%PDF-1.7 ann@example.org"), kinds: "file"},
		"a prompt":                {path: "/v1/audio/transcriptions", in: upload(`Content-Disposition: form-data; name=prompt`, "by ann@example.org", `Content-Disposition: form-data; name="model"`, "whisper-1")},
		"no content":              {path: "/v1/files", in: upload(purpose, ""), same: true},
		"an image":                {path: "/v1/images/edits", in: upload("Content-Disposition: form-data; name=\"image[]\"; filename=\"a\"\nContent-Type: image/png", png), kinds: "image", same: true},
		"sound by its ending":     {path: "/v1/audio/transcriptions", in: upload("Content-Disposition: form-data; name=\"file\"; filename=\"a.MP3\"\nContent-Type: application/octet-stream", "\xff\x00"), kinds: "audio", same: true},
		"another file":            {path: "/v1/files", in: upload(aFile, "PK\x03\x04\x00ann@example.org"), kinds: "file", same: true},
		"what a row skips":        {path: "/v1/files", in: upload(purpose, "ann@example.org"), same: true},
		"a head of one's own":     {path: "/v1/files", in: upload("X-By: ann@example.org\n"+purpose, "batch")},
	} {
		t.Run(name, func(t *testing.T) {
			var kinds []string
			got := masked(t, c.path, c.in, &kinds)
			if strings.Join(kinds, " ") != c.kinds {
				t.Errorf("unread: %v, want %s", kinds, c.kinds)
			}
			if c.same {
				if got != c.in {
					t.Errorf("changed:\n%q", got)
				}
				return
			}
			body, binary, _ := strings.Cut(got, "%PDF-")
			if strings.Contains(body, "ann@") || strings.Contains(body, "%40") || got == c.in {
				t.Errorf("not masked:\n%s", got)
			}
			back := strings.NewReplacer("EMAIL4K7Q", "ann@example.org").Replace(body)
			want := strings.NewReplacer(`\u0061nn`, "ann", "%20", " ", "%40", "@").Replace(c.in)
			if binary != "" {
				back, _, _ = strings.Cut(strings.ReplaceAll(back, "%20", " ")+"%PDF-"+binary, "%PDF-")
				want, _, _ = strings.Cut(want, "%PDF-")
			}
			if back != want {
				t.Errorf("more than the value changed:\n%q\nwant\n%q", back, want)
			}
			readParts(t, got)
		})
	}
}

// readParts reads a body as another reader does.
func readParts(t *testing.T, body string) (parts []string) {
	t.Helper()
	r := multipart.NewReader(strings.NewReader(body), boundary)
	for {
		p, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			return parts
		}
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(p)
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, p.FormName(), p.FileName(), string(data))
	}
}

// A batch's requests keep what their row skips: names, roles, models.
func TestBatchLinesAreReadByTheirRow(t *testing.T) {
	in := upload(aFile, strings.NewReplacer(`"name":"f"`, `"name":"ann@example.org"`).Replace(batchLine))
	var kinds []string
	got := masked(t, "/v1/files", in, &kinds)
	parts := readParts(t, got)
	line := parts[2]
	if !gjson.Valid(line) || gjson.Get(line, "body.messages.1.tool_calls.0.function.name").Str != "ann@example.org" {
		t.Errorf("got %s", line)
	}
	var arguments struct{ To string }
	if err := json.Unmarshal([]byte(gjson.Get(line, "body.messages.1.tool_calls.0.function.arguments").Str), &arguments); err != nil || arguments.To != "EMAIL4K7Q" {
		t.Errorf("arguments: %+v, %v", arguments, err)
	}
}

// What two readers could take for different bodies is refused.
func TestMultipartRefused(t *testing.T) {
	good := upload(purpose, "batch")
	for name, in := range map[string]string{
		"nothing":                  "",
		"something before":         "hello\r\n" + good,
		"something after":          good + "x",
		"not closed":               strings.TrimSuffix(good, "--"+boundary+"--\r\n"),
		"another boundary":         strings.ReplaceAll(good, boundary, "other"),
		"LF":                       strings.ReplaceAll(good, "\r\n", "\n"),
		"a longer boundary":        strings.Replace(good, "--"+boundary+"--", "--"+boundary+"z\r\n", 1),
		"no head":                  "--" + boundary + "\r\nbatch\r\n--" + boundary + "--",
		"an empty part":            "--" + boundary + "\r\n--" + boundary + "--",
		"no name":                  upload(`Content-Disposition: form-data`, "x"),
		"no disposition":           upload(`Content-Type: text/plain`, "x"),
		"two names":                upload(purpose+`; name="b"`, "x"),
		"two dispositions":         upload(purpose+"\n"+purpose, "x"),
		"an attachment":            upload(`Content-Disposition: attachment; name="a"`, "x"),
		"another parameter":        upload(purpose+`; size=3`, "x"),
		"a name that is not ended": upload(`Content-Disposition: form-data; name="a`, "x"),
		"a name without a value":   upload(`Content-Disposition: form-data; name`, "x"),
		"an unknown charset":       upload(purpose+`; filename*=latin1''a`, "x"),
		"a folded head":            upload(purpose+"\n x: y", "x"),
		"an encoded part":          upload(purpose+"\nContent-Transfer-Encoding: base64", "eA=="),
		"a length":                 upload(purpose+"\nContent-Length: 1", "x"),
		"equal names in a line":    upload(aFile, strings.Replace(batchLine, `"model":"m"`, `"model":"m","model":"n"`, 1)+"\n{}"),
	} {
		_, err := files.Multipart(nil, []byte(in), boundary, swap("x", "y"), passPart)
		if _, invalid := errors.AsType[*InvalidError](err); !invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, b := range []string{"", strings.Repeat("x", 71)} {
		if _, err := files.Multipart(nil, []byte(good), b, swap("x", "y"), passPart); err == nil {
			t.Errorf("a boundary of %d bytes is taken", len(b))
		}
	}
	if _, err := files.Multipart(nil, []byte(upload(aFile, "\x00")), boundary, swap("x", "y"), func(string) error { return errors.ErrUnsupported }); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("a blocked part: %v", err)
	}
}

// FuzzMultipart: what is taken without findings is the same bytes, and another
// reader finds the same number of parts in it, edited or not.
func FuzzMultipart(f *testing.F) {
	for _, s := range []string{
		upload(purpose, "batch", aFile, batchLine), upload(aFile, "a\r\n--xYz\r\n"), upload(purpose, ""),
		upload("Content-Disposition: form-data; name=a; filename*=UTF-8''a%20b.txt", "FOX4K7Q"),
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		got, err := files.Multipart(nil, in, boundary, swap("FOX4K7Q", "nothing"), passPart)
		if err != nil {
			return
		}
		// Without a 4 it does not hold the word, in no form of escape either.
		if !bytes.Contains(in, []byte("4")) && !bytes.Equal(got, in) {
			t.Fatalf("%q became %q", in, got)
		}
		if count(in) != count(got) {
			t.Fatalf("%q became %q: another number of parts", in, got)
		}
	})
}

// count returns how many parts another reader finds, -1 for none.
func count(body []byte) (n int) {
	r := multipart.NewReader(bytes.NewReader(body), boundary)
	for {
		p, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			return n
		}
		if err != nil {
			return -1
		}
		if _, err := io.Copy(io.Discard, p); err != nil {
			return -1
		}
		n++
	}
}
