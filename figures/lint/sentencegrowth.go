package lint

import (
	"fmt"
	"math"
	"regexp"

	"github.com/kp2mi/lindung/figures/arithmetic"
)

const (
	upWords   = `naik|meningkat|tumbuh|bertambah|melonjak|melesat|bertumbuh|kenaikan|peningkatan|pertumbuhan|lonjakan|rose|rises?|risen|increased?|increases|grew|grown|growth|up|jumped|surged|climbed`
	downWords = `turun|menurun|berkurang|menyusut|anjlok|merosot|penurunan|fell|fall|falls|fallen|decreased?|decreases|declined?|declines|dropped|drop|down|shrank`
)

var (
	upVerb      = regexp.MustCompile(`(?i)\b(?:` + upWords + `)\b`)
	downVerb    = regexp.MustCompile(`(?i)\b(?:` + downWords + `)\b`)
	growthLead  = regexp.MustCompile(`(?i)\b(` + upWords + `|` + downWords + `)\b(?:[\s(]+[\pL-]+){0,4}[\s(]*$`)
	growthTail  = regexp.MustCompile(`(?i)^\s+(?:(?:increase|rise|growth|higher|more|decrease|decline|drop|fall|lower|fewer|less)\b|lebih\s+(?:banyak|tinggi|besar|rendah|sedikit|kecil))`)
	downTail    = regexp.MustCompile(`(?i)^\s+(?:(?:decrease|decline|drop|fall|lower|fewer|less)\b|lebih\s+(?:rendah|sedikit|kecil))`)
	inBrackets  = regexp.MustCompile(`^[\s\pL]*\(\s*$`)
	closes      = regexp.MustCompile(`^\s*\)`)
	orSaid      = regexp.MustCompile(`(?i)^[\s\pL]{0,30},?\s*\(?\b(?:atau|setara|or|i\.e\.)\b(?:\s+\pL+){0,2}\s*$`)
	fromLead    = regexp.MustCompile(`(?i)\b(?:dari|from)\b(?:[\s(]+[\pL\d.]+){0,4}[\s(]*$`)
	toLead      = regexp.MustCompile(`(?i)\b(?:menjadi|ke|to)\b(?:[\s(]+[\pL\d.]+){0,3}[\s(]*$`)
	comparedTo  = regexp.MustCompile(`(?i)\b(?:dari|dibanding(?:kan)?|daripada|ketimbang|compared|than|from|over|terhadap)\b(?:[\s(,]+[\pL\d.-]+){0,9}[\s(]*$`)
	against     = regexp.MustCompile(`(?i)^(?:\s+\pL+){0,2}\s+(?:vs\.?|versus|berbanding|against)(?:\s+[\pL\d]+){0,4}\s*$`)
	ofATotal    = regexp.MustCompile(`(?i)\b(?:total|target|seluruh|keseluruhan|semua|all|kapasitas|kuota|quota)\b`)
	nothingElse = regexp.MustCompile(`(?i)\b(?:rata-rata|average|per\s+(?:tahun|bulan|annum|year|month)|a\s+year|setiap\s+tahun|cagr)\b`)
)

// A pair is two values of one thing in a sentence.
type pair struct{ from, to int }

// pairs finds “from A to B” and “B against A”.
func (s *sentence) pairs() []pair {
	var all []pair
	for i := 0; i+1 < len(s.figures); i++ {
		j := i + 1
		for j < len(s.figures) && s.figures[j].unit.relative() != s.figures[i].unit.relative() {
			j++
		}
		if j == len(s.figures) || j > i+2 || !alike(s.figures[i], s.figures[j]) {
			continue
		}
		switch {
		case fromLead.MatchString(s.before(i)) && toLead.MatchString(s.before(j)):
			all = append(all, pair{i, j})
		case j == i+1 && against.MatchString(s.before(j)):
			all = append(all, pair{j, i})
		}
	}
	return all
}

