package mask

import (
	"slices"

	"maskit/detect"
)

// Pack is a policy that ships with maskit, to be taken as it is or to start from.
// docs/POLICIES.md is made of these rows.
type Pack struct {
	Name string
	// Title says what it is for; Config.Doc says in a line what it does.
	Title  string
	Config Config
	// Covers says what of its field it finds, and Omits what it does not.
	Covers []Cover
	Omits  []string
}

// Cover is one thing that a pack is about, such as an identifier that a law
// names, and the kinds by which it is found. Without kinds it is not found.
type Cover struct {
	What  string
	Kinds []detect.Kind
	Note  string
}

// Packs is the table of packs.
var Packs = []Pack{standardPack, strictPack, financePack, healthcarePack, hrPack, legalPack, developerPack}

// PackDefinitions returns the packs as definitions.
func PackDefinitions() []Definition {
	defs := make([]Definition, len(Packs))
	for i := range Packs {
		defs[i] = Definition{Name: Packs[i].Name, Origin: OriginPack, Config: Packs[i].Config}
	}
	return defs
}

// PackOf finds a pack.
func PackOf(name string) (Config, bool) {
	i := slices.IndexFunc(Packs, func(p Pack) bool { return p.Name == name })
	if i < 0 {
		return Config{}, false
	}
	return Packs[i].Config, true
}

// Standard is the pack that every policy is from unless it says otherwise.
const Standard = "standard"

// changed returns the standard policy with the changes of a pack.
func changed(doc string, change func(*Config)) Config {
	c := DefaultConfig()
	c.Doc = doc
	change(&c)
	return c
}

// noParts blocks every part that cannot be read as text.
func noParts() map[string]string {
	return map[string]string{"image": PartBlock, "audio": PartBlock, "file": PartBlock, "tokens": PartBlock, partNumber: PartMask}
}

// offKinds are the kinds that are off by default, but for some.
func offKinds(but ...detect.Kind) (kinds []detect.Kind) {
	for i := range detect.Kinds {
		if k := &detect.Kinds[i]; !k.Default && !slices.Contains(but, k.Kind) {
			kinds = append(kinds, k.Kind)
		}
	}
	return kinds
}

// secretKinds are the kinds of credentials.
func secretKinds() (kinds []detect.Kind) {
	for i := range detect.Kinds {
		if detect.Kinds[i].Secret {
			kinds = append(kinds, detect.Kinds[i].Kind)
		}
	}
	return kinds
}

// known leaves out the kinds that this build does not find.
func known(kinds ...detect.Kind) []detect.Kind {
	c := DefaultConfig()
	return slices.DeleteFunc(kinds, func(k detect.Kind) bool { return c.CheckKind(k) != nil })
}

// certain says from which score on names of persons, places and organisations
// count, in a build that finds any. The standard is DefaultConfig's min_score,
// which leans towards finding them.
func certain(least float64) map[detect.Kind]float64 {
	by := map[detect.Kind]float64{}
	for _, k := range known(detect.Person, detect.Location, detect.Organization) {
		by[k] = least
	}
	return by
}

// Scores of names: rather one too many than one too few, or the other way round.
const (
	cautious = 0.3
	precise  = 0.7
)

var standardPack = Pack{
	Name: Standard, Title: "Everyday use",
	Config: changed("what tells who somebody is, and what opens something", func(*Config) {}),
	Covers: []Cover{
		{What: "Contact data", Kinds: []detect.Kind{detect.EmailAddress, detect.PhoneNumber, "STREET_ADDRESS"}},
		{What: "Names and places", Kinds: known("PERSON", "LOCATION"), Note: "in free text, which takes the model"},
		{What: "Payment", Kinds: []detect.Kind{detect.CreditCard, detect.IBANCode, "US_BANK_NUMBER", "CRYPTO"}},
		{What: "Numbers of authorities", Kinds: []detect.Kind{detect.USSSN, "UK_NINO", "DE_TAX_ID", "KR_RRN", "IN_AADHAAR"}, Note: "these and those of many more countries: docs/RULES.md"},
		{What: "Credentials", Kinds: secretKinds()},
	},
	Omits: []string{
		"Dates, amounts, ages, host names and local addresses, which are in most texts and tell of nobody by themselves.",
		"What is in images, audio and files: they pass, and are counted.",
	},
}

var strictPack = Pack{
	Name: "strict", Title: "Rather too much than too little",
	Config: changed("every kind but URLs and hosts, at a lower certainty; nothing unread goes through, and no credential comes back", func(c *Config) {
		c.Enable = offKinds("URL", "DOMAIN_NAME")
		c.MinScore = 0.3
		c.Parts = noParts()
		c.Restore.Kinds = map[detect.Kind]string{}
		for _, k := range secretKinds() {
			c.Restore.Kinds[k] = Never
		}
	}),
	Covers: []Cover{
		{What: "All that standard does", Kinds: []detect.Kind{detect.EmailAddress, detect.CreditCard, detect.USSSN}, Note: "and its other kinds"},
		{What: "What tells of somebody only beside other things", Kinds: []detect.Kind{"DATE_TIME", "AGE", "AMOUNT", "SOCIAL_HANDLE", detect.LocalIPAddress}},
		{What: "Numbers of firms", Kinds: []detect.Kind{"US_EIN", "UK_VAT", "DE_HANDELSREGISTER", "FR_SIREN"}, Note: "and the other kinds that are off by default"},
	},
	Omits: []string{
		"URLs and host names: without them tools and links cannot work. Enable URL and DOMAIN_NAME where they may go too.",
		"A model that reckons with dates or amounts cannot do so with their tokens.",
	},
}
