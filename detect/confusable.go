package detect

// Letters of other scripts that look like Latin ones are folded only where a
// rule asks for it: in the hosts of addresses and in names that are given a
// value. Everywhere else a letter is what it is.

// confusables are the letters of Cyrillic, Greek, Armenian and others that are
// taken for the Latin letter before them (Unicode TR 39), in both cases.
const confusables = "aаɑαА bЬ cсϲС dԁ eеЕєε gɡ hһҺН iіІıɩι jјЈ kкКκΚ lӏⅼІ mмМ nпոη oоОοΟօ pрРρΡ qԛգ rгɼ sѕЅ tтТτΤ uυսմц vѵνγ wѡԝω xхХχΧ yуУүγΥ zᴢΖ"

var latinLike = func() map[rune]byte {
	m := map[rune]byte{}
	latin := byte(0)
	for _, r := range confusables {
		switch {
		case r == ' ':
			latin = 0
		case latin == 0:
			latin = byte(r)
		case m[r] == 0:
			m[r] = latin
		}
	}
	return m
}()

// latin returns the small Latin letter that r looks like, or 0.
func latin(r rune) byte {
	if r < 0x80 {
		if isLetter(byte(r)) {
			return byte(r) | 0x20
		}
		return 0
	}
	return latinLike[r]
}

// foldLatin appends text with its confusable letters as the Latin ones.
func foldLatin(dst, text []byte) []byte {
	for _, r := range string(text) {
		if c := latinLike[r]; c != 0 {
			dst = append(dst, c)
		} else {
			dst = append(dst, string(r)...)
		}
	}
	return dst
}
