// Package vault makes the tokens that stand for sensitive values and keeps the
// values, sealed, so that the tokens can be turned back.
//
// It does not find values (package detect), does not decide which of them to
// mask (proxy/mask), speaks no HTTP and writes no log: it returns errors that
// name counts and addresses, never a value, a store key or a password.
//
// # How the parts meet
//
// A [Vault] is a [Store] and a [Keyring]. From them each [Tenant] derives keys
// of its own: one to seal values, one to derive tokens, one to hide the names
// of conversations. [Tenant.AppendToken] is a pure function of the tenant's key
// and the value: every replica and every restart gives the same token without
// asking anyone. [Tenant.Keep] stores what the tokens stand for, in at most one
// round trip, and none when this process knows that they are stored.
// [Tenant.Lookup] turns tokens of one conversation back.
//
// A backend stores opaque entries and nothing else; it is a row of the table
// in store.go. For values these kinds of entry exist:
//
//	maskit:<tenant>:t:<token>            the value, sealed
//	maskit:<tenant>:s:<lock>:<token>     the value, sealed under a passcode too
//	maskit:<tenant>:c:<hash>:<token>     that the token was kept in a conversation
//	maskit:<tenant>:u:<hash>             which tokens a turn knows
//	maskit:<tenant>:k                    the tenant's data key and lock
//	maskit:<tenant>:p, p:<hash>          the locks of passcodes
//	maskit:<tenant>:a:<lock>             how many passcodes were wrong
//
// The third holds a keyed hash of the conversation, the token and the value's
// canonical form, and no copy of the value: so a value lies in one place, and
// [Tenant.EraseTokens] erases it for all conversations. [Tenant.Lookup] wants both
// entries and that they agree.
//
// # Keys, passcodes, erasure
//
// A value is sealed under a key that is derived from the vault's key and the
// tenant's data key, a random one, which goes along in every batch (state.go).
// [Tenant.Erase] replaces it: what was sealed before opens nowhere any more.
//
// Under a passcode the value is sealed to a public key before that, so that
// masking does not need the passcode (lock.go). [Tenant.Unlock] tries a passcode;
// its [Opener] reads. Tokens are the same with and without: they are derived from
// the vault's key alone, so who has that key can tell of a value that he guesses
// whether it is the one behind a token. A secret that prevented it would have to be
// known to whatever masks, and so to whoever holds its store and its keys: only a
// passcode given with each request would do. A passcode is therefore no protection
// for what can be guessed, such as a phone number, against who has the vault's key.
//
// Besides, the store keeps [Documents]: small texts with versions, such as the
// rules that operators make, which all replicas see. They want a store that is a
// [Swapper]; what operators do to many entries wants a [Lister].
//
// # Known tradeoffs
//
// Two values of a tenant can meet on one code (about one pair in 6e10). The
// first to be stored has it, the other is told so and derives its next code.
//
// A store that loses entries behind our back (a flush, a restart without
// persistence, a failover that dropped the last writes) is noticed at the first
// failed write, and otherwise within [KnownFor]: that long this process believes
// what it stored. Until then such tokens cannot be looked up; the exchange that
// minted them does not need to, it restores from its own map.
//
// While a store hangs, one request at a time waits for it and the others are told
// at once that it is unavailable; the first answer lets all through again.
//
// Reads of the model's answers do not renew a TTL, values met again do.
package vault
