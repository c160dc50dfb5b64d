package detect

import "strings"

// born checks a date at i of the id, written as its layout: y, m and d stand
// for the digits of year, month and day. Each of more is added to the month in
// some numbers, to tell sex or century.
func born(i int, layout string, more ...int) idCheck {
	return func(id []byte) bool {
		if i+len(layout) > len(id) {
			return false
		}
		year, month, day, digits := 0, 0, 0, 0
		if strings.IndexByte(layout, 'd') < 0 {
			day = 1
		}
		for j, c := range id[i : i+len(layout)] {
			if !isDigit(c) {
				return false
			}
			d := int(c - '0')
			switch layout[j] {
			case 'y':
				year, digits = year*10+d, digits+1
			case 'm':
				month = month*10 + d
			case 'd':
				day = day*10 + d
			}
		}
		if digits == 4 && (year < 1850 || year > 2100) {
			return false
		}
		if validDay(year, month, day) {
			return true
		}
		for _, m := range more {
			if validDay(year, month-m, day) {
				return true
			}
		}
		return false
	}
}

// validDay reports whether the month has the day. Of two digits of a year that
// may be one of two centuries, 29 February counts if one of them has it.
func validDay(year, month, day int) bool {
	if month < 1 || month > 12 || day < 1 {
		return false
	}
	days := [...]int{31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}
	if month == 2 && year%4 != 0 {
		return day <= 28
	}
	return day <= days[month-1]
}
