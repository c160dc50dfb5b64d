package vault

import "hash/maphash"

// digest is 128 bits of a keyed hash that stand for a key in the tables of this
// process: as numbers they cost the garbage collector nothing, where each string
// is one more pointer to follow. The seeds live and die with the process, so
// nobody outside can make two texts meet, and by chance two of a million do in
// one of 2^89 processes. A table that took one for the other would still give
// no value away: it does not open under another store key.
type digest [2]uint64

type digester [2]maphash.Seed

func newDigester() digester { return digester{maphash.MakeSeed(), maphash.MakeSeed()} }

func (d *digester) ofBytes(b []byte) digest {
	return digest{maphash.Bytes(d[0], b), maphash.Bytes(d[1], b)}
}
