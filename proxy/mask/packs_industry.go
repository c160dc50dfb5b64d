package mask

import "maskit/detect"

var financePack = Pack{
	Name: "finance", Title: "Finance (PCI DSS 4.0)",
	Config: changed("card numbers leave only their last four digits and are kept nowhere; accounts and taxpayers get tokens", func(c *Config) {
		c.Enable = []detect.Kind{"BIC_CODE", "US_EIN", "UK_VAT", "DE_VAT_ID", "FR_SIREN", "FR_VAT"}
		c.Actions = map[detect.Kind]string{detect.CreditCard: ActionLast4}
		c.Parts = noParts()
	}),
	Covers: []Cover{
		{What: "Primary account number (requirements 3.4, 3.5)", Kinds: []detect.Kind{detect.CreditCard}, Note: "as its last four digits, so that neither the provider nor the vault holds it; set actions.CREDIT_CARD to token where answers need it back"},
		{What: "Cardholder's name", Kinds: known("PERSON"), Note: "in free text, which takes the model"},
		{What: "Bank accounts", Kinds: []detect.Kind{detect.IBANCode, "US_BANK_NUMBER", "ABA_ROUTING_NUMBER", "UK_BANK_ACCOUNT", "UK_SORT_CODE", "BIC_CODE"}},
		{What: "Wallets", Kinds: []detect.Kind{"CRYPTO"}},
		{What: "Taxpayers", Kinds: []detect.Kind{detect.USSSN, "US_ITIN", "US_EIN", "DE_TAX_ID", "UK_UTR", "IN_PAN"}, Note: "and those of other countries"},
		{What: "Expiry date, service code"},
		{What: "Card verification code, PIN, track data (requirement 3.3)", Note: "they have no form of their own: add a rule if your texts name them"},
	},
	Omits: []string{
		"Amounts and dates: enable AMOUNT and DATE_TIME where they tell too much.",
		"It does not make a system compliant: it keeps what it finds from a provider.",
	},
}

// healthcarePack lists the identifiers in the order and by the letters of 45 CFR
// 164.514(b)(2)(i), "Safe Harbor".
var healthcarePack = Pack{
	Name: "healthcare", Title: "Health care (HIPAA, Safe Harbor)",
	Config: changed("HIPAA's identifiers as far as they are text; nothing unread goes through", func(c *Config) {
		c.Enable = []detect.Kind{"DATE_TIME", "AGE", "URL", "SOCIAL_HANDLE", detect.LocalIPAddress, "UK_VEHICLE_REGISTRATION"}
		c.Thresholds = certain(cautious)
		c.Parts = noParts()
	}),
	Covers: []Cover{
		{What: "(A) Names", Kinds: known("PERSON"), Note: "in free text, which takes the model"},
		{What: "(B) Geographic subdivisions smaller than a state", Kinds: append([]detect.Kind{"STREET_ADDRESS", "US_ZIP_CODE", "COORDINATES"}, known("LOCATION")...), Note: "towns and counties in free text take the model"},
		{What: "(C) Dates but for the year, and ages over 89", Kinds: []detect.Kind{"DATE_OF_BIRTH", "DATE_TIME", "AGE"}, Note: "years and all ages too"},
		{What: "(D) Telephone numbers", Kinds: []detect.Kind{detect.PhoneNumber}},
		{What: "(E) Fax numbers", Kinds: []detect.Kind{detect.PhoneNumber}},
		{What: "(F) E-mail addresses", Kinds: []detect.Kind{detect.EmailAddress}},
		{What: "(G) Social security numbers", Kinds: []detect.Kind{detect.USSSN, "US_ITIN"}},
		{What: "(H) Medical record numbers", Kinds: []detect.Kind{"MEDICAL_RECORD_NUMBER"}, Note: "beside a word for them; add a rule for the form of your own"},
		{What: "(I) Health plan beneficiary numbers", Kinds: []detect.Kind{"US_MBI", "UK_NHS", "CA_HEALTH_NUMBER", "AU_MEDICARE", "DE_HEALTH_INSURANCE"}, Note: "Medicare's and public ones; insurers' own forms take a rule"},
		{What: "(J) Account numbers", Kinds: []detect.Kind{"US_BANK_NUMBER", "ABA_ROUTING_NUMBER", detect.IBANCode, detect.CreditCard}},
		{What: "(K) Certificate and license numbers", Kinds: []detect.Kind{"US_DRIVER_LICENSE", "MEDICAL_LICENSE", "US_NPI", "US_PASSPORT"}},
		{What: "(L) Vehicle identifiers, license plates", Kinds: []detect.Kind{"VIN", "UK_VEHICLE_REGISTRATION"}, Note: "no plates of the United States: they have no form of their own"},
		{What: "(M) Device identifiers and serial numbers", Kinds: []detect.Kind{"IMEI", "MAC_ADDRESS"}, Note: "no serial numbers of medical devices: add a rule for yours"},
		{What: "(N) URLs", Kinds: []detect.Kind{"URL", "URL_PERSONAL"}},
		{What: "(O) IP addresses", Kinds: []detect.Kind{detect.IPAddress, detect.LocalIPAddress}},
		{What: "(P) Biometric identifiers", Note: "they are no text; parts that are none are refused"},
		{What: "(Q) Full-face photographs", Note: "images are refused"},
		{What: "(R) Any other unique number or code", Kinds: []detect.Kind{"SOCIAL_HANDLE", detect.Username}, Note: "and the numbers of other countries' authorities; those of your own take a rule"},
	},
	Omits: []string{
		"That no other knowledge identifies somebody, the second half of Safe Harbor, no program can see.",
		"Diagnoses, drugs and findings stay: they are what the model is asked about.",
	},
}

