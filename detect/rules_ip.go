package detect

import (
	"bytes"
	"net/netip"
	"slices"
	"strings"
)

var ipRules = []Rule{
	{
		Name: "ipv4", Kind: IPAddress, Score: 0.8,
		Number: publicIPv4, Leads: ".",
		Hits: []string{"ping «8.8.8.8» now", "from «93.184.216.34»:8080", "«93.184.216.34/32»", "[«185.199.108.153»]", "服务器«93.184.216.34»上", "last hop «172.32.0.1».", "http://«93.184.216.34»/x"},
		Misses: []string{
			"127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.5.4", "169.254.1.1", "0.0.0.0", "255.255.255.0", "224.0.0.1",
			"192.0.2.1", "198.51.100.7", "203.0.113.9", "100.64.1.1", "v1.2.3.4", "version 1.2.3.4", "1.2.3.4.5", "256.1.1.1",
			"openssl-1.2.3.4", "pkg==1.2.3.4", "1.2.3", "08.8.8.8", "c0 .45.17.8.5", "OID 1.3.6.1.4.1.311",
		},
	},
	{
		Name: "ipv4-small", Kind: IPAddress, Score: 0.3,
		Number: smallIPv4, Leads: ".",
		Near:   []string{"ip", "ips", "ipv4", "addr", "address", "addresses", "host", "hosts", "server", "servers", "dns", "ping", "resolver", "client", "remote", "network", "cidr", "gateway", "peer"},
		Hits:   []string{"the IP address «1.2.3.4» is", "ping «8.8.4.4»", "remote_addr=«5.9.12.7»"},
		Misses: []string{"Git 1.7.12.3 Release Notes", "in section 3.7.1.3.", "as defined in 12.2.6.2", "\"2.5.4.10\": \"O\"", "2.12 3.51.98.32 2.03"},
	},
	{
		Name: "ipv6", Kind: IPAddress, Score: 0.9,
		Signs: ":", Next: classHex | classColon,
		Match: publicIPv6,
		Hits:  []string{"«2001:4860:4860::8888»", "[«2606:2800:220:1:248:1893:25c8:1946»]:443", "via «2a00:1450:4001:81b::200e».", "是«2001:4860:4860::8888»的", "«::ffff:8.8.8.8»"},
		Misses: []string{
			"::1", "fe80::1", "fd12:3456:789a::1", "2001:db8::1", "::", "12:30:45", "00:1a:2b:3c:4d:5e", "std::vector", "cafe::bad", "a::b", "::ffff:256.8.8.8", "1:2:3:4:5:6:7:8:9", "2001:4860:::8888", "ff02::1",
		},
	},
	{
		Name: "local-ipv4", Kind: LocalIPAddress, Score: 0.8,
		Number: localIPv4, Leads: ".",
		Hits:   []string{"on «127.0.0.1»:6379", "«192.168.1.20»", "net «192.168.1.0/24»", "«10.0.0.7»", "docs say «192.0.2.1»"},
		Misses: []string{"8.8.8.8", "v10.0.0.7", "10.0.0"},
	},
	{
		Name: "local-ipv6", Kind: LocalIPAddress, Score: 0.9,
		Signs: ":", Next: classHex | classColon,
		Match:  localIPv6,
		Hits:   []string{"[«::1»]:80", "«fe80::1%eth0»", "«2001:db8::/32»", "bind to «::» now"},
		Misses: []string{"2001:4860:4860::8888", "::x", "a::b", "::<>", "std::"},
	},
}

// notPublic are the networks whose addresses name nobody on the Internet, on
// top of what netip knows (IANA's special-purpose registries).
var notPublic = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"),
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("2001:db8::/32"),
	netip.MustParsePrefix("3fff::/20"),
	netip.MustParsePrefix("100::/64"),
	netip.MustParsePrefix("fec0::/10"),
	netip.MustParsePrefix("3ffe::/16"),
}

