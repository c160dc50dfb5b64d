package main

import (
	"fmt"
	"strings"
)

// makers make what slots are filled with.
var makers map[string]func(f *filler) string

func init() { // The makers call each other.
	makers = map[string]func(f *filler) string{
		"person": (*filler).person, "first": (*filler).first, "last": (*filler).last,
		"female": func(f *filler) string { return f.givenName("female") },
		"male":   func(f *filler) string { return f.givenName("male") },
		"rare":   (*filler).rare, "listed": (*filler).listed,
		"reversed": (*filler).reversed, "initials": (*filler).initials, "nick": (*filler).nick,

		"city": (*filler).city, "country": (*filler).country, "region": (*filler).region, "place": (*filler).place,
		"street": (*filler).street,

		"venue": (*filler).venue, "firm": (*filler).firm,
		"org": (*filler).org, "bank": (*filler).bank, "hospital": (*filler).hospital, "school": (*filler).school,
		"agency": (*filler).agency, "team": (*filler).team,

		"title": (*filler).title,
		"email": func(f *filler) string { return ascii(f.first()) + "." + ascii(f.last()) + "@" + pick(f.r, hosts) },
		"phone": func(f *filler) string { return f.digits(pick(f.r, phones)) },
		"date":  (*filler).date, "time": func(f *filler) string { return fmt.Sprintf("%d:%02d", f.r.IntN(24), f.r.IntN(60)) },
		"month": func(f *filler) string { return f.one("month") }, "weekday": func(f *filler) string { return f.one("weekday") },
		"year":  func(f *filler) string { return fmt.Sprint(1950 + f.r.IntN(80)) },
		"money": (*filler).money, "number": func(f *filler) string { return fmt.Sprint(1 + f.r.IntN(pick(f.r, []int{10, 100, 5000}))) },
		"card": func(f *filler) string { return f.digits("4### #### #### ####") },
		"iban": func(f *filler) string { return f.digits("DE## #### #### #### #### ##") },
		"ssn":  func(f *filler) string { return f.digits("###-##-####") },
		"url":  func(f *filler) string { return "https://" + pick(f.r, hosts) + "/" + f.en("noun") },
		"ip":   func(f *filler) string { return f.digits("10.1#.2#.#") },
		"id":   func(f *filler) string { return f.digits(pick(f.r, ids)) }, "code": func(f *filler) string { return f.digits(pick(f.r, ids)) },
		"version": func(f *filler) string { return f.digits(pick(f.r, []string{"#.#", "v#.#.#", "#.1#.0"})) },
		"product": (*filler).product, "brand": func(f *filler) string { return pick(f.r, brands) },
		"model": func(f *filler) string { return pick(f.r, models) },
		"lang":  func(f *filler) string { return f.one("language") }, "nationality": func(f *filler) string { return titled(pick(f.r, f.in("lexicon", "Demonym"))) },
		"job": (*filler).job, "noun": func(f *filler) string { return f.word("noun") }, "adj": func(f *filler) string { return f.word("adj") },
		"verb": func(f *filler) string { return f.word("verb") }, "food": func(f *filler) string { return strings.ToLower(f.one("food")) },
		"animal": func(f *filler) string { return strings.ToLower(f.one("animal")) },
		"file": func(f *filler) string {
			return f.en("noun") + pick(f.r, []string{".pdf", ".docx", ".py", ".go", ".xlsx", ".txt", "_v2.csv"})
		},
		"ident":    func(f *filler) string { return f.en("verb") + pick(f.r, []string{"_", ""}) + titled(f.en("noun")) },
		"postcode": (*filler).postcode,
		"handle":   func(f *filler) string { return "@" + strings.ToLower(ascii(f.first())) + f.digits("##") },
	}
}

