package transforms

import (
	"math/big"
	"strconv"
	"strings"
)

var (
	percentAmount = finding{PercentInAmount, "a percentage where an amount belongs; correct the source or map the right column"}
	belowZero     = finding{NegativeAmount, "below zero; correct the source"}
	notANumber    = finding{NotANumber, "not a number; write digits only, or set decimal in units:"}
	twoReadings   = finding{NotANumber, "one separator and three digits can be read in two ways; set decimal in units:"}
	wrongMark     = finding{NotANumber, "separators do not fit the decimal mark in units:; correct units: or the source"}
	tooPrecise    = finding{NotANumber, "more decimals than the column keeps; correct the source or scale in units:"}
	tooLarge      = finding{NotANumber, "larger than the column holds; correct the source or scale in units:"}
	abbreviated   = finding{NotANumber, "an abbreviated amount; write it out, or give numbers only and set scale in units:"}
	exponent      = finding{NotANumber, "written with an exponent, so digits are lost; store the source's column as text"}
	otherCurrency = finding{CodeConflict, "currency sign differs from the feed's currency; correct the source or currency in units:"}
)

// maxUnscaled is the largest unscaled value of an 18-digit decimal.
const maxUnscaled = 999_999_999_999_999_999

// amountRules is how a feed writes amounts.
type amountRules struct {
	decimal  string // ",", "." or "" when the feed does not say
	scale    int64  // what one printed unit stands for
	currency string // expected currency sign, "" when any
	places   int    // decimals kept
	negative bool   // whether values below zero make sense
	rounded  bool   // more decimals are rounded, half away from zero, instead of refused
}

// parseAmount reads a decimal number with Indonesian or English separators into its unscaled
// value with r.places decimals. What can be read in two ways is refused unless r.decimal decides.
func parseAmount(text string, r amountRules) (int64, finding) {
	if n, ok := plainAmount(text, r); ok {
		return n, good
	}
	if len(text) > 64 || text == "" {
		return 0, notANumber
	}
	body, sign, f := cutCurrency(text, r)
	if f.code != "" {
		return 0, f
	}
	if sign < 0 && !r.negative {
		if _, _, f := separate(body, r.decimal); f.code != "" {
			return 0, f
		}
		return 0, belowZero
	}
	whole, fraction, f := separate(body, r.decimal)
	if f.code != "" {
		return 0, f
	}
	n, f := scaled(whole, strings.TrimRight(fraction, "0"), r)
	return sign * n, f
}

// plainAmount is the short way for digits alone or in groups of three, which most amounts are.
func plainAmount(text string, r amountRules) (int64, bool) {
	if len(text) > 15 || r.scale > 1 || text == "" {
		return 0, false
	}
	var n int64
	run, grouped := 0, false
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c >= '0' && c <= '9' {
			n = n*10 + int64(c-'0')
			run++
			continue
		}
		if r.decimal == "" || c != otherMark(r.decimal)[0] || run == 0 || run > 3 || grouped && run != 3 {
			return 0, false
		}
		run, grouped = 0, true
	}
	if grouped && run != 3 || n > maxUnscaled/10_000 {
		return 0, false
	}
	for range r.places {
		n *= 10
	}
	return n, true
}

// cutCurrency takes sign and currency off an amount.
func cutCurrency(text string, r amountRules) (body string, sign int64, f finding) {
	if strings.ContainsAny(text, "%‰") {
		return "", 0, percentAmount
	}
	sign = 1
	if c, d := text[0], text[len(text)-1]; c >= '0' && c <= '9' && d >= '0' && d <= '9' {
		return text, sign, good
	}
	body = strings.TrimSpace(strings.ReplaceAll(text, "\u00a0", " "))
	if strings.HasPrefix(body, "(") && strings.HasSuffix(body, ")") {
		sign, body = -1, body[1:len(body)-1]
	}
	if r.places == 2 { // figures that are no money carry no currency
		if body, f = cutMark(body, r.currency); f.code != "" {
			return "", 0, f
		}
	}
	if rest, ok := strings.CutPrefix(body, "-"); ok {
		sign, body = -sign, strings.TrimSpace(rest)
	} else if rest, ok := strings.CutPrefix(body, "+"); ok {
		body = strings.TrimSpace(rest)
	}
	for _, none := range []string{",-", ",--", ".-"} { // "Rp 22.376,-"
		if rest, ok := strings.CutSuffix(body, none); ok {
			body = rest
			break
		}
	}
	return body, sign, good
}

// cutMark takes a currency sign off either end, which must be the expected one.
func cutMark(body, expected string) (string, finding) {
	for _, c := range [...]struct{ mark, code string }{
		{"rp.", "IDR"}, {"rp", "IDR"}, {"idr", "IDR"}, {"us$", "USD"}, {"usd", "USD"}, {"$", "USD"},
	} {
		rest, ok := cutPrefix(body, c.mark)
		if !ok {
			rest, ok = cutSuffix(body, c.mark)
		}
		if !ok {
			continue
		}
		if expected != "" && expected != c.code {
			return "", otherCurrency
		}
		return strings.TrimSpace(rest), good
	}
	return body, good
}

