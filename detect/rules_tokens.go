package detect

import (
	"bytes"
	"encoding/base64"
)

// tokenRules find credentials that are blocks or structures of their own.
var tokenRules = []Rule{
	{
		Name: "jwt", Kind: JWT, Score: 1,
		Prefixes: []string{"eyJ"},
		Match:    jwt,
		Hits: []string{
			"«eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJsb2dnZWRJbkFzIjoiYWRtaW4iLCJpYXQiOjE0MjI3Nzk2Mzh9.gzSraSYS8EXBxLN_oWnFSRgCzcmEmMjLiuyu5CSpyHI»",
			"ANON_KEY=«eyJhbGciOiJIUzI1NiIsEnR5cCI6IkpXVCJ9.eyJpc3MiOiJzdXBhYmFzZSIsInJlZiI6InFqcnVqc2lzY2Nzd.WQWcwBAQFNE259f2o8ruFln_UMLTFEnEaUD7KHrs9Aw»",
			"Authorization: Bearer «eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJlLXdpdGgtc29tZS1ieXRlcw».",
			"unsigned «eyJhbGciOiJub25lIn0.eyJzdWIiOiIxMjM0NTY3ODkwIn0.» here",
		},
		Misses: []string{"eyeJay is a name and not a token at all", "eyJhbGciOiJIUzI1NiJ9", "eyJ.eyJ.eyJ", "eyJ0eXAiOiAiVENWMiJ9.RkNWLXdXS3M1RVBfencxM"},
	},
	{
		Name: "pem", Kind: PrivateKey, Score: 1,
		Words: []string{"begin"},
		Match: pem,
		Hits: []string{
			"«-----BEGIN RSA PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAlwAAAAdzc2gtcn\nNhAAAAAwEAAQAAAIEAtDSHFO5tfN==\n-----END RSA PRIVATE KEY-----»\n",
			"«-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\nMzEfYyjiWA4R4/M2bS1GB4t7NXp98C3SC6dVMvDuictGeurT8jNbvJZHtCSuYEvu»\nand that is where it was cut",
			"key: \"«-----BEGIN EC PRIVATE KEY-----\\nMHcCAQEEIIrYSSNQFaA2Hwf1duRSxKtLYX5CB04fSeQ6tF1aY/PuoAoGCCqGSM49\\n-----END EC PRIVATE KEY-----»\\n\"",
			"«-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0123456789ABCDEF\n\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAlwAAAAdzc2g=\n-----END RSA PRIVATE KEY-----»",
			"«-----BEGIN OPENSSH PRIVATE KEY----- b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW -----END OPENSSH PRIVATE KEY-----» in one line",
			"«-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: GnuPG v2\n\nlQOYBGSBCDkBCACnbWbHD1BZ0hYkQ9sWmZc1V2Wq0nXbK4q7mVJ0\n=abcd\n-----END PGP PRIVATE KEY BLOCK-----»",
		},
		Misses: []string{
			"-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ\n-----END CERTIFICATE-----",
			"-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
			"-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----",
			"grep -e '-----BEGIN RSA PRIVATE KEY-----' *",
			"let us begin the PRIVATE KEY chapter",
		},
	},
	{
		Name: "pem-base64", Kind: PrivateKey, Score: 1,
		Prefixes: []string{"LS0tLS1CRUdJTi"},
		Match:    pemBase64,
		Hits:     []string{"KEY_B64=«LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQpNSUlFb2dJQkFBS0NBUUVBb3kxWFh1VkFRcHFIYlFFMDVta2hyTmcvMTI0Ri8ySzlPYW5p»"},
		Misses:   []string{"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSURkekNDQWwrZ0F3SUJBZ0lFQWdBQXVUQU5CZ2txaGtpRzl3MEI=", "LS0tLS1CRUdJTiBhYmM="},
	},
}