var (
	hosts  = []string{"example.com", "mail.example.org", "acme.example", "example.co.uk", "test.example.net"}
	phones = []string{"(555) ###-####", "+1 555 ### ####", "+44 20 #### ####", "+49 30 #######", "010-####-####", "555-####"}
	ids    = []string{"#######", "INV-####", "T-#####", "A##-###", "PO#####", "##-####", "CASE-####"}
	brands = strings.Split(`Nike,Adidas,Sony,Samsung,Apple,Toyota,Honda,Ford,BMW,Tesla,Coca-Cola,Pepsi,Nestlé,IKEA,Zara,Gucci,Prada,Dior,Lenovo,Dell,HP,Canon,
		Nikon,Dyson,Bosch,Philips,Lego,Rolex,Casio,Levi's,Heinz,Kellogg's,Mercedes,Calvin Klein,Ralph Lauren,Tommy Hilfiger,Jack Daniel's,Johnnie Walker,
		Ben & Jerry's,Dr Pepper,Marks & Spencer,Harley-Davidson,Louis Vuitton,Yves Saint Laurent,Hugo Boss,Michael Kors,Kate Spade,Oscar Mayer`, ",")
	models = strings.Split(`Claude,Claude Opus,Claude Sonnet,GPT-4o,GPT-5,Gemini,Gemini Pro,Llama 3,Mistral,Mixtral,Grok,Whisper,BERT,Stable Diffusion,DALL-E,Qwen,
		DeepSeek,Copilot,Siri,Alexa,Cortana,Watson,Bard,Phi-3,Gemma`, ",")
	products = strings.Split(`Photoshop,Excel,Word,PowerPoint,Outlook,Windows,Windows 11,macOS,iPhone,iPhone 15,Galaxy S24,Pixel,PlayStation,PlayStation 5,Xbox,Kindle,
		AirPods,MacBook,Docker,Kubernetes,Jenkins,Postgres,MySQL,Redis,Kafka,Python,Java,Rust,Ruby,Swift,Julia,Pascal,Ada,Jira,Confluence,Slack,Zoom,Teams,Notion,
		Figma,Salesforce,WhatsApp,Instagram,Facebook,Twitter,TikTok,Netflix,Spotify,Gmail,Chrome,Firefox,Safari,Android,Linux,Ubuntu,Debian,Model S,Corolla,Civic,Grafana,
		Prometheus,Terraform,Ansible,Elasticsearch,Nginx,Vercel,Supabase,Mongo,Datadog,Sentry,Zendesk,Airtable,Snowflake,Databricks,PyTorch,NumPy,Pandas,Tailwind,Svelte,Dockerfile`, ",")
)

// digits replaces each "#".
func (f *filler) digits(pattern string) string {
	out := []byte(pattern)
	for i := range out {
		if out[i] == '#' {
			out[i] = byte('0' + f.r.IntN(10))
		}
	}
	return string(out)
}

func (f *filler) en(list string) string { return pick(f.r, f.in(list, "en")) }

// word is a word of the language, or for Korean one of those written for it.
func (f *filler) word(list string) string {
	if f.lang == "ko" {
		return pick(f.r, koreanWords)
	}
	return f.one(list)
}

func ascii(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, unaccented(strings.ToLower(s)))
}

func (f *filler) title() string {
	if v := f.of("title"); len(v) > 0 {
		return pick(f.r, v)
	}
	return pick(f.r, []string{"Mr.", "Mrs.", "Ms.", "Dr.", "Prof."})
}

func (f *filler) date() string {
	if f.lang == "ko" {
		return f.digits("20##") + "년 " + fmt.Sprint(1+f.r.IntN(12)) + "월 " + fmt.Sprint(1+f.r.IntN(28)) + "일"
	}
	d, m, y := 1+f.r.IntN(28), 1+f.r.IntN(12), 1990+f.r.IntN(40)
	switch f.r.IntN(5) {
	case 0:
		return fmt.Sprintf("%d %s %d", d, f.one("month"), y)
	case 1:
		return fmt.Sprintf("%s %d, %d", f.one("month"), d, y)
	case 2:
		return fmt.Sprintf("%02d/%02d/%d", m, d, y)
	case 3:
		return fmt.Sprintf("%d-%02d-%02d", y, m, d)
	}
	return fmt.Sprintf("%s %d", f.one("month"), d)
}

func (f *filler) money() string {
	n := fmt.Sprint(1 + f.r.IntN(9999))
	if f.lang == "ko" {
		return n + "원"
	}
	return pick(f.r, []string{"$" + n, "€" + n, n + " EUR", n + " USD", "£" + n, n + " dollars"})
}

func (f *filler) product() string { return pick(f.r, products) }

func (f *filler) job() string {
	if v := f.of("job"); f.lang != "en" && len(v) > 0 {
		return pick(f.r, v)
	}
	return pick(f.r, f.in("lexicon", "Actor"))
}

// big are the codes of countries whose larger towns stand for a language's cities.
var big = map[string][]string{
	"en": {"US", "US", "US", "GB", "GB", "CA", "AU", "IN", "DE", "FR", "IT", "ES", "BR", "MX", "NG", "ZA", "PL", "JP", "CN", "KR"},
	"de": {"DE", "DE", "AT", "CH"}, "fr": {"FR", "FR", "BE", "CA"}, "es": {"ES", "MX", "AR", "CO"}, "pt": {"BR", "PT"},
	"it": {"IT"}, "nl": {"NL", "BE"}, "pl": {"PL"},
}

