package detect

var latinIDs = []id{
	{
		Kind: "AR_CUIT", Doc: "an Argentine taxpayer's or worker's number (CUIT, CUIL)",
		Alone: "99-99999999-9", Forms: "99999999999",
		Valid: every(oneOf(0, "20 23 24 25 26 27 30 33 34 50 51 55"), ends("5432765432", "09987654321")),
		Near:  "cuit, cuil, argentina, tributaria",
		Hits:  "CUIT «20-05536168-2» | «20-05536168-2» | CUIL «20055361682»", Misses: "CUIT 20-26756539-2 | 20055361682",
	},
	{
		Kind: "AR_DNI", Doc: "an Argentine identity document, beside its name",
		Forms: "99.999.999 | 99999999 | 9.999.999", Valid: mixed,
		Near: "dni, documento nacional, documento",
		Hits: "DNI «20.123.456» | DNI: «20123456»", Misses: "20.123.456 | DNI 2012345699",
	},
	{
		Kind: "AR_CBU", Doc: "an Argentine bank account (CBU)",
		Alone: "9999999999999999999999 | 99999999 99999999999999",
		Valid: every(part(0, 8, ends("7139713", minus10)), part(8, 0, ends("3971397139713", minus10))),
		Near:  "cbu, cvu, cuenta",
		Hits:  "CBU «2850590940090418135201» | «0720429088000002339140»", Misses: "CBU 2810590940090418135201 | 0720429088000002339141",
	},
	{
		Kind: "BO_CI", Doc: "a Bolivian identity card, beside its name",
		Forms: "9999999_aa | 99999999_aa | 9999999-aa-9 | 9999999-aa-a | 9999999-aa-99 | 9999999.aa.aa | 9999999-aa-aa | 99999999-aa-a | 99999999-aa-9",
		Valid: bolivian,
		Near:  "cedula, cédula, ci, carnet, bolivia",
		Hits:  "CI «1234567-SC» | carnet «12345678-LP»", Misses: "CI 1234567-XX | 1234567-SC",
	},
	{
		Kind: "BR_CPF", Doc: "a Brazilian taxpayer's number (CPF)",
		Alone: "999.999.999-99", Forms: "999.999.999.99 | 999 999 999 99 | 99999999999 | 999999999-99",
		Valid: every(mixed, digitAt(9, "A98765432", minus11zero), digitAt(10, "BA98765432", minus11zero)),
		Near:  "cpf, cadastro, contribuinte, brasil",
		Hits:  "«390.533.447-05» | CPF: «39053344705»", Misses: "231.002.999-00 | 390.533.447=0 | CPF 11111111111 | 39053344705",
	},
	{
		Kind: "BR_CNPJ", Doc: "a Brazilian company's number (CNPJ)", Off: true,
		Alone: "**.***.***/****-99", Forms: "**************",
		Valid: every(mixed, cnpj),
		Near:  "cnpj, empresa",
		Hits:  "«16.727.230/0001-97» | CNPJ «12.ABC.345/01DE-35» | CNPJ «16727230000197»", Misses: "16.727.230/0001-98 | 12.ABC.345/01DE-99 | 16727230000197",
	},
	{
		Kind: "CL_RUT", Doc: "a Chilean identity and tax number (RUT, RUN)",
		Alone: "99.999.999-* | 9.999.999-*", Forms: "99999999_* | 9999999_*",
		Valid: ends("32765432", minus11k),
		Near:  "rut, run, rol, chile",
		Hits:  "«12.531.909-2» | RUT «76086428-5» | CL RUT «7.727.230-5»", Misses: "12.531.909-3 | RUT 12531909-3 | 76086428-5",
	},
	{
		Kind: "CO_NIT", Doc: "a Colombian tax number (NIT)",
		Forms: "999.999.999-9 | 999999999-9 | 9999999999 | 99999999999 | 9.999.999.999-9",
		Valid: ends("51493A847186273", "01987654321"),
		Near:  "nit, dian, tributaria, rut",
		Hits:  "NIT «213.123.432-1» | NIT «900544472-2»", Misses: "NIT 213.123.432-5 | 900544472-2",
	},
	{
		Kind: "CR_CEDULA", Doc: "a Costa Rican identity card (cédula)",
		Forms: "9-9999-9999 | 99-9999-9999 | 999999999 | 9999999999",
		Valid: every(mixed, either(every(length(9), among(0, "123456789")), every(length(10), among(0, "0"), among(1, "123456789")))),
		Near:  "cédula, cedula, costa rica, identidad",
		Hits:  "cédula «3-0455-0175» | Costa Rica, cédula «304550175»", Misses: "cédula 30-1234-1234 | 3-0455-0175",
	},
	{
		Kind: "CR_DIMEX", Doc: "a Costa Rican foreigner's number", Forms: "99999999999 | 999999999999",
		Valid: every(mixed, among(0, "1")),
		Near:  "dimex, costa rica, extranjero",
		Hits:  "DIMEX «155812994816»", Misses: "DIMEX 300123456789 | 155812994816",
	},
	{
		Kind: "CR_COMPANY", Doc: "a Costa Rican company's number", Off: true,
		Forms: "9-999-999999 | 9999999999",
		Valid: either(every(among(0, "2"), oneOf(1, "100 200 300 400")), every(among(0, "3"), either(between(1, "002", "014"), between(1, "101", "110"))), oneOf(0, "4000 5001")),
		Near:  "cédula jurídica, cedula juridica, costa rica",
		Hits:  "Cédula jurídica «3-101-999999»", Misses: "cédula jurídica 3-534-123559 | 3-101-999999",
	},
	{
		Kind: "CU_NI", Doc: "a Cuban identity card",
		Forms: "99999999999",
		Valid: born(0, "yymmdd"),
		Near:  "carné, carne de identidad, cuba, identidad",
		Hits:  "Cuba, carné de identidad «91021027775»", Misses: "carné 91221027775 | 91021027775",
	},
	{
		Kind: "DO_CEDULA", Doc: "a Dominican identity card (cédula)",
		Forms: "999-9999999-9 | 99999999999",
		Valid: every(mixed, luhn),
		Near:  "cédula, cedula, dominicana, identidad",
		Hits:  "cédula «001-1391820-5» | cedula «00113918205»", Misses: "cédula 00113918204 | 00113918205",
	},
	{
		Kind: "DO_RNC", Doc: "a Dominican tax number (RNC)",
		Forms: "9-99-99999-9 | 999999999",
		Valid: ends("79865432", "21987654321"),
		Near:  "rnc, contribuyente",
		Hits:  "RNC «1-01-85004-3» | RNC «401505967»", Misses: "RNC 101850042 | 401505967",
	},
	{
		Kind: "EC_CI", Doc: "an Ecuadorian identity card",
		Forms: "999999999-9 | 9999999999",
		Valid: every(either(between(0, "01", "24"), oneOf(0, "30")), between(2, "0", "5"), luhn),
		Near:  "cédula, cedula, ecuador, identidad, ci",
		Hits:  "cédula «171430710-3» | cedula «1714307103»", Misses: "cédula 1714307104 | 2714307104 | 1714307103",
	},
	{
		Kind: "EC_RUC", Doc: "an Ecuadorian tax number (RUC)",
		Forms: "9999999999-999 | 9999999999999",
		Valid: every(either(between(0, "01", "24"), oneOf(0, "30")), not(part(10, 0, func(id []byte) bool { return zeros(id) })), either(
			every(between(2, "0", "5"), part(0, 10, luhn)),
			every(among(2, "6"), part(0, 9, ends("32765432", minus11))),
			every(among(2, "9"), part(0, 10, ends("432765432", minus11))))),
		Near: "ruc, contribuyente, ecuador",
		Hits: "RUC «1792060346-001» | RUC «1792060346001»", Misses: "RUC 1792060347-001 | 1792060346001",
	},
	{
		Kind: "GT_CUI", Doc: "a Guatemalan identity number (CUI, DPI)",
		Forms: "9999~99999~9999",
		Valid: every(digitAt(8, "23456789", mod11), between(9, "01", "22"), not(oneOf(11, "00"))),
		Near:  "cui, dpi, guatemala",
		Hits:  "CUI «1587564440904» | DPI «1580 35224 0101»", Misses: "CUI 1680352240101 | 1587564440904",
	},
	{
		Kind: "GT_NIT", Doc: "a Guatemalan tax number (NIT)",
		Forms: "9999-* | 99999-* | 999999-* | 9999999-* | 99999999-* | 9999999*",
		Valid: ends("DCBA98765432", minus11k),
		Near:  "nit, sat, guatemala",
		Hits:  "NIT «576937-K» | NIT «7108-0»", Misses: "NIT 8977112-0 | 576937-K",
	},
	{
		Kind: "MX_CURP", Doc: "a Mexican population register code (CURP)",
		Alone: "aaaa999999aaaaaa*9",
		Valid: every(born(4, "yymmdd"), among(10, "HMX")),
		Near:  "curp, población",
		Hits:  "CURP «GODE561231HDFRRN09» | «BADD110313HCMLNS09»", Misses: "GODE561331HDFRRN09 | GODE561231ZDFRRN09",
	},
	{
		Kind: "MX_RFC", Doc: "a Mexican taxpayer's code (RFC)",
		Alone: "aaaa999999***", Forms: "aaaa~999999 | aaa~999999~*** | aaaa~999999~***",
		Valid: either(born(4, "yymmdd"), born(3, "yymmdd")),
		Near:  "rfc, contribuyente, contribuyentes, sat",
		Hits:  "«VACE460910SX6» | RFC: «MAB-930714-8T4» | RFC «COMG-600703»", Misses: "VACE461910SX6 | COMG-600703",
	},
	{
		Kind: "MX_CLABE", Doc: "a Mexican bank account (CLABE)",
		Alone: "999999999999999999 | 999 999 99999999999 9",
		Valid: every(mixed, oneOf(0, mexicanBanks), clabe),
		Near:  "clabe, interbancaria, cuenta",
		Hits:  "CLABE «032180000118359719» | «002010077777777771»", Misses: "CLABE 002010077777777779 | 032180000118359718",
	},
	{
		Kind: "PE_DNI", Doc: "a Peruvian identity card (DNI, CUI)",
		Forms: "99999999 | 99999999-* | 999999999",
		Valid: peruvian,
		Near:  "perú, peru, peruano, peruana, reniec",
		Hits:  "Perú, DNI «10117410-2» | RENIEC «10117410»", Misses: "Perú 10117410-3 | 10117410-2",
	},
	{
		Kind: "PE_CE", Doc: "a Peruvian foreigner's card", Forms: "999999999", Valid: mixed,
		Near: "extranjería, carnet de extranjeria",
		Hits: "carnet de extranjería «001766062»", Misses: "001766062 | carnet de extranjería 12345678",
	},
	{
		Kind: "PE_RUC", Doc: "a Peruvian tax number (RUC)", Forms: "99999999999",
		Valid: every(oneOf(0, "10 15 16 17 20"), ends("5432765432", minus11one)),
		Near:  "ruc, sunat, contribuyente",
		Hits:  "RUC «20512333797»", Misses: "RUC 20512333798 | 20512333797",
	},
	{
		Kind: "PY_CEDULA", Doc: "a Paraguayan identity card, beside its name",
		Forms: "99999 | 9999999 | 9~999~999 | 999~999", Valid: mixed,
		Near: "cédula, cedula, paraguay, identidad",
		Hits: "cédula «3 785 123» | Cédula de identidad «6-001-234»", Misses: "3 785 123 | cédula 26601234",
	},
	{
		Kind: "PY_RUC", Doc: "a Paraguayan tax number (RUC)",
		Forms: "99999999-9 | 9999999-9 | 999999-9 | 9999-9",
		Valid: ends("98765432", minus11zero),
		Near:  "ruc, contribuyente, paraguay",
		Hits:  "RUC «80028061-0» | RUC «8765432-6»", Misses: "RUC 2660-4 | 80028061-0",
	},
	{
		Kind: "SV_NIT", Doc: "a Salvadoran tax number (NIT)",
		Alone: "9999-999999-999-9", Forms: "99999999999999",
		Valid: every(among(0, "0123456789"), either(
			every(between(10, "000", "100"), ends("EDCBA98765432", mod11zero)),
			every(between(10, "101", "999"), ends("2765432765432", minus11zero)))),
		Near: "nit, tributaria, salvador",
		Hits: "NIT «0614-050707-104-8» | «0614-050707-001-1»", Misses: "0614-050707-104-0 | 06140507071048",
	},
	{
		Kind: "UY_CEDULA", Doc: "a Uruguayan identity card",
		Forms: "9.999.999-9 | 99999999 | 9999999-9",
		Valid: every(mixed, ends("2987634", minus10)),
		Near:  "cédula, cedula, uruguay, ci, identidad",
		Hits:  "cédula «1.234.567-2» | CI «12345672»", Misses: "CI 1.234.567-3 | 12345672",
	},
	{
		Kind: "UY_NIE", Doc: "a Uruguayan foreigner's number",
		Forms: "99.999.999-9 | 999999999",
		Valid: every(among(0, "9"), ends("82987634", minus10)),
		Near:  "nie, extranjero, uruguay",
		Hits:  "NIE «91.234.567-0» | Uruguay, extranjero «912345670»", Misses: "NIE 91.234.567-3 | 912345670",
	},
	{
		Kind: "UY_RUT", Doc: "a Uruguayan tax number (RUT)", Off: true,
		Forms: "99_999999_999_9 | 999999999999",
		Valid: every(between(0, "01", "22"), not(oneOf(2, "000000")), ends("43298765432", minus11)),
		Near:  "rut, dgi, uruguay",
		Hits:  "RUT «21-100342-001-7» | RUT «211003420017»", Misses: "RUT 210303670014 | 211003420017",
	},
	{
		Kind: "VE_RIF", Doc: "a Venezuelan taxpayer's number (RIF)",
		Alone: "a-99999999-9", Forms: "a999999999",
		Valid: venezuela,
		Near:  "rif, seniat, venezuela",
		Hits:  "RIF «V-11470283-4» | RIF «V114702834»", Misses: "V-11470283-3 | O-11470283-3 | V114702834",
	},
}

