package lint

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
)

var delimiters = []rune{',', ';', '\t', '|'}

// delimiterOf guesses the separator from the first lines: the one that splits most lines
// into as many cells as the widest of them. A comma between digits that stand alone is a
// decimal comma, and then another candidate agrees better.
func delimiterOf(text string) (rune, int) {
	best, bestAgree, bestWidth := ',', 0, 0
	for _, d := range delimiters {
		widths, widest := map[int]int{}, 0
		for i, line := range strings.SplitN(text, "\n", 41) {
			if n := outsideQuotes(line, d); strings.TrimSpace(line) != "" && i < 40 {
				widths[n]++
				widest = max(widest, n)
			}
		}
		agree, width := 0, 0
		for n, lines := range widths {
			if n > 0 && (lines > agree || lines == agree && n > width) {
				agree, width = lines, n
			}
		}
		if agree > bestAgree || agree == bestAgree && width > bestWidth {
			best, bestAgree, bestWidth = d, agree, width
		}
	}
	return best, bestAgree
}

func outsideQuotes(line string, d rune) int {
	n, quoted := 0, false
	for _, r := range line {
		switch r {
		case '"':
			quoted = !quoted
		case d:
			if !quoted {
				n++
			}
		}
	}
	return n
}

// looksDelimited reports text whose lines nearly all have one separator, and no sentences.
func looksDelimited(text string) bool {
	lines := 0
	for i, line := range strings.SplitN(text, "\n", 41) {
		if strings.TrimSpace(line) != "" && i < 40 {
			lines++
		}
		if strings.HasPrefix(strings.TrimSpace(line), "|") || strings.Contains(line, ". ") || strings.HasSuffix(strings.TrimSpace(line), ".") {
			return false
		}
	}
	_, agree := delimiterOf(text)
	return lines >= 2 && agree*10 >= lines*8
}

func (d *Document) readCSV(text string) error {
	line := 0
	if rest, ok := strings.CutPrefix(text, "sep="); ok {
		if _, body, cut := strings.Cut(rest, "\n"); cut {
			text, line = body, 1
		}
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, _ = delimiterOf(text)
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	var t Table
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("reading the table: %w", err)
		}
		at, _ := r.FieldPos(0)
		t.Rows = append(t.Rows, Row{Line: at + line, Cells: record})
	}
	d.Tables = append(d.Tables, splitAtBlanks(t)...)
	return nil
}

// splitAtBlanks takes a sheet apart where an empty row is followed by a title or by a new
// head: stacked tables are tables of their own.
func splitAtBlanks(t Table) []Table {
	var tables []Table
	part := Table{Sheet: t.Sheet}
	last, counts := 0, false
	for i, row := range t.Rows {
		blank := strings.TrimSpace(strings.Join(row.Cells, "")) == ""
		gap := i > 0 && (blank || row.Line > last+1)
		last = row.Line
		if gap && counts && startsTable(t.Rows[i:], blank) {
			tables = append(tables, part)
			part, counts = Table{Sheet: t.Sheet}, false
		}
		if !blank {
			part.Rows = append(part.Rows, row)
			counts = counts || hasCount(row)
		}
	}
	if len(part.Rows) > 0 {
		tables = append(tables, part)
	}
	return tables
}

// startsTable reports whether the rows after a gap begin with a title and a head, or a
// head: rows without figures of which one has several cells.
func startsTable(rows []Row, blank bool) bool {
	if blank {
		rows = rows[1:]
	}
	for _, row := range rows {
		filled := 0
		for _, c := range row.Cells {
			f, kind := parseCell(c)
			if kind == figureCell && !f.bareYear() {
				return false
			}
			if kind != blankCell {
				filled++
			}
		}
		if filled == 0 {
			return false
		}
		if filled > 1 {
			return true
		}
	}
	return false
}
