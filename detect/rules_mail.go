package detect

var mailRules = []Rule{
	{
		Name: "email", Kind: EmailAddress, Score: 1,
		Signs: "@",
		Match: email,
		Hits: []string{
			"Write to «kim@corp.example.com» today.",
		},
		Misses: []string{"@handle", "user@localhost"},
	},
}

// email finds an address by its "@".
func email(text []byte, at, end int) (int, int) {
	start := back(text, at, classLocal, 64)
	stop := while(text, end, classLocal, 253)
	for stop > end && !isWord(text[stop-1]) {
		stop--
	}
	dot := stop
	for dot > end && text[dot-1] != '.' {
		dot--
	}
	if start == at || dot == end || stop-dot < 2 {
		return 0, 0
	}
	return start, stop
}
