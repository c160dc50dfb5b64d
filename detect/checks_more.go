package detect

import "strings"

// Checks of single countries that are no weighted sum.

// codiceFiscale checks the last letter of the Italian fiscal code: characters
// at odd places count by a table of their own.
func codiceFiscale(id []byte) bool {
	sum := 0
	for i, c := range id[:15] {
		v := value36(c)
		if v >= 10 {
			v -= 10
		}
		if i%2 == 0 {
			v = oddItalian[v]
		}
		sum += v
	}
	return id[15] == byte('A'+sum%26)
}

var oddItalian = [26]int{1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23}

// cyprusVAT checks the letter of a Cypriot number, with the same table.
func cyprusVAT(id []byte) bool {
	sum := 0
	for i, c := range id[:8] {
		if v := int(c - '0'); i%2 == 0 {
			sum += oddItalian[v]
		} else {
			sum += v
		}
	}
	return id[8] == byte('A'+sum%26)
}

// insee checks a French social security number, in which Corsica is 2A or 2B.
func insee(id []byte) bool {
	var digits [15]byte
	copy(digits[:], id)
	minus := 0
	switch digits[6] {
	case 'A':
		digits[6], minus = '0', 1_000_000
	case 'B':
		digits[6], minus = '0', 2_000_000
	}
	if !digital(digits[:]) || digits[0] == '0' || digits[0] == '9' {
		return false
	}
	n := (remainder(digits[:13], 97) - minus%97 + 97) % 97
	return 97-n == remainder(digits[13:], 100)
}

// frenchVAT checks the two digits before a SIREN.
func frenchVAT(id []byte) bool {
	return digital(id) && (12+3*remainder(id[2:], 97))%97 == remainder(id[:2], 100)
}

// dutchVAT checks the number of a person or company behind NL: as a BSN, or as
// a whole.
func dutchVAT(id []byte) bool {
	rest := mod97(mod97(0, 'N'), 'L')
	for _, c := range id[:9] {
		rest = mod97(rest, c)
	}
	rest = mod97(rest, 'B')
	for _, c := range id[9:] {
		rest = mod97(rest, c)
	}
	return rest == 1 || bsn(id[:9])
}

var bsn = every(mixed, ends("98765432", mod11))

// britishVAT checks the weights 8 to 2 and the last two digits, modulo 97, also
// with the 55 of newer numbers.
func britishVAT(id []byte) bool {
	r := weigh(id[:9], "8765432A1") % 97
	return r == 0 || r == 42
}

// hongKong checks the last character: a missing second letter counts as 36.
func hongKong(id []byte) bool {
	sum := 36 * 9
	body := id[:len(id)-1]
	if len(body) == 8 {
		sum = value36(body[0]) * 9
		body = body[1:]
	}
	sum += weigh(body, "8765432")
	return id[len(id)-1] == "0A987654321"[sum%11]
}

// unifiedSocialCredit checks a Chinese company's number, in base 31.
func unifiedSocialCredit(id []byte) bool {
	const digits = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	sum, weight := 0, 1
	for _, c := range id[:17] {
		v := strings.IndexByte(digits, c)
		if v < 0 {
			return false
		}
		sum += v * weight
		weight = weight * 3 % 31
	}
	return id[17] == digits[(31-sum%31)%31]
}

// cnpj checks a Brazilian company's number, in which letters count as their
// distance from "0".
func cnpj(id []byte) bool {
	digit := func(weights string) byte {
		sum := 0
		for i := range len(weights) {
			sum += int(id[i]-'0') * value36(weights[i])
		}
		return minus11zero[sum%11]
	}
	return id[12] == digit("543298765432") && id[13] == digit("6543298765432")
}

// belarus checks a taxpayer's number, in which the second letter is a digit.
func belarus(id []byte) bool {
	var plain [9]byte
	copy(plain[:], id)
	if isLetter(id[1]) {
		i := strings.IndexByte("ABCEHKMOPT", id[1])
		if i < 0 {
			return false
		}
		plain[1] = byte('0' + i)
	}
	return byelorussian(plain[:])
}

// byelorussian has the weights 29, 23, 19, 17, 13, 7, 5 and 3.
var byelorussian = ends("TNJHD753", mod11)

// irishLetter checks the eighth character of a number of Ireland; a ninth
// counts nine times.
func irishLetter(id []byte) bool {
	const letters = "WABCDEFGHIJKLMNOPQRSTUV"
	sum := weigh(id[:7], "8765432")
	if len(id) == 9 && id[8] != 'W' && id[8] != 'T' && id[8] != 'X' {
		i := strings.IndexByte(letters, id[8])
		if i < 0 {
			return false
		}
		sum += 9 * i
	}
	return id[7] == letters[sum%23]
}

