package lint

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/kp2mi/lindung/figures/arithmetic"
)

// A notation is which mark parts decimals and which parts thousands.
type notation int8

const (
	unknown    notation = iota
	indonesian          // 1.234,5
	english             // 1,234.5
)

func (n notation) other() notation {
	switch n {
	case indonesian:
		return english
	case english:
		return indonesian
	}
	return unknown
}

// A numeral is a number as it is written, before anybody has decided how to read it.
type numeral struct {
	text     string // as written, without sign
	negative bool
	says     notation // what it proves by itself; unknown for 297434 and 22.376
	open     bool     // one mark before three digits: two readings
}

// numeralText finds a numeral: groups parted by spaces that do not break, or digits
// with marks between them.
var numeralText = regexp.MustCompile(`\d{1,3}(?:[\x{00A0}\x{202F}\x{2009}]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)*`)

var spacedGroups = regexp.MustCompile(`^\d{1,3}(?: \d{3})+(?:[.,]\d+)?$`)

var spaces = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "\u2009", "")

// longestNumber is the digits beyond which a number identifies rather than counts. The decimals of
// a number that a program wrote in full are none of them.
const longestNumber = 15

var writtenInFull = regexp.MustCompile(`^\d{1,15}[.,]\d{4,17}$`)

// classify reads the marks of a numeral. It declines what is no number: dates,
// versions, codes such as 11.01.02, and numbers of persons.
func classify(text string) (numeral, bool) {
	n := numeral{text: text}
	body := spaces.Replace(text)
	dots, commas := strings.Count(body, "."), strings.Count(body, ",")
	if len(body)-dots-commas > longestNumber && !writtenInFull.MatchString(body) {
		return n, false
	}
	switch {
	case dots == 0 && commas == 0:
		return n, true
	case dots > 0 && commas > 0:
		return classifyBoth(n, body, dots, commas)
	case dots > 1:
		n.says = indonesian
		parts := strings.Split(body, ".")
		return n, grouped(parts) && !isAddress(parts)
	case commas > 1:
		n.says = english
		return n, grouped(strings.Split(body, ","))
	}
	n.says = english
	whole, fraction, cut := strings.Cut(body, ".")
	if !cut {
		n.says = indonesian
		whole, fraction, _ = strings.Cut(body, ",")
	}
	if len(fraction) == 3 && len(whole) <= 3 && whole[0] != '0' && len(body) == len(text) {
		n.says, n.open = unknown, true
	}
	return n, true
}

func classifyBoth(n numeral, body string, dots, commas int) (numeral, bool) {
	group, mark, marks := ",", ".", dots
	n.says = english
	if strings.LastIndex(body, ",") > strings.LastIndex(body, ".") {
		group, mark, marks, n.says = ".", ",", commas, indonesian
	}
	whole, _, _ := strings.Cut(body, mark)
	return n, marks == 1 && grouped(strings.Split(whole, group))
}

// isAddress recognises an internet address, which is written like thousands; its groups have no
// zeros in front, so that 100.000.000.000 stays a number.
func isAddress(parts []string) bool {
	for _, p := range parts {
		if len(p) == 3 && (p > "255" || p[0] == '0') {
			return false
		}
	}
	return len(parts) == 4 && len(parts[0]) > 1
}

func grouped(parts []string) bool {
	for i, p := range parts {
		if i == 0 && (len(p) == 0 || len(p) > 3) || i > 0 && len(p) != 3 {
			return false
		}
	}
	return true
}

// value reads a numeral in a notation: its value and how many decimals were printed.
// What a numeral proves by itself outweighs the notation.
func (n numeral) value(in notation) (value float64, decimals int) {
	if n.says != unknown {
		in = n.says
	}
	group, mark := ".", ","
	if in == english {
		group, mark = ",", "."
	}
	body := strings.ReplaceAll(spaces.Replace(n.text), group, "")
	if at := strings.Index(body, mark); at >= 0 {
		decimals = len(body) - at - 1
		body = body[:at] + "." + body[at+1:]
	}
	value, err := strconv.ParseFloat(body, 64)
	if err != nil {
		return math.NaN(), 0
	}
	if n.negative {
		value = -value
	}
	return value, decimals
}

// asThousands reads a numeral whose thousands mark was taken for a decimal mark by a
// program that then dropped zeros at the end: 12.72 was 12.720, and 513.0 was 513.
func (n numeral) asThousands() (float64, bool) {
	body := strings.ReplaceAll(spaces.Replace(n.text), ",", ".")
	whole, fraction, cut := strings.Cut(body, ".")
	if strings.Contains(fraction, ".") || len(fraction) > 3 || cut && len(whole) > 3 {
		return 0, false
	}
	value, err := strconv.ParseFloat(body, 64)
	if strings.Trim(fraction, "0") != "" || len(fraction) == 3 {
		value = arithmetic.Thousandfold(value)
	}
	if n.negative {
		value = -value
	}
	return value, err == nil
}

// bareYear recognises 2024 where it is a year and no count.
func (n numeral) bareYear() bool {
	return len(n.text) == 4 && !n.negative && (strings.HasPrefix(n.text, "19") || strings.HasPrefix(n.text, "20"))
}

// printed writes a computed number the way the document writes its own.
func printed(in notation, value float64, decimals int) string {
	group, mark := ".", ","
	if in == english {
		group, mark = ",", "."
	}
	whole, fraction, _ := strings.Cut(strconv.FormatFloat(math.Abs(value), 'f', decimals, 64), ".")
	var b strings.Builder
	if value < 0 && strings.Trim(whole+fraction, "0") != "" {
		b.WriteString("−")
	}
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(group)
		}
		b.WriteRune(digit)
	}
	if fraction != "" {
		b.WriteString(mark + fraction)
	}
	return b.String()
}
