package samples

import "time"

// Days are counted from 1970-01-01: arithmetic on them is cheap, and a calendar
// date has no time zone.

func daysIn(year, month int) int {
	switch {
	case month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0):
		return 29
	case month == 2:
		return 28
	case month == 4, month == 6, month == 9, month == 11:
		return 30
	}
	return 31
}

// dayNumber counts a calendar date; civil is its inverse. March begins the
// counted year, so that the leap day is its last.
func dayNumber(year, month, day int) int {
	if month <= 2 {
		year--
		month += 12
	}
	era := year / 400
	ofEra := year - era*400
	ofYear := (153*(month-3)+2)/5 + day - 1
	return era*146097 + ofEra*365 + ofEra/4 - ofEra/100 + ofYear - 719468
}

func civil(n int) (year, month, day int) {
	n += 719468
	era := n / 146097
	ofEra := n - era*146097
	y := (ofEra - ofEra/1460 + ofEra/36524 - ofEra/146096) / 365
	ofYear := ofEra - (365*y + y/4 - y/100)
	m := (5*ofYear + 2) / 153
	day = ofYear - (153*m+2)/5 + 1
	month = m + 3
	year = y + era*400
	if month > 12 {
		month -= 12
		year++
	}
	return year, month, day
}

// moment is seconds since 1970 in UTC; at makes one from a Jakarta day and the
// seconds into it.
func at(day, second int) int64 { return int64(day)*86400 + int64(second) - 7*3600 }

// local splits a moment into a Jakarta day and the seconds into it.
func local(moment int64) (day, second int) {
	t := moment + 7*3600
	return int(t / 86400), int(t % 86400)
}

func appendPadded(b []byte, n, width int) []byte {
	var digits [20]byte
	i := len(digits)
	for n > 0 || i > len(digits)-width {
		i--
		digits[i] = byte('0' + n%10)
		n /= 10
	}
	return append(b, digits[i:]...)
}

var monthNames = [...]string{"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"}

// appendDay writes a day as an office writes it.
func appendDay(b []byte, n int, style dateStyle) []byte {
	y, m, d := civil(n)
	if style == iso {
		return appendPadded(append(appendPadded(append(appendPadded(b, y, 4), '-'), m, 2), '-'), d, 2)
	}
	mark := byte('/')
	if style == dashed {
		mark = '-'
	}
	return appendPadded(append(appendPadded(append(appendPadded(b, d, 2), mark), m, 2), mark), y, 4)
}

// appendClock writes a moment as 2024-01-10 14:03:00 in Jakarta time.
func appendClock(b []byte, moment int64, between byte) []byte {
	day, s := local(moment)
	b = append(appendDay(b, day, iso), between)
	b = append(appendPadded(b, s/3600, 2), ':')
	b = append(appendPadded(b, s/60%60, 2), ':')
	return appendPadded(b, s%60, 2)
}

// appendStamp writes a moment as RFC 3339 with Jakarta's offset.
func appendStamp(b []byte, moment int64) []byte {
	return append(appendClock(b, moment, 'T'), "+07:00"...)
}

func momentOf(t time.Time) int64 { return t.Unix() }
