package lint

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/kp2mi/lindung/figures/arithmetic"
)

// A change is a printed growth with the values that it should be made of.
type change struct {
	growth, from, to *figure
	row              int
}

// grows reports whether the printed growth is what the two values give, within rounding
// of all three. sign is what a verb says: turun 5 % is −5 %.
func grows(growth, from, to *figure, sign float64) bool {
	said := growth.printed()
	said.Value *= sign
	return arithmetic.IsGrowth(said, from.printed(), to.printed())
}

// checkGrowth recomputes columns of growth: from two columns of the row, or from the row
// some steps above. Which, is not written: the pair is taken that makes most rows right.
func (g *grid) checkGrowth(r *report) {
	if g.long {
		return
	}
	for _, c := range g.figureColumns() {
		if col := g.cols[c]; col.role != growing || col.unit == pp || !g.isPercent(c) {
			continue
		}
		best, held := g.bestChanges(c)
		sure := held*2 >= len(best) && held > 1
		if !sure {
			best = g.saidChanges(c)
		}
		for _, ch := range best {
			if !grows(ch.growth, ch.from, ch.to, 1) {
				g.reportGrowth(r, c, ch)
			}
		}
	}
}

// isPercent reports a column of growth in per cent and not in persons.
func (g *grid) isPercent(c int) bool {
	col := g.cols[c]
	return col.unit == percent || strings.Contains(col.head, "%") || shareWords.MatchString(col.head) || g.decimalsIn(c)
}

func (g *grid) decimalsIn(c int) bool {
	for _, row := range g.rows {
		if f := row.cells[c]; f != nil && f.dec > 0 && f.dec < 3 {
			return true
		}
	}
	return false
}

func (g *grid) countColumns() []int {
	var all []int
	for _, n := range g.figureColumns() {
		if g.cols[n].role == counted && !g.cols[n].unit.relative() {
			all = append(all, n)
		}
	}
	return all[:min(len(all), 16)]
}

func (g *grid) bestChanges(c int) (best []change, held int) {
	consider := func(candidate []change) {
		ok := 0
		for _, ch := range candidate {
			if grows(ch.growth, ch.from, ch.to, 1) {
				ok++
			}
		}
		if ok > held {
			best, held = candidate, ok
		}
	}
	counts := g.countColumns()
	for _, to := range counts {
		for _, from := range counts {
			if from != to {
				consider(g.changes(c, from, to))
			}
		}
		for _, steps := range []int{1, 4, 12} {
			consider(g.changesDown(c, to, steps))
		}
	}
	return best, held
}

func (g *grid) changes(c, from, to int) []change {
	var all []change
	for i, row := range g.rows {
		if p, a, b := row.cells[c], row.cells[from], row.cells[to]; p != nil && a != nil && b != nil && row.kind != apartRow && p.raw != "-" {
			all = append(all, change{p, a, b, i})
		}
	}
	return all
}

// changesDown pairs each row with the one steps above it: months or years run down.
func (g *grid) changesDown(c, n, steps int) []change {
	var rows []int
	for i, row := range g.rows {
		if row.kind == plainRow {
			rows = append(rows, i)
		}
	}
	var all []change
	for k := steps; k < len(rows); k++ {
		above, row := g.rows[rows[k-steps]], g.rows[rows[k]]
		if p, a, b := row.cells[c], above.cells[n], row.cells[n]; p != nil && a != nil && b != nil {
			all = append(all, change{p, a, b, rows[k]})
		}
	}
	return all
}

var (
	onMonthBefore = regexp.MustCompile(`(?i)\b(?:m-?t-?m|m-?to-?m|q-?t-?q|bulan\s+(?:sebelumnya|lalu)|previous\s+month)\b`)
	onYearBefore  = regexp.MustCompile(`(?i)\b(?:y-?o-?y|tahun\s+(?:sebelumnya|lalu)|previous\s+year)\b`)
)

