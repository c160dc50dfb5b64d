package detect

import (
	"strings"
	"testing"
)

// The numbers of these tests are those of docs/CASES.md: what users of gateways
// that mask have reported. What is to be found stands between « and ».

func cases(t *testing.T, texts ...string) {
	t.Helper()
	cfg := DefaultConfig()
	cfg.Model = false // names are another table's
	e := compile(t, cfg)
	for i, want := range texts {
		text := unmarked(want)
		if got := marked(text, find(t, e, text)); got != want {
			t.Errorf("text %d: got %s", i, got)
		}
	}
}

// TestCase55 holds that names of secrets, and what stands in their place, are no
// secrets.
func TestCase55(t *testing.T) {
	cases(t,
		`secret: true`, `os.environ["ANTHROPIC_API_KEY"]`, `CSRF_TOKEN_NAME = 'csrftoken'`, `form.password == '«hunter2»'`, `Authorization: Bearer ${env.AUTH_TOKEN}`,
		`headers: { Authorization: "Bearer ${env.AUTH_TOKEN}" }`, `api_key = os.getenv("API_KEY")`, `password: process.env.DB_PASSWORD`, `token: {{ .Values.token }}`, `SECRET_KEY=$SECRET_KEY`,
		`export OPENAI_API_KEY="your-api-key-here"`, `password = input("Password: ")`, `"client_secret": "<client-secret>"`, `apiKey: string;`, `tokenizer = AutoTokenizer("x")`, `max_tokens: 4096`,
		`private_key_path = "/etc/ssl/key.pem"`, `secretKeyRef:
  name: db
  key: password`,
	)
}

// TestCase56 holds that short codes, dates and ids of any ten digits are nobody.
func TestCase56(t *testing.T) {
	cases(t,
		"C4 and S3 and EKS and EC2 and H100 and A10G", "on 2024-05-01 at 10:15", "see https://example.com/docs/a/b?page=2", "order 9434765919 was sent", "invoice 4505577104, ticket 1234567890", "build 9434765919 of 12",
		"B2B, K8s, i18n, P0, v1beta1, x86_64, utf8mb4", "RFC 9110, ISO 27001, CVE-2024-12345",
	)
}

// TestCase57 holds that a part of a UUID or of a hash is no card.
func TestCase57(t *testing.T) {
	cases(t,
		"f47ac10b-58cc-4372-a567-672331071866", "id=8b1a9953-c461-4296-a827-411111111111", "sha256:4111111111111111a3f1", "0x4111111111111111", "4111111111111111abcdef", "trace 4bf92f3577b34da6a3ce929d0e0e4736",
	)
}

// TestCase58 holds what code, logs and documents are full of.
func TestCase58(t *testing.T) {
	cases(t,
		"/home/app/releases/20240501123045/current", "gpt-4o-2024-08-06, claude-3-5-sonnet-20241022, llama-3.1-405b-instruct", "commit 571f7ef1fa3b2c9d8e7f6a5b4c3d2e1f0a9b8c7d", "v1.22.3-rc.1+build.5114f85", "2026-03-01T12:30:45.123456789Z",
		"listen on 127.0.0.1:8080 and [::1]:443", "https://example.com, admin.example.org, 192.0.2.1, 2001:db8::1", "10.0.0.1, 192.168.1.254, 172.16.0.9", "node_modules/@types/node/v20.11.5/index.d.ts", "user@localhost, root@127.0.0.1", "epoch 1714569045123",
		"00000000-0000-0000-0000-000000000000", "Chrome/125.0.6422.60 Safari/537.36", "rgba(255, 99, 71, 0.5)", "0xdeadbeef 0x7fff5fbff8c0",
	)
}

// TestCase59 holds that findings that overlap become one, with no rest.
func TestCase59(t *testing.T) {
	cases(t,
		"pay to «DE89 3704 0044 0532 0130 00» now", "mail «kim.lee@corp.com», not https://corp.com", "https://kim:«hunter22»@corp.com/x", "card «4111 1111 1111 1111»", "IBAN «GB82WEST12345698765432»", "tel «+49 30 1234567 ext. 12»",
	)
}

// TestCase62 holds the forms of one value in Unicode, and that offsets are those
// of the text as it came.
func TestCase62(t *testing.T) {
	cases(t,
		"«kim@mu\u0308nchen.de»", "«kim@m\u00fcnchen.de»", "«ｋｉｍ＠ｃｏｒｐ．ｃｏｍ»", "«k\u200bim@corp.com»", "«kim@co\u00adrp.com»", "\u202e«kim@corp.com»\u202c", "😀😀 «kim@corp.com» 😀 «4111 1111 1111 1111»", "𝒳 «+82-10-1234-5678» 𝒴",
	)
}

// TestCase63 holds several languages in one message, and the numbers of several
// countries.
func TestCase63(t *testing.T) {
	cases(t,
		"제 번호는 «010-1234-5678»이고 my card is «4111 1111 1111 1111», bitte an «kim@corp.com»", "주민등록번호 «900101-1234568», Steuer-ID «65929970489», आधार «3123 4567 8909»", "我的手机号是«13800138000»，身份证«11010519491231002X»。", "マイナンバーは«123456789018»です", "PAN «ABCPE1234F» und IBAN «DE89370400440532013000»",
	)
}

// Cases 60 and 61 are held where sessions are: see TestCase60 and TestCase61 of
// proxy/mask.

// TestCase64 holds that the place in a long text does not matter.
func TestCase64(t *testing.T) {
	cfg := DefaultConfig()
	cfg.Model = false
	e := compile(t, cfg)
	filler := strings.Repeat("nothing to see here, move along. ", 1+2*chunk/33)
	for _, at := range []int{0, chunk - 9, chunk - 1, chunk, 2*chunk - 5} {
		text := filler[:at] + " kim.lee@corp.com " + filler[at:]
		if spans := find(t, e, text); len(spans) != 1 || text[spans[0].Start:spans[0].End] != "kim.lee@corp.com" {
			t.Errorf("at %d: found %d", at, len(spans))
		}
	}
}
