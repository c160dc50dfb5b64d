package detect

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// claims are the files of Presidio's tests, without "test_" and
// "_recognizer.py", and the kinds here that are theirs.
var claims = []struct {
	file  string
	kinds []Kind
	least float64 // share of the examples with the expected number of findings
}{
	{"email", []Kind{EmailAddress}, 1},
	{"credit_card", []Kind{CreditCard}, 1},
	{"us_ssn", []Kind{USSSN}, 0.95},
	{"phone", []Kind{PhoneNumber}, 0.95},
	{"ip", []Kind{IPAddress, LocalIPAddress}, 0.95},
	{"aba_routing", []Kind{"ABA_ROUTING_NUMBER"}, 0.95},
	{"crypto", []Kind{"CRYPTO"}, 0.95},
	{"mac", []Kind{"MAC_ADDRESS"}, 0.95},
	{"date", []Kind{"DATE_TIME"}, 0.95},
	{"url", []Kind{"URL", "DOMAIN_NAME"}, 0.95},
	{"us_bank", []Kind{"US_BANK_NUMBER"}, 0.95},
	{"au_abn", []Kind{"AU_ABN"}, 0.95},
	{"au_acn", []Kind{"AU_ACN"}, 0.95},
	{"au_medicare", []Kind{"AU_MEDICARE"}, 0.95},
	{"au_tfn", []Kind{"AU_TFN"}, 0.95},
	{"ca_sin", []Kind{"CA_SIN"}, 0.95},
	{"certificate_number", []Kind{"MEDICAL_LICENSE"}, 0.95},
	{"de_bsnr", []Kind{"DE_BSNR"}, 0.95},
	{"de_fuehrerschein", []Kind{"DE_FUEHRERSCHEIN"}, 0.95},
	{"de_handelsregister", []Kind{"DE_HANDELSREGISTER"}, 0.95},
	{"de_health_insurance", []Kind{"DE_HEALTH_INSURANCE"}, 0.95},
	{"de_id_card", []Kind{"DE_ID_CARD"}, 0.95},
	{"de_kfz", []Kind{"DE_KFZ"}, 0.95},
	{"de_lanr", []Kind{"DE_LANR"}, 0.95},
	{"de_passport", []Kind{"DE_PASSPORT"}, 0.95},
	{"de_plz", []Kind{"DE_PLZ"}, 0.95},
	{"de_social_security", []Kind{"DE_SOCIAL_SECURITY"}, 0.95},
	{"de_tax_id", []Kind{"DE_TAX_ID"}, 0.95},
	{"de_tax_number", []Kind{"DE_TAX_NUMBER"}, 0.95},
	{"de_vat_id", []Kind{"DE_VAT_ID"}, 0.95},
	{"es_nie", []Kind{"ES_NIE"}, 0.95},
	{"es_nif", []Kind{"ES_NIF"}, 0.95},
	{"es_passport", []Kind{"ES_PASSPORT"}, 0.95},
	{"fi_personal_identity_code", []Kind{"FI_PERSONAL_IDENTITY_CODE"}, 0.95},
	{"in_aadhaar", []Kind{"IN_AADHAAR"}, 0.95},
	{"in_gstin", []Kind{"IN_GSTIN"}, 0.95},
	{"in_pan", []Kind{"IN_PAN"}, 0.95},
	{"in_passport", []Kind{"IN_PASSPORT"}, 0.95},
	{"in_vehicle_registration", []Kind{"IN_VEHICLE_REGISTRATION"}, 0.95},
	{"in_voter", []Kind{"IN_VOTER"}, 0.95},
	{"it_driver_license", []Kind{"IT_DRIVER_LICENSE"}, 0.95},
	{"it_fiscal_code", []Kind{"IT_FISCAL_CODE"}, 0.95},
	{"it_identity_card", []Kind{"IT_IDENTITY_CARD"}, 0.95},
	{"it_passport", []Kind{"IT_PASSPORT"}, 0.95},
	{"it_vat_code", []Kind{"IT_VAT_CODE"}, 0.95},
	{"kr_brn", []Kind{"KR_BRN"}, 0.95},
	{"kr_driver_license", []Kind{"KR_DRIVER_LICENSE"}, 0.95},
	{"kr_frn", []Kind{"KR_FRN"}, 0.95},
	{"kr_passport", []Kind{"KR_PASSPORT"}, 0.95},
	{"kr_rrn", []Kind{"KR_RRN"}, 0.95},
	{"ng_vehicle_registration", []Kind{"NG_VEHICLE_REGISTRATION"}, 0.95},
	{"ph_tin", []Kind{"PH_TIN"}, 0.95},
	{"pl_pesel", []Kind{"PL_PESEL"}, 0.95},
	{"se_organisationsnummer", []Kind{"SE_ORGANISATIONSNUMMER"}, 0.95},
	{"se_personnummer", []Kind{"SE_PERSONNUMMER"}, 0.95},
	{"sg_fin", []Kind{"SG_NRIC_FIN"}, 0.95},
	{"sg_uen", []Kind{"SG_UEN"}, 0.95},
	{"th_tnin", []Kind{"TH_TNIN"}, 0.95},
	{"tr_license_plate", []Kind{"TR_LICENSE_PLATE"}, 0.95},
	{"tr_national_id", []Kind{"TR_NATIONAL_ID"}, 0.95},
	{"uk_driving_licence", []Kind{"UK_DRIVING_LICENCE"}, 0.95},
	{"uk_nhs", []Kind{"UK_NHS"}, 0.95},
	{"uk_nino", []Kind{"UK_NINO"}, 0.95},
	{"uk_passport", []Kind{"UK_PASSPORT"}, 0.95},
	{"uk_postcode", []Kind{"UK_POSTCODE"}, 0.95},
	{"uk_vehicle_registration", []Kind{"UK_VEHICLE_REGISTRATION"}, 0.95},
	{"us_driver_license", []Kind{"US_DRIVER_LICENSE"}, 0.95},
	{"us_itin", []Kind{"US_ITIN"}, 0.95},
	{"us_mbi", []Kind{"US_MBI"}, 0.95},
	{"us_npi", []Kind{"US_NPI"}, 0.95},
	{"us_passport", []Kind{"US_PASSPORT"}, 0.95},
	{"za_id_number", []Kind{"ZA_ID_NUMBER"}, 0.95},
}

