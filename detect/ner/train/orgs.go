package main

import "strings"

// orgWords make names of companies.
var orgWords = strings.Fields(`Technologies Systems Solutions Partners Holdings Industries Labs Laboratories Consulting Logistics Capital Group Media Networks Robotics
	Pharmaceuticals Energy Foods Motors Airlines Software Analytics Insurance Realty Foundation Studios Ventures Enterprises Associates Services Electronics Biotech
	Trading Shipping Construction Engineering Records Publishing Press Brothers Works Dynamics Digital Health Security`)

func (f *filler) legal() string {
	if v := f.of("legal"); len(v) > 0 {
		return pick(f.r, v)
	}
	return "Ltd"
}

// org is a company or another body.
func (f *filler) org() string {
	switch f.lang {
	case "ko":
		switch f.r.IntN(4) {
		case 0:
			return pick(f.r, []string{"주식회사 ", "㈜", "(주)"}) + pick(f.r, koreanSyllables) + pick(f.r, koreanSyllables) + pick(f.r, []string{"전자", "산업", "물산", "건설", "테크", "소프트", "식품", ""})
		case 1:
			return pick(f.r, koreanCities) + pick(f.r, []string{"시청", "대학교", "병원", "경찰서", "소방서", "교육청", "지방법원", "은행"})
		}
		return pick(f.r, koreanOrgs)
	case "ja":
		return pick(f.r, []string{"株式会社" + f.last(), f.last() + "株式会社", f.last() + pick(f.r, []string{"電機", "製作所", "銀行", "商事", "大学", "病院"}), "トヨタ自動車", "ソニー", "任天堂", "ソフトバンク", "日立製作所"})
	case "zh":
		return f.city() + pick(f.r, []string{"科技有限公司", "大学", "医院", "银行", "贸易公司", "集团", "实业有限公司", "公安局"})
	}
	last := f.last()
	switch x := f.r.Float64(); {
	case x < 0.1:
		return last + " " + f.legal()
	case x < 0.33:
		return f.firm()
	case x < 0.5:
		return pick(f.r, f.lists["company"]["all"])
	case x < 0.56:
		return titled(pick(f.r, f.lists["lexicon"]["Organization"]))
	case x < 0.62:
		return capital(f) + capital(f) + pick(f.r, []string{capital(f), "", "&" + capital(f)}) + pick(f.r, []string{"", " " + f.legal(), " Corp"})
	case x < 0.7:
		return titled(f.en("adj")) + titled(f.en("noun")) + pick(f.r, []string{"", " " + f.legal()})
	case x < 0.76:
		return pick(f.r, []string{f.bank(), f.hospital(), f.school(), f.agency(), f.team()})
	}
	return pick(f.r, []string{last, titled(f.en("noun")), f.city(), titled(f.en("adj")) + " " + titled(f.en("noun"))}) + " " + pick(f.r, orgWords) + pick(f.r, []string{"", "", " " + f.legal()})
}

// firm is a company that is called by the names of its partners.
func (f *filler) firm() string {
	if spaceless[f.lang] {
		return f.org()
	}
	switch x := f.r.Float64(); {
	case x < 0.4:
		return f.last() + ", " + f.last() + pick(f.r, []string{" and ", " and ", ", and ", " & "}) + f.last()
	case x < 0.65:
		return f.last() + "-" + f.last()
	case x < 0.8:
		return f.last() + pick(f.r, []string{" & ", " and "}) + pick(f.r, []string{f.last(), "Sons", "Co", "Partners", "Brothers"})
	}
	return f.last() + " " + pick(f.r, []string{f.legal(), "Group", "LLP", "Associates", "Law", "& Co.", "Inc", "PLC"})
}

// Kinds of places that one visits, by what stands before them.
var venueKinds = strings.Split(`Barber Shop,Barbershop,Barbers,Salon,Hair Salon,Nail Salon,Hair Studio,Beauty Salon,Salon & Spa,Spa,Blow Dry Bar,Hair & Nails,Cuts,Dental,Dental Care,
	Family Dentistry,Dental Group,Clinic,Medical Center,Psychiatry,Counseling,Therapy,Wellness Center,Eye Care,Optical,Pharmacy,Vet Clinic,Animal Hospital,Grill,Bistro,Café,
	Cafe,Coffee,Coffee House,Bar,Wine Bar,Pub,Tavern,Diner,Pizza,Pizzeria,Trattoria,Kitchen,Steakhouse,Taqueria,Sushi,Noodle House,Bakery,Deli,Ice Cream,Burgers,BBQ,Buffet,
	Hotel,Inn,Hostel,Lodge,Suites,Motel,Resort,Guest House,Bed & Breakfast,Cinema,Theater,Theatre,Museum,Gallery,Gym,Yoga,Fitness,Martial Arts,Bowling,Florist,Flowers,
	Auto Repair,Auto Body,Garage,Tire Shop,Bike Shop,Bookstore,Books,Market,Grocery,Liquors,Apartments,Towers,Golf Club,Country Club,Nursery,Day Care,Laundry,Cleaners`, ",")

