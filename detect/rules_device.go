package detect

var deviceIDs = []id{
	{
		Kind: "IMEI", Label: "IMEI", Doc: "the number of a mobile device",
		Forms: "999999999999999 | 99~999999~999999~9",
		Valid: every(mixed, luhn),
		Near:  "imei, device id, handset, imeisv",
		Hits:  "IMEI: «490154203237518» | imei «49-015420-323751-8»", Misses: "IMEI 490154203237519 | 490154203237518",
	},
}

var deviceRules = []Rule{
	{
		Name: "vin", Kind: "VIN", Score: 0.6,
		Long: 17, Match: wholeWord(every(vinForm, vin)),
		Near:   vinNear,
		Hits:   []string{"VIN «1HGBH41JXMN109186»", "the car «1M8GDM9AXKP042788» was sold"},
		Misses: []string{"1M8GDM9AXKP042789", "1M8GDM9AXKP04278O", "11111111111111111"},
	},
	{
		Name: "vin-unchecked", Kind: "VIN", Score: 0.2,
		Long: 17, Match: wholeWord(vinForm),
		Near:   vinNear,
		Hits:   []string{"Fahrgestellnummer «WVWZZZ1KZAW123456»"},
		Misses: []string{"WVWZZZ1KZAW123456"},
	},
	{
		Name: "mac", Kind: "MAC_ADDRESS", Score: 0.9,
		Signs: ":", Next: classHex,
		Match:  macAtColon,
		Hits:   []string{"My MAC address is «00:1A:2B:3C:4D:5E»", "«aa:bb:cc:dd:ee:ff»."},
		Misses: []string{"FF:FF:FF:FF:FF:FF", "00:00:00:00:00:00", "00:1A:2B:3C:4D", "ZZ:ZZ:ZZ:ZZ:ZZ:ZZ", "10:2F:33-AC-29-C3", "00:1A:2B:3C:4D:5E:6F", "12:30:45"},
	},
	{
		Name: "mac-hyphens", Kind: "MAC_ADDRESS", Score: 0.7,
		Forms: []string{"**-**-**-**-**-**", "****.****.****"},
		Valid: func(id []byte) bool {
			return hexadecimal(id) && !digital(id) && mixed(id) && (id[4] != '0' || id[5] != '0' || id[8] != '0' || id[9] != '0')
		},
		Hits:   []string{"«00-1A-2B-3C-4D-5E»", "Cisco MAC: «0012.3456.789A»"},
		Misses: []string{"00-1A-2B-3C-4D", "12-34-56-78-90-12", "1234.5678.9012", "261A.0020.0002", "00-1A-2B-3C-4D-5E-6F"},
	},
	{
		Name: "mac-letters", Kind: "MAC_ADDRESS", Score: 0.7,
		Words:  []string{"mac", "macs", "hardware", "physical", "ethernet"},
		Match:  macBehind,
		Hits:   []string{"The hardware address is «AA-BB-CC-DD-EE-FF»", "Physical address is «aabb.ccdd.eeff»"},
		Misses: []string{"mac AA-BB-CC-DD-EE", "AA-BB-CC-DD-EE-FF", "hardware FF-FF-FF-FF-FF-FF"},
	},
}

var vinNear = []string{"vin", "vehicle", "chassis", "fahrgestellnummer", "fin", "telaio", "차대번호", "车架号"}

// vinForm holds for 17 letters and digits as vehicles have them: no I, O or Q,
// both sorts, and mostly digits at the end.
func vinForm(word []byte) bool {
	if len(word) != 17 {
		return false
	}
	letters, lower := 0, 0
	for _, c := range word {
		switch {
		case c == 'I' || c == 'O' || c == 'Q':
			return false
		case isUpper(c):
			letters++
		case isLetter(c):
			lower++
		}
	}
	return lower == 0 && letters >= 2 && letters <= 13 && digital(word[14:])
}

// macAtColon finds six bytes in hexadecimal from their first colon on.
func macAtColon(text []byte, at, end int) (int, int) {
	start := at - 2
	if start < 0 || !macAt(text, start, ':', 2) {
		return 0, 0
	}
	return start, start + 17
}

// macBehind finds an address of letters alone behind the word for it: of one
// with a digit the digit tells.
func macBehind(text []byte, at, end int) (int, int) {
	for i := end; i < len(text) && i < end+reachBefore; i++ {
		if !isHex(text[i]) || isWord(text[i-1]) {
			continue
		}
		if macAt(text, i, '-', 2) && !anyDigit(text[i:i+17]) {
			return i, i + 17
		}
		if macAt(text, i, '.', 4) && !anyDigit(text[i:i+14]) {
			return i, i + 14
		}
	}
	return 0, 0
}

func hexadecimal(id []byte) bool {
	for _, c := range id {
		if !isHex(c) {
			return false
		}
	}
	return true
}

// macAt reports whether 12 hexadecimal digits at start, in groups with sep
// between them, are a device's address: neither all 0 nor the broadcast, nor
// part of more.
func macAt(text []byte, start int, sep byte, group int) bool {
	i := start
	for n := range 12 {
		if n > 0 && n%group == 0 {
			if byteAt(text, i) != sep {
				return false
			}
			i++
		}
		if !isHex(byteAt(text, i)) {
			return false
		}
		i++
	}
	before, after := byteAt(text, start-1), byteAt(text, i)
	if isWord(before) || before == sep && isHex(byteAt(text, start-2)) || isWord(after) || after == sep && isHex(byteAt(text, i+1)) {
		return false
	}
	return !same(macDigits(text[start:i]))
}

// macDigits are the digits of an address.
func macDigits(address []byte) []byte {
	digits := make([]byte, 0, 12)
	for _, c := range address {
		if isHex(c) {
			digits = append(digits, c)
		}
	}
	return digits
}
