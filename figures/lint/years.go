package lint

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/kp2mi/lindung/figures/arithmetic"
)

var (
	partOfYear = regexp.MustCompile(`(?i)\b(?:semester|triwulan|tw|kuartal|quarter|q[1-4]|half|paruh|hingga|sampai|s\.?d\.?|s/d|until|year\s+to\s+date)\b`)
	monthNames = regexp.MustCompile(`(?i)\b(januari|january|jan|februari|february|feb|maret|march|mar|april|apr|mei|may|juni|june|jun|juli|july|jul|agustus|august|agu|ags|aug|september|sept|sep|oktober|october|okt|oct|november|nov|desember|december|des|dec)\b`)
	dataAsOf   = regexp.MustCompile(`(?i)\b(?:per|as\s+of|data\s+per|posisi|sumber:?|source:?|cetak|diunduh|retrieved|edisi|diperbarui|updated)\s+[^,;)]*`)
)

// columnYears gives the single year that each figure column is of, 0 for none.
func (g *grid) columnYears() map[int]int {
	years := map[int]int{}
	for _, c := range g.figureColumns() {
		if y := yearsIn(g.cols[c].head); len(y) == 1 && !g.cols[c].total && g.cols[c].role != growing {
			years[c] = y[0]
		}
	}
	return years
}

// checkTitleYear compares the years of the title with those of the columns. A title may
// name the newest year alone; it may not name none of them.
func (g *grid) checkTitleYear(r *report) {
	title := yearsIn(dataAsOf.ReplaceAllString(g.title, ""))
	columns := g.columnYears()
	if len(title) == 0 || len(columns) == 0 || g.long {
		return
	}
	ranged := yearRange.MatchString(g.title)
	var outside []int
	for c, y := range columns {
		if !slices.Contains(title, y) {
			outside = append(outside, c)
		}
	}
	slices.Sort(outside)
	if len(outside) == 0 || len(outside) < len(columns) && !ranged {
		return
	}
	col := g.cols[outside[0]]
	f := Finding{Rule: titleYear, Line: col.line, Table: g.name(), Column: col.head,
		Message: fmt.Sprintf("the title names %s, the column is of %d", yearList(title), columns[outside[0]])}
	if len(outside) < len(columns) || !splitBy.MatchString(g.title) && !tableCaption.MatchString(g.title) {
		f.Severity = Warning // it may be the heading of a section, and not the table's own
	}
	r.add(f)
}

func yearList(years []int) string {
	years = slices.Compact(slices.Sorted(slices.Values(years)))
	if n := len(years); n > 2 {
		return fmt.Sprintf("%d to %d", years[0], years[n-1])
	}
	return strings.Trim(fmt.Sprint(years), "[]")
}

// checkPartialYear reports a column called by a year alone, beside whole years, where the
// title says that the table ends within that year.
func (g *grid) checkPartialYear(r *report) {
	title := dataAsOf.ReplaceAllString(g.title, "")
	if !partOfYear.MatchString(title) && len(monthNames.FindAllString(title, -1)) == 0 || wholeYear(title) {
		return
	}
	named := yearsIn(title)
	columns := g.columnYears()
	if len(named) != 1 || len(columns) < 2 || g.runsByMonth() {
		return
	}
	for _, c := range g.figureColumns() {
		if columns[c] == named[0] && strings.TrimSpace(g.cols[c].last) == fmt.Sprint(named[0]) {
			r.add(Finding{Rule: partialYear, Severity: Warning, Line: g.cols[c].line, Table: g.name(), Column: g.cols[c].head,
				Message: fmt.Sprintf("the title says a part of %d; the column is called %d, like the whole years beside it", named[0], named[0])})
			return
		}
	}
}

func wholeYear(title string) bool {
	found := monthNames.FindAllString(strings.ToLower(title), -1)
	return len(found) == 2 && months[found[0]] == 1 && months[found[1]] == 12
}

// runsByMonth reports a table with months down.
func (g *grid) runsByMonth() bool {
	n := 0
	for _, row := range g.rows {
		if monthOf(row.label) > 0 {
			n++
		}
	}
	return n > 1
}

