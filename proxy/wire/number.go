package wire

// minNumber is how many characters a number has that may be somebody's: a postal
// code. Those below are counts.
const minNumber = 5

// numberAt hands out a number of a request, behind the name of its member: nine
// digits are a social security number under "ssn", and a seed under "seed". What
// is found in it makes a string of it, since a token is no number; part is told,
// for a policy that had rather refuse it.
func (w *walker) numberAt(start, end int) error {
	if !w.masking || w.text == nil {
		return nil
	}
	w.context = appendWords(w.context[:0], w.called())
	at := len(w.context)
	w.context = append(w.context, w.src[start:end]...)
	var edits []edit
	err := w.text(w.context, func(from, to int, with string) {
		if to > at {
			edits = append(edits, edit{max(from-at, 0), to - at, with})
		}
	})
	if err != nil || len(edits) == 0 {
		return err
	}
	with := appendEdited(nil, w.src[start:end], edits)
	w.edits = append(w.edits, edit{start, end, `"` + escape(string(with)) + `"`})
	return w.part("number")
}

// appendWords appends the name of a member as the words it is made of, and a
// colon: customerSSN and customer_ssn are customer SSN.
func appendWords(dst, name []byte) []byte {
	for i, c := range name {
		switch {
		case c == '_' || c == '-' || c == '.':
			c = ' '
		case 'A' <= c && c <= 'Z' && i > 0 && 'a' <= name[i-1] && name[i-1] <= 'z':
			dst = append(dst, ' ')
		}
		dst = append(dst, c)
	}
	return append(dst, ": "...)
}
