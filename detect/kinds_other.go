package detect

// otherKinds are the kinds of values that nobody is given by an authority but
// that tell of a person, and of such as tell little and are off.
var otherKinds = []KindInfo{
	{"BIC_CODE", "BIC", false, false, foldIBAN, "a bank's identifier code (BIC, SWIFT), behind its name"},
	{"CRYPTO", "CRYPTO", true, false, foldNone, "an address of Bitcoin, Ethereum, Litecoin, Tron, Solana and their like, with its checksum"},
	{"AMOUNT", "AMOUNT", false, false, foldCase, "an amount of money"},
	{"VIN", "VIN", true, false, foldIBAN, "a vehicle's number, with its check digit or beside its name"},
	{"MAC_ADDRESS", "MACADDR", true, false, foldIBAN, "the address of a network device"},
}
