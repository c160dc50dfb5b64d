// Package access says who may do what: it makes and recognises the keys of
// clients and operators, counts those who try wrong ones, and knows which role
// has which permission.
//
// It speaks no HTTP, reads no configuration and keeps nothing: its callers hold
// the table of keys and decide what an answer looks like.
//
// # How the parts meet
//
// [NewKey] makes a key, [Hash] what a configuration holds of it. [Keys] is the
// table of those hashes: [Keys.Find] tells which row a presented key is, in the
// same time for each row and for none. What the row says is the caller's; an
// operator's becomes a [Principal], which [Principal.May] do what its roles say.
//
// A key has 256 random bits, so a table of fast hashes may be read by anybody and
// no number of tries finds one. The [Limiter] is there for whoever tries all the
// same: it keeps the trail and the log from filling, and makes the mistake of a
// script show. Passcodes, which people choose, are the vault's and slower.
package access
