package detect

import "strings"

var eastAsianIDs = []id{
	{
		Kind: "KR_RRN", Doc: "a Korean resident registration number",
		Alone: "999999-9999999", Forms: "9999999999999 | 999999 9999999",
		Valid: every(born(0, "yymmdd"), either(among(6, "1234"), every(among(6, "9"), between(0, "80", "99"), ends("234567892345", minus11one)))),
		Near:  "rrn, 주민등록번호, 주민번호, 주민, resident registration, korean, ssn",
		Hits:  "주민등록번호는 «960121-1234567»입니다 | «000505-3637892» | 주민번호 «9601211234567» | \"rrn\": \"«960121-1021413»\"", Misses: "001332-1234567 | 960303-0021413 | 9601211234567 | 960111-10214131",
	},
	{
		Kind: "KR_FRN", Doc: "a Korean foreigner registration number",
		Alone: "999999-9999999", Forms: "9999999999999 | 999999 9999999",
		Valid: every(born(0, "yymmdd"), among(6, "5678")),
		Near:  "frn, 외국인등록번호, 외국인, alien registration, arc, korean",
		Hits:  "외국인등록번호 «911124-5678901» | His FRN is «9111245678906»", Misses: "001332-5234567 | 9111245678901",
	},
	{
		Kind: "KR_BRN", Doc: "a Korean business registration number", Off: true,
		Alone: "999-99-99999", Forms: "9999999999",
		Valid: every(not(oneOf(0, "000")), mixed, koreanBusiness),
		Near:  "brn, 사업자등록번호, 사업자번호, 사업자, business registration",
		Hits:  "사업자등록번호 «104-86-56659» | My BRN is «1048656659»", Misses: "104-86-56658 | 110-81-4127 | 1048656659",
	},
	{
		Kind: "KR_PASSPORT", Doc: "a Korean passport, beside its name if in the older form",
		Alone: "a999a9999", Forms: "a99999999",
		Valid: every(among(0, "MSRODG"), part(1, 4, digital)),
		Near:  "passport, passports, 여권, 여권번호",
		Hits:  "여권번호는 «M789C1234»입니다 | «S012D5678» | 대한민국 여권 «S87654321»", Misses: "A123B4567 | M12A4567 | M123AB567 | M87654321",
	},
	{
		Kind: "KR_DRIVER_LICENSE", Label: "KRLICENSE", Doc: "a Korean driving licence",
		Alone: "99-99-999999-99", Forms: "999999999999 | 99 99 999999 99",
		Valid: between(0, "11", "28"),
		Near:  "운전면허, 면허번호, 운전면허번호, 면허, driver, license, licence",
		Hits:  "운전면허번호 «11-22-123456-12» | My license is «13-22-123456-12» | 면허번호 «112212345612»", Misses: "99-22-123456-12 | 11-22-12345-12 | 111-22-123456-12 | 112212345612",
	},
	{
		Kind: "JP_MY_NUMBER", Doc: "a Japanese individual number (My Number)",
		Forms: "9999~9999~9999",
		Valid: every(mixed, ends("65432765432", minus11zero)),
		Near:  "my number, mynumber, マイナンバー, 個人番号",
		Hits:  "マイナンバー: «1234 5678 9018» | My Number «123456789018»", Misses: "マイナンバー 1234 5678 9012 | 123456789018",
	},
	{
		Kind: "JP_CORPORATE_NUMBER", Label: "JPCORPORATE", Doc: "a Japanese company's number", Off: true,
		Forms: "9-9999-9999-9999 | 9999999999999",
		Valid: japanCorporate,
		Near:  "法人番号, corporate number, hojin",
		Hits:  "法人番号 «5-8356-7825-6246»", Misses: "法人番号 2-8356-7825-6246 | 5835678256246",
	},
	{
		Kind: "JP_PASSPORT", Doc: "a Japanese passport, beside its name", Forms: "aa9999999", Valid: mixed,
		Near: "旅券, パスポート",
		Hits: "旅券番号 «TR1234567» | パスポート «TR1234567»", Misses: "TR1234567",
	},
	{
		Kind: "CN_RESIDENT_ID", Label: "CNRESIDENT", Doc: "a Chinese resident identity card",
		Alone: "99999999999999999*",
		Valid: every(between(0, "110000", "829999"), part(0, 17, digital), among(17, "0123456789X"), born(6, "yyyymmdd"), iso7064Mod11_2),
		Near:  "身份证, 身份证号, 身份號碼, resident, identity",
		Hits:  "身份证号是«360426199101010071»。 | «120103198806018241» | «11010519491231002X»", Misses: "360426199101010072 | 360426199113010071",
	},
	{
		Kind: "CN_COMPANY", Label: "CNCREDITCODE", Doc: "a Chinese company's unified social credit identifier", Off: true,
		Alone: "9*************9999 | 99999999*********** | 99999999**********",
		Valid: every(length(18), unifiedSocialCredit),
		Near:  "统一社会信用代码, 信用代码",
		Hits:  "统一社会信用代码 «91110000600037341L»", Misses: "91110000600037342L | A1110000600037341L",
	},
	{
		Kind: "CN_PASSPORT", Doc: "a Chinese passport, beside its name", Forms: "a99999999 | aa9999999",
		Valid: among(0, "EGDSP"),
		Near:  "护照, 護照",
		Hits:  "护照号码 «E12345678» | 护照«G12345678»", Misses: "E12345678",
	},
	{
		Kind: "TW_NATIONAL_ID", Doc: "a Taiwanese identity or resident number",
		Alone: "a999999999 | aa99999999",
		Valid: every(either(every(letterAt(1), among(1, "ABCD")), among(1, "1289")), taiwanPerson),
		Near:  "身分證, 統一編號, 居留證, taiwan, national id",
		Hits:  "身分證字號 «A200501505»", Misses: "A200501506 | A700501503",
	},
	{
		Kind: "TW_COMPANY", Doc: "a Taiwanese company's unified business number", Off: true,
		Forms: "99999999",
		Valid: taiwanCompany,
		Near:  "統一編號, 統編, ubn, taiwan",
		Hits:  "統編 «04595257»", Misses: "統編 00501502 | 04595257",
	},
	{
		Kind: "HK_ID", Label: "HKIDENTITY", Doc: "a Hong Kong identity card",
		Alone: "a999999(*) | aa999999(*)", Forms: "a999999* | aa999999*",
		Valid: hongKong,
		Near:  "hkid, 身份證, hong kong, identity card, 身份证",
		Hits:  "HKID «G123456(A)» | 身份證 «C5678909» | HKID: «AB9876543»", Misses: "HKID C5678908 | G123456A",
	},
	{
		Kind: "SG_NRIC_FIN", Label: "SGNRIC", Doc: "a Singaporean identity number (NRIC, FIN)",
		Alone: "a9999999a",
		Valid: singapore,
		Near:  "nric, fin, singapore, identity",
		Hits:  "NRIC «S2740116C» was processed | «F2346401L»", Misses: "S2740116D | A1234567Z | PA12348L",
	},
	{
		Name: "sg-nric-fin-unchecked", Kind: "SG_NRIC_FIN",
		Forms: "a9999999a",
		Near:  "nric, fin, singapore",
		Hits:  "NRIC «M4332674T»", Misses: "M4332674X",
	},
	{
		Kind: "SG_UEN", Doc: "a Singaporean company's number (UEN)", Off: true,
		Alone: "999999999a | a99aa9999a", Forms: "99999999a",
		Valid: singaporeCompany,
		Near:  "uen, acra, company",
		Hits:  "UEN «53125226D» was processed | «201434292D» | «T16RF0037C»", Misses: "UEN 53125226 | 201434292E | 53125226D",
	},
	{
		Kind: "MY_NRIC", Label: "MYIDENTITY", Doc: "a Malaysian identity card (MyKad)",
		Alone: "999999-99-9999", Forms: "999999999999",
		Valid: every(born(0, "yymmdd"), malaysianState),
		Near:  "nric, mykad, ic no, kad pengenalan, malaysia",
		Hits:  "MyKad «770305-02-1234» | IC No: «770305021234»", Misses: "771305-02-1234 | 770305-00-1234 | 770305021234",
	},
	{
		Kind: "TH_TNIN", Doc: "a Thai identity and tax number",
		Alone: "9-9999-99999-99-9", Forms: "9999999999999 | 9-99-9-999-99999-9",
		Valid: every(not(among(0, "09")), thaiProvince, mixed, ends("DCBA98765432", minus11one)),
		Near:  "thai, tnin, national id, เลขประจำตัว, บัตรประชาชน, ประชาชน, thailand",
		Hits:  "เลขประจำตัวประชาชน: «3456789012347» | My Thai ID is «1234567890121» | «1-2345-67890-12-1»", Misses: "TNIN 1234567890123 | TNIN 0234567890124 | 1234567890121",
	},
	{
		Kind: "TH_TIN", Label: "THTAXNUM", Doc: "a Thai tax number of a company", Off: true,
		Forms: "9999999999999 | 9-99-9-999-99999-9",
		Valid: every(among(0, "0"), mixed, ends("DCBA98765432", minus11one)),
		Near:  "ภาษี, tax id, tin, moa, thailand",
		Hits:  "tax ID «0994000617721»", Misses: "tax ID 0994000617723 | 0994000617721",
	},
	{
		Kind: "ID_NPWP", Doc: "an Indonesian tax number (NPWP)",
		Alone: "99.999.999.9-999.999", Forms: "999999999999999",
		Valid: part(0, 9, luhn),
		Near:  "npwp, pajak",
		Hits:  "«01.312.166.0-091.000» | NPWP «016090524017000»", Misses: "01.312.166.1-091.000 | 016090524017000",
	},
	{
		Kind: "ID_NIK", Label: "IDNIKNUM", Doc: "an Indonesian identity number (NIK)",
		Forms: "9999999999999999",
		Valid: every(between(0, "11", "96"), either(born(6, "ddmmyy"), indonesianWoman)),
		Near:  "nik, ktp, kependudukan, indonesia",
		Hits:  "NIK «3171011708450001»", Misses: "NIK 3171013213450001 | 3171011708450001",
	},
	{
		Kind: "PH_TIN", Doc: "a Philippine taxpayer's number",
		Alone: "999-999-999-999", Forms: "999-999-999 | 999999999 | 999999999999",
		Valid: part(0, 9, every(mixed, ends("98765432", mod11))),
		Near:  "tin, bir, taxpayer, tax id",
		Hits:  "My TIN is «000-123-456-000» | BIR TIN: «000123456000»", Misses: "TIN 000-123-457-000 | 000123456",
	},
	{
		Kind: "VN_MST", Doc: "a Vietnamese tax number", Forms: "9999999999 | 9999999999-999",
		Valid: part(0, 10, every(mixed, ends("VTNJHD753", "-9876543210"))),
		Near:  "mst, mã số thuế, vietnam, việt nam",
		Hits:  "MST «0100233488» | mã số thuế «0314409058-002»", Misses: "MST 0100233480 | 0100233488",
	},
}

