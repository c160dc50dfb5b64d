package detect

import (
	"strings"
	"testing"
)

// TestStructure holds that keys, heads and columns say what the values are.
func TestStructure(t *testing.T) {
	cfg := DefaultConfig()
	cfg.Model = false
	e := compile(t, cfg)
	far := strings.Repeat("1,2,3,4,5,6,7,8,9,\"a, b\",x,y,z,", 1) + "«536228726»,ok\n"
	for i, want := range []string{
		// JSON, YAML, XML, HTML, environments, logs, programs
		`{"ssn": "«536228726»"}`, `{"user":{"ssn":«536228726»}}`, `{"phone_number": "«4155550132»"}`, `{"dateOfBirth":"«1985-03-12»"}`, `{"card_number": "«4111111111111111»"}`, `{"routingNumber":"«021000021»"}`,
		"user:\n  contact:\n    phone: «4155550132»\n    ssn: «536228726»\n", "db:\n  password: «hunter22»\n", `<user ssn="«536228726»" phone="«4155550132»"/>`, "<ssn>«536228726»</ssn>", "<password>«hunter22»</password>",
		`<input name="ssn" value="«536228726»">`, `<input type="password" name="password" value="«hunter22»">`, "SSN=«536228726»\nPHONE=«4155550132»\n", "level=info user_ssn=«536228726» phone=«4155550132»", "?ssn=«536228726»&phone=«4155550132»",
		`user.ssn = "«536228726»"`, `ssn => «536228726»`, "UPDATE users SET password = '«hunter22»' WHERE id = 1",
		// tables
		"id,name,ssn\n" + strings.Repeat("1,Kim,«536228726»\n", 60), "id;name;phone\n" + strings.Repeat("1;Kim;«4155550132»\n", 40), "\"id\",\"phone\",\"note\"\n\"1\",\"«4155550132»\",\"x\"\n",
		"a,b,c,d,e,f,g,h,i,j,k,l,m,Social Security Number,n\n" + strings.Repeat(far, 20), "id\tdob\tcity\n" + strings.Repeat("1\t«1985-03-12»\tUlm\n", 30), "| name | password |\n|---|---|\n" + strings.Repeat("| Kim | «hunter22» |\n", 20),
		"see:\n\n```csv\nid,phone\n" + strings.Repeat("7,«4155550132»\n", 30) + "```\n", "번호,연락처\n" + strings.Repeat("1,«0212345678»\n", 30), "id,email\n1,«kim@corp.com»\n",
		"INSERT INTO users (id, password) VALUES (1, '«hunter22»');", "insert into users (id, ssn, note)\nvalues (1, '«536228726»', 'it''s (ok), x'),\n (2, '«536228727»', 'y');", "INSERT INTO t (a, b) VALUES (1, 536228726)",
		"Insert Into users(ssn) Values(«536228726»);INSERT INTO t(a) VALUES (42);insert into v(ssn) values («536228727»)",
		// no tables
		"id,count\n1,536228726\n", "phone, or mail,\n415555013,2", "id,secret\n1,yes\n",
	} {
		text := unmarked(want)
		if got := marked(text, find(t, e, text)); got != want {
			t.Errorf("text %d: got %q", i, got)
		}
	}
}

// TestTablesThatAreNone holds that no line is too strange for a table.
func TestTablesThatAreNone(t *testing.T) {
	e := compile(t, DefaultConfig())
	for _, text := range []string{"ssn,\n", "ssn,\"", "ssn,\"\"\"\n,'", "ssn|\n\n|||", "```\nssn,x", "INSERT INTO (", "INSERT INTO t (ssn", "INSERT INTO t (ssn) VALUES (", "INSERT INTO t (ssn) VALUES ('x", "ssn,a\n\"x", "\n\n\n", "```"} {
		find(t, e, text)
		find(t, e, strings.Repeat(text, 50))
	}
}

// TestManyTables holds that no line is a row of more than one table, and no part
// of a text is looked for twice: what is not linear takes minutes here.
func TestManyTables(t *testing.T) {
	e := compile(t, rulesOnly())
	for _, text := range []string{"ssn,phone\n\n", "```a,b\nssn,x\n", "```\n", "INSERT INTO t(ssn)VALUES(", "INSERT INTO t(ssn)VALUES('"} {
		find(t, e, strings.Repeat(text, 1<<20/len(text)))
	}
	const rows = 500
	tables := strings.Repeat("id,ssn\n1,536228726\n\n2,536228726\n\n", rows)
	if n := len(find(t, e, tables)); n != 2*rows {
		t.Errorf("%d tables of two rows: %d findings", rows, n)
	}
}