// saidChanges is for a column with too few rows to tell: its head may say what the growth is
// against, and else the two periods before it are meant.
func (g *grid) saidChanges(c int) []change {
	var before []int
	for _, n := range g.countColumns() {
		if n < c {
			before = append(before, n)
		}
	}
	n := len(before)
	head := g.cols[c].head
	switch {
	case n > 0 && onMonthBefore.MatchString(head) && g.runsByMonth():
		return g.changesDown(c, before[n-1], 1)
	case n < 2 || g.runsByMonth() && !onYearBefore.MatchString(head):
		return nil
	}
	a, b := g.cols[before[n-2]], g.cols[before[n-1]]
	ya, yb := yearsIn(a.head), yearsIn(b.head)
	ma, mb := monthOf(a.last), monthOf(b.last)
	if len(ya) == 1 && len(yb) == 1 && yb[0] == ya[0]+1 && ma == mb || len(ya)+len(yb) == 0 && ma > 0 && mb == ma%12+1 {
		return g.changes(c, a.at, b.at)
	}
	return nil
}

func (g *grid) reportGrowth(r *report, c int, ch change) {
	in := g.cols[c].notation
	is := arithmetic.Growth(ch.from.val, ch.to.val)
	f := Finding{Rule: growthWrong, Line: g.rows[ch.row].line, Table: g.name(), Row: g.rows[ch.row].label, Column: g.cols[c].head,
		Message:    fmt.Sprintf("the growth written is %s; from %s to %s is %s%%", ch.growth.raw, ch.from.raw, ch.to.raw, printed(in, is, ch.growth.dec)),
		Arithmetic: growthArithmetic(in, ch.growth, ch.from, ch.to),
		Figures:    []string{ch.growth.raw, ch.from.raw, ch.to.raw}}
	if near(ch.growth, is) {
		f.Severity, f.Message = Warning, f.Message+": cut off, not rounded"
	} else if also := g.whatElse(ch); also != "" {
		f.Message += "; " + also
	}
	r.add(f)
}

func growthArithmetic(in notation, growth, from, to *figure) string {
	return fmt.Sprintf("100 × (%s − %s) / %s = %s, written %s", to.text, from.text, from.text, printed(in, arithmetic.Growth(from.val, to.val), growth.dec+1), growth.raw)
}

// whatElse says what a wrong growth really is, where that can be seen: a share of a total of
// the table, the old value over the new, or a growth on the wrong base.
func (g *grid) whatElse(ch change) string {
	var wholes []*figure
	for _, row := range g.rows {
		if row.kind != totalRow {
			continue
		}
		for _, c := range g.countColumns() {
			if f := row.cells[c]; f != nil {
				wholes = append(wholes, f)
			}
		}
	}
	return reallyIs(ch.growth, ch.from, ch.to, wholes)
}

// reallyIs explains a percentage that is no growth of the two values. Whole per cents
// agree with too much by chance.
func reallyIs(p, from, to *figure, wholes []*figure) string {
	if p.dec == 0 {
		return ""
	}
	unsigned := *p
	unsigned.val = math.Abs(p.val)
	for _, part := range []*figure{to, from} {
		at := slices.IndexFunc(wholes, func(w *figure) bool { return w.val > part.val && agrees(&unsigned, part, w) })
		if at >= 0 {
			return fmt.Sprintf("%s is the share of %s in %s, not a growth", p.raw, part.raw, wholes[at].raw)
		}
	}
	switch {
	case agrees(&unsigned, to, from), agrees(&unsigned, from, to):
		return fmt.Sprintf("%s is the ratio of the two, not a growth", p.raw)
	case to.val != 0 && math.Abs(math.Abs(100*(to.val-from.val)/to.val)-unsigned.val) <= p.half+arithmetic.Slack(p.val):
		return fmt.Sprintf("%s is the difference over the new value", p.raw)
	}
	return ""
}
