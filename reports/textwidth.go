package reports

import "strings"

// advances are the widths of characters in thousandths of the font size, as in the
// sans-serif faces that systems ship (Helvetica and its metric twins).
var advances = func() map[rune]float64 {
	widths := map[rune]float64{}
	for _, class := range []struct {
		width float64
		chars string
	}{
		{222, "ijl"}, {278, " .,:;/!ftI"}, {333, "r-()[]"}, {500, "cksvxyzJ"}, {556, "abdeghnopqu0123456789L$_"}, {584, "+−="}, {611, "FTZ"},
		{667, "ABEKPSVXY&"}, {722, "wCDHNRU"}, {778, "GOQ"}, {833, "mM"}, {889, "%"}, {944, "W"},
	} {
		for _, r := range class.chars {
			widths[r] = class.width / 1000
		}
	}
	return widths
}()

// slack covers faces that run wider than the table, up to DejaVu Sans.
const slack = 1.15

// textWidth estimates the width of a text from above, in the unit of the font size.
func textWidth(text string, size float64) float64 {
	width := 0.0
	for _, r := range text {
		if w, known := advances[r]; known {
			width += w
		} else {
			width += 0.6
		}
	}
	return width * size * slack
}

// fit cuts a text to a width, with an ellipsis if it has to.
func fit(text string, size, width float64) string {
	if textWidth(text, size) <= width {
		return text
	}
	runes := []rune(text)
	for n := len(runes) - 1; n > 0; n-- {
		if cut := strings.TrimRight(string(runes[:n]), " ") + "…"; textWidth(cut, size) <= width {
			return cut
		}
	}
	return ""
}
