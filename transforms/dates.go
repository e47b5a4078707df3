package transforms

import (
	"strings"
	"time"
)

// A finding is why a text is not a value of its kind: a problem code and the words that follow
// the column's name in the message. Its zero value means that the text is good.
type finding struct{ code, words string }

var (
	good          = finding{}
	notADate      = finding{NotADate, "not a date; write it as 2024-01-31, 31/01/2024 or 31 Januari 2024"}
	noSuchDay     = finding{ImpossibleDate, "no such day in the calendar; correct the source"}
	outOfAges     = finding{ImpossibleDate, "outside 1900 to 2100; correct the source"}
	twoDigitYear  = finding{NotADate, "year has two digits; write all four"}
	serialDate    = finding{NotADate, "looks like a spreadsheet's day number; format the column as a date"}
	compactDate   = finding{NotADate, "eight digits can be read in two ways; set date_order in units:"}
	notATimestamp = finding{NotADate, "not a date and time; write it as 2024-01-31T13:45:00+07:00"}
	noSuchTime    = finding{ImpossibleDate, "no such time of day; correct the source"}
)

// monthNames maps the first letters of Indonesian and English month names and of the
// abbreviations in use ("Agt", "Nop", "Peb").
var monthNames = map[string]int{
	"januari": 1, "january": 1, "jan": 1,
	"februari": 2, "february": 2, "pebruari": 2, "feb": 2, "peb": 2, "febuari": 2,
	"maret": 3, "march": 3, "mar": 3, "mrt": 3,
	"april": 4, "apr": 4,
	"mei": 5, "may": 5,
	"juni": 6, "june": 6, "jun": 6,
	"juli": 7, "july": 7, "jul": 7,
	"agustus": 8, "august": 8, "agu": 8, "agt": 8, "ags": 8, "agust": 8, "aug": 8,
	"september": 9, "sep": 9, "sept": 9,
	"oktober": 10, "october": 10, "okt": 10, "oct": 10,
	"november": 11, "nopember": 11, "nov": 11, "nop": 11,
	"desember": 12, "december": 12, "des": 12, "dec": 12,
}

var weekdays = map[string]bool{
	"senin": true, "selasa": true, "rabu": true, "kamis": true, "jumat": true, "jum'at": true, "sabtu": true, "minggu": true,
	"monday": true, "tuesday": true, "wednesday": true, "thursday": true, "friday": true, "saturday": true, "sunday": true,
}

// daysFromCivil counts the days from 1970-01-01 to a day of the Gregorian calendar.
func daysFromCivil(y, m, d int) int32 {
	if m <= 2 {
		y--
	}
	era := y / 400
	if y < 0 {
		era = (y - 399) / 400
	}
	yoe := y - era*400
	mp := (m + 9) % 12
	doy := (153*mp+2)/5 + d - 1
	doe := yoe*365 + yoe/4 - yoe/100 + doy
	return int32(era*146097 + doe - 719468)
}

// civilFromDays is the inverse of daysFromCivil.
func civilFromDays(days int32) (y, m, d int) {
	z := int(days) + 719468
	era := z / 146097
	if z < 0 {
		era = (z - 146096) / 146097
	}
	doe := z - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	d = doy - (153*mp+2)/5 + 1
	m = mp + 3
	if m > 12 {
		m -= 12
	}
	y = yoe + era*400
	if m <= 2 {
		y++
	}
	return y, m, d
}

