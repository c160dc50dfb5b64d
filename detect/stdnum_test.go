package detect

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// stdnumClaims are the validators of stdnum, by country, and the kinds here
// that stand for them. Not claimed are
//   - numbers of goods, receipts and forms: gen ean, it aic, do ncf, tw tax_code,
//     ca pst, ca qst;
//   - sm coe, of which two digits are one, and mx rfc, which may begin with "Ñ&";
//   - de stnr, which takes 11 digits for an identification number, fr siret, of
//     which a good number stands as a bad example, and mx clabe, of which the
//     same is so for the city 115: these are found here.
const stdnumClaims = `
ad nrt AD_NRT
ai tin AI_TIN
al nipt AL_NIPT
ao bi AO_BI
ao nif AO_NIF AO_BI
ar cbu AR_CBU
ar cuit AR_CUIT
ar dni AR_DNI
at businessid AT_COMPANY
at tin AT_TIN
at uid AT_VAT
at vnr AT_SVNR
au abn AU_ABN
au acn AU_ACN
au tfn AU_TFN
az pin AZ_PIN
az tin AZ_TIN
ba jmbg RS_JMBG
be bis BE_BIS
be insz BE_NN BE_BIS
be nn BE_NN
be vat BE_VAT
bg egn BG_EGN
bg pnf BG_PNF
bg vat BG_VAT
bo ci BO_CI
br cnpj BR_CNPJ
br cpf BR_CPF
by unp BY_UNP
bz tin BZ_TIN
ca bc_bhn CA_HEALTH_NUMBER
ca bn CA_BN
ca gst CA_BN
ca sin CA_SIN
ch ssn CH_AHV
ch uid CH_UID
ch vat CH_UID
cl rut CL_RUT
cn ric CN_RESIDENT_ID
cn uscc CN_COMPANY
co nit CO_NIT
cr cpf CR_CEDULA
cr cpj CR_COMPANY
cr cr CR_DIMEX
cu ni CU_NI
cy vat CY_VAT
cz dic CZ_ICO
cz ico CZ_ICO
cz rc CZ_RC
de idnr DE_TAX_ID
de pwnr DE_ID_CARD
de passport DE_PASSPORT
de svnr DE_SOCIAL_SECURITY
de vat DE_VAT_ID
dk cpr DK_CPR
dk cvr DK_CVR
do cedula DO_CEDULA
do rnc DO_RNC
dz nif DZ_NIF
ec ci EC_CI
ec ruc EC_RUC
ee ik EE_IK
ee kmkr EE_VAT
ee registrikood EE_COMPANY
eg tn EG_TN
es cif ES_CIF
es dni ES_NIF
es nie ES_NIE
es nif ES_NIF ES_NIE ES_CIF
es nss ES_NSS
fi alv FI_BUSINESS_ID
fi hetu FI_PERSONAL_IDENTITY_CODE
fi ytunnus FI_BUSINESS_ID
fo vn FO_VN
fr nif FR_NIF
fr nir FR_NIR
fr siren FR_SIREN
fr tva FR_VAT MC_VAT
gb nino UK_NINO
gb utr UK_UTR
gb vat UK_VAT
gh tin GH_TIN
gn nifp GN_NIFP
gr amka GR_AMKA
gr vat GR_AFM
gt cui GT_CUI
gt nit GT_NIT
hk hkid HK_ID
hr oib HR_OIB
hu anum HU_TAX_NUMBER
id npwp ID_NPWP
ie pps IE_PPS
ie vat IE_VAT
il hp IL_COMPANY
il idnr IL_ID
in aadhaar IN_AADHAAR
in epic IN_VOTER
in gstin IN_GSTIN
in pan IN_PAN
is kennitala IS_KENNITALA
is vsk IS_VAT
it codicefiscale IT_FISCAL_CODE
it iva IT_VAT_CODE
jp cn JP_CORPORATE_NUMBER
ke pin KE_PIN
kr brn KR_BRN
kr rrn KR_RRN KR_FRN
li peid LI_PEID
lk nic LK_NIC
lt asmens LT_ASMENS
lt pvm LT_VAT
lu tva LU_VAT
lv pvn LV_VAT LV_PK
ma ice MA_ICE
ma ice9 MA_ICE
mc tva MC_VAT
md idno MD_IDNO
me pib ME_PIB
mk edb MK_EDB
mt vat MT_VAT
mu nid MU_NID
my nric MY_NRIC
mz bi MZ_BI
mz nuit MZ_NUIT
nl bsn NL_BSN
nl btw NL_VAT
nl onderwijsnummer NL_EDUCATION_NUMBER
no fodselsnummer NO_FODSELSNUMMER
no kontonr NO_BANK_ACCOUNT
no mva NO_ORGNR
no orgnr NO_ORGNR
nz bank NZ_BANK_ACCOUNT
nz ird NZ_IRD
pe ce PE_CE
pe cui PE_DNI
pe ruc PE_RUC
pk cnic PK_CNIC
pk ntn PK_NTN
pl nip PL_NIP
pl pesel PL_PESEL
pl regon PL_REGON
pt cc PT_CC
pt nif PT_NIF
py cedula PY_CEDULA
py ruc PY_RUC
ro cif RO_CUI RO_CNP
ro cnp RO_CNP
ro cui RO_CUI
ro onrc RO_ONRC
rs pib RS_PIB
ru inn RU_INN
se orgnr SE_ORGANISATIONSNUMMER
se personnummer SE_PERSONNUMMER
se vat SE_VAT
sg uen SG_UEN
si ddv SI_DDV
sk dph SK_VAT
sv nit SV_NIT
th idnr TH_TNIN
th moa TH_TIN
th tin TH_TIN
tn mf TN_MF
tr tckimlik TR_NATIONAL_ID
tr vkn TR_VKN
tw ban TW_COMPANY
tw natid TW_NATIONAL_ID
tw ubn TW_COMPANY
tw ui TW_NATIONAL_ID
ua edrpou UA_EDRPOU
ua rntrc UA_RNTRC
us ein US_EIN
us ssn US_SSN
uy cedula UY_CEDULA
uy nie UY_NIE
uy rut UY_RUT
ve rif VE_RIF
vn mst VN_MST
za idnr ZA_ID_NUMBER
za tin ZA_TIN
za vat ZA_VAT
`

