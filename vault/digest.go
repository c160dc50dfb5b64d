package vault

import "hash/maphash"

// digest is 128 bits of a keyed hash that stand for an item among those known: as
// numbers they cost the garbage collector nothing, where each string is one more
// pointer to follow. The seeds live and die with the process, so nobody outside can
// make two items meet, and by chance one in 2^62 new items is taken for one that is
// known. It would not be stored; no value would be given away.
type digest [2]uint64

type digester [2]maphash.Seed

func newDigester() digester { return digester{maphash.MakeSeed(), maphash.MakeSeed()} }

func (d *digester) of(b []byte) digest {
	return digest{maphash.Bytes(d[0], b), maphash.Bytes(d[1], b)}
}
