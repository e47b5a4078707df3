package figures

import (
	"math"
	"strconv"
	"strings"
)

// Number writes a value with the given decimals the way the language does:
// 1.234,5 in Indonesian, 1,234.5 in English. A minus is a true minus sign.
func Number(lang string, value float64, decimals int) string {
	group, mark := ".", ","
	if lang == "en" {
		group, mark = ",", "."
	}
	text := strconv.FormatFloat(math.Abs(value), 'f', decimals, 64)
	whole, fraction, _ := strings.Cut(text, ".")
	var b strings.Builder
	if value < 0 && strings.Trim(text, "0.") != "" {
		b.WriteString("−")
	}
	for i, digit := range []byte(whole) {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(group)
		}
		b.WriteByte(digit)
	}
	if fraction != "" {
		b.WriteString(mark + fraction)
	}
	return b.String()
}

// Decimals is the fewest decimals, up to four, that show the value as it is.
func Decimals(value float64) int {
	text := strconv.FormatFloat(math.Abs(value), 'f', 4, 64)
	_, fraction, _ := strings.Cut(strings.TrimRight(text, "0"), ".")
	return len(fraction)
}

// brief writes a value with as many decimals as it needs.
func brief(lang string, value float64) string { return Number(lang, value, Decimals(value)) }
