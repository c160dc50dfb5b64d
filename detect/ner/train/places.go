package main

import (
	"fmt"
	"strings"
)

func (f *filler) houseNumber() string {
	n := fmt.Sprint(1 + f.r.IntN(pick(f.r, []int{30, 200, 2000, 9999})))
	if chance(f.r, 0.07) {
		n += pick(f.r, []string{"A", "B", "C", "a", "b", "-2", "/1"})
	}
	return n
}

// street is a street with the number of a house.
func (f *filler) street() string {
	switch f.lang {
	case "ko":
		s := pick(f.r, koreanStreets) + " " + f.houseNumber()
		if chance(f.r, 0.5) {
			s = pick(f.r, koreanCities) + " " + s
		}
		if chance(f.r, 0.3) {
			s += f.digits(" 1##동 ##0#호")
		}
		return s
	case "ja":
		return pick(f.r, japaneseCities) + pick(f.r, f.in("last", "ja")) + "町" + f.digits("#-1#-#")
	case "zh":
		return f.city() + "市" + pick(f.r, f.in("street", "zh")) + "路" + f.houseNumber() + "号"
	case "de", "nl", "pl":
		return f.streetName() + " " + f.houseNumber()
	case "es", "pt", "it":
		return f.streetName() + pick(f.r, []string{" ", ", ", ", nº ", ", n. "}) + f.houseNumber()
	case "fr":
		return f.houseNumber() + pick(f.r, []string{" ", ", ", " bis "}) + f.streetName()
	}
	s := f.houseNumber() + " " + f.streetName()
	if chance(f.r, 0.25) {
		s += pick(f.r, []string{" ", ", "}) + f.unit()
	}
	return s
}

func (f *filler) unit() string {
	return pick(f.r, []string{"Apt", "Apt.", "Suite", "Unit", "#", "Ste", "Ste.", "Floor", "Apartment", "Room", "Flat"}) + " " +
		pick(f.r, []string{f.digits("#"), f.digits("1##"), f.digits("##0#"), capital(f), f.digits("#") + capital(f)})
}

func (f *filler) streetName() string {
	name := f.last()
	switch f.lang {
	case "de":
		if chance(f.r, 0.6) {
			return f.one("street")
		}
		return name + pick(f.r, []string{"straße", "str.", "strasse", "weg", "allee", "gasse", "platz", "-Straße", "ring"})
	case "fr":
		return pick(f.r, []string{"rue ", "avenue ", "boulevard ", "place ", "allée ", "chemin ", "impasse ", "quai "}) + pick(f.r, []string{"de la ", "du ", "des ", "de ", "", ""}) + pick(f.r, []string{f.person(), name, titled(f.one("noun")), f.city()})
	case "es":
		return pick(f.r, []string{"Calle ", "Avenida ", "Av. ", "C/ ", "Plaza ", "Paseo ", "Camino ", "Carrera "}) + pick(f.r, []string{"de ", "de la ", "del ", "", ""}) + pick(f.r, []string{name, f.person(), f.city()})
	case "pt":
		return pick(f.r, []string{"Rua ", "Avenida ", "Av. ", "Travessa ", "Praça ", "Alameda "}) + pick(f.r, []string{"do ", "da ", "de ", "", ""}) + pick(f.r, []string{name, f.person(), f.city()})
	case "it":
		return pick(f.r, []string{"Via ", "Viale ", "Piazza ", "Corso ", "Vicolo ", "Largo "}) + pick(f.r, []string{name, f.person(), f.city()})
	case "nl":
		return name + pick(f.r, []string{"straat", "laan", "weg", "plein", "gracht", "kade", "steeg"})
	case "pl":
		return pick(f.r, []string{"ul. ", "ulica ", "al. ", "pl. ", "os. ", ""}) + pick(f.r, []string{name, f.person(), f.city()})
	}
	switch x := f.r.Float64(); {
	case x < 0.15:
		return pick(f.r, []string{"1st", "2nd", "3rd", "4th", "5th", "7th", "42nd", "First", "Second", "Third", "Fifth", "Main", "High", "Church", "Park", "Oak", "Elm", "Maple"}) + " " + pick(f.r, suffixes)
	case x < 0.35:
		return pick(f.r, f.in("street", "en"))
	case x < 0.45:
		return pick(f.r, []string{"N ", "S ", "E ", "W ", "North ", "South ", "West ", "East ", "N. ", "NW ", "Old ", "Upper "}) + name + " " + pick(f.r, suffixes)
	case x < 0.6:
		return titled(f.en("noun")) + " " + pick(f.r, suffixes)
	case x < 0.65:
		return name + " " + titled(f.en("noun")) + " " + pick(f.r, suffixes)
	case x < 0.68:
		return pick(f.r, []string{"Highway ", "Route ", "County Road ", "Rural Route "}) + f.digits("##")
	case x < 0.78:
		return name + " " + pick(f.r, f.in("streetSuffix", "en"))
	}
	return name + " " + pick(f.r, suffixes)
}

var suffixes = strings.Fields(`Street Street Street St St. Avenue Avenue Ave Ave. Road Road Rd Rd. Lane Ln Drive Dr Dr. Boulevard Blvd Blvd. Way Court Ct Place Pl Square
	Terrace Circle Parkway Pkwy Close Crescent Gardens Grove Row Trail Highway Plaza Walk Alley`)

func (f *filler) postcode() string {
	switch f.lang {
	case "en":
		return pick(f.r, []string{f.digits("#####"), f.digits("#####"), f.digits("#####-####"), "SW" + f.digits("# #") + "AB", capital(f) + f.digits("# #") + "QT", "K" + f.digits("#") + "A " + f.digits("#") + "B" + f.digits("#")})
	case "nl":
		return f.digits("#### ") + capital(f) + capital(f)
	case "pl":
		return f.digits("##-###")
	case "pt":
		return f.digits(pick(f.r, []string{"####-###", "#####-###"}))
	case "ja":
		return f.digits("〒###-####")
	}
	return f.digits("#####")
}

// address writes street, postal code and place: on one line an address as a
// whole, on several each by itself.
func (f *filler) address(b *strings.Builder, e *example, filter string) {
	between := pick(f.r, []string{", ", ", ", ", ", " ", "\n"})
	put := func(s, label string) { f.put(b, e, filtered(s, filter), label) }
	switch f.lang {
	case "ko":
		s := pick(f.r, koreanCities) + " " + f.street()
		if chance(f.r, 0.4) {
			s += f.digits(" (#####)")
		}
		put(s, "STREET_ADDRESS")
		return
	case "ja", "zh":
		put(f.street(), "STREET_ADDRESS")
		return
	}
	code, state := f.postcode(), ""
	if f.lang == "en" && chance(f.r, 0.7) {
		state = pick(f.r, f.in("regionShort", "en"))
	}
	if between != "\n" {
		s := f.street() + between + code + " " + f.city()
		if f.lang == "en" {
			s = f.street() + between + f.city()
			if state != "" {
				s += pick(f.r, []string{", ", " "}) + state
			}
			if chance(f.r, 0.8) {
				s += " " + code
			}
		}
		if chance(f.r, 0.15) {
			s += between + f.country()
		}
		put(s, "STREET_ADDRESS")
		return
	}
	put(f.street(), "STREET_ADDRESS")
	put("\n", "")
	if f.lang != "en" {
		put(code, "STREET_ADDRESS")
		put(" ", "")
		put(f.city(), "LOCATION")
		return
	}
	put(f.city(), "LOCATION")
	put(pick(f.r, []string{", ", " "}), "")
	put(strings.TrimSpace(state+" "+code), "STREET_ADDRESS")
}