// only is an engine of the kinds alone, for scores from least on.
func only(t testing.TB, kinds []Kind, least float64) *Engine {
	t.Helper()
	cfg := Config{Enable: kinds, MinScore: least}
	for _, k := range Kinds {
		if !slices.Contains(kinds, k.Kind) {
			cfg.Disable = append(cfg.Disable, k.Kind)
		}
	}
	return compile(t, cfg)
}

// presidioVector is an example: a text and how many values are in it.
type presidioVector struct {
	File     string `json:"file"`
	Text     string `json:"text"`
	Expected *int   `json:"expected_len"`
}

// agreed leaves out examples that contradict each other: they are of options.
func agreed(all []presidioVector) []presidioVector {
	expected := map[string]int{}
	options := map[string]bool{}
	for _, v := range all {
		if n, ok := expected[v.Text]; ok && n != *v.Expected {
			options[v.Text] = true
		}
		expected[v.Text] = *v.Expected
	}
	return slices.DeleteFunc(all, func(v presidioVector) bool { return options[v.Text] })
}

// TestPresidioVectors measures the kinds that both know, each by itself and for
// every score, as in the tests that the examples come from.
func TestPresidioVectors(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(vectors, "presidio_recognizers.jsonl"))
	if os.IsNotExist(err) {
		t.Skipf("%s is not here: the published examples are not part of the module", vectors)
	}
	if err != nil {
		t.Fatal(err)
	}
	examples := map[string][]presidioVector{}
	for line := range strings.Lines(string(data)) {
		var v presidioVector
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatal(err)
		}
		if v.Expected != nil {
			examples[v.File] = append(examples[v.File], v)
		}
	}
	for _, c := range claims {
		engine := only(t, c.kinds, 0)
		some := agreed(examples["test_"+c.file+"_recognizer.py"])
		good := 0
		for i, v := range some {
			if n := len(find(t, engine, v.Text)); n == *v.Expected {
				good++
			} else {
				t.Logf("%s, example %d: found %d, expected %d", c.file, i+1, n, *v.Expected)
			}
		}
		if len(some) == 0 || float64(good) < c.least*float64(len(some)) {
			t.Errorf("%s: %d of %d, want %.0f %%", c.file, good, len(some), 100*c.least)
		}
	}
	t.Logf("%d of the files' kinds are claimed", len(claims))
}
