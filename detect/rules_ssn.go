package detect

import "strings"

var ssnNear = []string{"ssn", "ssns", "social", "security", "sozialversicherungsnummer", "taxpayer", "tin"}

var ssnRules = []Rule{
	{
		Name: "us-ssn", Kind: USSSN, Score: 0.8,
		Shapes: []string{"3-2-4"},
		Valid:  ssn,
		Near:   ssnNear,
		Hits:   []string{"«536-22-8726»", "SSN «123-45-6789».", "\"ssn\": \"«536-22-8726»\"", "号码«536-22-8726»。"},
		Misses: []string{"000-12-3456", "666-12-3456", "900-12-3456", "123-00-4567", "123-45-0000", "078-05-1120", "219-09-9999", "457-55-5462", "1536-22-8726", "536-22-87261", "12-536-22-8726", "111-11-1111"},
	},
	{
		Name: "us-ssn-spaced", Kind: USSSN, Score: 0.55, // above a trunk number that begins with 0
		Shapes: []string{"3 2 4", "3.2.4"},
		Valid:  ssn,
		Near:   ssnNear,
		Hits:   []string{"«536 22 8726»", "social security «536.22.8726»"},
		Misses: []string{"666 12 3456", "536 22 87261"},
	},
	{
		Name: "us-ssn-bare", Kind: USSSN, Score: 0.15,
		Shapes: []string{"9", "3-6", "5-4"},
		Valid:  ssn,
		Near:   ssnNear,
		Hits:   []string{"my ssn is «536228726»", "Social Security Number: «536228726»"},
		Misses: []string{"order 536228726", "ssn 000228726", "ssn 5362287261"},
	},
}

// ssn reports whether digits are a number that the Social Security
// Administration gives out: no area 000, 666 or from 900, no group 00, no
// serial 0000, and not one of the numbers that were printed in advertising and
// on sample cards and then taken for people's own.
func ssn(digits []byte) bool {
	area, group, serial := string(digits[:3]), string(digits[3:5]), string(digits[5:])
	switch {
	case area == "000" || area == "666" || area >= "900", group == "00", serial == "0000":
		return false
	case printedSSN[string(digits)]:
		return false
	}
	return !same(digits)
}

// printedSSN are the numbers that the Social Security Administration lists as
// misused: those of wallets, forms and advertising.
var printedSSN = func() map[string]bool {
	m := map[string]bool{}
	for n := range strings.FieldsSeq("022281852 042103580 062360749 078051120 095073645 128036045 135016629 141186941 165167999 165187999 165207999 165227999 " +
		"165247999 189092294 212097694 212099999 219099999 306302348 308125070 457555462 468288779 549241889") {
		m[n] = true
	}
	return m
}()

// same reports whether all digits are one.
func same(digits []byte) bool {
	for _, d := range digits {
		if d != digits[0] {
			return false
		}
	}
	return true
}