// japanCorporate checks the first digit of a company's number.
func japanCorporate(id []byte) bool {
	return int(id[0]-'0') == 9-weigh(id[1:], "212121212121")%9
}

// koreanBusiness checks a business registration number, the ninth digit of
// which counts five times and its tens once more.
func koreanBusiness(id []byte) bool {
	sum := weigh(id[:9], "137137135") + int(id[8]-'0')*5/10
	return id[9] == minus10[sum%10]
}

// turkish checks both last digits of a Turkish person's number.
func turkish(id []byte) bool {
	odd := weigh(id[:9], "101010101")
	even := weigh(id[:8], "01010101")
	tenth := (odd*7 - even + 100) % 10
	return id[0] != '0' && int(id[9]-'0') == tenth && int(id[10]-'0') == (odd+even+tenth)%10
}

// turkishTax checks the last digit of a tax number: each of the others counts
// with a power of two modulo 9.
func turkishTax(id []byte) bool {
	sum := 0
	for i, c := range id[:9] {
		v := (int(c-'0') + 9 - i) % 10
		if v != 0 {
			w := v << (9 - i) % 9
			if w == 0 {
				w = 9
			}
			sum += w
		}
	}
	return int(id[9]-'0') == (10-sum%10)%10
}

// taiwanCompany checks a unified business number; a seventh digit 7 counts as
// 0 or 1.
func taiwanCompany(id []byte) bool {
	sum := 0
	for i, c := range id {
		p := int(c-'0') * value36("12121241"[i])
		sum += p/10 + p%10
	}
	return sum%5 == 0 || id[6] == '7' && (sum+1)%5 == 0
}

// taiwanPerson checks an identity number or a resident's, whose letters stand
// for two digits and one.
func taiwanPerson(id []byte) bool {
	const letters = "ABCDEFGHJKLMNPQRSTUVXYWZIO"
	v := strings.IndexByte(letters, id[0]) + 10
	sum := v/10 + v%10*9
	if isLetter(id[1]) {
		sum += (strings.IndexByte(letters, id[1]) + 10) % 10 * 8
	} else {
		sum += int(id[1]-'0') * 8
	}
	sum += weigh(id[2:], "76543211")
	return sum%10 == 0
}

// germanTaxID checks a tax id: of the first ten digits one stands two or three
// times, and the others once at most.
func germanTaxID(id []byte) bool {
	var count [10]int
	for _, c := range id[:10] {
		count[c-'0']++
	}
	twice := 0
	for _, n := range count {
		switch {
		case n > 3:
			return false
		case n > 1:
			twice++
		}
	}
	return id[0] != '0' && twice <= 1 && iso7064Mod11_10(id)
}

// germanPension checks an insurance number: the letter is two digits, and the
// digits of all products are summed.
func germanPension(id []byte) bool {
	var digits [12]byte
	copy(digits[:8], id[:8])
	letter := id[8] - 'A' + 1
	digits[8], digits[9] = '0'+letter/10, '0'+letter%10
	copy(digits[10:], id[9:11])
	sum := 0
	for i, c := range digits {
		p := int(c-'0') * value36("212571212121"[i])
		sum += p/10 + p%10
	}
	return int(id[11]-'0') == sum%10
}

// icao9303 checks the last digit of a travel document (ICAO 9303): weights 7,
// 3 and 1, letters from 10.
var icao9303 = ends("73173173", mod10)

// vin checks the ninth character of a vehicle's number (49 CFR 565).
func vin(id []byte) bool {
	const values = "0123456789.ABCDEFGH..JKLMN.P.R..STUVWXYZ"
	sum := 0
	for i, c := range id {
		v := strings.IndexByte(values, c)
		if v < 0 {
			return false
		}
		sum += v % 10 * value36("8765432A098765432"[i])
	}
	return id[8] == mod11x[sum%11]
}

// clabe checks a Mexican account number.
var clabe = ends("37137137137137137", minus10)

// npi checks a provider's number, which is a card number behind 80840.
func npi(id []byte) bool {
	return luhn(append([]byte("80840"), id...))
}

// venezuela checks a taxpayer's number, whose letter stands for a digit.
func venezuela(id []byte) bool {
	i := strings.IndexByte("VEJPG", id[0])
	return i >= 0 && id[9] == minus11zero[((i+1)*4+weigh(id[1:9], "32765432"))%11]
}
