package detect

import (
	"bytes"
	"strings"
)

var moneyIDs = []id{
	{
		Kind: "ABA_ROUTING_NUMBER", Label: "ABAROUTING", Doc: "the routing number of a United States bank", Off: false,
		Forms: "999999999 | 9999-9999-9",
		Valid: every(mixed, either(between(0, "01", "12"), between(0, "21", "32"), between(0, "61", "72"), oneOf(0, "80")), total("371371371", 10, 0)),
		Near:  "aba, routing, routing number, rtn, bank routing",
		Hits:  "ABA routing number «121000358» | routing: «3222-7162-7»", Misses: "routing 421042111 | routing 1234-0000-0 | 121000358",
	},
	{
		Kind: "US_BANK_NUMBER", Label: "BANKACCOUNT", Doc: "a bank account number, beside its name",
		Forms: "99999999 | 999999999 | 9999999999 | 99999999999 | 999999999999 | 9999999999999 | 99999999999999 | 999999999999999 | 9999999999999999 | 99999999999999999",
		Valid: mixed,
		Near:  "account number, account no, bank account, acct, checking account, savings account, acct number, kontonummer, 계좌번호, 계좌, 账号, 口座番号",
		Hits:  "bank account «945456787654» | account_number: \"«12345678901»\" | 계좌번호 «110123456789»", Misses: "945456787654 | bank account 1234567 | on account of 12345678",
	},
	{
		Kind: "KR_BANK_ACCOUNT", Label: "KRACCOUNT", Doc: "a Korean bank account, beside its name",
		Forms: "999-999-999999 | 999-99-999999 | 9999-99-9999999 | 999-999999-99-999 | 999-9999-9999-99 | 999999-99-999999 | 999-999999-99999",
		Valid: mixed,
		Near:  "계좌번호, 계좌, 입금, 은행, 송금",
		Hits:  "계좌번호: «110-123-456789» | 국민은행 «123456-78-901234»", Misses: "110-123-456789",
	},
}

var moneyRules = []Rule{
	{
		Name: "bic", Kind: "BIC_CODE", Score: 0.8,
		Words: []string{"bic", "swift", "bics"},
		Match: bic,
		Hits:  []string{"BIC «COBADEFFXXX»", "IBAN ..., BIC: «DEUTDEFF500»", "SWIFT code «BOFAUS3N»", "\"bic\": \"«NWBKGB2L»\""},
		Misses: []string{
			"BIC unknown", "a swift CREATION", "SWIFT code BOFAUSNN9", "COBADEFFXXX", "swift LANGUAGE GUIDE",
		},
	},
	{
		Name: "amount-sign", Kind: "AMOUNT", Score: 0.6,
		Forms: amountForms("$+", "US$+", "A$+", "R$+", "€+", "£+", "¥+", "₩+"), Valid: nil,
		Hits:   []string{"it costs «$1,250.00»", "«$99»", "about «$ 3500» in all", "«€99.50» each"},
		Misses: []string{"99", "$x", "1,250.00"},
	},
	{
		Name: "amount-code", Kind: "AMOUNT", Score: 0.6,
		Words:  []string{"usd", "eur", "gbp", "chf", "krw", "jpy", "cny", "inr", "cad", "aud", "sek", "nok", "dkk", "pln", "brl", "mxn", "dollars", "euros", "pounds", "euro", "won", "yen", "yuan", "rupees"},
		Match:  amountAtCode,
		Hits:   []string{"paid «1,250.00 EUR» to him", "«USD 99.50» is due", "«300 dollars», please"},
		Misses: []string{"EUR is a currency", "he won 3:1", "in dollars and cents"},
	},
}

// bic finds a business identifier code (ISO 9362) behind its name: a bank, a
// country, a place and perhaps a branch.
func bic(text []byte, at, end int) (int, int) {
	for start := end; start < len(text) && start < end+24; {
		if !isWord(text[start]) {
			start++
			continue
		}
		stop := while(text, start, classWord, maxWord)
		if n := stop - start; (n == 8 || n == 11) && validBIC(text[start:stop]) && (n == 11 || said(text[end:start]) || anyDigit(text[start:stop])) {
			return start, stop
		}
		start = stop
	}
	return 0, 0
}

// said reports whether what stands between the name and eight letters, which
// could be a word, says that a code follows.
func said(between []byte) bool {
	return bytes.ContainsAny(between, ":=") || bytes.Contains(between, []byte("ode"))
}

func validBIC(code []byte) bool {
	for i, c := range code {
		if !isUpper(c) && !(isDigit(c) && i >= 6) {
			return false
		}
	}
	return countries[[2]byte{code[4], code[5]}]
}

// countries are those of ISO 3166-1, and Kosovo.
var countries = func() map[[2]byte]bool {
	const table = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BW BY BZ CA CC CD CF CG CH CI CK CL CM " +
		"CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR " +
		"HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM " +
		"MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB " +
		"SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TG TH TJ TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VI VN VU WF WS XK " +
		"YE YT ZA ZM ZW"
	m := map[[2]byte]bool{}
	for c := range strings.FieldsSeq(table) {
		m[[2]byte{c[0], c[1]}] = true
	}
	return m
}()

// amountForms are numbers with two decimals or none, in groups of thousands or
// not, behind each of the signs, of which a "+" is an optional space.
func amountForms(signs ...string) (forms []string) {
	for _, s := range signs {
		for _, number := range []string{"9", "99", "999", "9999", "99999", "999999", "9999999", "9,999", "99,999", "999,999", "9,999,999"} {
			for _, gap := range []string{"", " "} {
				sign := strings.ReplaceAll(s, "+", gap)
				forms = append(forms, sign+number, sign+number+".99")
			}
		}
	}
	return forms
}

// amountAtCode finds the number beside a currency.
func amountAtCode(text []byte, at, end int) (int, int) {
	start := at
	if byteAt(text, start-1) == ' ' {
		start--
	}
	if from := amountStart(text, start); from < start {
		return from, end
	}
	stop := end
	if byteAt(text, stop) == ' ' {
		stop++
	}
	if to := amountEnd(text, stop); to > stop && end-at == 3 && isUpper(text[at]) {
		return at, to
	}
	return 0, 0
}

func amountStart(text []byte, end int) int {
	i := end
	for i > 0 && i > end-20 && (isDigit(text[i-1]) || (text[i-1] == ',' || text[i-1] == '.') && i < end && isDigit(text[i])) {
		i--
	}
	for i < end && !isDigit(text[i]) {
		i++
	}
	if isWord(byteAt(text, i-1)) {
		return end
	}
	return i
}

func amountEnd(text []byte, start int) int {
	i := start
	for i < len(text) && i < start+20 && (isDigit(text[i]) || (text[i] == ',' || text[i] == '.') && i > start && isDigit(byteAt(text, i+1))) {
		i++
	}
	if isWord(byteAt(text, i)) {
		return start
	}
	return i
}
