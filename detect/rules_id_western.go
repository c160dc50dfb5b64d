package detect

var westernIDs = []id{
	{
		Kind: "FR_NIR", Doc: "a French social security number (NIR)",
		Alone: "9~99~99~9*~999~999~99 | 9 99 99 9* 999 999 99",
		Valid: every(born(1, "yymm", 20, 30, 50), insee),
		Near:  "sécurité sociale, nir, numéro de sécu, assuré",
		Hits:  "NIR «2 95 10 99 126 111 93» | «295109912611193»", Misses: "2 95 10 99 126 111 92 | 295109912611199",
	},
	{
		Kind: "FR_NIF", Doc: "a French tax number (numéro fiscal)",
		Forms: "99~99~999~999~999 | 9999999999999",
		Valid: every(among(0, "0123"), func(id []byte) bool { return remainder(id[:10], 511) == remainder(id[10:], 1000) }),
		Near:  "fiscal, spi, impôts, impots",
		Hits:  "numéro fiscal «3023217600053» | numéro fiscal «30 23 217 600 053»", Misses: "numéro fiscal 3023217600054 | 3023217600053",
	},
	{
		Kind: "FR_CNI", Doc: "a French identity card, beside its name",
		Forms: "999999999999 | *99****99 | 99aa99999", Valid: mixed,
		Near: "cni, carte d'identité, carte nationale, identité, passeport",
		Hits: "carte d'identité «880692310285» | passeport «09AB12345»", Misses: "880692310285 | CNI 88069231028",
	},
	{
		Kind: "FR_SIREN", Doc: "a French company's number (SIREN, SIRET)", Off: true,
		Forms: "999~999~999 | 999~999~999~99999",
		Valid: luhn,
		Near:  "siren, siret, rcs, entreprise",
		Hits:  "SIREN «552 008 443» | SIRET «73282932000074» | RCS «552008443»", Misses: "SIREN 552 008 442 | 552 008 443",
	},
	{
		Kind: "FR_VAT", Label: "FRVATNUM", Doc: "a French value added tax number", Off: true,
		Alone: "FR_99_999_999_999", Forms: "99_999_999_999",
		Valid: every(frenchVAT, not(oneOf(2, "000"))),
		Near:  "tva, intracommunautaire, vat",
		Hits:  "«Fr 40 303 265 045» | TVA «40303265045»", Misses: "FR 84 323 140 391 | 40303265045 | TVA 53 0000 04605",
	},
	{
		Kind: "MC_VAT", Label: "MCVATNUM", Doc: "a Monegasque value added tax number", Off: true,
		Alone: "FR_99_000_099_999", Forms: "99_000_099_999 | 99_0000_99999",
		Valid: frenchVAT,
		Near:  "tva, monaco, monégasque",
		Hits:  "TVA Monaco «53 0000 04605»", Misses: "FR 61 954 506 077 | 53 0000 04605",
	},
	{
		Kind: "BE_NN", Label: "BENATIONAL", Doc: "a Belgian national register number (INSZ)",
		Alone: "99.99.99-999.99 | 999999-999-99 | 999999-999.99", Forms: "99999999999 | 99 99 99 999 99",
		Valid: every(mixed, belgianDate(0), belgianCheck),
		Near:  belgianWords,
		Hits:  "«88.02.29-999.90» | rijksregisternummer «88022999990» | NISS «40000100133»", Misses: "88.02.29-999.91 | NISS 87022999991 | 88022999990 | NISS 99000099942",
	},
	{
		Kind: "BE_BIS", Label: "BEFOREIGNER", Doc: "a Belgian register number of a person who is not in the national register (BIS, INSZ)",
		Alone: "99.99.99-999.99 | 999999-999-99 | 999999-999.99", Forms: "99999999999 | 99 99 99 999 99",
		Valid: every(mixed, either(belgianDate(20), belgianDate(40)), belgianCheck),
		Near:  belgianWords,
		Hits:  "«88.22.29-999.36» | bisnummer «88422999979» | NISS «88222999936»", Misses: "88.22.29-999.37 | NISS 96331699989 | 88222999936",
	},
	{
		Kind: "BE_VAT", Label: "BEVATNUM", Doc: "a Belgian value added tax and company number", Off: true,
		Alone: "BE_9999_999_999 | BE_999_999_999", Forms: "9999.999.999 | 9999999999 | (9)999999999 | 999999999",
		Valid: belgianVAT,
		Near:  "btw, tva, vat, ondernemingsnummer, kbo, bce",
		Hits:  "«BE403019261» | «BE 0417497106» | BTW «0428.759.497»", Misses: "BE431150351 | 0403019261",
	},
	{
		Kind: "NL_BSN", Doc: "a Dutch citizen service number (BSN)",
		Forms: "999999999 | 99999999 | 9999~99~999 | 999~999~999 | 9999.99.999",
		Valid: bsn,
		Near:  "bsn, burgerservicenummer, sofinummer, sofi, burgerservice",
		Hits:  "BSN «123456782» | burgerservicenummer: «1112.22.333»", Misses: "BSN 123456783 | 123456782",
	},
	{
		Kind: "NL_EDUCATION_NUMBER", Label: "NLEDUCATION", Doc: "a Dutch pupil's number (onderwijsnummer)", Forms: "999999999 | 9999~99~999",
		Valid: every(oneOf(0, "10"), total("98765432A", 11, 5)),
		Near:  "onderwijsnummer, onderwijs, leerling, pgn",
		Hits:  "onderwijsnummer «1012.22.331»", Misses: "onderwijsnummer 100252333 | 101222331",
	},
	{
		Kind: "NL_VAT", Label: "NLVATNUM", Doc: "a Dutch value added tax number, which may hold a person's BSN",
		Alone: "NL_999999999_B99 | NL_9999999B99 | NL_9999_99_999_B_99", Forms: "999999999B99",
		Valid: dutchVATPadded,
		Near:  "btw, btw-nummer, vat, omzetbelasting",
		Hits:  "«NL4495445B01» | BTW «004495445B01» | «NL002455799B11»", Misses: "NL123456789B90 | 004495445B01",
	},
	{
		Kind: "NL_PASSPORT", Doc: "a Dutch passport or identity card, beside its name", Forms: "aa*****99 | aa******9",
		Valid: every(mixed, not(among(0, "O"))),
		Near:  "paspoort, paspoortnummer, identiteitskaart, documentnummer",
		Hits:  "paspoortnummer «NWR45BL29»", Misses: "NWR45BL29",
	},
	{
		Kind: "LU_VAT", Label: "LUVATNUM", Doc: "a Luxembourg value added tax number", Off: true,
		Alone: "LU_999_999_99", Forms: "99999999",
		Valid: func(id []byte) bool { return remainder(id[:6], 89) == remainder(id[6:], 100) },
		Near:  "tva, vat, luxembourg",
		Hits:  "«LU 150 274 42» | TVA «15027442»", Misses: "LU 150 274 43 | 15027442",
	},
	{
		Kind: "LU_ID", Doc: "a Luxembourg national identification number", Forms: "9999999999999 | 9999 99 99 999 99",
		Valid: every(born(0, "yyyymmdd"), part(0, 12, luhn)),
		Near:  "matricule, cns, luxembourg, identification",
		Hits:  "matricule «1990010100080»", Misses: "matricule 1990130100080 | 1893120105732",
	},
}

