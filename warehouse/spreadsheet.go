package warehouse

import (
	"strings"
	"unicode/utf8"
)

// SpreadsheetText gives a text that a spreadsheet takes for a text. One that begins like a formula
// gets a leading apostrophe: whoever opens a CSV file runs what stands in it, and what stands in it
// may come from a source. Every CSV file of the product is written through it; numbers are not, a
// minus is theirs.
func SpreadsheetText(text string) string {
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(text, " \ufeff\u3000"))
	if strings.ContainsRune("=+-@\t\r\n\x00＝＋－＠", first) && text != "" {
		return "'" + text
	}
	return text
}

// SpreadsheetTexts is SpreadsheetText for a line of texts.
func SpreadsheetTexts(texts ...string) []string {
	for i, text := range texts {
		texts[i] = SpreadsheetText(text)
	}
	return texts
}
