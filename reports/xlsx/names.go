package xlsx

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// longestName is what spreadsheet programs allow a sheet.
const longestName = 31

// name makes what a sheet is to be called into what it may be called: short enough, without signs
// that have a meaning in references, and unlike every other in any case of letters.
func (b *book) name(wanted string) string {
	clean := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\`, r) || unicode.IsControl(r) {
			return '-'
		}
		return r
	}, wanted)
	clean = strings.Trim(strings.TrimSpace(clean), "'")
	if clean == "" || strings.EqualFold(clean, "history") { // a name that Excel keeps for itself
		clean += "-"
	}
	name := cut(clean, longestName)
	for n := 2; b.names[strings.ToLower(name)]; n++ {
		suffix := " " + strconv.Itoa(n)
		name = cut(clean, longestName-len(suffix)) + suffix
	}
	return name
}

// named is name, and nobody else gets it.
func (b *book) named(wanted string) string {
	name := b.name(wanted)
	b.names[strings.ToLower(name)] = true
	return name
}

func cut(text string, most int) string {
	for utf8.RuneCountInString(text) > most {
		_, last := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-last]
	}
	return strings.TrimSpace(text)
}

// objectName is the name of a sheet's table object: no name that could be a cell's, such as P1.
func (b *book) objectName(sheet string) string {
	b.tables++
	clean := strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return r
		}
		return '_'
	}, sheet)
	return "T" + strconv.Itoa(b.tables) + "_" + clean
}

// within is a sheet's name as references write it.
func within(sheet string) string { return "'" + strings.ReplaceAll(sheet, "'", "''") + "'!" }