func public(a netip.Addr) bool {
	a = a.Unmap()
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	for _, p := range notPublic {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

func publicIPv4(n *number) (int, int) {
	if a := n.address(); a.public && !sectionLike(n.text, a.start, a.addr) {
		return a.start, a.end
	}
	return 0, 0
}

// smallIPv4 finds the addresses that could as well be the numbers of versions
// and sections, which need a word that says what they are.
func smallIPv4(n *number) (int, int) {
	if a := n.address(); a.public && sectionLike(n.text, a.start, a.addr) && !decimals(n.text, a.start) {
		return a.start, a.end
	}
	return 0, 0
}

// sectionLike reports whether an address has only small numbers, as versions
// and sections have, and not four times the same, as public name servers have;
// or is an object identifier of X.500; or stands among decimals.
func sectionLike(text []byte, start int, a netip.Addr) bool {
	b := a.As4()
	small := b[0] <= 32 && max(b[1], b[2]) <= 20 && b[3] <= 40 && !(b[0] == b[1] && b[1] == b[2] && b[2] == b[3])
	return small || b[0] == 2 && b[1] == 5 && (b[2] == 4 || b[2] == 29) || decimals(text, start)
}

// decimals reports whether a decimal stands before text[start:], as in the path
// of a drawing.
func decimals(text []byte, start int) bool {
	if byteAt(text, start-1) != ' ' || !isDigit(byteAt(text, start-2)) {
		return false
	}
	before := text[back(text, start-1, classDotted, 16) : start-1]
	return bytes.Count(before, []byte(".")) == 1 || bytes.Count(before, []byte(".")) > 0 && bytes.IndexByte(before, '-') >= 0
}

func localIPv4(n *number) (int, int) {
	if a := n.address(); !a.public {
		return a.start, a.end
	}
	return 0, 0
}

// address is the IPv4 address that a number is, if start < end.
type address struct {
	addr       netip.Addr
	start, end int
	public     bool
	known      bool // whether it has been looked at
}

// address returns the number as an address. It is read once for all rules.
func (n *number) address() *address {
	if a := &n.ipv4; !a.known {
		a.known = true
		a.addr, a.start, a.end = ipv4(n)
		a.public = a.start < a.end && public(a.addr)
	}
	return &n.ipv4
}

// ipv4 reads four numbers up to 255 with dots between them that are not a
// version.
func ipv4(n *number) (a netip.Addr, start, end int) {
	if len(n.groups) < 4 {
		return a, 0, 0
	}
	if byteAt(n.text, n.groups[0].start-1) == '.' || len(n.groups) > 4 && n.groups[3].sep == '.' && n.groups[4].start == n.groups[3].end+1 {
		return a, 0, 0 // part of a longer number
	}
	var b [4]byte
	for i, g := range n.groups[:4] {
		if g.end-g.start > 3 || i < 3 && (g.sep != '.' || n.groups[i+1].start != g.end+1) {
			return a, 0, 0
		}
		value := 0
		for _, c := range n.text[g.start:g.end] {
			value = value*10 + int(c-'0')
		}
		if value > 255 || g.end-g.start > 1 && n.text[g.start] == '0' {
			return a, 0, 0
		}
		b[i] = byte(value)
	}
	start, end = n.groups[0].start, n.groups[3].end
	if !whole(n.text, start, end) || byteAt(n.text, start-1) == '.' || version(n.text, start) {
		return a, 0, 0
	}
	return netip.AddrFrom4(b), start, networkEnd(n.text, start, end, 32)
}

// networkEnd returns the end of the length of a network's prefix, such as /24,
// behind the address text[start:end], or end if there is none up to most.
func networkEnd(text []byte, start, end, most int) int {
	if byteAt(text, end) != '/' || byteAt(text, start-1) == '/' {
		return end
	}
	stop, bits := while(text, end+1, classDigit, 4), 0
	for _, c := range text[end+1 : stop] {
		bits = bits*10 + int(c-'0')
	}
	if after := byteAt(text, stop); stop == end+1 || bits > most || isWord(after) || after == '/' || after == '_' {
		return end
	}
	return stop
}

// version reports whether what stands before text[at:] says that a version
// follows: a word such as "version", "name-" or "==".
func version(text []byte, at int) bool {
	i := at
	if b := byteAt(text, i-1); (b == '-' || b == '.') && isWord(byteAt(text, i-2)) || b == '=' && strings.IndexByte("=<>~!", byteAt(text, i-2)) >= 0 {
		return true
	}
	for i > 0 && i > at-4 && (text[i-1] == ' ' || text[i-1] == ':' || text[i-1] == '=' || text[i-1] == '"') {
		i--
	}
	start := back(text, i, classWord, 12)
	switch lower(text[start:i]) {
	case "v", "ver", "version", "versions", "release", "build", "firmware", "rev", "revision", "section", "chapter", "oid":
		return true
	case "to", "from", "since":
		end := max(0, start-1)
		return isOneOf(text[back(text, end, classWord, 12):end], []string{"upgrade", "Upgrade", "upgraded", "Upgraded", "update", "Update", "updated", "Updated", "v8", "V8", "broken"})
	case "upgrade", "at":
		return lower(text[max(0, start-6):start]) == "v8 is " || lower(text[max(0, start-4):start]) == "v8: "
	}
	return hasSuffixFold(text[:i], "identifier(") // of an object, in X.509
}

func publicIPv6(text []byte, at, end int) (int, int) {
	if a, start, end := ipv6(text, at); start < end && public(a) {
		return start, end
	}
	return 0, 0
}

func localIPv6(text []byte, at, end int) (int, int) {
	if a, start, end := ipv6(text, at); start < end && !public(a) {
		return start, end
	}
	return 0, 0
}

// ipv6 reads the address that has its first colon at (RFC 4291, 2.2).
func ipv6(text []byte, at int) (a netip.Addr, start, end int) {
	start = back(text, at, classHex, 5)
	if before := byteAt(text, start-1); at-start > 4 || isWord(before) || before == ':' || before == '_' || before == '.' || before == '[' && isWord(byteAt(text, start-2)) || at-start == 1 && (before == '[' && byteAt(text, start-2) != '/' || before == '-') {
		return a, 0, 0
	}
	var groups [8]uint16
	n, gap := 0, -1 // groups read; how many stand before "::"
	end = start
	for n < 8 {
		if byteAt(text, end) == ':' && byteAt(text, end+1) == ':' {
			if gap >= 0 {
				return a, 0, 0
			}
			gap = n
			end += 2
		} else if n > 0 {
			if byteAt(text, end) != ':' || !isHex(byteAt(text, end+1)) {
				break
			}
			end++
		}
		stop := while(text, end, classHex, 5)
		if stop == end {
			break
		}
		if high, low, last, ok := embeddedIPv4(text, end); ok && n <= 6 {
			groups[n], groups[n+1], end = high, low, last
			n += 2
			break
		}
		if stop-end > 4 {
			return a, 0, 0
		}
		groups[n] = hexValue(text[end:stop])
		end = stop
		n++
	}
	after := byteAt(text, end)
	next := byteAt(text, end+1)
	switch {
	case (gap < 0) != (n == 8), isWord(after), after == '_', after == ':' && (isHex(next) || next == ':'), after == '.' && isDigit(next):
		return a, 0, 0
	case n == 0 && !(alone(byteAt(text, start-1)) && alone(after)):
		return a, 0, 0
	case n > 0 && !anyDigit(text[start:end]):
		return a, 0, 0 // "cafe::bad" is a name in a program
	}
	var b [16]byte
	for i, g := range groups[:n] {
		if gap >= 0 && i >= gap {
			i += 8 - n
		}
		b[2*i], b[2*i+1] = byte(g>>8), byte(g)
	}
	if after == '%' {
		end = while(text, end+1, classKey, 16)
	}
	return netip.AddrFrom16(b), start, networkEnd(text, start, end, 128)
}

// alone reports whether c may stand beside "::", which is an address only
// where nothing else could be meant.
func alone(c byte) bool {
	return c == 0 || isSpace(c) || c == '[' || c == ']' || c == '=' || c == '/' || c == '.'
}

// embeddedIPv4 reads the dotted end of an address such as ::ffff:8.8.8.8.
func embeddedIPv4(text []byte, i int) (high, low uint16, end int, ok bool) {
	value := uint32(0)
	for g := range 4 {
		stop := while(text, i, classDigit, 4)
		b := 0
		for _, c := range text[i:stop] {
			b = b*10 + int(c-'0')
		}
		if stop == i || b > 255 || g < 3 && byteAt(text, stop) != '.' {
			return 0, 0, 0, false
		}
		value = value<<8 | uint32(b)
		i = stop + 1
	}
	return uint16(value >> 16), uint16(value), i - 1, true
}

// hexValue is the value of up to four hexadecimal digits.
func hexValue(text []byte) (v uint16) {
	for _, c := range text {
		if isDigit(c) {
			v = v<<4 | uint16(c-'0')
		} else {
			v = v<<4 | uint16(c|0x20-'a'+10)
		}
	}
	return v
}

func anyDigit(text []byte) bool {
	return slices.ContainsFunc(text, isDigit)
}

// hasSuffixFold reports whether text ends in a suffix in lower case, whatever its
// own case.
func hasSuffixFold(text []byte, suffix string) bool {
	return len(text) >= len(suffix) && lower(text[len(text)-len(suffix):]) == suffix
}
