package detect

import "strings"

// An idCheck judges the letters and digits of a number, upper case, without what
// parts them. Nearly all check digits in use are one thing: a weighted sum of
// the characters before them, whose remainder is looked up in a row of
// characters. The length of the row is the modulus, so a rule needs no more
// than two strings:
//
//	ends("657234567", mod11)
//
// is the Polish NIP: the last digit is 6a+5b+7c+... modulo 11, and no NIP has
// the remainder 10. What is not of that kind has a function of its own below
// or in checks_more.go.
type idCheck = func(id []byte) bool

// Rows of remainders. Those called minus are of the modulus less the remainder.
const (
	mod10       = "0123456789"
	minus10     = "0987654321"
	mod11       = "0123456789-" // a remainder of 10 is not given out
	mod11x      = "0123456789X"
	mod11zero   = "01234567890"
	minus11     = "0-987654321"
	minus11k    = "0K987654321"
	minus11zero = "00987654321"
	minus11one  = "10987654321" // 11 counts as 1
)

// digitAt checks the character at i: the sum of the characters of id times the
// weights, which are digits of base 36 and stand from the left, picks it from
// rest.
func digitAt(i int, weights, rest string) idCheck {
	return func(id []byte) bool {
		return i < len(id) && len(weights) <= len(id) && id[i] == rest[weigh(id, weights)%len(rest)]
	}
}

// ends checks the last character likewise, with the weights right-aligned
// before it.
func ends(weights, rest string) idCheck {
	return func(id []byte) bool {
		last := len(id) - 1
		return last > 0 && last <= len(weights) && id[last] == rest[weigh(id, weights[len(weights)-last:])%len(rest)]
	}
}

// total checks that the sum of all characters times the weights has the
// remainder.
func total(weights string, modulus, remainder int) idCheck {
	return func(id []byte) bool {
		return len(id) == len(weights) && weigh(id, weights)%modulus == remainder
	}
}

// twice checks the last character with the first weights, and if these leave
// 10 of 11, with the second, of which 10 counts as 0.
func twice(first, second string) idCheck {
	return func(id []byte) bool {
		last := len(id) - 1
		if last != len(first) {
			return false
		}
		r := weigh(id, first) % 11
		if r == 10 {
			r = weigh(id, second) % 11 % 10
		}
		return int(id[last]-'0') == r
	}
}

// cast checks the last character with products of which the digits are summed,
// as Luhn's are.
func cast(weights, rest string) idCheck {
	return func(id []byte) bool {
		last := len(id) - 1
		if last != len(weights) {
			return false
		}
		sum := 0
		for i, c := range id[:last] {
			product := value36(c) * value36(weights[i])
			sum += product/10 + product%10
		}
		return id[last] == rest[sum%len(rest)]
	}
}

func weigh(id []byte, weights string) (sum int) {
	for i := range len(weights) {
		sum += value36(id[i]) * value36(weights[i])
	}
	return sum
}

// value36 is the value of a digit of base 36.
func value36(c byte) int {
	if isDigit(c) {
		return int(c - '0')
	}
	return int(c-'A') + 10
}

// every holds if all checks do.
func every(checks ...idCheck) idCheck {
	return func(id []byte) bool {
		for _, c := range checks {
			if !c(id) {
				return false
			}
		}
		return true
	}
}

// either holds if one of the checks does.
func either(checks ...idCheck) idCheck {
	return func(id []byte) bool {
		for _, c := range checks {
			if c(id) {
				return true
			}
		}
		return false
	}
}

// length holds for an id of n characters.
func length(n int) idCheck { return func(id []byte) bool { return len(id) == n } }

// part checks id[from:to]; a negative to is counted from the end, and 0 is it.
func part(from, to int, c idCheck) idCheck {
	return func(id []byte) bool {
		end := to
		if end <= 0 {
			end += len(id)
		}
		return from <= end && end <= len(id) && c(id[from:end])
	}
}

// oneOf holds if the id has at i one of the words, all of one length.
func oneOf(i int, list string) idCheck {
	set := map[string]bool{}
	width := 0
	for w := range strings.FieldsSeq(list) {
		set[w] = true
		width = len(w)
	}
	return func(id []byte) bool { return i+width <= len(id) && set[string(id[i:i+width])] }
}

// among holds if the character at i is one of chars.
func among(i int, chars string) idCheck {
	return func(id []byte) bool { return i < len(id) && strings.IndexByte(chars, id[i]) >= 0 }
}

// between holds if the number from i, of as many digits as low has, lies
// between low and high.
func between(i int, low, high string) idCheck {
	return func(id []byte) bool {
		return i+len(low) <= len(id) && string(id[i:i+len(low)]) >= low && string(id[i:i+len(low)]) <= high
	}
}

// not holds if c does not.
func not(c idCheck) idCheck { return func(id []byte) bool { return !c(id) } }

// mixed holds unless all characters are one.
func mixed(id []byte) bool { return !same(id) }

// digital holds if all characters are digits.
func digital(id []byte) bool {
	for _, c := range id {
		if !isDigit(c) {
			return false
		}
	}
	return true
}

// remainder is the decimal number id modulo m.
func remainder(id []byte, m int) int {
	r := 0
	for _, c := range id {
		r = (r*10 + int(c-'0')) % m
	}
	return r
}

// letterOf checks that the last character is picked from rest by the number
// before it.
func letterOf(rest string) idCheck {
	return func(id []byte) bool {
		last := len(id) - 1
		return last > 0 && digital(id[:last]) && id[last] == rest[remainder(id[:last], len(rest))]
	}
}

// iso7064Mod11_10 is the hybrid check of ISO 7064 for digits.
func iso7064Mod11_10(id []byte) bool {
	p := 10
	for _, c := range id[:len(id)-1] {
		if p = (p + int(c-'0')) % 10; p == 0 {
			p = 10
		}
		p = p * 2 % 11
	}
	return (p+int(id[len(id)-1]-'0'))%10 == 1
}

// iso7064Mod11_2 is the pure check of ISO 7064 whose last character may be X.
func iso7064Mod11_2(id []byte) bool {
	p := 0
	last := len(id) - 1
	for _, c := range id[:last] {
		p = (p + value36(c)) * 2 % 11
	}
	return mod11x[(12-p)%11] == id[last]
}

// luhn36 is Luhn's check with letters as digits of base 36.
func luhn36(id []byte) bool {
	sum := 0
	for i := range id {
		v := value36(id[len(id)-1-i])
		if i%2 == 1 {
			v = v*2/36 + v*2%36
		}
		sum += v
	}
	return sum%36 == 0
}

// verhoeff is the check by the dihedral group of ten elements (J. Verhoeff,
// Error Detecting Decimal Codes, 1969).
func verhoeff(id []byte) bool {
	c := 0
	for i := range id {
		c = dihedral(c, int(permutations[i%8][id[len(id)-1-i]-'0']))
	}
	return c == 0
}

var permutations = func() (p [8][10]byte) {
	p[0] = [10]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}
	p[1] = [10]byte{1, 5, 7, 6, 2, 8, 3, 0, 9, 4}
	for i := 2; i < 8; i++ {
		for j := range 10 {
			p[i][j] = p[i-1][p[1][j]]
		}
	}
	return p
}()

// dihedral multiplies in the group: 0 to 4 are the rotations of a pentagon, 5
// to 9 its reflections.
func dihedral(a, b int) int {
	switch {
	case a < 5 && b < 5:
		return (a + b) % 5
	case a < 5:
		return (a+b)%5 + 5
	case b < 5:
		return (a-b)%5 + 5
	}
	return (a - b + 5) % 5
}
