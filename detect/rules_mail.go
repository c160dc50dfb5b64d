package detect

import (
	"bytes"
	"slices"
	"unicode"
	"unicode/utf8"
)

var mailRules = []Rule{
	{
		Name: "email", Kind: EmailAddress, Score: 1,
		Signs: "@",
		Match: email,
		Hits: []string{
			"Write to «kim@corp.example.com».",
			"«jane.doe+news@mail.example.org», please",
			"<«o'brien@example.ie»>",
			"[mail](mailto:«first_last@sub-domain.example.co.uk»)",
			"**«a.b-c%d@example.com»**",
			"메일은«kim@corp.co.kr»입니다",
			"邮箱是«zhang.wei@example.com.cn»，谢谢",
			"IDN: «kim@münchen.de» and «kim@xn--mnchen-3ya.de»",
			"«kim@삼성.한국» 으로",
			"«用户@例え.jp»",
			"two: «a1@example.com»,«b2@example.com»;",
			"'«kim@example.com»'",
			"`«x@y.io»`",
			"https://example.com/?mail=«kim@example.com»&x=1",
		},
		Misses: []string{
			"@handle", "user@localhost", "a @ b.com", "user@.com", "@example.com",
			"icon@2x.png", "logo@home.svg", "@types/node@18.2.0", "left-pad@1.3.0",
			"git@github.com:owner/repo.git",
			"user@host.c", "user@example.123", "ssh deploy@10.0.0.1",
		},
	},
}

const (
	maxLocal = 64  // RFC 5321, 4.5.3.1
	maxLabel = 63  // RFC 1035, 2.3.4
	maxHost  = 253 // likewise
)

// email finds an address by its "@".
func email(text []byte, at, end int) (int, int) {
	start := localStart(text, at)
	if start == at || start < at-maxLocal {
		return 0, 0
	}
	stop := hostEnd(text, end)
	if stop == 0 || repository(text, start, at, stop) || inUserinfo(text, start, at) {
		return 0, 0
	}
	return start, stop
}

// localStart returns where the part before the "@" at begins. It is of ASCII,
// or of letters of other scripts, but not of both: "메일은kim@" holds "kim@".
func localStart(text []byte, at int) int {
	if at > 0 && text[at-1] >= utf8.RuneSelf {
		start := at
		for start > at-maxLocal && start > 0 {
			r, n := utf8.DecodeLastRune(text[:start])
			if r < utf8.RuneSelf || !inWord(r) {
				break
			}
			start -= n
		}
		return disguised(text, start, at)
	}
	start := back(text, at, classLocal, maxLocal+1)
	if s := disguised(text, start, at); s < start {
		return s
	}
	// An apostrophe belongs to a name only between letters.
	if byteAt(text, start-1) == '\'' && isLetter(byteAt(text, start-2)) && isLetter(byteAt(text, start)) {
		if s := back(text, start-1, classLocal, maxLocal+1); !isWord(byteAt(text, s-1)) && byteAt(text, s-1) != '=' {
			start = s
		}
	}
	for start < at && !isWord(text[start]) && text[start] != '_' {
		start++
	}
	return start
}

// disguised returns where the part of an address that goes on at start begins,
// if the letters before are Latin and such as look like them, or start.
func disguised(text []byte, start, at int) int {
	i, ascii := start, false
	for i > 0 && i > at-maxLocal {
		r, n := utf8.DecodeLastRune(text[:i])
		if r < utf8.RuneSelf && classes[byte(r)]&classLocal != 0 {
			ascii = true
		} else if latin(r) == 0 {
			if inWord(r) && !unspaced(r) {
				return start // a word of another script
			}
			break
		}
		i -= n
	}
	if !ascii && start < at && text[start] >= utf8.RuneSelf {
		return start
	}
	for i < start && !isWord(text[i]) && text[i] < utf8.RuneSelf {
		i++
	}
	return i
}

