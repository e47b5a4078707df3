package xlsx

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/kp2mi/lindung/reports/document"
	"github.com/kp2mi/lindung/reports/tables"
)

// Notes up to this length stand above their table; all of them stand on the sheet of notes.
const notesAbove = 150

// A tableSheet is a table of the report with its place in the workbook.
type tableSheet struct {
	tables.Table
	sheet string
	at    []int // column of the sheet for each column of the table, from 1
	marks []int // column of the sheet for its marks; 0: none
	width int   // columns of the sheet

	numeric  []bool // of the table's columns
	decimals []int  // that numbers without any have in a column
}

func (b *book) plan(t tables.Table) *tableSheet {
	s := &tableSheet{Table: t, sheet: b.named(t.ID)}
	for i := range t.Columns {
		s.width++
		s.at = append(s.at, s.width)
		beside := 0
		if t.Marked(i) {
			s.width++
			beside = s.width
		}
		s.marks = append(s.marks, beside)
		s.numeric, s.decimals = append(s.numeric, t.Numeric(i)), append(s.decimals, decimals(t, i))
	}
	return s
}

// table is the sheet of a table.
func (b *book) table(t *tableSheet) *grid {
	g := &grid{name: t.sheet, title: t.ID + ". " + t.Title, note: b.noteAbove(t), numeric: make([]bool, t.width), marks: map[int]bool{}}
	g.heads = b.heads(t)
	for i := range t.Columns {
		g.numeric[t.at[i]-1], g.marks[t.marks[i]] = t.numeric[i], t.marks[i] > 0
	}
	for i, row := range t.Rows {
		g.rows = append(g.rows, b.tableRow(t, row, firstRow+i))
	}
	g.widths = widthsOf(g.heads, g.rows)
	b.draw(t, g)
	return g
}

func (b *book) noteAbove(t *tableSheet) string {
	if len(t.Notes) == 0 {
		return b.say(wordUnits)
	}
	var notes []string
	for _, n := range t.Notes {
		notes = append(notes, n.String())
	}
	text := strings.Join(notes, " ")
	if utf8.RuneCountInString(text) > notesAbove {
		return b.say(wordNoteLink)
	}
	for _, n := range t.Notes {
		b.source(t.sheet, cellName(1, noteRow), tables.Within(n)...)
	}
	return text
}

// heads are the heads of a sheet's columns with their units, no two alike.
func (b *book) heads(t *tableSheet) []string {
	heads := make([]string, t.width)
	used := map[string]int{}
	unlike := func(text string) string {
		key := strings.ToLower(text)
		used[key]++
		if n := used[key]; n > 1 {
			return text + " [" + strconv.Itoa(n) + "]"
		}
		return text
	}
	for i, c := range t.Columns {
		text := c.Title
		if c.Unit != "" && !strings.Contains(text, "("+c.Unit+")") {
			text += " (" + c.Unit + ")"
		}
		heads[t.at[i]-1] = unlike(text)
		if t.marks[i] > 0 {
			heads[t.marks[i]-1] = unlike(c.Title + " – " + b.say(wordMark))
		}
	}
	return heads
}

func (b *book) tableRow(t *tableSheet, row document.Row, at int) []value {
	values := make([]value, t.width)
	for i, cell := range row.Cells {
		column := t.at[i]
		b.source(t.sheet, cellName(column, at), tables.Numbers(cell)...)
		n := tables.Number(cell)
		if n == nil {
			values[column-1] = value{is: tables.Words(cell), style: style{total: row.Total, right: t.numeric[i]}}
		} else {
			values[column-1] = b.number(n, row.Total, t.decimals[i])
		}
		if t.marks[i] > 0 {
			shorthand := tables.Nothing
			if n != nil && n.Mark != "" {
				shorthand = n.Mark
			}
			values[t.marks[i]-1] = value{is: shorthand, style: style{kind: mark, total: row.Total}}
		}
	}
	return values
}

// widthsOf fits columns to what is in them: numbers never break, words do.
func widthsOf(heads []string, rows [][]value) []float64 {
	widths, texts := make([]float64, len(heads)), map[int]float64{}
	for i, h := range heads {
		widest := 0
		for _, word := range strings.Fields(h) {
			widest = max(widest, utf8.RuneCountInString(word))
		}
		widths[i] = float64(max(9, min(widest+3, 24), min(utf8.RuneCountInString(h)/2+4, 24)))
	}
	for _, row := range rows {
		for i, v := range row {
			var need float64
			switch is := v.is.(type) {
			case string:
				need = min(float64(utf8.RuneCountInString(is)+3), widestText)
				if need > narrowText {
					texts[i] = narrowText
				}
			case float64:
				whole := strconv.FormatFloat(is, 'f', v.style.format.Decimals, 64)
				need = float64(len(whole) + len(whole)/3 + utf8.RuneCountInString(v.style.format.Prefix+v.style.format.Suffix) + 3)
			}
			widths[i] = max(widths[i], need)
		}
	}
	all := 0.0
	for _, w := range widths {
		all += w
	}
	if all > widestSheet {
		for i, w := range texts {
			widths[i] = w
		}
	}
	return widths
}

// Widths in characters: of a column of words, of one on a sheet that would be too wide to print, and of such a sheet.
const (
	widestText  = 46.0
	narrowText  = 26.0
	widestSheet = 150.0
)

// decimals is how many a column of one format needs whose numbers are mostly not whole though their
// format has none.
func decimals(t tables.Table, column int) int {
	var format document.Format
	highest, all, broken := 0.0, 0, 0
	for _, row := range t.Rows {
		n := tables.Number(row.Cells[column])
		if n == nil || n.Value == nil {
			continue
		}
		v := math.Abs(*n.Value)
		if all++; all > 1 && n.Format != format || n.Format.Decimals > 0 || v >= 1000 {
			return 0
		}
		if format = n.Format; v != math.Trunc(v) {
			broken++
		}
		highest = max(highest, v)
	}
	switch {
	case broken*2 < all || broken == 0:
		return 0
	case highest >= 10:
		return 1
	case highest >= 1:
		return 2
	}
	return 3
}
