package lint

import (
	"fmt"
	"math"
	"slices"
)

// checkAcross adds up each row to its column of totals. The columns that are its parts are
// the set that makes most rows right; where none does for half of them, the column is
// no sum, and nothing is said.
func (g *grid) checkAcross(r *report) {
	if g.long {
		return
	}
	for _, t := range g.figureColumns() {
		if !g.cols[t].total || g.cols[t].role != counted {
			continue
		}
		best := g.bestAcross(t)
		if best == nil || best.held*2 < best.tested && (best.tested > 2 || best.off/float64(best.tested) > 0.2) && !g.risesAcross(t, best) {
			continue
		}
		g.reportAcross(r, t, best)
	}
}

// partsAcross lists the sets of columns that the one at t could be the sum of.
func (g *grid) partsAcross(t int) [][]int {
	var group, since, left, totals, right []int
	for _, c := range g.figureColumns() {
		col := g.cols[c]
		if c == t || col.role != counted || col.unit != g.cols[t].unit && col.unit != "" && g.cols[t].unit != "" {
			continue
		}
		switch {
		case c < t && col.total:
			totals, since = append(totals, c), nil
		case c < t:
			left, since = append(left, c), append(since, c)
		case !col.total:
			right = append(right, c)
		}
		if g.groups && col.group == g.cols[t].group && !col.total {
			group = append(group, c)
		}
	}
	var sets [][]int
	for _, s := range [][]int{group, since, left, totals, right} {
		if len(s) > 1 && !slices.ContainsFunc(sets, func(o []int) bool { return slices.Equal(o, s) }) {
			sets = append(sets, s)
		}
	}
	return sets
}

func (g *grid) acrossSum(row *tableRow, parts []int, t int) (sum, bool) {
	s := sum{total: row.cells[t]}
	for _, c := range parts {
		if f := row.cells[c]; f != nil {
			s.parts = append(s.parts, f)
		} else {
			s.gap = true
		}
	}
	return s, s.total != nil && len(s.parts) > 1 && row.kind != apartRow && !math.IsNaN(s.of())
}

func (g *grid) bestAcross(t int) *guess {
	var best *guess
	for _, parts := range g.partsAcross(t) {
		candidate := guess{parts: parts}
		for i := range g.rows {
			s, ok := g.acrossSum(&g.rows[i], parts, t)
			if !ok {
				continue
			}
			candidate.tested++
			candidate.off += math.Min(s.off(), 1)
			if s.holds() {
				candidate.held++
			}
		}
		if candidate.tested > 0 && (best == nil || candidate.held > best.held || candidate.held == best.held && candidate.off < best.off) {
			best = &candidate
		}
	}
	return best
}

// risesAcross reports that in most rows the months rise to what is written as their total.
func (g *grid) risesAcross(t int, best *guess) bool {
	rising := 0
	for i := range g.rows {
		if s, ok := g.acrossSum(&g.rows[i], best.parts, t); ok && rises(s.parts, s.total) {
			rising++
		}
	}
	return g.allMonths(best.parts) && rising*2 > best.tested
}

func (g *grid) allMonths(columns []int) bool {
	return !slices.ContainsFunc(columns, func(c int) bool { return monthOf(g.cols[c].last) == 0 })
}

func (g *grid) reportAcross(r *report, t int, best *guess) {
	col := &g.cols[t]
	byMonth := g.allMonths(best.parts)
	for i := range g.rows {
		row := &g.rows[i]
		s, ok := g.acrossSum(row, best.parts, t)
		if !ok || s.holds() {
			continue
		}
		f := Finding{Rule: partsTotal, Line: row.line, Table: g.name(), Row: row.label, Column: col.head,
			Message: s.message(col.notation), Arithmetic: s.arithmetic(col.notation), Figures: s.figures()}
		if byMonth && rises(s.parts, s.total) {
			f.Rule = cumulative
			f.Message = "the months rise to the total that is written: they look cumulative; " + s.message(col.notation)
		}
		r.add(f)
	}
}

// repair recognises a column whose thousands marks a program has read as decimal marks:
// read again with the zeros that were lost, its sums come right. The column then counts
// with that reading, so that one cause is one finding.
func (g *grid) repair(r *report) {
	if g.long {
		return
	}
	var repaired []int
	for _, c := range g.figureColumns() {
		if g.cols[c].role == counted && g.suspicious(c) {
			repaired = append(repaired, c)
		}
	}
	if len(repaired) == 0 {
		return
	}
	before := g.broken()
	if before == 0 {
		return
	}
	was := g.reread(repaired)
	if after := g.broken(); after*4 > before {
		was() // the sums do not prove it
		return
	}
	for _, c := range repaired {
		g.cols[c].repaired = true
		example := g.shortest(c)
		v, _ := example.asThousands()
		r.add(Finding{Rule: dotsAsMarks, Line: g.cols[c].line, Table: g.name(), Column: g.cols[c].head, Figures: []string{example.raw},
			Message: fmt.Sprintf("thousands marks were read as decimal marks: %s was %.0f; read so, the sums come right", example.raw, v)})
		g.cols[c].notation = indonesian
	}
}

// suspicious reports decimals of at most three places beside numbers below a thousand, as
// 60.065 beside 513.0; a number of four digits and decimals shows that they are real.
func (g *grid) suspicious(c int) bool {
	cut, lost := 0, 0
	for _, row := range g.rows {
		f := row.cells[c]
		if f == nil {
			continue
		}
		if _, ok := f.asThousands(); !ok {
			return false
		}
		switch {
		case f.dec > 0 && f.val != math.Trunc(f.val):
			cut++
		case f.val != 0 && f.val < 1000:
			lost++
		}
	}
	return cut > 1 && lost+cut > 2
}

// broken counts the sums of the table that do not hold.
func (g *grid) broken() int {
	trial := report{}
	g.checkTotals(&trial)
	g.checkAcross(&trial)
	return len(trial.findings)
}

// reread reads columns as thousands and gives the way back.
func (g *grid) reread(columns []int) (back func()) {
	type kept struct {
		f   *figure
		was figure
	}
	var all []kept
	for _, c := range columns {
		for _, row := range g.rows {
			if f := row.cells[c]; f != nil {
				all = append(all, kept{f, *f})
				f.val, _ = f.asThousands()
				f.half, f.dec = 0, 0
			}
		}
	}
	return func() {
		for _, k := range all {
			*k.f = k.was
		}
	}
}

// shortest finds the figure that shows best what happened: one that lost a zero.
func (g *grid) shortest(c int) *figure {
	var best *figure
	for _, row := range g.rows {
		f := row.cells[c]
		if f == nil || f.says == unknown && !f.open {
			continue
		}
		a, _ := f.value(english)
		b, _ := f.value(g.cols[c].notation)
		if a == math.Trunc(a) && b == math.Trunc(b) {
			continue
		}
		if best == nil || len(f.text) < len(best.text) {
			best = f
		}
	}
	return best
}
