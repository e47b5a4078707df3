package verify

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kp2mi/lindung/figures"
)

// A printed number is a text taken apart: "+Rp1,23 miliar" is a sign, a currency, digits and a
// scale.
type printed struct {
	lang     string
	before   string // what stands before the digits, without its sign
	sign     string // "", "+" or "−"
	signAt   int    // where in before the sign stood
	digits   string // with separators
	after    string // what stands behind the digits
	decimals int
	scale    float64 // what the digits are counted in
	mark     unitMark
}

// A unitMark is what a number is marked as by what stands behind it.
type unitMark int

const (
	unmarked  unitMark = iota
	perCent            // 12,5%
	perPoints          // 1,2 poin persen
)

// The words behind the digits that change what they mean, in both languages.
var (
	scaleWords = map[string]map[string]float64{
		"id": {"ribu": 1e3, "juta": 1e6, "miliar": 1e9, "triliun": 1e12},
		"en": {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12},
	}
	pointWords = map[string][]string{"id": {"poin persen"}, "en": {"percentage points", "percentage point", "pp"}}
	marks      = []string{"[p]", "[r]", "[x]", "[c]", "[z]"}
	// What stands in the place of a value that a figure does not have.
	statusMarks = map[string]string{figures.Suppressed: "[c]", figures.NotAvailable: "[x]"}
)

var errNoNumber = errors.New("it is no number as this product writes them")

// parse takes a printed number apart. It checks nothing about the digits themselves: they are
// compared with what they should be, character by character.
func parse(lang, text string) (printed, error) {
	p := printed{lang: lang, scale: 1}
	if scaleWords[lang] == nil {
		return p, fmt.Errorf("%w: it stands in no article whose language is id or en", errNoNumber)
	}
	for _, mark := range marks {
		text = strings.TrimSpace(strings.TrimSuffix(text, mark))
	}
	first := strings.IndexFunc(text, isDigit)
	if first < 0 {
		return p, errNoNumber
	}
	end := first
	for end < len(text) {
		r, size := utf8.DecodeRuneInString(text[end:])
		if !isDigit(r) && r != '.' && r != ',' {
			break
		}
		end += size
	}
	p.before, p.digits, p.after = text[:first], text[first:end], text[end:]
	if strings.ContainsFunc(p.after, unicode.IsDigit) {
		return p, fmt.Errorf("%w: it holds several", errNoNumber)
	}
	for _, sign := range []string{"+", "−"} {
		if at := strings.Index(p.before, sign); at >= 0 && p.sign == "" {
			p.sign, p.signAt = sign, at
			p.before = p.before[:at] + p.before[at+len(sign):]
		}
	}
	if strings.ContainsFunc(p.before, func(r rune) bool { return !unicode.IsLetter(r) && r != '$' && !unicode.IsSpace(r) }) {
		return p, fmt.Errorf("%w: %q stands before the digits", errNoNumber, p.before)
	}
	if at := strings.IndexByte(p.digits, decimalMark(lang)); at >= 0 {
		p.decimals = len(p.digits) - at - 1
	}
	if p.readUnit(); strings.Contains(p.after, "%") && p.mark != perCent {
		return p, fmt.Errorf("%w: %q stands behind the digits", errNoNumber, p.after)
	}
	return p, nil
}

// readUnit reads what stands behind the digits: words that are no unit of this kind mean nothing.
func (p *printed) readUnit() {
	rest := strings.Join(strings.Fields(p.after), " ")
	for word, scale := range scaleWords[p.lang] {
		if first, _, _ := strings.Cut(rest, " "); first == word {
			p.scale, rest = scale, strings.TrimSpace(strings.TrimPrefix(rest, word))
		}
	}
	if strings.HasPrefix(rest, "%") {
		p.mark = perCent
		return
	}
	for _, words := range pointWords[p.lang] {
		if rest == words || strings.HasPrefix(rest, words+" ") {
			p.mark = perPoints
		}
	}
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func decimalMark(lang string) byte {
	if lang == "en" {
		return '.'
	}
	return ','
}

// text puts a printed number together again.
func (p printed) text() string {
	return p.before[:p.signAt] + p.sign + p.before[p.signAt:] + p.digits + p.after
}

// as is how a value would be printed in the form that p has: with its decimals, its scale and its
// words. A rise may be printed with or without its plus, a fall has its minus, unless words say it.
func (p printed) as(value float64, unsigned bool) printed {
	digits := figures.Number(p.lang, math.Abs(value)/p.scale, p.decimals)
	isZero := strings.Trim(digits, "0.,") == ""
	q := p
	q.digits = digits
	switch {
	case unsigned || isZero, value > 0 && p.sign != "+":
		q.sign = ""
	case value > 0:
		q.sign = "+"
	default:
		q.sign = "−"
	}
	if q.sign != "" && p.sign == "" {
		q.signAt = 0
	}
	return q
}
