// Package audit is the trail of what maskit did: one record for each exchange,
// for all that operators did and were refused, none of which ever holds a value.
//
// It knows no HTTP and logs nothing. The records of exchanges also feed metrics
// and logs, which are others' to keep.
//
// # How the parts meet
//
// A [Record] is one line of JSON. A chain (chain.go) numbers the lines and ties
// each to the one before by an HMAC, and every so often signs a checkpoint. A
// [Trail] gives the lines to its sinks, the rows of a table (sink.go), from one
// goroutine in batches: who notes an exchange does not wait, who records an
// operation waits until it is written. [Verify] reads files again and names what
// was changed, removed, inserted, moved or cut off; [Read] gives records back.
//
// # Known tradeoffs
//
// The HMAC's key and the signing key come from one secret of the vault: who holds
// it can forge a trail. A checkpoint's signature can be checked by those who hold
// the public key only.
//
// Beside the file lies FILE.head, which says what the last record is, so that a
// cut end is noticed. Who puts back older copies of both goes unnoticed, unless a
// later checkpoint is known from elsewhere: another sink shows them too.
//
// The record of an exchange is written when it has ended. If the program is
// killed while the trail cannot be written, the records that wait are lost.
package audit
