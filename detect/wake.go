package detect

// The rules of an organisation's own are woken in two ways: the scan tells where
// runs of digits begin, and where the literals of all other rules may stand (see
// anchors) or else one search finds these.
// Where a rule was woken its pattern is tried once, on the text around.

// region is a part of the text in which a rule is to be tried.
type region struct{ start, end int }

// expectCustoms is called before the scan, which wakes the rules that look for
// runs of digits.
func (p *pass) expectCustoms() {
	n := len(p.custom.rules)
	if cap(p.open) < n {
		p.open = make([]region, n)
	}
	p.open = p.open[:n]
	clear(p.open)
}

// customs looks for the custom rules that the scan has not woken, and tries them
// all where they were woken.
func (p *pass) customs() {
	x := p.custom
	if x.needles != nil {
		x.needles.find(p.text, p.wake)
	}
	for _, i := range x.always {
		p.open[i] = region{0, len(p.text)}
	}
	for i := range p.open {
		p.try(&x.rules[i], p.open[i])
	}
}

// wake notes that a rule is to be tried around text[start:end]. Parts that
// overlap are tried as one, so that no byte is read twice for a rule.
func (p *pass) wake(i int32, start, end int) {
	r := &p.custom.rules[i]
	if r.pattern == nil {
		if r.allow[string(p.text[start:end])] { // the fold has made some bytes one
			p.found(&r.rule, start, end)
		}
		return
	}
	if r.reach < 0 {
		p.open[i] = region{0, len(p.text)}
		return
	}
	start, end = max(0, start-r.reach), min(len(p.text), end+r.reach)
	open := &p.open[i]
	if start > open.end {
		p.try(r, *open)
		*open = region{start, end}
		return
	}
	open.start, open.end = min(open.start, start), max(open.end, end)
}

// wakeDigits wakes the rules of the run of digits that begins at.
func (p *pass) wakeDigits(at int) {
	x := p.custom
	if while(p.text, at, classDigit, x.digits) < at+x.digits {
		return
	}
	end := while(p.text, at, classDigit, len(p.text))
	for _, i := range x.numbers {
		if r := &x.rules[i]; end-at >= r.digits && r.beside.fits(p.text, at, end) {
			p.wake(i, at, end)
		}
	}
}

// try matches a rule within a region.
func (p *pass) try(r *customRule, in region) {
	if in.start >= in.end {
		return
	}
	for _, m := range r.pattern.FindAllSubmatchIndex(p.text[in.start:in.end], -1) {
		if m[0] == 0 && in.start > 0 || m[1] == in.end-in.start && in.end < len(p.text) {
			continue // At the edge \b sees no text. What woke a match is farther inside.
		}
		start, end := m[2*r.group], m[2*r.group+1]
		if start < 0 || start == end { // the group took no part
			continue
		}
		value := p.text[in.start+start : in.start+end]
		if r.valid != nil && !r.valid(value) {
			continue
		}
		if r.allow != nil {
			p.fold = r.rule.Kind.Canonical(p.fold[:0], value)
			if r.allow[string(p.fold)] {
				continue
			}
		}
		p.found(&r.rule, in.start+start, in.start+end)
	}
}
