package xlsx

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/kp2mi/lindung/reports/document"
	"github.com/kp2mi/lindung/reports/tables"
	"github.com/kp2mi/lindung/warehouse/harmless"
)

// Where things stand on every sheet.
const (
	titleRow = 1
	lineRow  = 2 // release, status, and the mark of sample data
	noteRow  = 3
	backRow  = 4
	headRow  = 5
	firstRow = 6
)

// A grid is one sheet: lines about it, and a table.
type grid struct {
	name, title, note string
	heads             []string
	numeric           []bool       // columns whose heads stand right; nil: none
	marks             map[int]bool // columns of marks, from 1
	widths            []float64
	rows              [][]value
	more              int                 // rows of a long table, made when they are written
	moreRow           func(i int) []value // the same slice may come again
	drawings          []drawing
	breaks            []string // cells before which a page begins
	gaps              bool     // cells may be empty, so it is no table object
}

func (g *grid) count() int { return len(g.rows) + g.more }

// A value is what a cell holds. Without anything in it, the cell is empty.
type value struct {
	is    any // string or float64
	style style
	to    string // of a link: a place in the workbook
}

func words(text string) value { return value{is: text} }

// A drawing is a chart with its place.
type drawing struct {
	cell  string
	chart *excelize.Chart
}

// cellName is the name of a cell; both count from 1.
func cellName(column, row int) string {
	name, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		panic(err) // a report has neither 16384 columns nor a million rows
	}
	return name
}

