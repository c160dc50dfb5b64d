package detect

// otherKinds are the kinds of values that nobody is given by an authority but
// that tell of a person, and of such as tell little and are off.
var otherKinds = []KindInfo{
	{Person, "PERSON", true, false, foldTerm, "the name of a person, as the model finds it"},
	{Location, "LOCATION", true, false, foldTerm, "the name of a place, as the model finds it"},
	{Organization, "ORG", false, false, foldTerm, "the name of a company, agency, school or team, as the model finds it"},
	{"BIC_CODE", "BIC", false, false, foldIBAN, "a bank's identifier code (BIC, SWIFT), behind its name"},
	{"CRYPTO", "CRYPTO", true, false, foldNone, "an address of Bitcoin, Ethereum, Litecoin, Tron, Solana and their like, with its checksum"},
	{"EMAIL_OBFUSCATED", "MAILSAID", false, false, foldCase, "an e-mail address with words for its signs, such as kim (at) corp (dot) com"},
	{"AMOUNT", "AMOUNT", false, false, foldCase, "an amount of money"},
	{"VIN", "VIN", true, false, foldIBAN, "a vehicle's number, with its check digit or beside its name"},
	{"DATE_OF_BIRTH", "BIRTHDATE", true, false, foldCase, "a date beside a word for birth"},
	{"DATE_TIME", "DATETIME", false, false, foldCase, "a date, with or without a time"},
	{"AGE", "PERSONAGE", false, false, foldCase, "the age of a person"},
	{"URL_PERSONAL", "URLVALUE", true, false, foldNone, "the value of a name in a URL's query that tells who somebody is"},
	{"URL", "WEBURL", false, false, foldNone, "a URL"},
	{"DOMAIN_NAME", "DOMAIN", false, false, foldCase, "the name of a host"},
	{"SOCIAL_HANDLE", "HANDLE", false, false, foldCase, "a name behind @ in social networks"},
	{"STREET_ADDRESS", "ADDRESS", true, false, foldTerm, "a postal address by its form: a street with a number, a box, a town with its code; the model finds others"},
	{"US_ZIP_CODE", "ZIPCODE", true, false, foldDigits, "a postal code of digits beside its name"},
	{"COORDINATES", "GEOPOINT", true, false, foldCase, "a latitude and a longitude"},
	{"MAC_ADDRESS", "MACADDR", true, false, foldIBAN, "the address of a network device"},
}
