package detect

import "slices"

// KindInfo is a row of Kinds: what is known of one kind of value.
type KindInfo struct {
	Kind    Kind
	Label   string                         // what its tokens begin with: 3 to 12 letters, never the end of another label
	Default bool                           // found without being named in Config.Enable
	Secret  bool                           // a credential: it opens something
	Fold    func(dst, value []byte) []byte // appends the form under which equal values are equal
	Doc     string                         // one line for people
}

// The kinds that the built-in rules find.
const (
	EmailAddress   Kind = "EMAIL_ADDRESS"
	PhoneNumber    Kind = "PHONE_NUMBER"
	CreditCard     Kind = "CREDIT_CARD"
	IBANCode       Kind = "IBAN_CODE"
	USSSN          Kind = "US_SSN"
	IPAddress      Kind = "IP_ADDRESS"
	LocalIPAddress Kind = "LOCAL_IP_ADDRESS"
	APIKey         Kind = "API_KEY"
	JWT            Kind = "JWT"
	PrivateKey     Kind = "PRIVATE_KEY"
	Password       Kind = "PASSWORD"
	Secret         Kind = "SECRET"
	CloudResource  Kind = "CLOUD_RESOURCE"
	Username       Kind = "USERNAME"
)

// Kinds is the table of kinds. A kind that only a dictionary names has no row:
// its label comes from its name and its values fold as terms do.
var Kinds = append([]KindInfo{
	{EmailAddress, "EMAIL", true, false, foldCase, "an e-mail address, also with an internationalised domain"},
	{PhoneNumber, "PHONE", true, false, foldPhone, "a telephone number in international or common national form"},
	{CreditCard, "CARD", true, false, foldDigits, "a payment card number with a brand's prefix and length and a valid Luhn digit"},
	{IBANCode, "IBAN", true, false, foldIBAN, "an international bank account number with its country's length and valid check digits"},
	{USSSN, "SSN", true, false, foldDigits, "a United States social security number in a range that is given out"},
	{IPAddress, "IPADDR", true, false, foldCase, "a public IPv4 or IPv6 address"},
	{LocalIPAddress, "LOCALIP", false, false, foldCase, "an IP address that names nobody: loopback, private, link-local, documentation"},
	{APIKey, "APIKEY", true, true, foldNone, "a provider's key or token that shows itself by its form"},
	{JWT, "JWT", true, true, foldNone, "a JSON web token"},
	{PrivateKey, "PRIVATEKEY", true, true, foldNone, "a private key as a PEM block, also without its end"},
	{Password, "PASSWORD", true, true, foldNone, "a password in a URL or given to a name such as db_password"},
	{Secret, "SECRET", true, true, foldNone, "a value given to a name such as client_secret, api_key or token, or sent in an Authorization header"},
	{CloudResource, "CLOUDRES", true, false, foldNone, "an account, bucket, resource or client in a cloud, as an ARN or an address names it"},
	{Username, "USERNAME", true, false, foldNone, "a login name given to a variable such as DB_USER"},
}, append(otherKinds, idKinds...)...)

// info returns the row of k, or nil if the table has none.
func (k Kind) info() *KindInfo {
	if i, ok := kindRows[k]; ok {
		return &Kinds[i]
	}
	return nil
}

// kindRows are the places of the rows of Kinds.
var kindRows = func() map[Kind]int {
	rows := make(map[Kind]int, len(Kinds))
	for i := range Kinds {
		rows[Kinds[i].Kind] = i
	}
	return rows
}()

// maxCustom is the length in letters at which the label of a kind without a row is cut.
const maxCustom = 12

// Label is what tokens of the kind begin with: 3 to 12 upper-case letters. A
// kind without a row in Kinds is called by the letters of its name, or TERM if
// it has fewer than three.
func (k Kind) Label() string {
	if info := k.info(); info != nil {
		return info.Label
	}
	if label := letters(k); len(label) >= 3 {
		return label
	}
	return "TERM"
}

// letters returns the first letters of a kind's name, maxCustom at most.
func letters(k Kind) string {
	var label [maxCustom]byte
	n := 0
	for i := 0; i < len(k) && n < maxCustom; i++ {
		if c := k[i] &^ 0x20; c >= 'A' && c <= 'Z' {
			label[n] = c
			n++
		}
	}
	return string(label[:n])
}

// Canonical appends to dst the form of value under which two values of the
// kind are the same value, and returns it: an e-mail address in lower case, a
// card by its digits, a term in lower case with single spaces, a secret as it
// is.
func (k Kind) Canonical(dst, value []byte) []byte {
	if info := k.info(); info != nil {
		return info.Fold(dst, value)
	}
	return foldTerm(dst, value)
}

// Nearest returns the kind among known that name was probably meant to be, or
// "" if none is near: within a third of its length in single-letter edits, or
// with name as one of its words.
func Nearest(name Kind, known []Kind) Kind {
	best, least := Kind(""), len(name)/3+1
	for _, k := range known {
		if d := editDistance(string(name), string(k)); d < least {
			best, least = k, d
		}
	}
	if best != "" {
		return best
	}
	for _, k := range known {
		if k.Label() == string(name) || slices.Contains(words(k), string(name)) {
			return k
		}
	}
	return ""
}

// words splits a kind's name at its underscores.
func words(k Kind) []string {
	var out []string
	for from, i := 0, 0; i <= len(k); i++ {
		if i == len(k) || k[i] == '_' {
			out = append(out, string(k[from:i]))
			from = i + 1
		}
	}
	return out
}

// editDistance is Levenshtein's: the fewest insertions, deletions and
// replacements of bytes that make a into b, letter case aside.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i]|0x20 != b[j]|0x20 {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
