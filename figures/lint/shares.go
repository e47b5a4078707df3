package lint

import (
	"fmt"
	"math"

	"github.com/kp2mi/lindung/figures/arithmetic"
)

// A ratio is a printed percentage with the two numbers that it should be made of.
type ratio struct {
	share, part, whole *figure
	row                int
}

// agrees reports whether the printed share is part over whole, within rounding of all three.
func agrees(share, part, whole *figure) bool {
	return arithmetic.IsShare(share.printed(), part.printed(), whole.printed())
}

// near reports a share that was cut off instead of rounded: less than one unit of its
// last place away.
func near(share *figure, true float64) bool {
	return math.Abs(share.val-true) < 2*share.half+arithmetic.Slack(share.val)
}

// checkShares recomputes columns of shares from the counts beside them. Which counts and
// which whole is not written: the pair is taken that makes most rows right.
func (g *grid) checkShares(r *report) {
	if g.long {
		return
	}
	for _, c := range g.figureColumns() {
		if g.cols[c].role != relative {
			continue
		}
		g.checkHundred(r, c)
		best, held := g.bestShares(c)
		if len(best) == 0 {
			continue
		}
		if held*2 >= len(best) && held > 0 && (held > 1 || len(best) == 2) {
			for _, s := range best {
				if !agrees(s.share, s.part, s.whole) {
					g.reportShare(r, c, s)
				}
			}
			continue
		}
		if held == 0 && len(best) > 1 && strictShare.MatchString(g.cols[c].head+" "+g.title) {
			g.reportOtherWhole(r, c, best)
		}
	}
}

// bestShares pairs a column of shares with the column of counts that explains most of it.
func (g *grid) bestShares(c int) (best []ratio, held int) {
	for _, n := range g.nearestCounts(c) {
		for _, candidate := range [][]ratio{g.ofColumn(c, n), g.ofRow(c, n)} {
			ok := 0
			for _, s := range candidate {
				if agrees(s.share, s.part, s.whole) {
					ok++
				}
			}
			if best == nil || ok > held {
				best, held = candidate, ok
			}
		}
	}
	return best, held
}

// nearestCounts lists the columns of counts, those of the same group and to the left first.
func (g *grid) nearestCounts(c int) []int {
	var near, left, right []int
	for _, n := range g.figureColumns() {
		switch {
		case g.cols[n].role != counted || g.cols[n].unit.relative():
		case g.groups && g.cols[n].group == g.cols[c].group:
			near = append(near, n)
		case n < c:
			left = append([]int{n}, left...)
		default:
			right = append(right, n)
		}
	}
	all := append(append(near, left...), right...)
	return all[:min(len(all), 16)]
}

// ofColumn takes the whole from the last total row of the counts, or their sum.
func (g *grid) ofColumn(c, n int) []ratio {
	var whole *figure
	written := false
	total := figure{scale: 1}
	for i := range g.rows {
		f := g.rows[i].cells[n]
		switch {
		case f == nil:
		case g.rows[i].kind == totalRow:
			whole, written = f, true
		case g.rows[i].kind == plainRow:
			total.val += f.val
			total.half += f.half
			total.dec = max(total.dec, f.dec)
		}
	}
	if !written {
		total.raw = printed(g.cols[n].notation, total.val, total.dec)
		total.text = total.raw
		whole = &total
	}
	var all []ratio
	for i := range g.rows {
		share, part := g.rows[i].cells[c], g.rows[i].cells[n]
		if g.rows[i].kind == plainRow && share != nil && part != nil && whole.val != 0 {
			all = append(all, ratio{share, part, whole, i})
		}
	}
	return all
}

// ofRow takes the whole from the row's column of totals: shares of women in each province.
func (g *grid) ofRow(c, n int) []ratio {
	var all []ratio
	for _, t := range g.figureColumns() {
		if !g.cols[t].total || g.cols[t].role != counted || t == n {
			continue
		}
		for i := range g.rows {
			share, part, whole := g.rows[i].cells[c], g.rows[i].cells[n], g.rows[i].cells[t]
			if share != nil && part != nil && whole != nil && whole.val != 0 {
				all = append(all, ratio{share, part, whole, i})
			}
		}
		return all
	}
	return nil
}

