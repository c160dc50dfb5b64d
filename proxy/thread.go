package proxy

// An exchange goes on from others where the client names a conversation in
// x-maskit-session, or, without that, where the API has names of its own for
// what was before: a conversation, an earlier answer, a file, a batch. What was
// masked there is restored here, and nowhere else.

// goOn finds what the request, which was found to be acceptable, goes on from.
func (x *exchange) goOn() error {
	if len(x.ctx.Request.Header.Peek(headerSession)) > 0 {
		return nil
	}
	t := x.format.ThreadOf(x.route.path, &x.reading)
	x.session.Join(t.Conversation)
	x.kept = t.Kept
	for i := range t.Turns {
		t.Turns[i] = x.turn(t.Turns[i])
	}
	return x.session.Follow(t.Turns)
}

// turn is the vault's name of a turn: two providers may give two answers the
// same one.
func (x *exchange) turn(name string) string { return x.route.up.name + "/" + name }

// keep keeps what the exchange knows under the names that an answer, or an
// event of it, gives it: from then on a request may go on from there. It comes
// before the client sees those names. named says that there were any.
func (x *exchange) keep(answer []byte) (named bool) {
	if !x.kept || !x.session.HasTokens() {
		return false
	}
	turns, born := x.format.NamesOf(answer)
	for _, name := range turns {
		x.session.KeepTurn(x.turn(name))
	}
	if born != "" && x.session.Conversation() == "" {
		x.session.KeepIn(born)
	}
	return len(turns) > 0 || born != ""
}
