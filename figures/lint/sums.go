package lint

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/kp2mi/lindung/figures/arithmetic"
)

// A sum is parts and the total that they should make.
type sum struct {
	parts []*figure
	total *figure
	gap   bool // a part is not available: the parts may fall short
	round bool // the document says that totals are rounded
}

// printed is the sum as numbers, perhaps of parts alone; where the document says that totals are rounded, so are the parts.
func (s sum) printed() arithmetic.Sum {
	parts := make([]arithmetic.Printed, len(s.parts))
	for i, p := range s.parts {
		parts[i] = p.printed()
		if s.round && p.half == 0 {
			parts[i].Half = 0.5
		}
	}
	if s.total == nil {
		return arithmetic.Sum{Parts: parts}
	}
	return arithmetic.Sum{Parts: parts, Total: s.total.printed()}
}

func (s sum) of() float64 { return s.printed().Of() }

// holds reports whether the parts make the total.
func (s sum) holds() bool {
	printed := s.printed()
	return s.gap && printed.Difference() < 0 || printed.Holds()
}

func (s sum) off() float64 {
	return math.Abs(s.of()-s.total.val) / math.Max(math.Abs(s.total.val), 1)
}

func (s sum) decimals() int {
	d := s.total.dec
	for _, p := range s.parts {
		d = max(d, p.dec)
	}
	return d
}

// arithmetic shows the sum the way the document writes its numbers.
func (s sum) arithmetic(in notation) string {
	const shown = 8
	var terms []string
	for _, p := range s.parts {
		terms = append(terms, p.text)
	}
	if n := len(terms); n > shown {
		terms = append(terms[:shown-1], fmt.Sprintf("… (%d parts)", n), terms[n-1])
	}
	scale := 1.0
	if s.total.scale != 0 {
		scale = s.total.scale
	}
	return fmt.Sprintf("%s = %s, written %s", strings.Join(terms, " + "), printed(in, s.of()/scale, s.decimals()), s.total.raw)
}

func (s sum) message(in notation) string {
	word, difference := "short", s.total.val-s.of()
	if difference < 0 {
		word, difference = "too many", -difference
	}
	scale := s.total.scale
	return fmt.Sprintf("parts add up to %s, the total written is %s: %s %s", printed(in, s.of()/scale, s.decimals()),
		s.total.raw, printed(in, difference/scale, s.decimals()), word)
}

func (s sum) figures() []string {
	written := []string{s.total.raw}
	for _, p := range s.parts {
		if written = append(written, p.raw); len(written) == 12 {
			break
		}
	}
	return written
}

// additive reports whether a column's figures may be added: counts, and shares that
// have a total of their own.
func (c column) additive() bool {
	return c.kind == figureColumn && (c.role == counted || c.role == relative)
}

// rowSum collects the parts of a total row in one column.
func (g *grid) rowSum(parts []int, total, col int) (sum, bool) {
	s := sum{total: g.rows[total].cells[col], round: roundedWords.MatchString(g.note)}
	for _, i := range parts {
		if f := g.rows[i].cells[col]; f != nil {
			s.parts = append(s.parts, f)
		} else {
			s.gap = true
		}
	}
	if s.total == nil || len(s.parts) < 2 || math.IsNaN(s.of()) {
		return s, false
	}
	units := map[unit]bool{s.total.unit: true}
	for _, p := range s.parts {
		units[p.unit] = true
	}
	return s, len(units) == 1
}

// A guess is one way in which rows could make up a total.
type guess struct {
	parts        []int
	held, tested int
	off          float64
}

// guesses lists the sets of rows that the total row at t could be the sum of.
func (g *grid) guesses(t int, stack []int) []guess {
	var since, section, above, totals, below, next []int
	stopped := false
	for i := range g.rows {
		kind := g.rows[i].kind
		switch {
		case i < t && kind == plainRow:
			since, section, above = append(since, i), append(section, i), append(above, i)
		case i < t && kind == totalRow:
			since, section = nil, nil
			totals = append(totals, i)
		case i < t && kind == sectionRow:
			section = nil
		case i > t && kind == plainRow:
			below = append(below, i)
			if !stopped {
				next = append(next, i)
			}
		case i > t && kind != apartRow:
			stopped = stopped || len(next) > 0
		}
	}
	var all []guess
	for _, parts := range [][]int{section, since, stack, above, totals, next, below} {
		if len(parts) > 1 && !slices.ContainsFunc(all, func(o guess) bool { return slices.Equal(o.parts, parts) }) {
			all = append(all, guess{parts: slices.Clone(parts)})
		}
	}
	return all
}

