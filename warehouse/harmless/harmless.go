// Package harmless writes texts so that a spreadsheet takes them for texts.
//
// It owns which texts a spreadsheet would run as a formula, for everything that leaves
// the program as a table. It must not know where a text comes from or where it goes.
package harmless

import (
	"strings"
	"unicode/utf8"
)

// Text keeps a spreadsheet from running a text as a formula: it gets a leading apostrophe.
func Text(text string) string {
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(text, " \ufeff\u3000"))
	if strings.ContainsRune("=+-@\t\r\n\x00＝＋－＠", first) && text != "" {
		return "'" + text
	}
	return text
}

// Texts is Text for a line of texts.
func Texts(texts ...string) []string {
	for i, text := range texts {
		texts[i] = Text(text)
	}
	return texts
}
