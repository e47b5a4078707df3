package lint

import (
	"math"
	"regexp"
	"strings"

	"github.com/kp2mi/lindung/figures/arithmetic"
)

// A figure is a number that has been read.
type figure struct {
	numeral
	raw   string // as written, with its unit
	val   float64
	half  float64 // half a unit of the last printed place; 0 for a whole count
	dec   int
	scale float64
	unit  unit

	stored bool // as a number, by a workbook
}

// read gives a figure its value in a notation. columnScale is what the column's head
// says (“ribu orang”): such figures are rounded, though printed whole.
func (f *figure) read(in notation, columnScale float64) {
	f.val, f.dec = f.value(in)
	f.val *= f.scale
	f.half = 0.5 * math.Pow10(-f.dec) * f.scale
	if f.dec == 0 && f.scale == 1 && columnScale == 1 && !f.unit.relative() {
		f.half = 0
	}
}

// printed is the figure as a number alone.
func (f *figure) printed() arithmetic.Printed { return arithmetic.Printed{Value: f.val, Half: f.half} }

type cellKind int8

const (
	textCell cellKind = iota
	blankCell
	unknownCell // not available, suppressed
	figureCell
)

var (
	cellPattern = regexp.MustCompile(`(?i)^(` + currencyWords + `)?\s*([+−–-])?\s*(\d[\d.,\x{00A0}\x{202F}\x{2009} ]*?)\s*(` + scaleWords + `)?\s*(` + unitWords + `)?\s*(?:\(\s*[+−–-]?[\d.,]+\s*%\s*\))?\s*(?:\[[a-z]\]|[*†‡¹²³⁴⁵]+|\([pr]\))?$`)
	bracketed   = regexp.MustCompile(`^\(\s*([\d.,\s]+)\)$`)
	decoration  = strings.NewReplacer("**", "", "__", "", "`", "")
)

// longestCell bounds what can be one figure with its unit.
const longestCell = 80

// parseCell reads a cell that holds one figure and nothing else.
func parseCell(text string) (figure, cellKind) {
	text = strings.TrimSpace(decoration.Replace(text))
	switch {
	case text == "":
		return figure{}, blankCell
	case nilCell.MatchString(text):
		return figure{numeral: numeral{text: "0"}, raw: text, scale: 1}, figureCell
	case missingCell.MatchString(text):
		return figure{}, unknownCell
	}
	if len(text) > longestCell || !strings.ContainsAny(text, "0123456789") {
		return figure{}, textCell
	}
	negative := false
	if m := bracketed.FindStringSubmatch(text); m != nil {
		text, negative = m[1], true
	}
	m := cellPattern.FindStringSubmatch(text)
	if m == nil {
		return figure{}, textCell
	}
	body := strings.TrimSpace(m[3])
	if strings.Contains(body, " ") && !spacedGroups.MatchString(body) || !strings.ContainsAny(body[len(body)-1:], "0123456789") {
		return figure{}, textCell
	}
	if whole := numeralText.FindString(spaces.Replace(body)); whole != spaces.Replace(body) {
		return figure{}, textCell
	}
	n, ok := classify(body)
	if !ok {
		return figure{}, textCell
	}
	n.negative = negative || m[2] != "" && m[2] != "+"
	f := figure{numeral: n, raw: text, scale: scaleOf(m[4]), unit: unitOf(m[5])}
	if f.unit == "" {
		f.unit = currencyOf(m[1])
	}
	return f, figureCell
}