// bolivian checks the letters of a department.
func bolivian(id []byte) bool {
	n := 0
	for n < len(id) && isDigit(id[n]) {
		n++
	}
	return oneOf(n, "CH LP CB OR PT TJ SC BE PD")(id)
}

// peruvian checks the ninth character of an identity card, if there is one.
func peruvian(id []byte) bool {
	if !digital(id[:8]) || same(id[:8]) {
		return false
	}
	if len(id) == 8 {
		return true
	}
	r := weigh(id, "32765432") % 11
	return id[8] == "65432110987"[r] || id[8] == "KJIHGFEDCBA"[r]
}

// mexicanBanks are the codes of banks with which account numbers begin.
const mexicanBanks = "002 006 009 012 014 019 021 022 030 032 036 037 042 044 058 059 060 062 072 106 108 110 112 113 116 124 126 127 128 129 " +
	"130 131 132 133 135 136 137 138 140 141 143 145 147 148 150 151 152 154 155 156 157 158 160 166 167 168 600 601 602 605 606 607 608 610 614 " +
	"615 616 617 618 619 620 621 622 623 626 627 628 629 630 631 632 633 634 636 637 638 640 642 646 647 648 649 651 652 653 655 656 659 670 " +
	"684 685 699 703 706 710 722 723 728 901 902"
