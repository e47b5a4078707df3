package lint

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/kp2mi/lindung/figures/arithmetic"
)

// A tableTotal is the whole that a table splits, of one year.
type tableTotal struct {
	grid    *grid
	subject string
	year    int
	line    int
	column  string
	value   *figure
	written bool // in a total row; else the sum of the rows
}

// totals lists the wholes of tables that say what they split and by what.
func (g *grid) totals() (all []tableTotal) {
	if g.long || !splitBy.MatchString(g.title) || !measured(g.subject()) {
		return nil
	}
	title := slices.Compact(slices.Sorted(slices.Values(yearsIn(dataAsOf.ReplaceAllString(g.title, "")))))
	byYear := map[int][]int{}
	for _, c := range g.figureColumns() {
		years := slices.Compact(slices.Sorted(slices.Values(yearsIn(g.cols[c].head))))
		if len(years) == 0 {
			years = title
		}
		if g.cols[c].role == counted && !g.cols[c].unit.relative() && len(years) == 1 {
			byYear[years[0]] = append(byYear[years[0]], c)
		}
	}
	for year, columns := range byYear {
		c := columns[0]
		if len(columns) > 1 {
			at := slices.IndexFunc(columns, func(c int) bool { return g.cols[c].total })
			if at < 0 {
				continue
			}
			c = columns[at]
		}
		t := tableTotal{grid: g, year: year, column: g.cols[c].head, subject: g.key()}
		if t.value, t.line, t.written = g.whole(c); t.value != nil {
			all = append(all, t)
		}
	}
	return all
}

// key names what the table counts: measures, and every word that narrows them.
func (g *grid) key() string { return keyOf(g.subject(), g.title) }

func keyOf(subject, text string) string {
	var words []string
	for _, w := range stemWord.FindAllString(strings.ToLower(yearWord.ReplaceAllString(text, "")), -1) {
		if qualifiers.MatchString(w) || months[w] > 0 {
			words = append(words, w)
		}
	}
	for i, p := range measurePatterns {
		if p.MatchString(subject) {
			words = append(words, measures[i].name)
		}
	}
	if partOfYear.MatchString(text) {
		words = append(words, strings.ToLower(partOfYear.FindString(text)))
	}
	for _, m := range scopeWords.FindAllStringSubmatch(text, -1) {
		words = append(words, strings.ToLower(m[1]))
	}
	slices.Sort(words)
	return strings.Join(slices.Compact(words), " ")
}

// whole is the last total of a column, or the sum of its rows.
func (g *grid) whole(c int) (value *figure, line int, written bool) {
	s := sum{}
	for _, row := range g.rows {
		f := row.cells[c]
		switch {
		case f == nil:
		case row.kind == totalRow:
			value, line, written = f, row.line, true
		case row.kind == plainRow:
			s.parts, line = append(s.parts, f), max(line, row.line)
		}
	}
	if written || len(s.parts) < 2 || slices.ContainsFunc(g.rows, func(l tableRow) bool { return l.kind == sectionRow }) {
		return value, line, written
	}
	text := printed(g.cols[c].notation, s.of(), 0)
	f := &figure{numeral: numeral{text: text}, raw: text, val: s.of(), scale: 1}
	for _, p := range s.parts {
		f.half += p.half
	}
	return f, line, false
}

// nearMiss is how far, in parts of the whole, two numbers may lie apart and still be meant as
// one: exchanged digits, or another edition of the data.
const nearMiss = 0.02

// tableTotals collects the wholes of all tables, in the document's order.
func tableTotals(grids []*grid) (all []tableTotal) {
	for _, g := range grids {
		all = append(all, g.totals()...)
	}
	slices.SortStableFunc(all, func(a, b tableTotal) int { return cmp.Or(a.line-b.line, a.year-b.year) })
	return all
}

// checkSaid compares a clause that gives the whole of one year with the table that splits it.
func (c *sentence) checkSaid(r *report, tables []tableTotal) {
	years := slices.Compact(slices.Sorted(slices.Values(c.years)))
	if len(c.figures) != 1 || len(years) != 1 || notTheValue.MatchString(c.text) || targetWord.MatchString(c.text) || !measured(c.text) {
		return
	}
	f := &c.figures[0].figure
	at := slices.IndexFunc(tables, func(t tableTotal) bool {
		return t.written && t.year == years[0] && t.subject == keyOf(c.text, c.text)
	})
	if at < 0 || f.unit.relative() || f.unit != "" && !f.unit.whole() {
		return
	}
	t := tables[at]
	difference := math.Abs(f.val - t.value.val)
	if difference <= f.half+t.value.half+arithmetic.Slack(f.val) || difference > nearMiss*t.value.val {
		return
	}
	r.add(Finding{Rule: twoValues, Severity: Warning, Line: c.line, Figures: []string{f.raw, t.value.raw},
		Message: fmt.Sprintf("%s here; table %s has %s for %d (line %d)", f.raw, quote(t.grid.name()), t.value.raw, t.year, t.line)})
}

// checkTableTotals compares the wholes of tables that split the same thing of the same
// year. Rows without a total may leave some out, but cannot make more than the whole.
func checkTableTotals(r *report, all []tableTotal) {
	for i, b := range all {
		at := slices.IndexFunc(all, func(a tableTotal) bool {
			return a.written && a.grid != b.grid && a.subject == b.subject && a.year == b.year
		})
		if at < 0 || at > i && b.written {
			continue
		}
		a := all[at]
		difference := b.value.val - a.value.val
		if difference*difference <= (a.value.half+b.value.half)*(a.value.half+b.value.half)+arithmetic.Slack(a.value.val) || !b.written && difference < 0 {
			continue
		}
		f := Finding{Rule: twoValues, Line: b.line, Table: b.grid.name(), Column: b.column, Figures: []string{b.value.raw, a.value.raw},
			Message: fmt.Sprintf("the whole of %d is %s here and %s in table %s (line %d)", b.year, b.value.raw, a.value.raw, quote(a.grid.name()), a.line)}
		for _, o := range all {
			if o.subject == b.subject && o.year != b.year && o.value.val == b.value.val && o.written {
				f.Rule = otherYear
				f.Message += fmt.Sprintf("; %s is the whole of %d", b.value.raw, o.year)
				break
			}
		}
		r.add(f)
	}
}
