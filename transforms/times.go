package transforms

import (
	"fmt"
	"strings"
	"time"
)

// The Indonesian zones have had no summer time since 1964, so fixed offsets are right for every
// moment the product can meet, on machines without a zone database as well.
var zones = map[string]*time.Location{
	"Asia/Jakarta":   time.FixedZone("WIB", 7*3600),
	"Asia/Pontianak": time.FixedZone("WIB", 7*3600),
	"Asia/Makassar":  time.FixedZone("WITA", 8*3600),
	"Asia/Jayapura":  time.FixedZone("WIT", 9*3600),
	"UTC":            time.UTC,
}

// zoneOf finds a feed's time zone; an empty name means Asia/Jakarta.
func zoneOf(name string) (*time.Location, error) {
	if name == "" {
		name = "Asia/Jakarta"
	}
	if z, ok := zones[name]; ok {
		return z, nil
	}
	z, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("finding time zone %q: unknown; use a name such as Asia/Jakarta, Asia/Makassar or UTC", name)
	}
	return z, nil
}

// parseTimestamp reads a moment as microseconds since 1970 in UTC. A time without an offset is
// read in zone; a day without a time is its first moment in zone.
func parseTimestamp(text, order string, zone *time.Location) (int64, finding) {
	if len(text) > 64 {
		return 0, notATimestamp
	}
	if us, ok := isoMicros(text); ok {
		return us, good
	}
	day, clock := cutTime(text)
	if clock == "" {
		d, f := parseDate(text, order, zone)
		if f.code != "" {
			return 0, f
		}
		return localMicros(d, 0, zone), good
	}
	var d int32
	var f finding
	if len(day) == 10 && day[4] == '-' && day[7] == '-' {
		y, m, dd := digits(day[0:4]), digits(day[5:7]), digits(day[8:10])
		if y < 0 || m < 0 || dd < 0 {
			return 0, notATimestamp
		}
		d, f = checkedDate(y, m, dd)
	} else {
		d, f = parseDay(day, order)
	}
	if f.code != "" {
		return 0, f
	}
	of, offset, hasOffset, f := parseClock(clock)
	if f.code != "" {
		return 0, f
	}
	if hasOffset {
		return int64(d)*86400_000_000 + of - int64(offset)*1_000_000, good
	}
	return localMicros(d, of, zone), good
}

// isoMicros is the short way for "2024-01-31T13:45:00Z" and "2024-01-31T13:45:00+07:00", the
// forms in which systems write moments.
func isoMicros(text string) (int64, bool) {
	if len(text) < 20 || (text[10] != 'T' && text[10] != ' ') || text[4] != '-' || text[7] != '-' || text[13] != ':' || text[16] != ':' {
		return 0, false
	}
	offset := 0
	switch rest := text[19:]; {
	case rest == "Z":
	case len(rest) == 6 && (rest[0] == '+' || rest[0] == '-') && rest[3] == ':':
		h, m := digits(rest[1:3]), digits(rest[4:6])
		if h < 0 || h > 14 || m < 0 || m > 59 {
			return 0, false
		}
		offset = h*3600 + m*60
		if rest[0] == '-' {
			offset = -offset
		}
	default:
		return 0, false
	}
	h, m, s := digits(text[11:13]), digits(text[14:16]), digits(text[17:19])
	if h < 0 || h > 23 || m < 0 || m > 59 || s < 0 || s > 59 {
		return 0, false
	}
	day, f := checkedDate(digits(text[0:4]), digits(text[5:7]), digits(text[8:10]))
	if f.code != "" {
		return 0, false
	}
	return (int64(day)*86400 + int64(h*3600+m*60+s-offset)) * 1_000_000, true
}