// growths finds the percentages that are said to be growth, each with its direction.
func (s *sentence) growths() (at []int, signs []float64) {
	up, down := upVerb.MatchString(s.text), downVerb.MatchString(s.text)
	for i, f := range s.figures {
		if !f.unit.relative() {
			continue
		}
		before, after := s.before(i), s.after(i)
		lead := growthLead.FindStringSubmatch(before)
		if lead != nil && (fromLead.MatchString(lead[0]) || toLead.MatchString(lead[0])) {
			continue // fell from 6.69 % to 6.56 %: the percentages are the values
		}
		bracket := i > 0 && !s.figures[i-1].unit.relative() && (inBrackets.MatchString(before) && closes.MatchString(after) || orSaid.MatchString(before)) &&
			(toLead.MatchString(s.before(i-1)) || growthLead.MatchString(s.before(i-1)))
		sign := 1.0
		switch {
		case lead != nil && downVerb.MatchString(lead[1]), growthTail.MatchString(after) && downTail.MatchString(after):
			sign = -1
		case lead != nil, growthTail.MatchString(after):
		case bracket && up != down:
			if down {
				sign = -1
			}
		default:
			continue
		}
		if f.negative {
			sign = 1 // “turun −5 %”: the sign has said it already
		}
		at, signs = append(at, i), append(signs, sign)
	}
	return at, signs
}

// checkGrowth recomputes the growth that a clause states. others are the numbers of the
// document, among which a share finds its whole.
func (s *sentence) checkGrowth(r *report, in notation, others []*figure) {
	growths, signs := s.growths()
	pairs := s.pairs()
	if nothingElse.MatchString(s.text) || len(growths) == 0 {
		return
	}
	if len(pairs) == 0 {
		pairs = s.compared(growths)
	}
	if len(pairs) != len(growths) {
		return
	}
	for k, at := range growths {
		growth, from, to := &s.figures[at].figure, &s.figures[pairs[k].from], &s.figures[pairs[k].to]
		if from.unit.relative() {
			s.checkPoints(r, in, growth, from, to, signs[k])
			continue
		}
		if growth.unit == pp {
			r.add(Finding{Rule: points, Line: s.line, Figures: []string{growth.raw, from.raw, to.raw},
				Message: fmt.Sprintf("%s is said of a change from %s to %s, which are no percentages", growth.raw, from.raw, to.raw),
				Remedy:  "write “persen” (per cent)"})
		}
		if !grows(growth, &from.figure, &to.figure, signs[k]) {
			s.reportGrowth(r, in, growth, from, to, signs[k], others)
		}
	}
}

var saidBefore = regexp.MustCompile(`(?i)^(?:(?:jumlah|angka|nilai|total)\s+(?:ini|itu|tersebut)|(?:this|that|it|the\s+(?:number|figure|total))\b)`)

// carry puts the one value of the sentence before in front of a sentence that speaks of it:
// “150 were received. This number rose 117.4 % from 69.”
func (s *sentence) carry(before *sentence) *sentence {
	if before == nil || s.opens || !saidBefore.MatchString(s.text) {
		return s
	}
	var value *mention
	for i, f := range before.figures {
		if f.unit.relative() {
			continue
		}
		if value != nil {
			return s
		}
		value = &before.figures[i]
	}
	if value == nil {
		return s
	}
	first := *value
	first.at, first.end = 0, len(first.raw)
	shift := len(first.raw) + 1
	c := &sentence{line: s.line, lang: s.lang, heading: s.heading, text: first.raw + " " + s.text, figures: []mention{first}}
	for _, f := range s.figures {
		f.at, f.end = f.at+shift, f.end+shift
		c.figures = append(c.figures, f)
	}
	return c
}

// compared finds “B, up p % from A”, for one growth.
func (s *sentence) compared(growths []int) []pair {
	if len(growths) != 1 {
		return nil
	}
	g := growths[0]
	from, to := -1, -1
	for i, f := range s.figures {
		switch {
		case f.unit.relative():
		case i < g:
			to = i
		case from < 0:
			from = i
		}
	}
	if g == 0 || from != g+1 || to != g-1 || !alike(s.figures[from], s.figures[to]) {
		return nil
	}
	if lead := s.before(from); !comparedTo.MatchString(lead) || ofATotal.MatchString(lead) {
		return nil
	}
	return []pair{{from, to}}
}

