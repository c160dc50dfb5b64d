package mask

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"

	"maskit/detect"
)

// fakers make the surrogates of a kind: values in the kind's own form that
// nobody has, from ranges that are set aside for that wherever there are some
// (RFC 2606 names, RFC 2544 and RFC 3849 addresses, 555-01xx telephone numbers,
// social security numbers of areas that are not given out, names and places made
// up of lists). What is drawn depends on the dice only.
var fakers = map[detect.Kind]func(*dice) string{
	detect.EmailAddress: fakeEmail,
	detect.PhoneNumber:  fakePhone,
	detect.CreditCard:   fakeCard,
	detect.IBANCode:     fakeIBAN,
	detect.USSSN:        fakeSSN,
	detect.IPAddress:    fakeIP,
	detect.Username:     fakeUser,
	"PERSON":            fakePerson,
	"LOCATION":          fakeTown,
	"ORGANIZATION":      fakeFirm,
	"STREET_ADDRESS":    fakeStreet,
	"DATE_OF_BIRTH":     fakeBirth,
	"MAC_ADDRESS":       fakeMAC,
}

// hasSurrogate says whether there are surrogates of the kind.
func hasSurrogate(k detect.Kind) bool { return fakers[k] != nil }

// maxFakes is how many surrogates the chain of a value begins with. When all of
// them are taken it goes on with tokens, of which there are enough for anybody.
const maxFakes = 6

// dice draws numbers from a keyed hash, which has room for eight.
type dice struct {
	sum [sha256.Size]byte
	at  int
}

// n draws a number below k. For a k below 2^16 no number is more likely than
// another by more than 2^-16.
func (d *dice) n(k int) int {
	if d.at+4 > len(d.sum) {
		panic("BUG: a surrogate draws more numbers than there are")
	}
	x := binary.BigEndian.Uint32(d.sum[d.at:])
	d.at += 4
	return int(x % uint32(k))
}

func (d *dice) of(list []string) string { return list[d.n(len(list))] }

func fakeEmail(d *dice) string {
	return strings.ToLower(d.of(givenNames)+"."+d.of(familyNames)) + fmt.Sprintf("%d@example.%s", 100+d.n(900), d.of([]string{"com", "net", "org"}))
}

// fakePhone takes the numbers that are set aside for stories, under any area
// code that is given out.
func fakePhone(d *dice) string {
	area := 200 + d.n(800)
	if area%100 == 11 { // Of services, such as 911.
		area++
	}
	return fmt.Sprintf("+1 %d-555-01%02d", area, d.n(100))
}

// fakeCard takes the issuer's range that payment providers make their test cards
// of, with a valid last digit.
func fakeCard(d *dice) string {
	digits := fmt.Sprintf("400000%04d%05d", d.n(10_000), d.n(100_000))
	return fmt.Sprintf("%s %s %s %s%d", digits[:4], digits[4:8], digits[8:12], digits[12:], luhnDigit(digits))
}

