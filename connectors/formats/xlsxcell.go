package formats

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// columnOf returns the column, from 0, of a cell reference such as "AB12"; ok is
// false when it is none.
func columnOf(ref []byte) (column int, ok bool) {
	letters := 0
	for letters < len(ref) && 'A' <= ref[letters] && ref[letters] <= 'Z' {
		column = column*26 + int(ref[letters]-'A') + 1
		if letters++; letters > 3 {
			return 0, false
		}
	}
	return column - 1, letters > 0 && letters < len(ref)
}

// areaOf reads an area of cells such as "A1:H1".
func areaOf(ref []byte) (m mergedCells, ok bool) {
	first, last, _ := bytes.Cut(ref, []byte(":"))
	top, left, ok := cellOf(first)
	bottom, right, ok2 := cellOf(last)
	return mergedCells{top, left, bottom, right}, ok && ok2
}

// cellOf reads a cell reference such as "AB12"; row and column count from 0.
func cellOf(ref []byte) (row, column int, ok bool) {
	if column, ok = columnOf(ref); !ok {
		return 0, 0, false
	}
	row, err := strconv.Atoi(string(bytes.TrimLeft(ref, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")))
	return row - 1, column, err == nil && row > 0
}

// columnLetters is the opposite of columnOf.
func columnLetters(column int) string {
	var letters []byte
	for column++; column > 0; column = (column - 1) / 26 {
		letters = append([]byte{byte('A' + (column-1)%26)}, letters...)
	}
	return string(letters)
}

// builtInDate reports the number formats that every spreadsheet program knows
// as dates or times; 27-36 and 50-58 are East Asian dates.
func builtInDate(id int) bool {
	return 14 <= id && id <= 22 || 27 <= id && id <= 36 || id == 45 || id == 47 || 50 <= id && id <= 58
}

// isDateFormat reports whether a custom number format shows a date or a time of
// day: one with y, m, d, h or s outside quotes, escapes and brackets. A format
// in brackets such as [h]:mm shows a length of time, which is a number.
func isDateFormat(code string) bool {
	section, _, _ := strings.Cut(code, ";")
	found := false
	for i := 0; i < len(section); i++ {
		switch section[i] {
		case '\\', '_', '*':
			i++
		case '"':
			end := strings.IndexByte(section[i+1:], '"')
			if end < 0 {
				return found
			}
			i += end + 1
		case '[':
			end := strings.IndexByte(section[i:], ']')
			if end < 0 {
				return found
			}
			if strings.Trim(strings.ToLower(section[i+1:i+end]), "hms") == "" {
				return false
			}
			i += end
		case 'y', 'Y', 'm', 'M', 'd', 'D', 'h', 'H', 's', 'S':
			found = true
		case 'G', 'g': // General
			return false
		}
	}
	return found
}

var (
	epoch1900 = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	epoch1904 = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
)

// dateText writes a serial date as ISO text: "2024-01-15", with a time of day
// "2024-01-15T08:30:00", a time alone "08:30:00". What cannot be a date stays the
// number that it is: 0 < serial < 1 is a time, 60 is the 29 February 1900 that
// never was, and the calendar ends with 9999.
func dateText(number []byte, date1904 bool) []byte {
	serial, err := strconv.ParseFloat(string(number), 64)
	if err != nil || !(serial >= 0 && serial < 2_958_466) {
		return number
	}
	day := math.Floor(serial)
	seconds := time.Duration(math.Round((serial-day)*86400)) * time.Second
	epoch := epoch1900
	switch {
	case day == 0 && seconds > 0 && seconds < 24*time.Hour:
		return []byte(epoch.Add(seconds).Format("15:04:05"))
	case date1904:
		epoch = epoch1904
	case day == 0 || day == 60:
		return number
	case day < 60:
		day++ // before the day that never was, counting is right
	}
	at := epoch.AddDate(0, 0, int(day)).Add(seconds)
	if at.Hour() == 0 && at.Minute() == 0 && at.Second() == 0 {
		return []byte(at.Format("2006-01-02"))
	}
	return []byte(at.Format("2006-01-02T15:04:05"))
}

// undoX undoes the escapes that spreadsheets write for characters that XML
// cannot hold: "_x000D_" is a carriage return. A control character becomes a
// space, except those that text may have.
func undoX(text []byte) []byte {
	if !bytes.Contains(text, []byte("_x")) {
		return text
	}
	var out []byte
	for i := 0; i < len(text); {
		if i+7 <= len(text) && text[i] == '_' && text[i+1] == 'x' && text[i+6] == '_' {
			if n, err := strconv.ParseUint(string(text[i+2:i+6]), 16, 16); err == nil && utf8.ValidRune(rune(n)) {
				r := rune(n)
				if r < ' ' && r != '\n' && r != '\r' && r != '\t' {
					r = ' '
				}
				out = utf8.AppendRune(out, r)
				i += 7
				continue
			}
		}
		out = append(out, text[i])
		i++
	}
	return out
}
