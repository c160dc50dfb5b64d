package eval

import (
	"strings"

	"maskit/detect"
)

// Names says what collections, and detectors, call a kind. A name that has no
// row, such as PERSON, is the kind of that name; letter case does not matter.
// A kind that is "" is nothing to find: such labels are passed over.
var Names = []struct {
	Name string
	Kind detect.Kind
}{
	{"ADDRESS", "STREET_ADDRESS"},
	{"ADDRESS_OF_LOCATION", "STREET_ADDRESS"},
	{"VENUE_ADDRESS", "STREET_ADDRESS"},
	{"STREETADDRESS", "STREET_ADDRESS"},
	{"POSTAL_ADDRESS", "STREET_ADDRESS"},

	{"EMAIL", detect.EmailAddress},
	{"PHONE", detect.PhoneNumber},
	{"TELEPHONE", detect.PhoneNumber},
	{"CARD", detect.CreditCard},
	{"CREDITCARD", detect.CreditCard},
	{"CREDIT_CARD_NUMBER", detect.CreditCard},
	{"IBAN", detect.IBANCode},
	{"SSN", detect.USSSN},
	{"IP", detect.IPAddress},
	{"IPV4", detect.IPAddress},
	{"IPV6", detect.IPAddress},
	{string(detect.LocalIPAddress), detect.IPAddress},
	{"DOMAIN", "DOMAIN_NAME"},
	{"MRN", "MEDICAL_RECORD_NUMBER"},
	{"NPI", "US_NPI"},

	{"PER", "PERSON"},
	{"PS", "PERSON"},
	{"NAME", "PERSON"},
	{"THERAPIST_NAME", "PERSON"},
	{"STYLIST_NAME", "PERSON"},
	{"CONTACT_NAME", "PERSON"},
	{"RECIPIENT_NAME", "PERSON"},
	{"ARTIST_NAME", "PERSON"},
	{"LOC", "LOCATION"},
	{"LC", "LOCATION"},
	{"PLACE_NAME", "LOCATION"},
	{"ORG", "ORGANIZATION"},
	{"OG", "ORGANIZATION"},
	{"CORPORATION", "ORGANIZATION"},
	{"GROUP", "ORGANIZATION"},
	{"BUSINESS_NAME", "ORGANIZATION"},
	{"DT", "DATE_TIME"},
	{"TI", "DATE_TIME"},
	{"DATE", "DATE_TIME"},
	{"TIME", "DATE_TIME"},

	{"MISC", ""},
	{"QT", ""}, // quantities
	{"CREATIVE_WORK", ""},
	{"PRODUCT", ""},
	{"TITLE", ""},  // Dr., Mrs.: they name nobody
	{"PREFIX", ""}, // the same
}

var kindOf = func() map[string]detect.Kind {
	m := make(map[string]detect.Kind, len(Names))
	for _, n := range Names {
		m[n.Name] = n.Kind
	}
	return m
}()

// KindOf returns the kind that a collection or a detector means by name.
func KindOf(name string) detect.Kind {
	name = strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
	if k, ok := kindOf[name]; ok {
		return k
	}
	return detect.Kind(name)
}