var hrPack = Pack{
	Name: "hr", Title: "Human resources",
	Config: changed("who an applicant or employee is, and what they earn", func(c *Config) {
		c.Enable = []detect.Kind{"AGE", "AMOUNT", "SOCIAL_HANDLE", "DATE_TIME"}
		c.Parts = noParts()
	}),
	Covers: []Cover{
		{What: "Names", Kinds: known("PERSON"), Note: "in free text, which takes the model"},
		{What: "Contact data", Kinds: []detect.Kind{detect.EmailAddress, detect.PhoneNumber, "STREET_ADDRESS", "SOCIAL_HANDLE"}},
		{What: "Age and dates", Kinds: []detect.Kind{"DATE_OF_BIRTH", "AGE", "DATE_TIME"}},
		{What: "Pay", Kinds: []detect.Kind{"AMOUNT", detect.IBANCode, "US_BANK_NUMBER"}},
		{What: "Identity and tax", Kinds: []detect.Kind{detect.USSSN, "US_PASSPORT", "US_DRIVER_LICENSE", "UK_NINO", "DE_SOCIAL_SECURITY", "DE_TAX_ID", "FR_NIR", "KR_RRN"}, Note: "and those of other countries"},
		{What: "Staff numbers", Note: "they have no common form: add a rule for yours"},
		{What: "Gender, origin, religion, union, health", Note: "words of everyday speech: a dictionary finds those that you name"},
	},
	Omits: []string{
		"An employer, a school or a title that only one person can have had.",
		"Scanned CVs: images and files are refused.",
	},
}

var legalPack = Pack{
	Name: "legal", Title: "Legal work",
	Config: changed("the parties, their numbers, accounts and property", func(c *Config) {
		c.Enable = offKinds("URL", "DOMAIN_NAME", "DATE_TIME", "AMOUNT", "BIC_CODE", detect.LocalIPAddress)
		c.Thresholds = certain(cautious)
		c.Parts = noParts()
	}),
	Covers: []Cover{
		{What: "Natural persons", Kinds: append([]detect.Kind{detect.EmailAddress, detect.PhoneNumber, "STREET_ADDRESS", "DATE_OF_BIRTH", "AGE"}, known("PERSON")...), Note: "names in free text take the model"},
		{What: "Firms by their numbers", Kinds: []detect.Kind{"US_EIN", "DE_HANDELSREGISTER", "FR_SIREN", "UK_VAT", "AU_ABN"}, Note: "and the other registers of docs/RULES.md"},
		{What: "Firms by their names", Kinds: known("ORGANIZATION"), Note: "list your clients in a dictionary: that finds them for certain"},
		{What: "Accounts and property", Kinds: []detect.Kind{detect.IBANCode, "US_BANK_NUMBER", "VIN", "UK_VEHICLE_REGISTRATION", "CRYPTO"}},
		{What: "Case and file numbers", Note: "every court has its own: add a rule for yours"},
	},
	Omits: []string{
		"Dates and amounts stay: deadlines and sums in dispute are what a model is asked about.",
		"Whether a text is privileged no program can see.",
	},
}

var developerPack = Pack{
	Name: "developer", Title: "Software development",
	Config: changed("credentials and hosts in code, logs and shells; less of what numbers in code are taken for", func(c *Config) {
		c.Enable = []detect.Kind{detect.LocalIPAddress}
		c.Disable = []detect.Kind{"COORDINATES", "US_ZIP_CODE", "STREET_ADDRESS", "UK_POSTCODE", "DE_PLZ"}
		c.Thresholds = certain(precise)
		c.Thresholds[detect.PhoneNumber] = 0.6
		c.Actions = map[detect.Kind]string{detect.PrivateKey: ActionRedact}
	}),
	Covers: []Cover{
		{What: "Keys, tokens and passwords", Kinds: []detect.Kind{detect.APIKey, detect.JWT, detect.Password, detect.Secret}, Note: "they come back into code and tool calls, but into no URL"},
		{What: "Private keys", Kinds: []detect.Kind{detect.PrivateKey}, Note: "as [PRIVATEKEY]: no model needs one, and none is kept"},
		{What: "Where things run", Kinds: []detect.Kind{detect.CloudResource, detect.IPAddress, detect.LocalIPAddress, "MAC_ADDRESS", detect.Username}},
		{What: "People in logs and fixtures", Kinds: []detect.Kind{detect.EmailAddress, detect.PhoneNumber, detect.CreditCard, detect.IBANCode}},
		{What: "Secrets without a form", Note: "name your .env files under exact: they are found whatever they look like"},
	},
	Omits: []string{
		"Coordinates, postal codes and streets, which numbers and literals are taken for.",
		"Host names and internal URLs: enable DOMAIN_NAME, or list them in a dictionary.",
		"The source itself, which may be what is secret.",
	},
}
