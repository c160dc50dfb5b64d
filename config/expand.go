package config

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// Lookups are where ${NAME}, ${file:PATH} and ${cred:NAME} get their values. A nil
// function finds nothing.
type Lookups struct {
	Env  func(name string) (string, bool)
	File func(path string) ([]byte, error)
	Cred func(name string) ([]byte, error)
}

// maxFile bounds what ${file:PATH} reads. A secret is short; /dev/zero is not.
const maxFile = 1 << 20

// fileLookup reads files, relative ones from dir.
func fileLookup(dir string) func(string) ([]byte, error) {
	return func(path string) ([]byte, error) {
		if !filepath.IsAbs(path) {
			path = filepath.Join(dir, path)
		}
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
		if err == nil && len(data) > maxFile {
			return nil, errors.New("the file is larger than 1 MiB")
		}
		return data, err
	}
}

// Credential reads a credential that systemd has given the service, by
// LoadCredential= or LoadCredentialEncrypted=: a file that no other user reads,
// and that is in no environment.
func Credential(name string) ([]byte, error) {
	dir := os.Getenv("CREDENTIALS_DIRECTORY")
	if dir == "" {
		return nil, errors.New("systemd has given this process no credentials (LoadCredential= in the unit)")
	}
	if !credName.MatchString(name) {
		return nil, errors.New("this is no name of a credential")
	}
	return fileLookup(dir)(name)
}

var credName = regexp.MustCompile(`^[A-Za-z0-9_-][A-Za-z0-9._-]*$`)

var envName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// expand returns text with its references replaced, and whether there were any.
// "$${" stands for a literal "${". Errors name the reference, never its value.
func (l Lookups) expand(text string) (out string, expanded bool, err error) {
	var b strings.Builder
	var errs []error
	for {
		i := strings.Index(text, "${")
		if i < 0 {
			b.WriteString(text)
			return b.String(), expanded, errors.Join(errs...)
		}
		if i > 0 && text[i-1] == '$' {
			b.WriteString(text[:i-1] + "${")
			text = text[i+2:]
			continue
		}
		b.WriteString(text[:i])
		ref, rest, ok := strings.Cut(text[i+2:], "}")
		if !ok {
			errs = append(errs, errors.New(`"${" without "}"; a literal "${" is written "$${"`))
			return "", expanded, errors.Join(errs...)
		}
		value, err := l.value(ref)
		if err != nil {
			errs = append(errs, err)
		}
		b.WriteString(value)
		text, expanded = rest, true
	}
}

// value is what one reference stands for.
func (l Lookups) value(ref string) (string, error) {
	if path, ok := strings.CutPrefix(ref, "file:"); ok {
		return secretOf(ref, path, l.File)
	}
	if name, ok := strings.CutPrefix(ref, "cred:"); ok {
		return secretOf(ref, name, l.Cred)
	}
	if !envName.MatchString(ref) {
		return "", fmt.Errorf(`${%s} is no reference; write ${NAME}, ${file:PATH} or ${cred:NAME}, or "$${" for a literal "${"`, ref)
	}
	if l.Env != nil {
		if value, ok := l.Env(ref); ok {
			return value, nil
		}
	}
	return "", fmt.Errorf("the environment variable %s is not set", ref)
}

// secretOf reads what a reference names, without the newline that editors leave.
func secretOf(ref, name string, read func(string) ([]byte, error)) (string, error) {
	if read == nil {
		return "", fmt.Errorf("${%s} cannot be read here", ref)
	}
	data, err := read(name)
	if err != nil {
		return "", fmt.Errorf("${%s}: %w", ref, err)
	}
	text := strings.TrimSuffix(string(data), "\n")
	return strings.TrimSuffix(text, "\r"), nil
}