func (g *grid) reportShare(r *report, c int, s ratio) {
	in := g.cols[c].notation
	is := arithmetic.Percent(s.part.val, s.whole.val)
	f := Finding{Rule: shareWrong, Line: g.rows[s.row].line, Table: g.name(), Row: g.rows[s.row].label, Column: g.cols[c].head,
		Message:    fmt.Sprintf("the share written is %s; %s of %s is %s%%", s.share.raw, s.part.raw, s.whole.raw, printed(in, is, s.share.dec)),
		Arithmetic: fmt.Sprintf("100 × %s / %s = %s, written %s", s.part.text, s.whole.text, printed(in, is, s.share.dec+1), s.share.raw),
		Figures:    []string{s.share.raw, s.part.raw, s.whole.raw}}
	if near(s.share, is) {
		f.Severity, f.Message = Warning, f.Message+": cut off, not rounded"
	}
	r.add(f)
}

// reportOtherWhole says when all shares agree with each other, but on another total than
// the one that is written.
func (g *grid) reportOtherWhole(r *report, c int, all []ratio) {
	lo, hi := 0.0, math.Inf(1)
	for _, s := range all {
		if s.share.val <= s.share.half {
			continue
		}
		lo = math.Max(lo, 100*(s.part.val-s.part.half)/(s.share.val+s.share.half))
		hi = math.Min(hi, 100*(s.part.val+s.part.half)/(s.share.val-s.share.half))
	}
	if lo > hi || math.IsInf(hi, 1) || lo == 0 {
		return
	}
	in, s := g.cols[c].notation, all[0]
	r.add(Finding{Rule: shareWrong, Line: g.rows[s.row].line, Table: g.name(), Column: g.cols[c].head, Figures: []string{s.share.raw, s.part.raw, s.whole.raw},
		Message:    fmt.Sprintf("the shares agree with a total between %s and %s, not with %s", printed(in, math.Ceil(lo), 0), printed(in, math.Floor(hi), 0), s.whole.raw),
		Arithmetic: fmt.Sprintf("100 × %s / %s = %s, written %s", s.part.text, s.whole.text, printed(in, arithmetic.Percent(s.part.val, s.whole.val), s.share.dec+1), s.share.raw)})
}

// checkHundred adds up a column of shares without a total of its own. Far from 100, its
// classes are not meant to close.
func (g *grid) checkHundred(r *report, c int) {
	var s sum
	last := 0
	for i := range g.rows {
		f := g.rows[i].cells[c]
		switch {
		case g.rows[i].kind == totalRow:
			return
		case g.rows[i].kind == plainRow && f != nil:
			s.parts, last = append(s.parts, f), i
		case g.rows[i].kind == plainRow:
			return
		}
	}
	if len(s.parts) < 2 || onlyTheTop.MatchString(g.title) {
		return
	}
	s.total = &figure{numeral: numeral{text: "100"}, raw: "100", val: 100, scale: 1}
	if off := math.Abs(s.of() - 100); off > 2 || s.holds() {
		return
	}
	col := g.cols[c]
	r.add(Finding{Rule: sharesHundred, Severity: Warning, Line: g.rows[last].line, Table: g.name(), Column: col.head,
		Message: fmt.Sprintf("shares add up to %s, not to 100", printed(col.notation, s.of(), s.decimals())), Arithmetic: s.arithmetic(col.notation), Figures: s.figures()[1:]})
}

// checkTooLarge reports shares above 100 where the column makes one whole.
func (g *grid) checkTooLarge(r *report) {
	for _, c := range g.figureColumns() {
		col := g.cols[c]
		if g.long || col.role != relative || !strictShare.MatchString(col.head) || averageWords.MatchString(col.head) {
			continue
		}
		for _, row := range g.rows {
			if f := row.cells[c]; f != nil && f.val > 100+f.half && row.kind == plainRow {
				r.add(Finding{Rule: shareTooLarge, Line: row.line, Table: g.name(), Row: row.label, Column: col.head, Figures: []string{f.raw},
					Message: "a share of " + f.raw + " is more than its whole"})
			}
		}
	}
}