func (f *filler) city() string {
	switch f.lang {
	case "ko":
		switch x := f.r.Float64(); {
		case x < 0.2:
			return pick(f.r, f.lists["toponym"]["ko"])
		case x < 0.8:
			return pick(f.r, koreanCities)
		}
		return pick(f.r, koreanCountries)
	case "ja":
		if chance(f.r, 0.3) {
			return pick(f.r, f.lists["toponym"]["ja"])
		}
		return pick(f.r, japaneseCities)
	case "zh":
		if chance(f.r, 0.3) {
			return pick(f.r, f.lists["toponym"]["zh"])
		}
		return f.one("city")
	}
	if chance(f.r, 0.3) {
		return pick(f.r, f.lists["place"]["huge"])
	}
	if v := f.lists["place"][pick(f.r, big[f.lang])]; len(v) > 0 {
		return pick(f.r, v)
	}
	return f.one("city")
}

func (f *filler) country() string {
	if f.lang == "ko" {
		return pick(f.r, koreanCountries)
	}
	if f.lang == "en" && chance(f.r, 0.2) {
		return pick(f.r, []string{"USA", "US", "U.S.", "UK", "U.K.", "UAE", "America", "England", "Scotland", "Wales", "Korea", "Russia", "Iran", "Europe", "Africa", "Asia"})
	}
	return f.one("country")
}

func (f *filler) region() string {
	if f.lang == "ko" {
		return pick(f.r, koreanCities)
	}
	return f.one("region")
}

func (f *filler) place() string {
	switch f.lang {
	case "ko":
		return pick(f.r, koreanPlaces)
	case "ja", "zh":
		return f.city()
	}
	name := f.city()
	switch f.r.IntN(4) {
	case 0:
		return pick(f.r, landmarks)
	case 1:
		name = f.last()
	}
	switch f.lang {
	case "en":
		return pick(f.r, []string{name + " River", "Lake " + name, "Mount " + name, name + " Park", name + " Beach", name + " Airport", name + " Station", name + " Bridge", "Port " + name, name + " Valley", name + " Hills", name + " Square"})
	case "de":
		return pick(f.r, []string{name + "er Platz", name + " Hauptbahnhof", "Schloss " + name, name + "see", "Flughafen " + name})
	case "fr":
		return pick(f.r, []string{"Gare de " + name, "Parc " + name, "Place " + name, "Pont " + name, "Lac de " + name})
	case "es":
		return pick(f.r, []string{"Parque " + name, "Plaza " + name, "Playa " + name, "Puente " + name, "Lago " + name})
	}
	return name
}

var landmarks = strings.Split(`Eiffel Tower,Times Square,Central Park,Golden Gate Bridge,Big Ben,Hyde Park,Brooklyn,Manhattan,Hollywood,Silicon Valley,Wall Street,Broadway,
	the Bronx,Queens,Harlem,Soho,Notting Hill,Covent Garden,Niagara Falls,Grand Canyon,Yosemite,Yellowstone,Mount Everest,the Alps,the Nile,the Thames,the Rhine,the Danube,
	Lake Michigan,Lake Como,Mississippi River,Pacific Ocean,Atlantic,Mediterranean,Red Sea,Persian Gulf,Middle East,Gaza,West Bank,Kashmir,Tibet,Siberia,Bavaria,Tuscany,
	Provence,Andalusia,Catalonia,Patagonia,Amazon,Sahara,Heathrow,Gatwick,JFK,LAX,Capitol Hill,White House,Kremlin,Vatican,Las Vegas Strip,Miami Beach,Santa Monica,Beverly Hills`, ",")

var japaneseCities = strings.Fields(`東京 大阪 京都 名古屋 札幌 福岡 横浜 神戸 仙台 広島 東京都 大阪府 北海道 京都府 神奈川県 千葉県 埼玉県 愛知県 兵庫県 福岡県 静岡県 新宿 渋谷 池袋 品川 銀座 秋葉原 新宿区
	渋谷区 港区 中央区 世田谷区 川崎市 さいたま市 千葉市 金沢 長野 奈良 那覇 鹿児島 熊本 長崎 沖縄 日本 アメリカ 中国 韓国 フランス ドイツ イギリス ロンドン パリ ニューヨーク`)
