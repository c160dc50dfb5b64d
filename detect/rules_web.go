package detect

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

var webRules = []Rule{
	{
		Name: "url-personal", Kind: "URL_PERSONAL", Score: 0.8,
		Signs: "=",
		Match: personalQuery,
		Hits: []string{
			"https://example.com/x?first_name=«Erika»&v=2", "https://example.com/?v=2&phone=«0301234567»", "http://a.example/p?user=«kim.lee»",
		},
		Misses: []string{"user=kim", "https://example.com/?page=2&sort=name", "https://example.com/?q=first_name", "https://example.com/?user=", "if (x ? name=1 : 2)"},
	},
	{
		Name: "url", Kind: "URL", Score: 0.6,
		Signs: ":", Next: classSlash,
		Match:  wholeURL,
		Hits:   []string{"my website is «http://www.visualtrips.hu/», yes", "«https://webhook.site/a8eedfd6?q=1&b=2»", "'«https://presidio.dataprivacystack.org/»'"},
		Misses: []string{"http://microsoft", "ftp:", "a://b", "http://"},
	},
	{
		Name: "domain", Kind: "DOMAIN_NAME", Score: 0.5,
		Words:  domainEnds,
		Match:  domainName,
		Hits:   []string{"my domains: «microsoft.com» «google.co.il»", "see «www.example.org»."},
		Misses: []string{"www.microsoft", "com", ".com", "a com", "kim@example.com"},
	},
	{
		Name: "handle", Kind: "SOCIAL_HANDLE", Score: 0.5,
		Signs:  "@",
		Match:  socialHandle,
		Hits:   []string{"follow «@kim_lee» there", "(«@acme123»)"},
		Misses: []string{"kim@example.com", "@", "@1", "@types/node", "@@ -1,2 @@"},
	},
}

// personalNames are the names of query values that tell who somebody is.
var personalNames = strings.Fields("user username user_name login name first_name firstname fname last_name lastname lname full_name fullname email mail " +
	"phone mobile tel address street city zip dob birthdate birthday ssn account customer patient member")

// personalQuery finds the value of a query's name in a URL.
func personalQuery(text []byte, at, end int) (int, int) {
	name := back(text, at, classKey, 24)
	if c := byteAt(text, name-1); c != '?' && c != '&' || !slices.Contains(personalNames, strings.ReplaceAll(lower(text[name:at]), "-", "_")) {
		return 0, 0
	}
	if !inURL(text, name-1) {
		return 0, 0
	}
	stop := end
	for stop < len(text) && stop < end+maxValue && text[stop] != '&' && text[stop] != '#' {
		r, n := utf8.DecodeRune(text[stop:])
		if r < utf8.RuneSelf && !urlByte(text[stop]) || r >= utf8.RuneSelf && !unicode.Is(unicode.Latin, r) {
			break
		}
		stop += n
	}
	stop = trimURL(text, end, stop)
	if b := text[end:stop]; string(text[name:at]) == "name" && !properName(b) || hasPrefix(b, "CVE-") {
		return 0, 0
	}
	return end, stop
}

// properName reports whether b is written as people's names are in a URL: parts
// with one capital each.
func properName(b []byte) bool {
	for part := range bytes.FieldsFuncSeq(bytes.ReplaceAll(b, []byte("%20"), []byte("+")), func(r rune) bool { return r == '+' || r == '-' || r == '_' || r == '.' }) {
		if upper, small, _ := count(part); upper != 1 || !isUpper(part[0]) && part[0] < utf8.RuneSelf || upper+small < 2 {
			return false
		}
	}
	return len(b) > 0
}

// inURL reports whether the byte before i is within a URL, of which maxValue
// bytes are looked at.
func inURL(text []byte, i int) bool {
	start := i
	for start > 0 && start > i-maxValue && urlByte(text[start-1]) {
		start--
	}
	return bytes.Contains(text[start:i], []byte("://"))
}

// urlByte reports whether c can stand in a URL (RFC 3986).
func urlByte(c byte) bool {
	return isWord(c) || strings.IndexByte("-._~:/?#[]@!$&'()*+,;=%", c) >= 0
}

// trimURL leaves out signs at the end that belong to the sentence.
func trimURL(text []byte, start, end int) int {
	for end > start && strings.IndexByte(".,;:!?'()[]", text[end-1]) >= 0 {
		end--
	}
	return end
}

// wholeURL finds a URL of http or https by its colon.
func wholeURL(text []byte, at, end int) (int, int) {
	start := back(text, at, classWord, 6)
	if scheme := lower(text[start:at]); scheme != "http" && scheme != "https" || !hasPrefix(text[end:], "//") {
		return 0, 0
	}
	host := end + 2
	if hostEnd(text, host) == 0 {
		return 0, 0
	}
	stop := host
	for stop < len(text) && stop < host+2048 && urlByte(text[stop]) {
		stop++
	}
	return start, max(trimURL(text, start, stop), hostEnd(text, host))
}

// domainEnds are top-level domains that are no words of prose.
var domainEnds = strings.Fields("com org net edu gov mil info biz io ai app dev xyz site online shop tech cloud co uk de fr nl es pl cz se dk fi ch eu ru ua tr br mx ar cl jp cn kr tw hk sg my th vn au nz ca il ae hu ro gr pt hr rs bg sk si ee lv lt")

// domainName finds a host name by its last label.
func domainName(text []byte, at, end int) (int, int) {
	if byteAt(text, at-1) != '.' {
		return 0, 0
	}
	start := at
	for start > 0 && start > at-maxHost && (isWord(text[start-1]) || text[start-1] == '-' || text[start-1] == '.') {
		start--
	}
	for start < at && (text[start] == '.' || text[start] == '-') {
		start++
	}
	if c := byteAt(text, end); start >= at-1 || byteAt(text, start-1) == '@' || byteAt(text, start-1) == '/' && byteAt(text, start-2) != '/' ||
		c == '.' && isLetter(byteAt(text, end+1)) && hostEnd(text, start) > end || c == '_' || c == '(' || c == '-' || c == '@' {
		return 0, 0
	}
	return start, end
}

// socialHandle finds a name behind "@" that is no address.
func socialHandle(text []byte, at, end int) (int, int) {
	before := byteAt(text, at-1)
	stop := end
	for stop < len(text) && stop < end+31 && (isWord(text[stop]) || text[stop] == '_' || text[stop] == '.' && isWord(byteAt(text, stop+1))) {
		stop++
	}
	if isWord(before) || before == '@' || before == '.' || before == '/' || stop-end < 3 || !anyLetter(text[end:stop]) || byteAt(text, stop) == '/' || byteAt(text, stop) == '@' {
		return 0, 0
	}
	return at, stop
}
