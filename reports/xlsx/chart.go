package xlsx

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/kp2mi/lindung/reports/document"
	"github.com/kp2mi/lindung/reports/tables"
)

// seriesColours can be told apart by colour-blind readers and from paper (Analysis Function).
var seriesColours = []string{"12436D", "F46A25", "28A197", "801650", "3D3D3D", "A285D1"}

// Beside a table up to this wide a chart can be seen without scrolling; it stands below a wider one.
const besideWidth = 78 // in characters

// Sizes in pixels.
const (
	chartWidth  = 720
	rowHeight   = 20 // of an ordinary row
	lineChart   = 360
	tallestBars = 960
	barHeight   = 22  // of a bar and its gap
	leastBar    = 12  // that has room for its value
	aroundBars  = 110 // title and margins
	pageWidth   = 1040
	pageHeight  = 640
	character   = 7 // of a column's width
	chartMargin = 2 // rows between charts
)

// draw adds the charts of a table to its sheet, and breaks pages so that none is cut where it can be helped.
func (b *book) draw(t *tableSheet, g *grid) {
	column, row := t.width+2, firstRow
	wide := 0.0
	for _, w := range g.widths {
		wide += w
	}
	if wide > besideWidth {
		column, row = 1, firstRow+len(g.rows)+1
	}
	across := int(wide) * character
	if column > 1 {
		across += chartWidth
	}
	page := pageHeight * max(pageWidth, across) / pageWidth // a wide sheet is printed smaller
	at := row * rowHeight % page
	for _, c := range t.Charts {
		if c.Native == nil {
			continue
		}
		chart := b.chart(t, g, c, page)
		if high := int(chart.Dimension.Height); at+high > page && at > 2*headRow*rowHeight {
			g.breaks, at = append(g.breaks, cellName(1, row)), 2*rowHeight // the head again
		}
		g.drawings = append(g.drawings, drawing{cellName(column, row), chart})
		rows := int(chart.Dimension.Height)/rowHeight + chartMargin
		row, at = row+rows, at+rows*rowHeight
	}
}

// chart is a chart of the spreadsheet's own over the columns of a table, no higher than a page.
func (b *book) chart(t *tableSheet, g *grid, c *document.Chart, page int) *excelize.Chart {
	rows := c.Native.Rows
	if rows == 0 {
		rows = len(t.Rows)
	}
	columns := make([]int, len(c.Native.Columns)+1)
	columns[0] = t.at[c.Native.Label]
	for i, column := range c.Native.Columns {
		columns[i+1] = t.at[column]
	}
	heads, sheet, drawn := columns, t.sheet, columns
	if marksAmong(g, columns[1:], rows) {
		sheet, drawn = b.gaps.add(t, g, columns, rows)
	}
	values := extent{}
	out := &excelize.Chart{Type: excelize.Line, ShowBlanksAs: "gap", VaryColors: new(bool)}
	for i, column := range drawn[1:] {
		colour := excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{seriesColours[i%len(seriesColours)]}}
		out.Series = append(out.Series, excelize.ChartSeries{
			Name: span(t.sheet, heads[i+1], headRow, headRow), Categories: span(t.sheet, heads[0], firstRow, firstRow+rows-1),
			Values: span(sheet, column, firstRow, firstRow+rows-1), Fill: colour,
			Line: excelize.LineOptions{Width: 2.25, Fill: colour}, Marker: excelize.ChartMarker{Symbol: "none"}})
		for _, row := range t.Rows[:rows] {
			if n := tables.Number(row.Cells[c.Native.Columns[i]]); n != nil && n.Value != nil {
				values.see(n)
			}
		}
	}
	out.Format = excelize.GraphicOptions{AltText: altText(c), Name: c.ID, Positioning: "oneCell", OffsetY: 4}
	out.Dimension = excelize.ChartDimension{Width: chartWidth, Height: lineChart}
	out.Legend = excelize.ChartLegend{Position: "bottom"}
	if len(out.Series) == 1 {
		out.Legend.Position = "none"
	}
	out.Title.Paragraph = []excelize.RichTextRun{{Text: c.Title.String(), Font: &excelize.Font{Family: font, Bold: true, Size: 12, Color: "222222"}}}
	if c.Subtitle != "" {
		out.Title.Paragraph = append(out.Title.Paragraph, excelize.RichTextRun{Text: c.Subtitle, Font: &excelize.Font{Family: font, Size: 10, Color: "444444"}})
	}
	out.XAxis = excelize.ChartAxis{TickLabelPosition: excelize.ChartTickLabelLow, Font: axisFont}
	out.YAxis = excelize.ChartAxis{MajorGridLines: true, NumFmt: excelize.ChartNumFmt{CustomNumFmt: values.axisFormat()}, Font: axisFont}
	if c.Native.Kind == "bars" {
		bars(out, rows, values, min(page-3*rowHeight, tallestBars))
	} else {
		steps(&out.XAxis, t, c.Native.Label, rows)
	}
	return out
}

var axisFont = excelize.Font{Family: font, Size: 9, Color: "444444"}