type stdnumVector struct {
	Country, Module, Value string
	Valid                  int
}

// TestStdnumVectors holds that each claimed validator accepts what it should
// and nothing else: a rule finds the number beside its word, or accepts its
// letters and digits however they are parted.
func TestStdnumVectors(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(vectors, "stdnum.jsonl"))
	if os.IsNotExist(err) {
		t.Skipf("%s is not here: the published examples are not part of the module", vectors)
	}
	if err != nil {
		t.Fatal(err)
	}
	claimed := map[string][]Kind{}
	for line := range strings.Lines(strings.TrimSpace(stdnumClaims)) {
		f := strings.Fields(line)
		for _, k := range f[2:] {
			claimed[f[0]+" "+f[1]] = append(claimed[f[0]+" "+f[1]], Kind(k))
		}
	}
	countries := map[string]bool{}
	seen := map[string]bool{}
	for line := range strings.Lines(string(data)) {
		var v stdnumVector
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatal(err)
		}
		kinds := claimed[v.Country+" "+v.Module]
		if kinds == nil {
			continue
		}
		seen[v.Country+" "+v.Module] = true
		countries[v.Country] = true
		if got := accepted(t, kinds, v); got != (v.Valid == 1) {
			t.Errorf("%s %s: %q is accepted: %v", v.Country, v.Module, v.Value, got)
		}
	}
	if len(seen) != len(claimed) || len(countries) < 70 {
		t.Errorf("%d of %d claimed validators have examples, in %d countries", len(seen), len(claimed), len(countries))
	}
	t.Logf("%d validators of %d countries", len(seen), len(countries))
}

// accepted reports whether a rule of the kinds that checks what it finds takes
// the number.
func accepted(t *testing.T, kinds []Kind, v stdnumVector) bool {
	t.Helper()
	if strings.ContainsAny(v.Value, "=@#") {
		return false
	}
	compact := compactID(v.Value)
	prefix := map[string]string{"gr": "EL"}[v.Country]
	short := strings.TrimPrefix(strings.TrimPrefix(compact, prefix), strings.ToUpper(v.Country))
	for i := range Rules {
		r := &Rules[i]
		if !slices.Contains(kinds, r.Kind) || strings.HasSuffix(r.Name, "-unchecked") {
			continue
		}
		for _, f := range append(slices.Clone(r.Forms), shapesAsForms(r)...) {
			for _, s := range []string{compact, short} {
				if id, ok := readCompact(f, s); ok && (r.Valid == nil || r.Valid([]byte(id))) {
					return true
				}
			}
		}
	}
	return false
}

// compactID keeps letters and digits, in upper case.
func compactID(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x80 && isWord(byte(r)) {
			return r
		}
		return -1
	}, strings.ToUpper(s))
}

// shapesAsForms are the shapes of a rule, "3-2-4", as forms.
func shapesAsForms(r *Rule) (forms []string) {
	for _, s := range r.Shapes {
		digits := 0
		for _, c := range s {
			if c >= '0' && c <= '9' {
				digits += int(c - '0')
			}
		}
		forms = append(forms, strings.Repeat("9", digits))
	}
	return forms
}

// readCompact reads s as the form without what parts it, and returns its id.
func readCompact(form, s string) (id string, ok bool) {
	form = strings.Map(func(r rune) rune {
		if r == '*' || r < 0x80 && isWord(byte(r)) {
			return r
		}
		return -1
	}, form)
	if len(form) != len(s) {
		return "", false
	}
	for i := range len(s) {
		switch c := s[i]; form[i] {
		case '9':
			ok = isDigit(c)
		case 'a':
			ok = isLetter(c)
		case '*':
			ok = true
		default:
			if c != form[i] {
				return "", false
			}
			continue
		}
		if !ok {
			return "", false
		}
		id += s[i : i+1]
	}
	return id, true
}