func daysInMonth(y, m int) int {
	switch m {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if y%4 == 0 && (y%100 != 0 || y%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// checkedDate turns year, month and day into days since 1970, if there is such a day.
func checkedDate(y, m, d int) (int32, finding) {
	if m < 1 || m > 12 || d < 1 || d > daysInMonth(y, m) {
		return 0, noSuchDay
	}
	if y < 1900 || y > 2100 {
		return 0, outOfAges
	}
	return daysFromCivil(y, m, d), good
}

// parseDate reads a calendar day. Order (dmy, mdy, ymd; "" means dmy) decides dates of three
// numbers that do not begin with a year. A text with a time of day is read as a moment and gives
// that moment's day in zone.
func parseDate(text, order string, zone *time.Location) (int32, finding) {
	if len(text) == 10 { // the two common forms, without further ado
		if text[4] == '-' && text[7] == '-' {
			if y, m, d := digits(text[0:4]), digits(text[5:7]), digits(text[8:10]); y >= 0 && m >= 0 && d >= 0 {
				return checkedDate(y, m, d)
			}
		}
		if (order == "" || order == "dmy") && (text[2] == '/' || text[2] == '-' || text[2] == '.') && text[5] == text[2] {
			if d, m, y := digits(text[0:2]), digits(text[3:5]), digits(text[6:10]); y >= 0 && m >= 0 && d >= 0 {
				return checkedDate(y, m, d)
			}
		}
	}
	if len(text) > 64 {
		return 0, notADate
	}
	if strings.IndexByte(text, ':') > 0 {
		us, f := parseTimestamp(text, order, zone)
		if f.code != "" {
			return 0, f
		}
		return jakartaDay(us, zone), good
	}
	return parseDay(text, order)
}

// jakartaDay is the calendar day of a moment in zone.
func jakartaDay(us int64, zone *time.Location) int32 {
	t := time.UnixMicro(us).In(zone)
	return daysFromCivil(t.Year(), int(t.Month()), t.Day())
}

// parseDay reads a day that carries no time.
func parseDay(text, order string) (int32, finding) {
	parts := dateParts(text)
	if len(parts) > 0 && weekdays[strings.ToLower(parts[0])] {
		parts = parts[1:]
	}
	switch len(parts) {
	case 1:
		return loneNumber(parts[0], order)
	case 3:
	default:
		return 0, notADate
	}
	if m, at := monthAmong(parts); at >= 0 {
		switch at {
		case 1: // 31 Januari 2024, or 2024-Jan-31
			if len(parts[0]) == 4 {
				return yearMonthDay(parts[0], m, parts[2])
			}
			return yearMonthDay(parts[2], m, parts[0])
		case 0: // January 31, 2024
			return yearMonthDay(parts[2], m, parts[1])
		}
		return 0, notADate
	}
	if len(parts[0]) == 4 {
		return yearMonthDay(parts[0], digits(parts[1]), parts[2])
	}
	switch order {
	case "mdy":
		return yearMonthDay(parts[2], digits(parts[0]), parts[1])
	case "ymd":
		return 0, notADate
	}
	return yearMonthDay(parts[2], digits(parts[1]), parts[0])
}

// dateParts cuts a date at blanks, dashes, slashes, dots and commas.
func dateParts(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool {
		return r == ' ' || r == '-' || r == '/' || r == '.' || r == ',' || r == '\u00a0'
	})
}

func monthAmong(parts []string) (month, at int) {
	for i, p := range parts {
		if m := monthNames[strings.ToLower(p)]; m > 0 {
			return m, i
		}
	}
	return 0, -1
}

func yearMonthDay(year string, month int, day string) (int32, finding) {
	y, d := digits(year), digits(day)
	if y < 0 || d < 0 || month < 0 || len(day) > 2 {
		return 0, notADate
	}
	if len(year) == 2 {
		return 0, twoDigitYear
	}
	if len(year) != 4 {
		return 0, notADate
	}
	return checkedDate(y, month, d)
}

// loneNumber reads a date of one run of digits, which only a declared order makes readable.
func loneNumber(text, order string) (int32, finding) {
	if !isDigits(text) {
		return 0, notADate
	}
	switch {
	case len(text) == 5:
		return 0, serialDate
	case len(text) != 8:
		return 0, notADate
	case order == "ymd":
		return yearMonthDay(text[0:4], digits(text[4:6]), text[6:8])
	case order == "dmy":
		return yearMonthDay(text[4:8], digits(text[2:4]), text[0:2])
	case order == "mdy":
		return yearMonthDay(text[4:8], digits(text[0:2]), text[2:4])
	}
	return 0, compactDate
}

// digits reads an unsigned number of at most nine digits; -1 when text is anything else.
func digits(text string) int {
	if text == "" || len(text) > 9 {
		return -1
	}
	n := 0
	for i := 0; i < len(text); i++ {
		c := text[i] - '0'
		if c > 9 {
			return -1
		}
		n = n*10 + int(c)
	}
	return n
}

func isDigits(text string) bool {
	for i := 0; i < len(text); i++ {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return text != ""
}
