package lint

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var averaging = regexp.MustCompile(`(?i)rata-rata|rerata|average|mean|median|\bper\b|rasio|ratio|indeks|index`)

// checkUnits reports columns whose cells say different units, and counts with decimals.
func (g *grid) checkUnits(r *report) {
	if g.long {
		return
	}
	for _, c := range g.figureColumns() {
		g.checkOneUnit(r, c)
		g.checkWhole(r, c)
	}
}

// checkOneUnit looks at units that cells carry themselves. A row whose label names the unit,
// or whose every cell has it, is a row of its own kind.
func (g *grid) checkOneUnit(r *report, c int) {
	counts := map[unit]int{}
	var order []unit
	for _, row := range g.rows {
		if f := row.cells[c]; f != nil && row.kind != apartRow {
			if counts[f.unit]++; counts[f.unit] == 1 {
				order = append(order, f.unit)
			}
		}
	}
	if len(order) < 2 {
		return
	}
	usual := slices.MaxFunc(order, func(a, b unit) int { return counts[a] - counts[b] })
	for _, row := range g.rows {
		f := row.cells[c]
		if f == nil || f.unit == usual || f.unit == "" || row.kind == apartRow || usual == "" && !odd(f.unit) || g.ownUnit(row, f.unit) {
			continue
		}
		if counts[usual] < 2 {
			return
		}
		r.add(Finding{Rule: unitMixed, Severity: Warning, Line: row.line, Table: g.name(), Row: row.label, Column: g.cols[c].head, Figures: []string{f.raw},
			Message: fmt.Sprintf("%s is %s; the other figures of the column are %s", f.raw, inUnit(f.unit), inUnit(usual))})
	}
}

// odd reports a unit that cannot stand among bare counts.
func odd(u unit) bool { return u.relative() || !u.whole() }

func inUnit(u unit) string {
	switch u {
	case "":
		return "counts"
	case percent:
		return "in per cent"
	}
	return "in " + string(u)
}

func (g *grid) ownUnit(row tableRow, u unit) bool {
	if labelled, _ := headSays(row.label); labelled == u {
		return true
	}
	n := 0
	for _, f := range row.cells {
		if f.unit != u {
			return false
		}
		n++
	}
	return n > 1
}

// checkWhole reports decimals among persons, cases or services.
func (g *grid) checkWhole(r *report, c int) {
	col := g.cols[c]
	if col.repaired || col.role != counted {
		return
	}
	if g.suspicious(c) && g.mostlyThree(c) {
		example := g.shortest(c)
		v, _ := example.asThousands()
		r.add(Finding{Rule: dotsAsMarks, Severity: Warning, Line: col.line, Table: g.name(), Column: col.head, Figures: []string{example.raw},
			Message: fmt.Sprintf("most decimals have three places and the whole numbers are below a thousand: was %s once %.0f?", example.raw, v)})
		return
	}
	if !col.unit.whole() || col.scale != 1 {
		return
	}
	for _, row := range g.rows {
		f := row.cells[c]
		if f == nil || f.dec == 0 || f.scale != 1 || !f.unit.whole() || f.val == float64(int64(f.val)) || row.kind == apartRow || averaging.MatchString(row.label+g.title+col.head) {
			continue
		}
		r.add(Finding{Rule: brokenCount, Line: row.line, Table: g.name(), Row: row.label, Column: col.head, Figures: []string{f.raw},
			Message: fmt.Sprintf("%s %s: there is no part of one", f.raw, col.unit)})
	}
}

// mostlyThree reports that the decimals of a column are thousands rather than decimals.
func (g *grid) mostlyThree(c int) bool {
	three, cut, small := 0, 0, 0
	for _, row := range g.rows {
		f := row.cells[c]
		switch {
		case f == nil || f.val == 0:
		case f.dec == 0 || f.val == float64(int64(f.val)):
			small++
		default:
			cut++
			if f.dec == 3 {
				three++
			}
		}
	}
	return small > 0 && cut > 2 && three*2 > cut
}

// checkUnits reports decimals of persons, and units that do not go together, in a sentence.
func (s *sentence) checkUnits(r *report) {
	for i, f := range s.figures {
		if f.unit.whole() && f.scale == 1 && f.dec > 0 && f.val != float64(int64(f.val)) && !averaging.MatchString(s.text) {
			r.add(Finding{Rule: brokenCount, Line: s.line, Figures: []string{f.raw}, Message: fmt.Sprintf("%s: there is no part of one", f.raw)})
		}
		if i == 0 || f.unit.relative() || f.unit == "" {
			continue
		}
		a := s.figures[i-1]
		if fromLead.MatchString(s.before(i-1)) && toLead.MatchString(s.before(i)) && a.unit != "" && a.unit != f.unit && !a.unit.relative() {
			r.add(Finding{Rule: unitMixed, Severity: Warning, Line: s.line, Figures: []string{a.raw, f.raw},
				Message: fmt.Sprintf("a change from %s to %s compares two units", a.raw, f.raw)})
		}
	}
}

// checkUnitConflicts reports one number that the text calls by two units: 297,434 services
// here, 297,434 persons there. Small numbers meet by chance.
func checkUnitConflicts(r *report, sentences []*sentence) {
	type use struct {
		unit unit
		raw  string
		line int
	}
	first := map[string]use{}
	told := map[string]bool{}
	for _, s := range sentences {
		for _, f := range s.figures {
			if !f.unit.whole() || f.scale != 1 || f.val < 1000 || f.dec > 0 {
				continue
			}
			key := fmt.Sprintf("%d/%.0f", s.lang, f.val)
			a, seen := first[key]
			switch {
			case !seen:
				first[key] = use{f.unit, f.raw, s.line}
			case a.unit != f.unit && !told[key]:
				told[key] = true
				r.add(Finding{Rule: unitConflict, Severity: Warning, Line: s.line, Figures: []string{a.raw, f.raw},
					Message: fmt.Sprintf("%s here, %s in line %d: %s and %s are not the same", strings.TrimSpace(f.raw), a.raw, a.line, f.unit, a.unit)})
			}
		}
	}
}
