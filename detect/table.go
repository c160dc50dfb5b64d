package detect

import (
	"bytes"
	"strings"
)

// In a table the word that says what a number is stands once, in the head, and
// may be far above and to the left: in a CSV file, a Markdown table, or the list
// of columns of an INSERT. Each cell below such a word is scanned once more as if
// the word stood right before it: "ssn: 536228726".
//
// A table begins where a text does, or behind an empty line or one of "```".

// columnWords are names of columns, of which only letters count, whose cells say
// nothing by themselves.
var columnWords = setOf("ssn socialsecurity socialsecuritynumber taxid tin itin ein phone phonenumber telephone tel mobile cell cellphone fax " +
	"password passwd pwd secret token apikey accesskey clientsecret dob dateofbirth birthdate birthday born passport passportnumber passportno account accountnumber " +
	"accountno bankaccount routing routingnumber iban cardnumber creditcard card mrn medicalrecordnumber patientid driverlicense driverslicense licensenumber zip zipcode postcode " +
	"nationalid aadhaar pan nhs nhsnumber nino sin npi address streetaddress homeaddress telefon handy geburtsdatum 주민등록번호 전화번호 휴대폰 연락처 생년월일 여권번호 비밀번호 手机号 电话 身份证 密码 電話番号")

// columnStarts are the first two bytes of these.
var columnStarts = func() (p bytePairs) {
	for w := range columnWords {
		p.add(w[0], w[1])
	}
	return p
}()

const (
	maxColumns = 256
	minCell    = 3 // bytes: the shortest values that are found behind a name have as many
	maxCell    = 512
)

// setOf is the set of the words of a list.
func setOf(list string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		set[w] = true
	}
	return set
}

// column is a column whose cells are to be scanned.
type column struct {
	index int
	name  string
}

// tables scans the cells of tables again that stand below a word for what they
// are. A table goes on over parts of the text until a line does not fit, or until
// one begins with another head: so each line is read as a row of one table.
func (p *pass) tables() {
	var t table
	parts := parted{text: p.text, empty: -1, fence: -1}
	for start := 0; start < len(p.text); {
		next := parts.after(start)
		if head := tableAt(p.text, start); len(head.columns) > 0 {
			t = head
			start += len(lineAt(p.text, start)) + 1
		}
		if len(t.columns) > 0 && !p.rows(&t, start, next) {
			t = table{}
		}
		start = next
	}
	done := 0
	for _, name := range p.inserts {
		if name >= done {
			done = p.insert(name)
		}
	}
}

// parted are the parts of a text in which tables may begin.
type parted struct {
	text         []byte
	empty, fence int // where the next empty line and the next fence are, if not before what is asked for
}

// after returns where the part behind the one at i begins, or the length of the
// text.
func (t *parted) after(i int) int {
	if t.empty < i {
		t.empty = indexFrom(t.text, i, "\n\n")
	}
	if t.fence < i {
		t.fence = indexFrom(t.text, i, "```")
	}
	if t.fence < t.empty {
		return min(len(t.text), t.fence+len(lineAt(t.text, t.fence))+1)
	}
	return while(t.text, t.empty, classSpace, len(t.text))
}

// indexFrom returns where sep stands first from i on, or the length of the text.
func indexFrom(text []byte, i int, sep string) int {
	if n := bytes.Index(text[i:], []byte(sep)); n >= 0 {
		return i + n
	}
	return len(text)
}

// table is what the head of a table says. It has no columns if the line is none.
type table struct {
	sep     byte
	columns []column // whose cells are to be scanned
	count   int      // of all columns
}

// tableAt reads the line at start as the head of a table.
func tableAt(text []byte, start int) (t table) {
	line := lineAt(text, start)
	if t.sep = separatorOf(line); t.sep != 0 {
		t.columns, t.count = columnsOf(line, t.sep)
	}
	return t
}

// rows scans the lines of text[from:to] as rows, and reports whether all were
// rows. One that is cut off at to begins the next part of the text.
func (p *pass) rows(t *table, from, to int) bool {
	for from < to {
		line := lineAt(p.text, from)
		if from+len(line) > to {
			return true
		}
		if n := p.row(line, from, t.sep, t.columns); n != t.count && len(bytes.Trim(line, " |:-")) > 0 {
			return false
		}
		from += len(line) + 1
	}
	return true
}

func lineAt(text []byte, i int) []byte {
	if n := bytes.IndexByte(text[i:], '\n'); n >= 0 {
		return text[i : i+n]
	}
	return text[i:]
}

// separatorOf returns what parts the cells of a line, or 0 if nothing does.
func separatorOf(line []byte) byte {
	if len(line) > 8<<10 {
		return 0
	}
	for _, sep := range []byte("|\t;,") {
		if bytes.IndexByte(line, sep) >= 0 {
			return sep
		}
	}
	return 0
}

