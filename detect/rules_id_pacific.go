package detect

import "strings"

var pacificIDs = []id{
	{
		Kind: "AU_TFN", Doc: "an Australian tax file number",
		Forms: "999~999~999",
		Valid: every(mixed, total("14375869A", 11, 0)),
		Near:  "tfn, tax file, tax file number",
		Hits:  "TFN «876 543 210» | tax file number «123456782»", Misses: "TFN 824 753 557 | 876543210",
	},
	{
		Kind: "AU_ABN", Doc: "an Australian business number", Off: true,
		Alone: "99 999 999 999", Forms: "99999999999",
		Valid: every(between(0, "1", "9"), total("A13579BDFHJ", 89, 10)),
		Near:  "abn, business number",
		Hits:  "«51 824 753 556» | ABN «51824753556»", Misses: "52 824 753 556 | ABN 52824753556 | 51824753556",
	},
	{
		Kind: "AU_ACN", Doc: "an Australian company number", Off: true,
		Forms: "999~999~999",
		Valid: every(mixed, ends("87654321", minus10)),
		Near:  "acn, company number",
		Hits:  "ACN «005 499 981» | ACN: «006249976»", Misses: "ACN 824 753 557 | 005 499 981",
	},
	{
		Kind: "AU_MEDICARE", Doc: "an Australian Medicare card",
		Alone: "9999 99999 9", Forms: "9999999999 | 99999999999",
		Valid: every(among(0, "23456"), mixed, digitAt(8, "13791379", mod10)),
		Near:  "medicare",
		Hits:  "Medicare «2123 45670 1» | medicare «2123456701»", Misses: "2123 25870 1 | 2123456701",
	},
	{
		Kind: "AU_PASSPORT", Doc: "an Australian passport, beside its name", Forms: "a9999999 | aa9999999", Valid: mixed,
		Near: "australian, australia",
		Hits: "Australian travel document «N1234567»", Misses: "N1234567",
	},
	{
		Kind: "NZ_IRD", Doc: "a New Zealand tax number",
		Alone: "NZ_99999999 | NZ_9999999_9", Forms: "999~999~999 | 99~999~999 | 9999999-9",
		Valid: newZealand,
		Near:  "ird, inland revenue, zealand",
		Hits:  "IRD «49-091-850» | «NZ 4909185-0»", Misses: "IRD 136410133 | 49-091-850",
	},
	{
		Kind: "NZ_BANK_ACCOUNT", Label: "NZACCOUNT", Doc: "a New Zealand bank account",
		Alone: "99-9999-9999999-99 | 99-9999-9999999-999 | 99-999-9999999-99", Forms: "99 9999 9999999 99 | 99 9999 9999999 999 | 999999999999999 | 9999999999999999",
		Valid: newZealandAccount,
		Near:  "account, bank, zealand",
		Hits:  "«01-0902-0068389-00» | «01-902-0068389-00» | account «01 0902 0068389 00»", Misses: "01-0902-006838-00 | 01-0902-0068388-00 | account 04-0902-0068389-00",
	},
	{
		Kind: "BZ_TIN", Doc: "a Belizean tax number", Forms: "99999999 | 999999-99",
		Valid: every(mixed, oneOf(6, "10 13 66")),
		Near:  "tin, belize, gst",
		Hits:  "Belize TIN «00000510»", Misses: "Belize TIN 00000520 | 00000510",
	},
	{
		Kind: "AI_TIN", Doc: "an Anguillan tax number", Forms: "99999~99999",
		Valid: every(mixed, among(0, "123")),
		Near:  "anguilla",
		Hits:  "Anguilla TIN «12345-67890» | Anguilla «3234567890»", Misses: "12345-67890",
	},
}

// newZealand checks the last digit, with other weights if the first leave 10.
func newZealand(id []byte) bool {
	var padded [9]byte
	copy(padded[:], "000000000")
	copy(padded[9-len(id):], id)
	n := remainder(padded[:], 1_000_000_000)
	if n < 10_000_000 || n > 150_000_000 {
		return false
	}
	r := weigh(padded[:8], "32765432") % 11
	if r == 1 {
		r = weigh(padded[:8], "74325276") % 11
	}
	return padded[8] == minus11[r]
}

// newZealandAccounts are the ways to check an account: weights of the four
// digits of the branch, the eight of the account and the last three of the
// suffix, and the modulus. Of products above 9 the digits are summed where it
// says so.
//
// Source: Inland Revenue, RWT specification document, bank account number
// validation.
var newZealandAccounts = []struct {
	banks   string
	weights [15]int
	modulus int
	sums    bool
}{
	{"01 02 03 06 11 12 13 14 15 16 17 18 19 20 21 22 23 24 27 30 35 38 88", [15]int{6, 3, 7, 9, 0, 0, 10, 5, 8, 4, 2, 1}, 11, false},
	{"08", [15]int{0, 0, 0, 0, 0, 7, 6, 5, 4, 3, 2, 1}, 11, false},
	{"09", [15]int{0, 0, 0, 0, 0, 0, 0, 0, 5, 4, 3, 2, 0, 0, 1}, 11, true},
	{"25 33", [15]int{0, 0, 0, 0, 0, 1, 7, 3, 1, 7, 3, 1}, 10, false},
	{"26 28 29", [15]int{0, 0, 0, 0, 0, 1, 3, 7, 1, 3, 7, 1, 3, 7, 1}, 10, true},
	{"31", [15]int{}, 1, false},
}

// newZealandAccount checks bank, branch of three or four digits, account of
// seven, and suffix of two or three.
func newZealandAccount(id []byte) bool {
	var digits [15]int
	branch := 4
	if len(id) == 14 {
		branch = 3
	}
	suffix := 2 + branch + 7
	put := func(from, to, end int) {
		for i := to; i > from; i-- {
			digits[end] = int(id[i-1] - '0')
			end--
		}
	}
	put(2, 2+branch, 3)
	put(2+branch, suffix, 11)
	put(suffix, len(id), 14)
	for _, x := range newZealandAccounts {
		if !strings.Contains(x.banks, string(id[:2])) {
			continue
		}
		weights := x.weights
		if account := remainder(id[2+branch:suffix], 10_000_000); x.banks[:2] == "01" && account >= 990_000 {
			weights = [15]int{0, 0, 0, 0, 0, 0, 10, 5, 8, 4, 2, 1}
		}
		sum := 0
		for i, d := range digits {
			p := d * weights[i]
			for x.sums && p > 9 {
				p = p/10 + p%10
			}
			sum += p
		}
		return sum%x.modulus == 0
	}
	return false
}