// bars begin at zero and stand in the order of the table, the first above, each with its value.
func bars(c *excelize.Chart, rows int, values extent, tallest int) {
	c.Type, c.XAxis.ReverseOrder = excelize.Bar, true
	count := rows * len(c.Series)
	c.Dimension.Height = uint(max(220, min(tallest, aroundBars+barHeight*count)))
	gap, overlap := uint(40), 0
	c.GapWidth, c.Overlap = &gap, &overlap
	if (int(c.Dimension.Height)-aroundBars)/count >= leastBar {
		c.PlotArea.ShowVal, c.PlotArea.NumFmt = true, excelize.ChartNumFmt{CustomNumFmt: numberFormat(values.format)}
		for i := range c.Series {
			c.Series[i].DataLabel.Font = axisFont
		}
		c.YAxis.None, c.YAxis.MajorGridLines = true, false
	}
	c.XAxis.Font.Size = max(6, min(axisFont.Size, float64(int(c.Dimension.Height)-aroundBars)/float64(rows)/2)) // a label has half a bar's room
	if values.lowest >= 0 {
		zero := 0.0
		c.YAxis.Minimum = &zero
	}
}

// steps gives the labels below a line room: upright where they would not fit side by side, and not
// each of very many.
func steps(axis *excelize.ChartAxis, t *tableSheet, label, rows int) {
	longest := 0
	for _, row := range t.Rows[:rows] {
		longest = max(longest, utf8.RuneCountInString(tables.Words(row.Cells[label])))
	}
	if rows*(longest+1)*character > chartWidth-80 {
		axis.Alignment.TextRotation = -90
	}
	if rows > mostSteps {
		axis.TickLabelSkip = (rows + mostSteps - 1) / mostSteps
	}
}

// mostSteps is how many upright labels fit below a chart.
const mostSteps = 40

// An extent is what the numbers of a chart span.
type extent struct {
	lowest, highest float64
	format          document.Format
	seen            bool
}

func (e *extent) see(n *document.Number) {
	if !e.seen {
		e.lowest, e.highest, e.format, e.seen = *n.Value, *n.Value, n.Format, true
	}
	e.lowest, e.highest = min(e.lowest, *n.Value), max(e.highest, *n.Value)
}

// axisFormat is the numbers' format at an axis, with as many decimals as its steps need.
func (e extent) axisFormat() string {
	f := document.Format{Prefix: e.format.Prefix, Suffix: e.format.Suffix}
	span := e.highest - e.lowest
	if span == 0 {
		span = max(e.highest, -e.lowest)
	}
	switch {
	case span < 0.5:
		f.Decimals = 2
	case span < 5:
		f.Decimals = 1
	}
	return numberFormat(f)
}

// altText is what somebody is told who does not see the chart.
func altText(c *document.Chart) string {
	if c.Description != "" {
		return c.Description
	}
	return c.Title.String()
}

func span(sheet string, column, from, to int) string {
	name, err := excelize.ColumnNumberToName(column)
	if err != nil {
		panic(err) // the column was written before
	}
	if from == to {
		return fmt.Sprintf("%s$%s$%d", within(sheet), name, from)
	}
	return fmt.Sprintf("%s$%s$%d:$%s$%d", within(sheet), name, from, name, to)
}

// marksAmong reports a mark where a chart needs numbers. Spreadsheets would draw it as zero.
func marksAmong(g *grid, columns []int, rows int) bool {
	for _, row := range g.rows[:rows] {
		for _, column := range columns {
			if _, number := row[column-1].is.(float64); !number {
				return true
			}
		}
	}
	return false
}

// gaps are the columns of such charts again, with empty cells where a number is missing: side by
// side on a sheet of their own.
type gaps struct {
	sheet   string
	heads   []string
	columns [][]value
}

// add copies columns of a grid and tells where they stand now.
func (s *gaps) add(t *tableSheet, g *grid, columns []int, rows int) (sheet string, now []int) {
	for i, column := range columns {
		s.heads = append(s.heads, t.ID+": "+g.heads[column-1])
		var copied []value
		for _, row := range g.rows[:rows] {
			v := row[column-1]
			v.style.total = false
			if _, number := v.is.(float64); i > 0 && !number {
				v = value{}
			}
			copied = append(copied, v)
		}
		s.columns = append(s.columns, copied)
		now = append(now, len(s.columns))
	}
	return s.sheet, now
}

// grid is the sheet of them; nil where no chart needs it.
func (s *gaps) grid(b *book) *grid {
	if len(s.columns) == 0 {
		return nil
	}
	g := &grid{name: s.sheet, title: b.say(wordGaps), note: b.say(wordGapsLine), heads: s.heads, gaps: true}
	longest := slices.MaxFunc(s.columns, func(a, b []value) int { return len(a) - len(b) })
	for i := range longest {
		row := make([]value, len(s.columns))
		for j, column := range s.columns {
			if i < len(column) {
				row[j] = column[i]
			}
		}
		g.rows = append(g.rows, row)
	}
	g.widths = widthsOf(g.heads, g.rows)
	return g
}