// columnsOf returns the columns of a head that say what their cells are, and how
// many there are in all.
func columnsOf(line []byte, sep byte) (columns []column, count int) {
	eachCell(line, sep, func(start, end int) {
		if count < maxColumns && isColumn(line[start:end]) {
			columns = append(columns, column{count, string(line[start:end])})
		}
		count++
	})
	return columns, count
}

// isColumn reports whether the letters of a cell are one of columnWords. Those of
// most cells begin otherwise.
func isColumn(cell []byte) bool {
	if a, b := byteAt(cell, 0), byteAt(cell, 1); isLetter(a) && isLetter(b) && !columnStarts.has(a|0x20, b|0x20) {
		return false
	}
	var buf [64]byte
	name := foldAtom(buf[:0], cell[:min(len(cell), 40)])
	n := 0
	for _, c := range name {
		if c >= 0x80 || isLetter(c) {
			name[n] = c
			n++
		}
	}
	return columnWords[string(name[:n])]
}

// eachCell calls use with the cells of a line, without the white space and the
// quotes around them. A quote that is written twice is part of a cell.
func eachCell(line []byte, sep byte, use func(start, end int)) {
	for i := 0; i <= len(line); {
		i = while(line, i, classSpace, 64)
		start, end := i, 0
		if q := byteAt(line, i); q == '"' || q == '\'' {
			start++
			for end = start; end < len(line) && (line[end] != q || byteAt(line, end+1) == q); end++ {
				if line[end] == q {
					end++
				}
			}
			end = min(end, len(line))
			i = end
		}
		n := bytes.IndexByte(line[min(i, len(line)):], sep)
		if n < 0 {
			n = len(line) - min(i, len(line))
		}
		if end == 0 {
			end = start + len(bytes.TrimRight(line[start:i+n], " \t\r"))
		}
		use(start, max(start, end))
		i += n + 1
	}
}

// row scans the cells of a line that stand in one of the columns, and returns how
// many cells it has. The line begins at base.
func (p *pass) row(line []byte, base int, sep byte, columns []column) (count int) {
	eachCell(line, sep, func(start, end int) {
		for _, c := range columns {
			if c.index == count {
				p.cell(c.name, base+start, base+end)
			}
		}
		count++
	})
	return count
}

// cell scans text[start:end] as what name is given.
func (p *pass) cell(name string, start, end int) {
	if end-start < minCell || end-start > maxCell {
		return
	}
	v := &p.plain
	v.buf = append(append(append(v.buf[:0], name...), `: "`...), p.text[start:end]...)
	before := len(name) + len(`: "`)
	v.buf = append(v.buf, '"')
	sub := p.within(v.buf)
	defer sub.free()
	for _, s := range sub.spans {
		s.Start, s.End = sub.view.Span(s.Start, s.End)
		if s.Start >= before && s.End <= before+end-start {
			s.Start, s.End = s.Start-before+start, s.End-before+start
			p.spans = append(p.spans, s)
		}
	}
	clear(v.buf)
}

// into notes the word "into" at, if that of an INSERT.
func (p *pass) into(at int) {
	if at >= len("insert ") && strings.EqualFold(string(p.text[at-len("insert "):at]), "insert ") && byteAt(p.text, at+len("into")) == ' ' {
		p.inserts = append(p.inserts, at+len("into "))
	}
}

// intoKey is that of the word that stands before the name of a table.
var intoKey = wordKey([]byte("into"))

// insert scans the values of INSERT INTO name (columns) VALUES (...), (...), whose
// name begins at i. It returns where it ended.
func (p *pass) insert(i int) int {
	text := p.text
	open := bytes.IndexByte(text[i:min(len(text), i+200)], '(')
	if open < 0 {
		return i
	}
	head := i + open + 1
	shut := bytes.IndexByte(text[head:min(len(text), head+8<<10)], ')')
	if shut < 0 {
		return head
	}
	columns, count := columnsOf(text[head:head+shut], ',')
	end := head + shut + 1
	values := while(text, end, classSpace, 64)
	if word := lower(text[values:min(len(text), values+6)]); len(columns) == 0 || word != "values" {
		return end
	}
	for i = while(text, values+6, classSpace, 64); byteAt(text, i) == '('; {
		stop := closing(text, i+1)
		if p.row(text[i+1:stop], i+1, ',', columns) != count {
			break
		}
		i = while(text, min(len(text), stop+1), classSpace, 64)
		if byteAt(text, i) == ',' {
			i = while(text, i+1, classSpace, 64)
		}
	}
	return max(end, i)
}

// closing returns the place of the parenthesis that ends the values at i, past
// those in quotes, or where the text ends.
func closing(text []byte, i int) int {
	for quote := byte(0); i < len(text); i++ {
		switch c := text[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == ')':
			return i
		}
	}
	return len(text)
}
