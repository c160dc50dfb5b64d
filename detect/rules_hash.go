package detect

import "bytes"

// hashRules find stored forms of passwords, which can be guessed at leisure by
// whoever has them.
var hashRules = []Rule{
	{
		Name: "password-hash", Kind: Password, Score: 1,
		Behind: "$/.",
		Match:  passwordHash,
		Hits: []string{
			"root:«$6$52450745$k5kb2p8bFuSmoVT1tzOyyuaREkkKBcCNqoDKzYiJL9RaE8yMnPgh2XzzF0NDrUhgrcLwg78xs1w5pJiypEdFX/»:19000:0:99999:7:::",
			"«$2a$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWNVW»", "'«$1$28772684$iEwNOgGuhqO9.bIz5sk8k/»'",
			"«$5$rounds=5000$GX7BopJZJxPc/KEK$le16UF8I2Anb.rOrn22AUPWvzUETDHefUmAV8AZkGcD»", "enable secret 9 «$8$TnGX/fE4KGHOVU$pEhnEvxrvbynpi8j4f.EMHr6M.FzU8xnZnBr/tJdFWk»",
			"«$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$RdescudvJCsgt3ub+b5dWRWJTmaaJObG»",
		},
		Misses: []string{"$1$short", "cost $5$ or $6$ each", "echo $2a$12$", "$HOME$someVariableThatIsLong/andPath"},
	},
	{
		Name: "kerberos-hash", Kind: Password, Score: 1,
		Words:  []string{"krb5asrep", "krb5tgs", "krb5pa"},
		Match:  kerberosHash,
		Hits:   []string{"«$krb5asrep$23$user@domain.test:3e156ada591263b8aab0965f5aebd837$007497cb51b6c8116d6407a782ea0e1c5402b17db7afa6b05a6d30ed164a9933c754d720»"},
		Misses: []string{"krb5asrep$23", "$krb5tgs$ is a format"},
	},
}

// hashForms are the schemes of crypt(5) and its kin, with the least length of
// what follows.
var hashForms = []struct {
	id    string
	least int
}{
	{"$1$", 26},
	{"$2a$", 53},
	{"$2b$", 53},
	{"$2x$", 53},
	{"$2y$", 53},
	{"$5$", 48},
	{"$6$", 90},
	{"$7$", 50},
	{"$8$", 50},
	{"$9$", 50},
	{"$y$", 50},
	{"$apr1$", 26},
	{"$P$", 30},
	{"$H$", 30},
	{"$argon2", 40},
	{"$pbkdf2", 40},
	{"$scrypt$", 40},
}

// passwordHash finds a hash of crypt(5) by its longest part.
func passwordHash(text []byte, at, end int) (int, int) {
	hashChar := func(c byte) bool {
		return isWord(c) || c == '.' || c == '/' || c == '$' || c == '=' || c == ',' || c == '+' || c == '-' || c == '_'
	}
	start := at - 1
	if text[start] != '$' && byteAt(text, start-1) != '$' {
		return 0, 0
	}
	for start > 0 && start > at-100 && hashChar(text[start-1]) {
		start--
	}
	for ; start < at; start++ {
		for _, f := range hashForms {
			if !hasPrefix(text[start:], f.id) {
				continue
			}
			stop := at
			for stop < len(text) && stop < at+200 && hashChar(text[stop]) {
				stop++
			}
			for stop > at && (text[stop-1] == '.' && stop-start > 62 || text[stop-1] == ',') {
				stop--
			}
			if stop-start < len(f.id)+f.least || !varied(text[at:stop]) {
				return 0, 0
			}
			return start, stop
		}
	}
	return 0, 0
}

// kerberosHash finds what tools get out of a Kerberos server to guess at: the
// encryption, the user, a checksum and the rest, in hexadecimal digits.
func kerberosHash(text []byte, at, end int) (int, int) {
	if byteAt(text, at-1) != '$' || byteAt(text, end) != '$' {
		return 0, 0
	}
	head := text[end:min(len(text), end+200)]
	last := bytes.LastIndexByte(head, '$')
	stop := while(text, end+last+1, classHex, len(text))
	if stop-end < 80 || stop-end-last < 33 {
		return 0, 0
	}
	return at - 1, stop
}