// localMicros is the moment at which zone's clocks show day and time of day.
func localMicros(day int32, ofDay int64, zone *time.Location) int64 {
	at := int64(day)*86400 + ofDay/1_000_000
	_, offset := time.Unix(at, 0).In(zone).Zone()
	if _, again := time.Unix(at-int64(offset), 0).In(zone).Zone(); again != offset {
		offset = again // near a change of the clocks the second guess is the right one
	}
	return int64(day)*86400_000_000 + ofDay - int64(offset)*1_000_000
}

// cutTime parts a text into its day and its time of day. The time begins after a T or the last
// blank before the first colon; "15 Januari 2024 10.30 WIB" writes it with a dot.
func cutTime(text string) (day, clock string) {
	if len(text) > 11 && (text[10] == 'T' || text[10] == 't') {
		return text[:10], text[11:]
	}
	colon := strings.IndexByte(text, ':')
	if colon < 0 {
		for _, zone := range []string{" WIB", " WITA", " WIT"} {
			if rest, ok := cutSuffix(text, zone); ok {
				if i := strings.LastIndexByte(rest, ' '); i > 0 {
					return strings.TrimSpace(rest[:i]), strings.Replace(rest[i+1:], ".", ":", 1) + zone
				}
			}
		}
		return text, ""
	}
	i := strings.LastIndexByte(text[:colon], ' ')
	if i <= 0 {
		return "", text
	}
	day = strings.TrimRight(strings.TrimSpace(text[:i]), ",")
	day, _ = cutSuffix(day, " pukul")
	return day, text[i+1:]
}

// parseClock reads hh:mm[:ss[.ffffff]] and an offset: Z, +07:00, +0700, WIB, WITA or WIT.
func parseClock(text string) (ofDay int64, offset int, hasOffset bool, f finding) {
	text, offset, hasOffset, ok := cutOffset(strings.TrimSpace(text))
	if !ok {
		return 0, 0, false, notATimestamp
	}
	text, fraction, _ := strings.Cut(text, ".")
	parts := strings.Split(text, ":")
	if len(parts) < 2 || len(parts) > 3 || len(fraction) > 9 {
		return 0, 0, false, notATimestamp
	}
	h, m, s := digits(parts[0]), digits(parts[1]), 0
	if len(parts) == 3 {
		s = digits(parts[2])
	}
	if h < 0 || m < 0 || s < 0 || len(parts[0]) > 2 || len(parts[1]) != 2 {
		return 0, 0, false, notATimestamp
	}
	if h > 23 || m > 59 || s > 59 {
		return 0, 0, false, noSuchTime
	}
	us := 0
	if fraction != "" {
		if us = digits((fraction + "000000")[:6]); us < 0 || !isDigits(fraction) {
			return 0, 0, false, notATimestamp
		}
	}
	return (int64(h)*3600+int64(m)*60+int64(s))*1_000_000 + int64(us), offset, hasOffset, good
}

// cutOffset takes the offset off the end of a time of day, in seconds east of UTC.
func cutOffset(text string) (rest string, seconds int, has, ok bool) {
	if text == "" {
		return "", 0, false, false
	}
	if c := text[len(text)-1]; c == 'Z' || c == 'z' {
		return text[:len(text)-1], 0, true, true
	}
	for _, z := range []struct {
		name  string
		hours int
	}{{"WITA", 8}, {"WIB", 7}, {"WIT", 9}, {"UTC", 0}} {
		if rest, ok := cutSuffix(text, z.name); ok {
			return strings.TrimSpace(rest), z.hours * 3600, true, true
		}
	}
	i := strings.LastIndexAny(text, "+-")
	if i < 0 {
		return text, 0, false, true
	}
	sign := 1
	if text[i] == '-' {
		sign = -1
	}
	zone := strings.Replace(text[i+1:], ":", "", 1)
	if len(zone) == 2 {
		zone += "00"
	}
	n := digits(zone)
	if len(zone) != 4 || n < 0 || n/100 > 14 || n%100 > 59 {
		return "", 0, false, false
	}
	return strings.TrimSpace(text[:i]), sign * (n/100*3600 + n%100*60), true, true
}