// jwt finds a token in compact serialization (RFC 7519, 7515): two parts of
// JSON in base64url, and a signature that may be empty.
func jwt(text []byte, at, end int) (int, int) {
	if isKey(byteAt(text, at-1)) {
		return 0, 0 // so that no part is read twice
	}
	header := while(text, end, classKey, len(text))
	if header-at < 12 || !hasPrefix(text[header:], ".ey") {
		return 0, 0
	}
	payload := while(text, header+1, classKey, len(text))
	if payload-header < 8 || !letterAndDigit(text[at:payload]) {
		return 0, 0
	}
	if byteAt(text, payload) != '.' {
		return at, payload
	}
	signature := while(text, payload+1, classKey, len(text))
	if signature == payload+1 && isWord(byteAt(text, header+1)) && byteAt(text, signature) != ' ' {
		return at, payload
	}
	return at, signature
}

const dashes = "-----"

// pem finds a block of a private key by its "BEGIN" (RFC 7468): to its end
// line, or as far as lines of base64 go on.
func pem(text []byte, at, end int) (int, int) {
	start := at - len(dashes)
	if start < 0 || string(text[start:at]) != dashes || string(text[at:end]) != "BEGIN" {
		return 0, 0
	}
	head := text[end:min(len(text), end+80)]
	stop := bytes.Index(head, []byte(dashes))
	if stop < 0 || !bytes.Contains(head[:stop], []byte("PRIVATE KEY")) {
		return 0, 0
	}
	return start, pemEnd(text, end+stop+len(dashes))
}

// pemEnd returns the end of the block whose first line ends at i, or 0 if
// there is nothing in it.
func pemEnd(text []byte, i int) int {
	end, content := 0, 0
	for i < len(text) {
		i = pemGap(text, i)
		if hasPrefix(text[i:], dashes+"END ") {
			last := bytes.Index(text[i+len(dashes):min(len(text), i+100)], []byte(dashes))
			if content < 16 {
				return 0
			}
			if last < 0 {
				return end
			}
			return i + 2*len(dashes) + last
		}
		if line := pemHeader(text, i); line > i && content == 0 {
			i = line
			continue
		}
		stop := while(text, i, classBase64, len(text))
		next := pemGap(text, stop)
		if short := stop-i < 24; stop == i || short && next < len(text) && text[stop-1] != '=' && !hasPrefix(text[next:], dashes) && byteAt(text, next) != '=' {
			break
		}
		content += stop - i
		end, i = stop, stop
	}
	if content < 16 {
		return 0
	}
	return end
}

// pemGap passes over what stands between the lines of a block: white space,
// also written as \n, and the quotes, signs and margins of source code.
func pemGap(text []byte, i int) int {
	for i < len(text) {
		switch c := text[i]; {
		case classes[c]&classPEMGap != 0:
			i++
		case c == '+' && isSpace(byteAt(text, i+1)):
			i++
		case c == '\\' && (byteAt(text, i+1) == 'n' || byteAt(text, i+1) == 'r' || byteAt(text, i+1) == 't'):
			i += 2
		case c == '\\':
			i++
		default:
			return i
		}
	}
	return i
}

// pemHeader returns the end of the line at i if it is a header such as
// "Proc-Type: 4,ENCRYPTED", else i.
func pemHeader(text []byte, i int) int {
	name := while(text, i, classKey, 20)
	if name == i || !hasPrefix(text[name:], ": ") {
		return i
	}
	for i = name; i < len(text) && i < name+100 && text[i] != '\n' && text[i] != '\\'; i++ {
	}
	return i
}

// pemBase64 finds a whole PEM file in base64, as Kubernetes and CI systems
// keep them.
func pemBase64(text []byte, at, end int) (int, int) {
	var head [64]byte
	if n := copy(head[:], text[at:]); n < len(head) {
		return 0, 0
	}
	var decoded [48]byte
	if _, err := base64.StdEncoding.Decode(decoded[:], head[:]); err != nil || !bytes.Contains(decoded[:], []byte("PRIVATE KEY")) {
		return 0, 0
	}
	return at, while(text, end, classBase64, len(text))
}
