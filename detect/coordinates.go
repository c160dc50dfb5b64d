package detect

// coordinates finds a latitude and a longitude in degrees with at least five
// decimals.
func coordinates(n *number) (int, int) {
	if len(n.groups) < 2 || n.groups[0].sep != '.' || n.groups[0].end+1 != n.groups[1].start {
		return 0, 0
	}
	text := n.text
	g := n.groups
	degrees, fraction := text[g[0].start:g[0].end], g[1].end-g[1].start
	if len(degrees) > 2 || fraction < 5 || fraction > 14 || remainder(degrees, 1000) > 90 {
		return 0, 0
	}
	start := g[0].start
	if byteAt(text, start-1) == '-' {
		start--
	}
	i := g[1].end
	if byteAt(text, i) != ',' || isWord(byteAt(text, start-1)) || byteAt(text, start-1) == '.' {
		return 0, 0
	}
	if before := start - 2; before > 0 && text[before] == ',' {
		return 0, 0 // a list of numbers
	}
	i++
	if byteAt(text, i) == ' ' {
		i++
	}
	if byteAt(text, i) == '-' {
		i++
	}
	whole := while(text, i, classDigit, 4)
	if remainder(degrees, 1000) == 0 && whole == i+1 && text[i] == '0' {
		return 0, 0 // shares of 1, and no place on land
	}
	end := while(text, whole+1, classDigit, 16)
	if whole == i || whole-i > 3 || byteAt(text, whole) != '.' || end-whole-1 < 4 || remainder(text[i:whole], 1000) > 180 || listed(text, end) {
		return 0, 0
	}
	return start, end
}

// listed reports whether one more number follows behind a comma at i.
func listed(text []byte, i int) bool {
	next := while(text, i+1, classSpace, 2)
	return byteAt(text, i) == ',' && (isDigit(byteAt(text, next)) || byteAt(text, next) == '-')
}
