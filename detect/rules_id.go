package detect

import "strings"

// An id is a row for a number that an authority gives out: it makes a row of
// Kinds, unless one before it did, and one or two of Rules. The rows of a region are
// together in a file; lists in a string are parted by " | ", words by ", ".
//
// A number of digits alone is anybody's: even with a check digit, one in ten
// passes. So a form is found by itself only if it is long or strange enough
// to stand under Alone, and else beside a word of Near.
type id struct {
	Name  string // what the rules are called after, if not the kind
	Kind  Kind
	Label string // if not the first letters of Kind
	Doc   string
	Off   bool // not found unless enabled: it names no person, or is too common

	Alone, Forms string // see form
	Valid        idCheck
	Near         string
	Glued        bool // also found right behind a word

	Hits, Misses string
}

// How sure the forms of an id are.
const (
	aloneScore = 0.6
	formScore  = 0.2
)

// idRules are the rules of the rows of all regions.
var idRules = func() (rules []Rule) {
	for i := range ids {
		x := &ids[i]
		r := Rule{
			Name:   x.Name,
			Kind:   x.Kind,
			Valid:  x.Valid,
			Glued:  x.Glued,
			Near:   list(x.Near, ", "),
			Hits:   list(x.Hits, " | "),
			Misses: list(x.Misses, " | "),
		}
		if r.Name == "" {
			r.Name = strings.ToLower(strings.ReplaceAll(string(x.Kind), "_", "-"))
		}
		if x.Forms != "" {
			r.Score, r.Forms = formScore, list(x.Forms, " | ")
			rules = append(rules, r)
		}
		if x.Alone != "" {
			if x.Forms != "" {
				r.Name += "-alone"
			}
			r.Score, r.Forms = aloneScore, list(x.Alone, " | ")
			rules = append(rules, r)
		}
	}
	return rules
}()

// idKinds are the kinds of the rows of all regions.
var idKinds = func() (kinds []KindInfo) {
	seen := map[Kind]bool{}
	for i := range ids {
		x := &ids[i]
		if seen[x.Kind] {
			continue
		}
		seen[x.Kind] = true
		label := x.Label
		if label == "" {
			label = letters(x.Kind)
		}
		kinds = append(kinds, KindInfo{x.Kind, label, !x.Off, false, foldIBAN, x.Doc})
	}
	return kinds
}()

var ids = concatIDs(
	northAmericanIDs,
	latinIDs,
	britishIDs,
	germanIDs,
	westernIDs,
	southernIDs,
	nordicIDs,
	easternIDs,
	balkanIDs,
	eastAsianIDs,
	southAsianIDs,
	africanIDs,
	pacificIDs,
	moneyIDs,
	deviceIDs,
)

func concatIDs(regions ...[]id) (all []id) {
	for _, r := range regions {
		all = append(all, r...)
	}
	return all
}

// list splits a list in a string.
func list(s, sep string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, sep)
}