// separate parts a number into its whole digits and its decimals.
func separate(body, decimal string) (whole, fraction string, f finding) {
	dots, commas := strings.Count(body, "."), strings.Count(body, ",")
	for i := 0; i < len(body); i++ {
		if c := body[i]; (c < '0' || c > '9') && c != '.' && c != ',' {
			return "", "", wordsInNumber(body)
		}
	}
	mark := decimal
	switch {
	case dots+commas == 0:
		if body == "" {
			return "", "", notANumber
		}
		return body, "", good
	case dots > 0 && commas > 0: // the last kind of separator is the decimal mark
		mark = "."
		if strings.LastIndexByte(body, ',') > strings.LastIndexByte(body, '.') {
			mark = ","
		}
		if decimal != "" && mark != decimal {
			return "", "", wrongMark
		}
	case decimal == "":
		i := strings.LastIndexAny(body, ".,")
		switch {
		case dots+commas > 1: // more than one of a kind can only group
			mark = otherMark(body[i : i+1])
		case len(body)-i-1 == 3 && i > 0 && i <= 3 && body[0] != '0':
			return "", "", twoReadings
		default:
			mark = body[i : i+1]
		}
	}
	whole, fraction, _ = strings.Cut(body, mark)
	if strings.Contains(fraction, mark) || strings.ContainsAny(fraction, ".,") {
		return "", "", wrongMark
	}
	return ungroup(whole, otherMark(mark), fraction)
}

func wordsInNumber(body string) finding {
	lower := strings.ToLower(body)
	if strings.ContainsAny(lower, "0123456789") {
		if i := strings.IndexByte(lower, 'e'); i > 0 && isDigits(strings.Trim(lower[i+1:], "+-")) {
			return exponent
		}
		for _, w := range []string{"juta", "jt", "miliar", "milyar", "triliun", "ribu", "rb", " t", " m", " k", "million", "billion"} {
			if strings.HasSuffix(strings.TrimSpace(lower), w) {
				return abbreviated
			}
		}
	}
	return notANumber
}

func otherMark(mark string) string {
	if mark == "." {
		return ","
	}
	return "."
}

// ungroup takes the thousands separators out of the whole part, which must come in threes.
func ungroup(whole, group, fraction string) (string, string, finding) {
	if first := strings.Index(whole, group); first >= 0 {
		if first == 0 || first > 3 {
			return "", "", wrongMark
		}
		for i := first; i < len(whole); i += 4 {
			if whole[i] != group[0] || i+4 > len(whole) || !isDigits(whole[i+1:i+4]) {
				return "", "", wrongMark
			}
		}
		whole = strings.ReplaceAll(whole, group, "")
	}
	if whole == "" {
		if fraction == "" {
			return "", "", notANumber
		}
		whole = "0"
	}
	return whole, fraction, good
}

// scaled multiplies by the feed's scale and fits the result into 18 digits; nothing is rounded
// unless the rules say so.
func scaled(whole, fraction string, r amountRules) (int64, finding) {
	if r.scale == 1 && len(fraction) <= r.places && len(whole)+r.places <= 18 {
		var n int64 // the usual case, without big numbers
		for i := 0; i < len(whole); i++ {
			n = n*10 + int64(whole[i]-'0')
		}
		for i := range r.places {
			n *= 10
			if i < len(fraction) {
				n += int64(fraction[i] - '0')
			}
		}
		return n, good
	}
	n, ok := new(big.Int).SetString(whole+fraction, 10)
	if !ok {
		return 0, notANumber
	}
	ten := big.NewInt(10)
	n.Mul(n, new(big.Int).Exp(ten, big.NewInt(int64(r.places)), nil))
	n.Mul(n, big.NewInt(r.scale))
	rest, unit := new(big.Int), new(big.Int).Exp(ten, big.NewInt(int64(len(fraction))), nil)
	n.QuoRem(n, unit, rest)
	switch {
	case rest.Sign() == 0:
	case !r.rounded:
		return 0, tooPrecise
	case rest.Lsh(rest, 1).Cmp(unit) >= 0:
		n.Add(n, big.NewInt(1))
	}
	if !n.IsInt64() || n.Int64() > maxUnscaled {
		return 0, tooLarge
	}
	return n.Int64(), good
}

// parseInt reads a whole number; separators are refused, they hide what was meant.
func parseInt(text string) (int64, finding) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, finding{NotANumber, "not a whole number; write digits only"}
	}
	return n, good
}

// decimalText writes an unscaled value with its decimals: 123456, 2 -> "1234.56".
func decimalText(n int64, places int) string {
	sign := ""
	if n < 0 {
		sign = "-"
	}
	s := strings.TrimPrefix(strconv.FormatInt(n, 10), "-")
	if places == 0 {
		return sign + s
	}
	for len(s) <= places {
		s = "0" + s
	}
	return sign + s[:len(s)-places] + "." + s[len(s)-places:]
}