// luhnDigit is the digit that makes a card of the digits (ISO/IEC 7812-1).
func luhnDigit(digits string) int {
	sum := 0
	for i := range len(digits) {
		n := int(digits[len(digits)-1-i] - '0')
		if i%2 == 0 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return (10 - sum%10) % 10
}

// fakeIBAN is a British one of a bank that there is not, with valid check digits
// (ISO 13616: the remainder of the whole, letters as numbers, by 97 is 1).
func fakeIBAN(d *dice) string {
	account := fmt.Sprintf("%02d%04d%04d%04d", d.n(100), d.n(10_000), d.n(10_000), d.n(10_000))
	rest := 0
	for _, c := range "QQMK" + account + "GB00" {
		if n := int(c - '0'); n <= 9 {
			rest = (rest*10 + n) % 97
		} else {
			rest = (rest*100 + int(c-'A') + 10) % 97
		}
	}
	return fmt.Sprintf("GB%02dQQMK%s", 98-rest, account)
}

// fakeSSN takes an area that is never given out, and a group that no taxpayer's
// number of that area has.
func fakeSSN(d *dice) string {
	return fmt.Sprintf("9%02d-%02d-%04d", d.n(100), 1+d.n(49), 1+d.n(9999))
}

// fakeIP takes the network for benchmarks, 198.18.0.0/15.
func fakeIP(d *dice) string {
	return fmt.Sprintf("198.%d.%d.%d", 18+d.n(2), d.n(256), 1+d.n(254))
}

func fakeUser(d *dice) string {
	return strings.ToLower(d.of(givenNames)+"_"+d.of(familyNames)) + fmt.Sprint(10+d.n(90))
}

func fakePerson(d *dice) string { return d.of(givenNames) + " " + d.of(familyNames) }

func fakeTown(d *dice) string { return d.of(townHeads) + d.of(townTails) }

func fakeFirm(d *dice) string {
	return d.of(familyNames) + " " + d.of([]string{"Partners", "Holding", "Trading", "Works", "Logistics", "Services", "Industries", "Group"})
}

func fakeStreet(d *dice) string {
	return fmt.Sprintf("%d %s%s %s", 1+d.n(9998), d.of(townHeads), d.of(townTails), d.of([]string{"Street", "Avenue", "Road", "Lane"}))
}

func fakeBirth(d *dice) string {
	return fmt.Sprintf("%d-%02d-%02d", 1940+d.n(60), 1+d.n(12), 1+d.n(28))
}

// fakeMAC is one that its owner chose, not its maker: the second bit says so.
func fakeMAC(d *dice) string {
	return fmt.Sprintf("02:00:5e:%02x:%02x:%02x", d.n(256), d.n(256), d.n(256))
}

var givenNames = strings.Fields(`
Ada Aldo Alma Amos Anke Arlo Asta Axel Beda Bela Bruno Cara Ciro Clio Cora Dario Dora Edda Egon Elke Elmo Emil Enzo
Erna Ezra Fania Fero Fidel Flora Franz Gerda Gino Greta Gustav Hanna Hedda Hugo Ida Igor Ilse Imke Inga Irma Ivo Jana
Jonas Jorun Josef Kaia Karel Kasimir Katya Klara Knut Lars Lena Leif Levin Lina Livia Lorenz Lotta Ludo Magda Malte
Marek Marta Mats Mila Milo Mira Nadia Nele Nils Nora Odo Olaf Olga Oskar Otto Pia Piero Rafa Raik Rasmus Rhea Rita
Rosa Runa Sanna Selma Sigrid Silas Sven Tamar Tessa Thea Tilda Timo Tove Ugo Ulla Uwe Vera Viggo Vito Wanda Willa
Xenia Yara Yves Zeno Zita Zora`)

var familyNames = strings.Fields(`
Abelard Ackerby Adelung Amberley Andersby Arkwell Ashdown Balfrey Barlund Beckwith Bellamont Bergholm Birkett Blakewood
Bornheim Brackley Brandvik Brockhurst Calder Carrow Castelow Chadlow Claybourne Coldwell Corvin Cranleigh Dahlberg Dalewood
Darnell Deverell Dornbach Drayford Dunmore Eastbrook Edelmann Ekholm Ellwood Eskdale Fairholm Falkner Farrowby Fenwick
Fernsby Fjelstad Forsling Garrick Gatesby Glenholm Gorman Granholt Greystoke Hallmark Halvard Hartnell Haverly Hazelden
Heathcote Hollander Holmquist Hornby Ingleby Ironwood Jarlsberg Kaldwell Kelstrup Kenworth Kirkholm Kolberg Langholm Larkin
Lindqvist Lindt Lockhart Lowenthal Lundgren Maddox Mallory Marchmont Marlowe Melbury Merrow Millbank Montrose Morley
Nettlefold Newbold Norgaard Norwell Oakhurst Ormsby Osterman Pemberley Pennington Quarrell Quillan Radcliff Ravensby
Redfern Ridley Rosenholm Rothwell Sandvik Selwyn Sheldrake Skelby Sorensby Stanwick Steinfeld Sterndale Sundholm Tarrant
Thistlewood Thornby Torvald Trevelyan Umberland Underhill Valdane Varnholt Vesterby Waldgrave Warwell Westerby Whitlock
Wickham Windermoor Wolfram Wyndham Yardley Zellman`)

var (
	townHeads = strings.Fields(`
Alder Amber Ash Barrow Birch Black Bram Brook Clay Cold Copper Crow Dun East Elder Elm Fair Falcon Fern Fox Glen Gold
Grey Hare Haw Hazel Heron High Holly Iron Juniper Kings Lark Linden Long Maple Marsh Mill Moss North Oak Otter Pine
Quail Raven Red Rose Rowan Salt Silver South Stone Swan Thorn Upper West White Wild Willow Wolf Yarrow Yew`)
	townTails = strings.Fields(`
acre bank beck borough bourne bridge brook burn bury by combe cote croft dale den down fall fell field ford gate grove
hall ham haven hill holm holt hurst lea leigh mead mere minster moor mouth port ridge rigg shaw side stead stoke thorpe
ton vale view ville wade water well wick wood worth`)
)