// venue is a place that one visits: a practice, a shop, a restaurant.
func (f *filler) venue() string {
	if spaceless[f.lang] {
		return f.place()
	}
	kind := strings.TrimSpace(pick(f.r, venueKinds))
	word := func() string { return titled(f.en(pick(f.r, []string{"noun", "adj", "animal"}))) }
	name := ""
	switch x := f.r.Float64(); {
	case x < 0.15:
		name = pick(f.r, []string{f.first(), f.nick(), f.last()}) + "'s " + kind
	case x < 0.28:
		name = f.last() + " " + kind
	case x < 0.42:
		name = f.city() + " " + kind
	case x < 0.56:
		name = word() + " " + kind
	case x < 0.66:
		name = word() + " " + word() + " " + kind
	case x < 0.76:
		name = word() + " & " + word() + pick(f.r, []string{"", " " + kind})
	case x < 0.84:
		name = f.digits(pick(f.r, []string{"##", "1###", "#th", "###"})) + " " + kind
	case x < 0.95:
		name = pick(f.r, []string{"Salon ", "Café ", "Hotel ", "Chez ", "Bar ", "La ", "El ", "Il ", "Studio ", "Casa ", "Center for "}) + word()
	default:
		name = "The " + word() + pick(f.r, []string{"", " " + word(), " Room", " House", " Place"})
	}
	if chance(f.r, 0.06) {
		name += " and " + strings.TrimSpace(pick(f.r, venueKinds))
	}
	if chance(f.r, 0.1) {
		name += pick(f.r, []string{" of ", " - ", " at ", ", "}) + f.city()
	}
	return name
}

func (f *filler) bank() string {
	switch f.lang {
	case "ko":
		return pick(f.r, []string{"국민은행", "신한은행", "우리은행", "하나은행", "농협은행", "기업은행", "카카오뱅크", "토스뱅크", "새마을금고"})
	case "de":
		return pick(f.r, []string{"Sparkasse " + f.city(), "Volksbank " + f.city(), "Deutsche Bank", "Commerzbank", f.last() + " Bank"})
	case "fr":
		return pick(f.r, []string{"Crédit Agricole", "BNP Paribas", "Banque " + f.last(), "Caisse d'Épargne", "Société Générale"})
	case "ja", "zh":
		return f.org()
	}
	return pick(f.r, []string{"Bank of " + f.city(), f.city() + " Savings Bank", "First National Bank", f.last() + " Bank", f.city() + " Credit Union", "Wells Fargo", "Chase", "HSBC", "Barclays", "Citibank", "Santander", "Banco " + f.last()})
}

func (f *filler) hospital() string {
	switch f.lang {
	case "ko":
		return pick(f.r, koreanCities) + pick(f.r, []string{"병원", "의료원", "대학병원"})
	case "de":
		return pick(f.r, []string{"Klinikum " + f.city(), "Universitätsklinikum " + f.city(), "St. " + f.first() + " Krankenhaus", "Charité"})
	case "fr":
		return pick(f.r, []string{"CHU de " + f.city(), "Hôpital Saint-" + f.first(), "Clinique " + f.last()})
	case "es", "pt", "it":
		return pick(f.r, []string{"Hospital ", "Clínica "}) + pick(f.r, []string{f.city(), f.last(), "San " + f.first()})
	case "ja", "zh":
		return f.org()
	}
	return pick(f.r, []string{"St. " + f.first() + "'s Hospital", f.city() + " General Hospital", f.city() + " Medical Center", f.last() + " Clinic", "Mount Sinai", "Mercy Hospital", "Mayo Clinic", f.last() + " Memorial Hospital"})
}

func (f *filler) school() string {
	switch f.lang {
	case "ko":
		return pick(f.r, []string{"서울대", "연세대", "고려대학교", "한양대학교", "카이스트"}) + pick(f.r, []string{"", "", " 공과대학"})
	case "de":
		return pick(f.r, []string{"Universität " + f.city(), f.last() + "-Gymnasium", "TU " + f.city(), "Hochschule " + f.city()})
	case "fr":
		return pick(f.r, []string{"Université de " + f.city(), "Lycée " + f.last(), "Sorbonne", "École " + f.last()})
	case "es", "pt", "it":
		return pick(f.r, []string{"Universidad de ", "Universidade de ", "Università di "}) + f.city()
	case "ja", "zh":
		return f.city() + "大学"
	}
	return pick(f.r, []string{"University of " + f.city(), f.city() + " University", f.last() + " High School", f.last() + " College", f.city() + " State University", "Harvard", "Yale", "MIT", "Stanford", "Oxford", f.last() + " Elementary", "St. " + f.first() + "'s School"})
}

func (f *filler) agency() string {
	switch f.lang {
	case "ko":
		return pick(f.r, []string{"국세청", "경찰청", "금융감독원", "보건복지부", "교육부", "외교부", "국방부", "법무부", "대법원", "국회", "서울시청", "검찰청", "관세청"})
	case "de":
		return pick(f.r, []string{"Finanzamt " + f.city(), "Stadt " + f.city(), "Amtsgericht " + f.city(), "Bundesagentur für Arbeit", "Bundestag", "Polizei " + f.city()})
	case "ja", "zh":
		return f.city() + pick(f.r, []string{"市役所", "警察署", "税務署"})
	}
	return pick(f.r, []string{"IRS", "FBI", "NASA", "EPA", "FDA", "CDC", "WHO", "UN", "NATO", "European Commission", "Department of " + titled(f.en("noun")), "Ministry of " + titled(f.en("noun")), "Senate", "Congress", "City of " + f.city(), f.city() + " Police Department", f.city() + " County Court", "Supreme Court", "Red Cross", "Home Office", "HMRC", "Social Security Administration"})
}

func (f *filler) team() string {
	switch f.lang {
	case "ko":
		return pick(f.r, []string{"두산 베어스", "LG 트윈스", "전북 현대", "FC서울", "울산 현대", "한화 이글스", "토트넘", "맨유", "레알 마드리드"})
	case "ja", "zh":
		return f.org()
	}
	if chance(f.r, 0.4) {
		return titled(pick(f.r, f.lists["lexicon"]["SportsTeam"]))
	}
	return f.city() + " " + pick(f.r, []string{"United", "City", "FC", "Rovers", "Lions", "Tigers", "Bears", "Eagles", "Hawks", "Giants", "Kings", "Rangers", "Wanderers", "Athletic"})
}