// checkCumulative reports months that only ever rise, where no total says what they are:
// twelve months hardly do that by themselves.
func (g *grid) checkCumulative(r *report) {
	if g.long || cumulativeSaid.MatchString(g.title+" "+g.note) {
		return
	}
	for _, c := range g.figureColumns() {
		col := g.cols[c]
		if col.role != counted || cumulativeSaid.MatchString(col.head) {
			continue
		}
		var run []*figure
		last := 0
		for i, row := range g.rows {
			m := monthOf(row.label)
			if row.kind == totalRow {
				run = nil
				break
			}
			if f := row.cells[c]; m > 0 && f != nil && m == len(run)+1 {
				run, last = append(run, f), i
			}
		}
		if len(run) < 6 || !strictlyRises(run) || run[len(run)-1].val < 3*run[0].val {
			continue
		}
		r.add(Finding{Rule: cumulative, Severity: Warning, Line: g.rows[last].line, Table: g.name(), Column: col.head,
			Figures: []string{run[0].raw, run[len(run)-1].raw},
			Message: fmt.Sprintf("%d months rise without a break, from %s to %s: they look cumulative", len(run), run[0].raw, run[len(run)-1].raw)})
	}
}

var cumulativeSaid = regexp.MustCompile(`(?i)kumulatif|cumulative|running|akumulasi|stok|stock|outstanding|saldo`)

func strictlyRises(run []*figure) bool {
	for i := 1; i < len(run); i++ {
		if run[i].val <= run[i-1].val {
			return false
		}
	}
	return run[0].val > 0
}

// A block is the rows below a row without figures, in one column.
type block struct {
	name string
	line int
	sum  sum
}

func (g *grid) blocks(c int) (blocks []block, total *figure) {
	for _, row := range g.rows {
		f := row.cells[c]
		switch row.kind {
		case sectionRow:
			blocks = append(blocks, block{name: row.label, line: row.line})
		case totalRow:
			if f != nil && (len(blocks) == 0 || total == nil) {
				total = f
			}
		case plainRow:
			if n := len(blocks); n > 0 && f != nil {
				blocks[n-1].sum.parts = append(blocks[n-1].sum.parts, f)
			} else if n > 0 {
				blocks[n-1].sum.gap = true
			}
		}
	}
	return slices.DeleteFunc(blocks, func(b block) bool { return len(b.sum.parts) < 2 || b.sum.gap }), total
}

// checkBlocks compares blocks that split one total in different ways (by sex, by education):
// two that agree show what the total is.
func (g *grid) checkBlocks(r *report) {
	for _, c := range g.figureColumns() {
		if g.long || !g.cols[c].additive() || g.cols[c].role != counted {
			continue
		}
		blocks, total := g.blocks(c)
		agreed := agreement(blocks, total)
		if agreed == nil {
			continue
		}
		for _, b := range blocks {
			b.sum.total = agreed
			if b.sum.holds() || g.coveredByTotals(b.line, c) {
				continue
			}
			in := g.cols[c].notation
			f := Finding{Rule: otherYear, Line: b.line, Table: g.name(), Row: b.name, Column: g.cols[c].head, Figures: b.sum.figures(),
				Message:    fmt.Sprintf("the block adds up to %s, the other blocks to %s", printed(in, b.sum.of(), 0), printed(in, agreed.val, 0)),
				Arithmetic: b.sum.arithmetic(in)}
			if y := g.yearWith(b.sum.of(), c); y != "" {
				f.Message += fmt.Sprintf("; %s is the total of %s", printed(in, b.sum.of(), 0), y)
			}
			r.add(f)
		}
	}
}

// agreement is the total that blocks agree on: one that is written and that a block makes, or
// one that two blocks make.
func agreement(blocks []block, total *figure) *figure {
	if len(blocks) < 2 {
		return nil
	}
	for i, b := range blocks {
		if total != nil {
			b.sum.total = total
			if b.sum.holds() {
				return total
			}
			continue
		}
		for _, other := range blocks[i+1:] {
			if math.Abs(other.sum.of()-b.sum.of()) <= arithmetic.Slack(b.sum.of()) && b.sum.of() > 10 {
				text := fmt.Sprint(b.sum.of())
				return &figure{numeral: numeral{text: text}, raw: text, val: b.sum.of(), scale: 1}
			}
		}
	}
	return nil
}

// coveredByTotals reports a block that has a total row of its own: that one is checked as a sum.
func (g *grid) coveredByTotals(blockLine, c int) bool {
	inside := false
	for _, row := range g.rows {
		switch {
		case row.line == blockLine:
			inside = true
		case inside && row.kind == sectionRow:
			return false
		case inside && row.kind == totalRow:
			return row.cells[c] != nil
		}
	}
	return false
}

// yearWith finds the year whose total a value is.
func (g *grid) yearWith(value float64, not int) string {
	years := g.columnYears()
	for _, row := range g.rows {
		for _, c := range g.figureColumns() {
			if f := row.cells[c]; row.kind == totalRow && years[c] > 0 && c != not && f != nil && f.val == value {
				return fmt.Sprint(years[c])
			}
		}
	}
	return ""
}