// checkDifference recomputes “up by D from A to B”, in what is counted itself.
func (s *sentence) checkDifference(r *report, in notation) {
	pairs := s.pairs()
	if len(pairs) != 1 || s.figures[pairs[0].from].unit.relative() || nothingElse.MatchString(s.text) {
		return
	}
	from, to := s.figures[pairs[0].from], s.figures[pairs[0].to]
	said := -1
	for i, f := range s.figures {
		lead := growthLead.FindString(s.before(i))
		if f.unit.relative() || lead == "" || fromLead.MatchString(lead) || toLead.MatchString(lead) || !alike(f, from) || i == pairs[0].from || i == pairs[0].to {
			continue
		}
		if said >= 0 {
			return
		}
		said = i
	}
	if said < 0 {
		return
	}
	d, is := s.figures[said], math.Abs(to.val-from.val)
	if math.Abs(math.Abs(d.val)-is) <= d.half+from.half+to.half+arithmetic.Slack(from.val, to.val) {
		return
	}
	decimals := max(from.dec, to.dec)
	r.add(Finding{Rule: growthWrong, Line: s.line, Figures: []string{d.raw, from.raw, to.raw},
		Message:    fmt.Sprintf("the change written is %s; from %s to %s is %s", d.raw, from.raw, to.raw, printed(in, is/to.scale, decimals)),
		Arithmetic: fmt.Sprintf("%s − %s = %s, written %s", to.text, from.text, printed(in, (to.val-from.val)/to.scale, decimals), d.raw)})
}

func (s *sentence) reportGrowth(r *report, in notation, growth *figure, from, to *mention, sign float64, others []*figure) {
	is := arithmetic.Growth(from.val, to.val)
	f := Finding{Rule: growthWrong, Line: s.line, Figures: []string{growth.raw, from.raw, to.raw},
		Message:    fmt.Sprintf("the growth written is %s; from %s to %s is %s%%", growth.raw, from.raw, to.raw, printed(in, is, growth.dec)),
		Arithmetic: growthArithmetic(in, growth, &from.figure, &to.figure)}
	signed := *growth
	signed.val *= sign
	also := reallyIs(growth, &from.figure, &to.figure, others)
	switch {
	case near(&signed, is):
		f.Severity, f.Message = Warning, f.Message+": cut off, not rounded"
	case math.Abs(-signed.val-is) <= growth.half+arithmetic.Slack(is):
		f.Message += ": the direction is the other one"
	case also != "":
		f.Message += "; " + also
	}
	r.add(f)
}

// checkPoints tells percentage points from per cent where two percentages are compared.
func (s *sentence) checkPoints(r *report, in notation, growth *figure, from, to *mention, sign float64) {
	difference := to.val - from.val
	tolerance := growth.half + from.half + to.half + arithmetic.Slack(difference)
	isDifference := math.Abs(growth.val*sign-difference) <= tolerance
	isGrowth := grows(growth, &from.figure, &to.figure, sign)
	f := Finding{Rule: points, Line: s.line, Figures: []string{growth.raw, from.raw, to.raw},
		Arithmetic: fmt.Sprintf("%s − %s = %s, written %s", to.text, from.text, printed(in, difference, max(to.dec, from.dec)), growth.raw)}
	switch {
	case growth.unit == percent && isDifference && !isGrowth:
		f.Message = fmt.Sprintf("%s is the difference of two percentages: percentage points, not per cent", growth.raw)
	case growth.unit == pp && isGrowth && !isDifference:
		f.Message = fmt.Sprintf("%s is the growth from %s to %s: per cent, not percentage points", growth.raw, from.raw, to.raw)
		f.Remedy = "write “persen” (per cent), or give the difference"
	case !isDifference && !isGrowth:
		f.Message = fmt.Sprintf("%s is neither the difference nor the growth from %s to %s", growth.raw, from.raw, to.raw)
		f.Remedy = "recompute it: in percentage points from the difference of the two"
	default:
		return
	}
	r.add(f)
}