const belgianWords = "rijksregister, rijksregisternummer, registre national, national, nationaal, niss, insz, bis, bisnummer"

// belgianDate checks the date of a register number, of which month and day may
// not be known. Those who are not in the national register have 20 added to the
// month, or 40 if their sex is known.
func belgianDate(added int) idCheck {
	return func(id []byte) bool {
		month, day := remainder(id[2:4], 100)-added, remainder(id[4:6], 100)
		return month >= 0 && month <= 12 && (month == 0 || day == 0 || validDay(remainder(id[:2], 100), month, day))
	}
}

// belgianCheck checks the last two digits. For those born from 2000 on a 2
// stands before the others; they were so before 2050.
func belgianCheck(id []byte) bool {
	last, rest := remainder(id[9:], 100), remainder(id[:9], 97)
	return 97-rest == last || id[0] < '5' && 97-(2*(1_000_000_000%97)+rest)%97 == last
}

// belgianVAT checks the last two digits of a number, of which the 0 in front
// may be missing.
func belgianVAT(id []byte) bool {
	n := len(id) - 2
	return !zeros(id) && 97-remainder(id[:n], 97) == remainder(id[n:], 100)
}

// dutchVATPadded checks a number that may lack the zeros in front.
func dutchVATPadded(id []byte) bool {
	var padded [11]byte
	copy(padded[:], "00000000000")
	copy(padded[11-len(id):], id)
	return dutchVAT(padded[:])
}
