package detect

import (
	"encoding/base64"
	"strings"
	"testing"
)

// evasions are values written so that a reader, a browser or a program still
// takes them for what they are. What is to be found stands between « and »; all
// around it must stay as it is.
var evasions = []struct {
	class string
	hits  []string
}{
	{"zero-width and format characters", []string{
		"«k\u200bi\u200bm@corp.com»", "«kim@co\u200crp.com»", "«4111\u200b 1111\u200b 1111\u200b 1111»", "«+82\u2060-10-1234-5678»", "«5\ufeff36-22-8726»", "\u202e«kim@corp.com»\u202c",
		"«k\u200di\u200dm@corp.com»", "«4111\u200b1111\u200b1111\u200b1111»", "IBAN «DE89\u200b3704\u200b0044\u200b0532\u200b0130\u200b00»", "password\u200b = \"«hunter22»\"", "ip «8.8.8.\u200b10»",
	}},
	{"dashes and spaces of other kinds", []string{"ssn «536\u201122\u20118726»", "ssn «536\u201322\u20138726»", "«536\u201022\u20108726»", "«+82\u00a010\u00a01234\u00a05678»", "«4111\u20091111\u20091111\u20091111»"}},
	{"soft hyphens", []string{"«kim@cor\u00adp.com»", "«4111\u00ad1111\u00ad1111\u00ad1111»", "IBAN «DE89 3704\u00ad 0044 0532 0130 00»"}},
	{"full-width and styled characters", []string{
		"«ｋｉｍ＠ｃｏｒｐ．ｃｏｍ»", "«４１１１ １１１１ １１１１ １１１１»", "«𝗸𝗶𝗺@𝗰𝗼𝗿𝗽.𝗰𝗼𝗺»", "«kim﹫corp.com»", "«٤١١١ ١١١١ ١١١١ ١١١١»", "«kim@corp。com»", "«①②③kim@corp.com»", "«４１１１－１１１１－１１１１－１１１１»", "IBAN «ＤＥ８９ ３７０４ ００４４ ０５３２ ０１３０ ００»",
	}},
	{"combining characters", []string{"«kim@mu\u0308nchen.de»", "«rene\u0301@corp.fr»"}},
	{"HTML entities", []string{
		"mail «kim&#64;corp.com» now", "«kim&#x40;corp.com»", "«kim&commat;corp&period;com»", "«&#107;&#105;&#109;&#64;&#99;&#46;com»", "«4111&nbsp;1111&nbsp;1111&nbsp;1111»", "password=&quot;«hunter22»&quot;",
		"«4111&#45;1111&#45;1111&#45;1111»",
	}},
	{"%-escapes", []string{
		"/send?to=«kim%40corp.com»&x=1", "«kim%40corp%2Ecom»", "?card=«4111%201111%201111%201111»", "«%6b%69%6d%40corp.com»", "?q=«%EF%BC%94111111111111111»", "tel=«%2B82-10-1234-5678»",
	}},
	{"escapes of programs", []string{
		`"«kim\u0040corp.com»"`, `"«kim\x40corp.com»"`, `"«kim\u{40}corp.com»"`, `"«4111\u00201111\u00201111\u00201111»"`, `"«\u006b\u0069\u006d@corp.com»"`, `'«\U0000006bim@corp.com»'`,
	}},
	{"JSON text inside text", []string{
		`{\"mail\":\"a\\n«b@x.com»\"}`, `{\"mail\":\"«kim@corp.com»\"}`, `"a\n«kim@corp.com»\nb"`, `{\"tel\":\"x\\t«+82-10-1234-5678»\"}`, `{\\\"password\\\":\\\"«hunter22»\\\"}`, `"url\":\"https:\/\/u:«hunter22»@h.com\/\"`,
		`to:\n«4111 1111 1111 1111»\n`, `CORP\\«nick@corp.com»`,
	}},
	{"homoglyphs", []string{
		"«kim@gmаil.com»", "«kim@соrp.com»", "«kim@corp.соm»", "«кim@corp.com»", "«kim@аррle.com»", "«kim@micrоsοft.com»", "раssword = \"«hunter22»\"", "pаssword: \"«hunter22»\"", "api_kеy=«Kd7Vq2XyT9hWLmRz4NbG»",
	}},
	{"spaced and dotted digits", []string{
		"«4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1»", "«4.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1»", "«4-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1»", "«4 1 1 1  1 1 1 1  1 1 1 1  1 1 1 1»", "ssn «5 3 6 - 2 2 - 8 7 2 6»", "call «0 1 0 - 1 2 3 4 - 5 6 7 8»",
		"«4_1_1_1_1_1_1_1_1_1_1_1_1_1_1_1»", "SSN: «5.3.6.2.2.8.7.2.6»", "card «4 111 1111 1111 1111»", "card «41 11 11 11 11 11 11 11»", "card «4111 11111111 1111»", "card «4111/1111/1111/1111»", "card «4111,1111,1111,1111»",
		"card «4111  1111  1111  1111»", "ssn «5 3 6 2 2 8 7 2 6»",
	}},
	{"line wraps", []string{
		"card «4111 1111\n1111 1111» ok", "card «4111-1111-\n1111-1111» ok", "card «4111 1111 1111\r\n  1111» ok", "write to «kim.lee@\ncorp.com» soon", "write to «kim.lee\n@corp.com» soon", "write to «kim.lee@corp\n.com» soon",
		"write to «kim.lee@co=\nrp.com» soon", "write to «kim.lee@corp.\ncom» soon",
	}},
	{"base64", []string{
		"data: «" + encoded("kim@corp.com, please") + "» end", "«" + encoded("the password is \"hunter22\"") + "»", "x=«" + strings.TrimRight(encoded("card 4111 1111 1111 1111"), "=") + "»", "«" + encoded(`{"ssn":"536-22-8726","n":1}`) + "»",
		"«" + wrapped(encoded("Dear all, this is a long text in which my telephone number, which is +82-10-1234-5678, stands somewhere.")) + "»", "«" + base64.RawURLEncoding.EncodeToString([]byte("write to kim@corp.com???>>>")) + "»",
	}},
}