// hostEnd returns the end of the host name at i, which must have a top-level
// domain, or 0.
func hostEnd(text []byte, i int) int {
	start, end := i, 0
	for i < start+maxHost {
		first := i
		i = labelEnd(text, i)
		if i == first || i-first > maxLabel {
			break
		}
		if first > start && topLevel(text[first:i]) {
			end = i
		}
		switch {
		case byteAt(text, i) == '.':
			i++
		case end == 0 && hasPrefix(text[i:], "\u3002"): // the full stop that IDNA reads as a dot
			i += len("\u3002")
		default:
			return end
		}
	}
	return end
}

// labelEnd returns the end of the label of a host name at i: of Latin letters,
// digits and hyphens, or of letters of other scripts. The scripts do not mix,
// so that what follows without a space is left out, but letters that look like
// Latin ones count as these.
func labelEnd(text []byte, i int) int {
	start := i
	plain, other := true, true // of Latin letters or such as look like them; of others
	for i < len(text) && i <= start+maxLabel {
		if c := text[i]; c < utf8.RuneSelf {
			if !isWord(c) && c != '-' || isLetter(c) && !plain {
				break
			}
			other = other && !isLetter(c)
			i++
			continue
		}
		r, n := utf8.DecodeRune(text[i:])
		isLatin := unicode.Is(unicode.Latin, r)
		p, o := plain && (isLatin || latin(r) != 0), other && !isLatin
		if !inWord(r) || !p && !o {
			break
		}
		plain, other = p, o
		i += n
	}
	for i > start && text[i-1] == '-' {
		i--
	}
	return i
}

// foreignTops are top-level domains in other scripts than Latin.
var foreignTops = []string{
	"한국", "닷컴", "닷넷", "삼성", "中国", "中國", "公司", "网络", "在线", "中文网", "商城", "我爱你", "香港", "台灣", "台湾",
	"新加坡", "みんな", "コム", "рф", "бел", "укр", "бг", "срб", "мкд", "мон", "қаз", "ею", "онлайн", "сайт", "орг", "ком",
	"ευ", "ελ", "भारत", "ไทย", "السعودية", "امارات", "مصر", "ایران", "הישראל", "გე", "հայ",
}

// fileEnds are file types that names like icon@2x.png end in; none is a
// top-level domain in use for mail.
var fileEnds = []string{
	"png", "jpg", "jpeg", "gif", "svg", "webp", "ico", "css", "js", "mjs", "ts", "tsx", "jsx", "json", "html", "htm",
	"xml", "yaml", "yml", "txt", "pdf", "go", "java", "tgz", "gz", "whl", "jar", "exe", "dll", "service", "socket", "timer",
}

// topLevel reports whether label can be a top-level domain.
func topLevel(label []byte) bool {
	if asciiRun(label) < len(label) {
		if slices.Contains(foreignTops, string(label)) {
			return true
		}
		if label = foldLatin(nil, label); asciiRun(label) < len(label) {
			return false
		}
	}
	if hasPrefix(label, "xn--") {
		return true
	}
	if len(label) < 2 || len(label) > 24 {
		return false
	}
	for _, c := range label {
		if !isLetter(c) {
			return false
		}
	}
	return !slices.Contains(fileEnds, string(label))
}

// repository reports whether text[start:stop] is the user and host of a
// repository, such as git@github.com:owner/name.
func repository(text []byte, start, at, stop int) bool {
	return string(text[start:at]) == "git" && (byteAt(text, stop) == ':' || byteAt(text, stop) == '/')
}

// inUserinfo reports whether what looks like an address at start is the end of
// the user and password of a URL, "pw@host" in https://user:pw@host, or a key
// in the user's place.
func inUserinfo(text []byte, start, at int) bool {
	switch byteAt(text, start-1) {
	case '/':
		return at-start >= 20 && bytes.IndexByte(text[start:at], '.') < 0 && byteAt(text, start-2) == '/'
	case ':', '@':
	default:
		return false
	}
	password := false
	for i := start - 1; i > start-maxLocal && i > 0; i-- {
		switch c := text[i]; {
		case c == '/':
			return password && (text[i-1] == '/' || text[i-1] == '\\')
		case c == ':':
			password = true
		case isSpace(c), c == '"':
			return false
		}
	}
	return false
}
