package proxy

import (
	"flag"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite what the provider and the client got in testdata/wire")

// An exchange is one file: the path and perhaps the type, the request, what the provider got, what
// it answered, and what the client got. With -update the second and the last
// are written anew; a person reads the difference.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("../testdata/wire/*/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no exchanges: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimPrefix(filepath.ToSlash(file), "../testdata/wire/"), func(t *testing.T) {
			golden(t, file)
		})
	}
}

func golden(t *testing.T, file string) {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	a := txtar.Parse(data)
	part := func(name string) *txtar.File {
		for i := range a.Files {
			if a.Files[i].Name == name {
				return &a.Files[i]
			}
		}
		t.Fatalf("the file has no part %q", name)
		return nil
	}
	head, answer, _ := strings.Cut(string(part("upstream answers").Data), "\n\n")
	var got string
	r := newRawRig(t, func(c net.Conn, body string) {
		got = body
		send(c, strings.ReplaceAll(head, "\n", "\r\n")+"\r\nConnection: close\r\n\r\n"+answer)
	})
	first, body, _ := strings.Cut(string(part("client sends").Data), "\n")
	method, path, _ := strings.Cut(first, " ")
	path, typ, ok := strings.Cut(path, " ")
	if !ok {
		typ = "application/json"
	} else {
		body = strings.ReplaceAll(body, "\n", "\r\n") // as forms have it
	}
	req, err := http.NewRequestWithContext(t.Context(), method, "http://"+r.addr+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", typ)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	answered, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	receipt := "x-maskit-masked: " + resp.Header.Get("x-maskit-masked") + "\n"
	for name, is := range map[string]string{
		"upstream gets": strings.ReplaceAll(got, "\r\n", "\n"), "client gets": resp.Proto + " " + resp.Status + "\n" + receipt + "\n" + string(answered),
	} {
		p := part(name)
		switch {
		case *update:
			p.Data = []byte(is)
		case string(p.Data) != is:
			t.Errorf("%s\n%s\nwant\n%s", name, is, p.Data)
		}
	}
	if *update {
		if err := os.WriteFile(file, txtar.Format(a), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