// checkTotals adds up the parts of each total row. Which rows are its parts is not
// written anywhere: the set is taken that makes most columns right.
func (g *grid) checkTotals(r *report) {
	if g.long {
		return
	}
	var stack []int
	for t := range g.rows {
		switch g.rows[t].kind {
		case plainRow:
			stack = append(stack, t)
			continue
		case totalRow:
		default:
			continue
		}
		best := g.bestGuess(t, stack)
		if best != nil {
			if !g.foldsInto(best, stack) {
				stack = append(stack, t)
			} else {
				stack = append(slices.DeleteFunc(stack, func(i int) bool { return slices.Contains(best.parts, i) }), t)
			}
			g.reportTotal(r, t, best)
		}
	}
}

// foldsInto reports whether a total takes the place of rows that stand on the stack.
func (g *grid) foldsInto(best *guess, stack []int) bool {
	return slices.ContainsFunc(best.parts, func(i int) bool { return slices.Contains(stack, i) })
}

func (g *grid) bestGuess(t int, stack []int) *guess {
	var best *guess
	for _, candidate := range g.guesses(t, stack) {
		for _, c := range g.figureColumns() {
			if !g.cols[c].additive() {
				continue
			}
			s, ok := g.rowSum(candidate.parts, t, c)
			if !ok {
				continue
			}
			candidate.tested++
			candidate.off += math.Min(s.off(), 1)
			if s.holds() {
				candidate.held++
			}
		}
		if candidate.tested > 0 && (best == nil || candidate.held > best.held ||
			candidate.held == best.held && candidate.off/float64(candidate.tested) < best.off/float64(best.tested)) {
			best = &candidate
		}
	}
	return best
}

func (g *grid) reportTotal(r *report, t int, best *guess) {
	if g.rows[t].named && best.held == 0 && best.off/float64(best.tested) > 0.1 {
		return // “Jumlah pengaduan” is a measure among others
	}
	partial := onlyTheTop.MatchString(g.title + " " + g.rows[t].label)
	for _, c := range g.figureColumns() {
		col := &g.cols[c]
		if !col.additive() {
			continue
		}
		s, ok := g.rowSum(best.parts, t, c)
		if !ok || s.holds() || partial && s.of() < s.total.val {
			continue
		}
		if col.role == relative && !sharesOfOne(s) {
			continue
		}
		f := Finding{Rule: partsTotal, Line: g.rows[t].line, Table: g.name(), Row: g.rows[t].label, Column: col.head,
			Message: s.message(col.notation), Arithmetic: s.arithmetic(col.notation), Figures: s.figures()}
		if col.role == relative || col.unit == percent {
			f.Rule = sharesHundred
		}
		if g.cumulates(best.parts, c, s) {
			f.Rule = cumulative
			f.Message = "the months rise to the total that is written: they look cumulative; " + s.message(col.notation)
		}
		r.add(f)
	}
}

// sharesOfOne reports whether percentages were meant to make a whole: their total says 100,
// and they nearly do. Any other total row of percentages is a rate of its own, also 100 %.
func sharesOfOne(s sum) bool {
	return math.Abs(s.total.val-100) <= 1 && math.Abs(s.of()-100) <= 10
}

// cumulates recognises months that rise, the last being what is written as their total.
func (g *grid) cumulates(parts []int, col int, s sum) bool {
	for _, i := range parts {
		if monthOf(g.rows[i].label) == 0 {
			return false
		}
	}
	return rises(s.parts, s.total)
}

func rises(parts []*figure, total *figure) bool {
	for i := 1; i < len(parts); i++ {
		if parts[i].val < parts[i-1].val {
			return false
		}
	}
	return len(parts) > 2 && parts[0].val > 0 && parts[len(parts)-1].val == total.val
}
