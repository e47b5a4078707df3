package lint

import (
	"regexp"
	"slices"
	"strings"
)

func (g *grid) addRow(r Row) {
	row := tableRow{line: r.Line, cells: map[int]*figure{}}
	var labels []string
	for i, text := range r.Cells {
		c := g.cols[i]
		f, kind := parseCell(text)
		switch {
		case c.kind == labelColumn || c.kind == indexColumn && yearLike(c):
			if text = strings.Join(strings.Fields(decoration.Replace(text)), " "); text != "" && !slices.Contains(labels, text) {
				labels = append(labels, text)
			}
		case c.kind == figureColumn && kind == figureCell:
			if r.Stored[i] {
				f.says, f.open, f.stored = english, false, true
			}
			row.cells[i] = &f
		case c.kind == figureColumn && kind == unknownCell, c.kind == emptyColumn && withheld.MatchString(text):
			row.gaps++
		}
	}
	row.label = strings.Join(labels, " / ")
	switch {
	case slices.ContainsFunc(labels, isTotal):
		row.kind = totalRow
	case len(row.cells)+row.gaps == 0:
		row.kind = sectionRow
	case ofWhichLabel.MatchString(row.label), apartLabel.MatchString(row.label), row.relative():
		row.kind = apartRow
	}
	g.rows = append(g.rows, row)
}

// isTotal reports that a label names a sum of what stands beside it. “All others” is what is left of one.
func isTotal(label string) bool {
	return totalLabel.MatchString(label) && !restLabel.MatchString(label)
}

var restLabel = regexp.MustCompile(`(?i)^(?:all|semua|seluruh)\s+(?:others?|lainnya|rest)\b`)

// withheld is the mark of a value that is not there, in a column of marks beside the values.
var withheld = regexp.MustCompile(`^\s*\[[cx]\]\s*$`)

// apartLabel begins a row that is made of the others, and no part of their sum.
var apartLabel = regexp.MustCompile(`(?i)^(?:rata-rata|rerata|average|mean|median|selisih|difference|target|realisasi)\b`)

// relative reports a row of shares or growth below the counts. Its label alone does not say so:
// “Perubahan kontrak” is a kind of complaint.
func (r tableRow) relative() bool {
	said := growthWords.MatchString(r.label) || shareWords.MatchString(r.label) || averageWords.MatchString(r.label)
	for _, f := range r.cells {
		if said && (f.unit == percent || f.says != unknown && strings.ContainsAny(f.text, ".,")) {
			return true
		}
	}
	return strings.Contains(r.label, "%")
}

func yearLike(c column) bool { return !strings.HasPrefix(strings.ToLower(c.last), "no") }

// dropNotes removes what stands below the last figures: sources and remarks.
func (g *grid) dropNotes() {
	for n := len(g.rows); n > 0 && g.rows[n-1].kind == sectionRow; n-- {
		g.note += " " + g.rows[n-1].label
		g.rows = g.rows[:n-1]
	}
}

// findTotals recognises “Jumlah ASEAN” as a total where it ends the section ASEAN, or the
// table; “Jumlah pengaduan” elsewhere is the name of a measure.
func (g *grid) findTotals() {
	section := ""
	for i := range g.rows {
		r := &g.rows[i]
		m := namedTotal.FindStringSubmatch(r.label)
		switch {
		case r.kind == sectionRow:
			section = r.label
		case r.kind != plainRow || m == nil:
		case strings.EqualFold(m[1], section), i == len(g.rows)-1 && i > 1:
			r.kind, r.named = totalRow, true
		}
	}
}

func (g *grid) findLanguage(said string) {
	switch {
	case strings.HasPrefix(said, "id"):
		g.lang = indonesian
		return
	case strings.HasPrefix(said, "en"):
		g.lang = english
		return
	}
	var b strings.Builder
	b.WriteString(g.title + " " + g.note + " ")
	for _, c := range g.cols {
		b.WriteString(strings.ReplaceAll(c.head, "_", " ") + " ")
	}
	for _, r := range g.rows[:min(len(g.rows), 100)] {
		b.WriteString(r.label + " ")
	}
	g.lang = language(b.String())
}