// sheet writes a grid into the workbook. What frames a sheet goes before its rows, because rows
// are streamed.
func (b *book) sheet(g *grid) error {
	for i, head := range g.heads {
		if head == "" {
			return fmt.Errorf("column %d has no head", i+1)
		}
	}
	if err := b.page(g); err != nil {
		return err
	}
	w, err := b.file.NewStreamWriter(g.name)
	if err != nil {
		return err
	}
	for i, width := range g.widths {
		if err := w.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	err = w.SetPanes(&excelize.Panes{Freeze: true, YSplit: headRow, TopLeftCell: cellName(1, firstRow), ActivePane: "bottomLeft",
		Selection: []excelize.Selection{{SQRef: "A1", ActiveCell: "A1", Pane: "bottomLeft"}}})
	if err != nil {
		return err
	}
	if err := b.above(w, g); err != nil {
		return err
	}
	if !g.gaps && g.count() > 0 {
		if err := b.object(w, g); err != nil {
			return err
		}
	}
	for i, row := range g.rows {
		if err := b.row(w, g, firstRow+i, row); err != nil {
			return err
		}
	}
	for i := range g.more {
		if err := b.row(w, g, firstRow+i, g.moreRow(i)); err != nil {
			return err
		}
	}
	for _, d := range g.drawings {
		if err := b.file.AddChart(g.name, d.cell, d.chart); err != nil {
			return err
		}
	}
	for _, cell := range g.breaks {
		if err := w.InsertPageBreak(cell); err != nil {
			return err
		}
	}
	return w.Flush()
}

// object makes the table of a sheet one that programs know by name. All objects but the last are
// kept out of excelize's sight: to number the next it reads every one that it has.
func (b *book) object(w *excelize.StreamWriter, g *grid) error {
	no := false
	err := w.AddTable(&excelize.Table{Range: cellName(1, headRow) + ":" + cellName(len(g.heads), headRow+g.count()), Name: b.objectName(g.name),
		StyleName: "TableStyleLight1", ShowRowStripes: &no})
	if err != nil {
		return err
	}
	before := fmt.Sprintf("xl/tables/table%d.xml", b.tables-1)
	if content, ok := b.file.Pkg.LoadAndDelete(before); ok {
		b.objects[before] = content
	}
	return nil
}

// above writes what stands above a table, and its head.
func (b *book) above(w *excelize.StreamWriter, g *grid) error {
	about := style{kind: line}
	if b.doc.Sample != "" {
		about.kind = warning
	}
	lines := []value{{is: g.title, style: style{kind: title}}, {is: tables.Line(b.doc), style: about}, {is: g.note, style: style{kind: line}},
		{is: b.say(wordBack), style: style{kind: link}, to: within(b.contents) + "A1"}}
	for i, v := range lines {
		if err := b.row(w, g, titleRow+i, []value{v}); err != nil {
			return err
		}
	}
	heads := make([]value, len(g.heads))
	for i, text := range g.heads {
		heads[i] = value{is: text, style: style{kind: head, right: g.numeric != nil && g.numeric[i], centred: g.marks[i+1]}}
	}
	return b.row(w, g, headRow, heads)
}

func (b *book) row(w *excelize.StreamWriter, g *grid, row int, values []value) error {
	if len(b.cells) < len(values) {
		b.cells = make([]excelize.Cell, len(values))
	}
	cells := make([]any, len(values))
	for i, v := range values {
		if v.is == nil {
			continue
		}
		id, err := b.styled(v.style)
		if err != nil {
			return err
		}
		if text, ok := v.is.(string); ok {
			if len(text) > excelize.TotalCellChars {
				return fmt.Errorf("row %d, column %d: %d characters are more than a cell holds", row, i+1, len(text))
			}
			v.is = harmless.Text(text)
		}
		b.cells[i] = excelize.Cell{StyleID: id, Value: v.is}
		cells[i] = &b.cells[i]
		if v.to != "" {
			if err := b.file.SetCellHyperLink(g.name, cellName(i+1, row), v.to, "Location"); err != nil {
				return err
			}
		}
	}
	if row == titleRow {
		return w.SetRow(cellName(1, row), cells, excelize.RowOpts{Height: 1.6 * titleSize})
	}
	if n := g.lines(values); n > 1 {
		return w.SetRow(cellName(1, row), cells, excelize.RowOpts{Height: min(float64(n)*lineHeight+2, tallest)})
	}
	return w.SetRow(cellName(1, row), cells)
}

// Heights of rows in points: where nothing is said, and the most there can be.
const (
	defaultHeight = 15.0
	tallest       = 409.0
)

// lines is how many lines the words of a row take. Not every program finds that out itself.
func (g *grid) lines(values []value) int {
	most := 1
	for i, v := range values {
		text, ok := v.is.(string)
		if !ok || !v.style.wraps() || i >= len(g.widths) {
			continue
		}
		n := 0
		for paragraph := range strings.SplitSeq(text, "\n") {
			n += linesOf(paragraph, (g.widths[i]-1)*narrow(v.style))
		}
		most = max(most, n)
	}
	return most
}

// narrow is how many letters of running text stand where a column's width has one digit.
func narrow(s style) float64 {
	if s.kind == plainText && !s.total {
		return 1.12
	}
	return 1
}

// linesOf breaks a paragraph between words, and words that are wider than the column anywhere.
func linesOf(paragraph string, width float64) int {
	lines, used := 1, 0.0
	for word := range strings.FieldsSeq(paragraph) {
		need := float64(utf8.RuneCountInString(word))
		if used > 0 && used+1+need > width {
			lines, used = lines+1, 0
		}
		if used > 0 {
			used++
		}
		for used+need > width {
			lines, need = lines+1, need-width+used
			used = 0
		}
		used += need
	}
	return lines
}

// page is how a sheet is printed: the head on every page, sample data named above, the release below.
func (b *book) page(g *grid) error {
	yes, landscape, a4, wide, high := true, "landscape", 9, 1, 0
	height := defaultHeight
	if err := b.file.SetSheetProps(g.name, &excelize.SheetPropsOptions{FitToPage: &yes, DefaultRowHeight: &height, CustomHeight: &yes}); err != nil {
		return err
	}
	if err := b.file.SetPageLayout(g.name, &excelize.PageLayoutOptions{Size: &a4, Orientation: &landscape, FitToWidth: &wide, FitToHeight: &high}); err != nil {
		return err
	}
	header := "&L" + printed(g.title, 90)
	if b.doc.Sample != "" {
		header = "&L" + printed(b.doc.Sample, 90) + "\n" + printed(g.title, 90)
	}
	foot := b.say(tables.Text{ID: "Rilis ", EN: "Release "}) + b.doc.Release.ID + " · " + tables.Day(b.doc.Release.AsOf)
	err := b.file.SetHeaderFooter(g.name, &excelize.HeaderFooterOptions{OddHeader: header, OddFooter: "&L" + printed(foot, 80) + "&R" + b.say(wordPage) + "&P/&N"})
	if err != nil {
		return err
	}
	if g.count() < rowsOfPage {
		return nil
	}
	return b.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", Scope: g.name,
		RefersTo: fmt.Sprintf("%s$%d:$%d", within(g.name), headRow, headRow)})
}

// rowsOfPage is how many rows surely stand on the first page of a sheet, which needs no second head.
const rowsOfPage = 20

// printed is a text as headers of pages take it. One that begins with a digit would be a font size.
func printed(text string, most int) string {
	if cut := cut(text, most); cut != text {
		text = cut + "…"
	}
	return strings.ReplaceAll(text, "&", "&&")
}

// number is a number as a value, with the decimals of its column; without one it is its mark.
func (b *book) number(n *document.Number, total bool, decimals int) value {
	if n.Value == nil {
		return value{is: tables.Words(document.Cell{Number: n}), style: style{total: total, right: true}}
	}
	return value{is: tables.Value(n), style: style{kind: number, total: total, format: shown(n, decimals)}}
}

// shown is a number's format, with the decimals of its column. What is no whole number is not shown as one.
func shown(n *document.Number, decimals int) document.Format {
	f := n.Format
	v := math.Abs(*n.Value)
	switch {
	case f.Decimals > 0:
	case decimals > 0:
		f.Decimals = decimals
	case v == math.Trunc(v) || v >= 1000:
	case v < 1:
		f.Decimals = 3
	default:
		f.Decimals = 1
	}
	return f
}