// singapore checks an identity number: T and G have 4 more than S and F, M 3.
func singapore(id []byte) bool {
	sum := weigh(id[1:8], "2765432")
	switch id[0] {
	case 'S':
		return id[8] == "JZIHGFEDCBA"[sum%11]
	case 'T':
		return id[8] == "JZIHGFEDCBA"[(sum+4)%11]
	case 'F':
		return id[8] == "XWUTRQPNMLK"[sum%11]
	case 'G':
		return id[8] == "XWUTRQPNMLK"[(sum+4)%11]
	case 'M':
		return id[8] == "XWUTRQPNJLK"[10-(sum+3)%11]
	}
	return false
}

// singaporeCompany checks a business's number, a local company's, which begins
// with its year, or that of another body.
func singaporeCompany(id []byte) bool {
	last := len(id) - 1
	switch {
	case last == 8:
		return digital(id[:8]) && id[8] == "XMKECAWLJDB"[weigh(id, "A4938271")%11]
	case isDigit(id[0]):
		return id[9] == "ZKCMDNERGWH"[weigh(id, "A86497531")%11]
	}
	const letters = "ABCDEFGHJKLMNPQRSTUVWX0123456789"
	sum := 0
	for i, c := range id[:9] {
		v := strings.IndexByte(letters, c)
		if v < 0 {
			return false
		}
		sum += v * value36("4353A2257"[i])
	}
	return among(0, "RST")(id) && id[9] == letters[((sum-5)%11+11)%11]
}

// malaysianState holds if the code of the place of birth is in use.
func malaysianState(id []byte) bool {
	return !oneOf(6, "00 17 18 19 20 69 70 73 80 81 94 95 96 97")(id)
}

// thaiProvince holds if the province, of which there are few in each ten, is
// in use.
func thaiProvince(id []byte) bool {
	return !oneOf(1, "00 28 29 59 68 69 78 79 87 88 89 97 98 99")(id)
}

// indonesianWoman holds for a date to whose day 40 is added.
func indonesianWoman(id []byte) bool {
	return validDay(0, remainder(id[8:10], 100), remainder(id[6:8], 100)-40)
}