func encoded(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

// wrapped breaks b after 76 characters, as mail is.
func wrapped(b string) string { return b[:76] + "\n" + b[76:] }

// TestEvasions finds at least nine of ten evasions of each class and changes
// nothing around them.
func TestEvasions(t *testing.T) {
	engine := compile(t, rulesOnly())
	rows := 0
	for _, c := range evasions {
		good := 0
		for i, hit := range c.hits {
			rows++
			text, _ := parseHit(t, hit)
			if got := marked(text, find(t, engine, text)); got == hit {
				good++
			} else {
				t.Logf("%s, %d: found %q", c.class, i, got)
			}
		}
		if good*10 < len(c.hits)*9 {
			t.Errorf("%s: %d of %d", c.class, good, len(c.hits))
		}
	}
	if rows < 60 {
		t.Errorf("%d rows", rows)
	}
}

// TestNoEvasions holds texts with escapes in which there is nothing.
func TestNoEvasions(t *testing.T) {
	engine := compile(t, rulesOnly())
	for i, text := range []string{
		`fmt.Printf("%5d items\n", n)`, "100%25 of AT&amp;T &lt;b&gt;", "1 2 3 4 5 6 7 8 9 10 11 12", "0 1 0 0 1 1 0 1 0 1 1 0", `C:\new\table\reports\2024`, "    pass\n@app.route(\"/x\")\ndef f():", "the end.\nThen we go to example.com",
		"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk", `"\u0041\u0042\u0043 \x41 \t"`, "1.0.0.1.2.3.4", "x =\n5", "1234 5670\n1234 5670", `\d{3}-\d{2}-\d{4}`,
	} {
		if spans := find(t, engine, text); len(spans) > 0 {
			t.Errorf("text %d: %s by %s", i, marked(text, spans), spans[0].Rule)
		}
	}
}

// BenchmarkEscapes compares a text without escapes with the same text with one
// in each line.
func BenchmarkEscapes(b *testing.B) {
	e := all(b)
	lines := strings.ReplaceAll(prose, "\n", "\\nx\n")
	b.Run("none", func(b *testing.B) { scan(b, e, repeat(prose, 1<<20)) })
	b.Run("in each line", func(b *testing.B) { scan(b, e, repeat(lines, 1<<20)) })
}
