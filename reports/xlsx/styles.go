package xlsx

import (
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/kp2mi/lindung/reports/document"
)

// A style is how a cell looks.
type style struct {
	kind    kind
	total   bool
	right   bool            // words in a column of numbers
	centred bool            // a head of marks
	format  document.Format // of a number
}

type kind int

const (
	plainText kind = iota
	number
	mark // beside a number
	title
	warning // the line of a sheet of sample data
	line    // about the sheet
	head
	link
	linkInTable
	program // code
)

// wraps reports that a cell's words go on below.
func (s style) wraps() bool {
	return s.kind == plainText || s.kind == head || s.kind == linkInTable || s.kind == program
}

// Arial has no serifs, and every program has it or one of the same widths.
const (
	font       = "Arial"
	fontSize   = 10.0
	titleSize  = 14.0
	lineHeight = 13.5 // of a line of words, in points
)

const (
	headFill  = "D9E1F2"
	linkBlue  = "0B57A4"
	alarmRed  = "B00020"
	totalFill = "F2F2F2"
)

// styled gives the number of a style in the workbook.
func (b *book) styled(s style) (int, error) {
	if id, known := b.styles[s]; known {
		return id, nil
	}
	id, err := b.file.NewStyle(s.cell())
	if err != nil {
		return 0, err
	}
	b.styles[s] = id
	return id, nil
}

func (s style) cell() *excelize.Style {
	out := &excelize.Style{Alignment: &excelize.Alignment{Vertical: "top", WrapText: s.wraps()}, Font: &excelize.Font{Family: font, Size: fontSize, Bold: s.total}}
	if s.right || s.kind == number {
		out.Alignment.Horizontal = "right"
	}
	if s.centred || s.kind == mark {
		out.Alignment.Horizontal = "center"
	}
	if s.wraps() && out.Alignment.Horizontal == "" {
		out.Alignment.Horizontal, out.Alignment.Indent = "left", 1 // apart from numbers in the column before
	}
	switch s.kind {
	case number:
		format := numberFormat(s.format)
		out.CustomNumFmt = &format
	case title:
		out.Font.Bold, out.Font.Size = true, titleSize
	case warning:
		out.Font.Bold, out.Font.Color = true, alarmRed
	case line:
		out.Font.Color = "444444"
	case link, linkInTable:
		out.Font.Color, out.Font.Underline = linkBlue, "single"
	case program:
		out.Font.Family, out.Font.Size = "Courier New", 9
	case head:
		out.Font.Bold, out.Alignment.Vertical = true, "bottom"
		out.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{headFill}}
		out.Border = []excelize.Border{{Type: "bottom", Color: "44546A", Style: 1}}
	}
	if s.total {
		out.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{totalFill}}
		out.Border = []excelize.Border{{Type: "top", Color: "44546A", Style: 1}}
	}
	return out
}

// numberFormat is a format in the words of spreadsheets. How thousands and decimals are parted is
// the reader's setting, not ours.
func numberFormat(f document.Format) string {
	digits := "#,##0"
	if f.Decimals > 0 {
		digits += "." + strings.Repeat("0", f.Decimals)
	}
	digits = quoted(f.Prefix) + digits + quoted(f.Suffix)
	switch {
	case f.Signed:
		return "+" + digits + ";-" + digits + ";" + digits
	case f.Prefix != "":
		return digits + ";-" + digits
	}
	return digits
}

func quoted(text string) string {
	if text == "" {
		return ""
	}
	return `"` + strings.ReplaceAll(text, `"`, "") + `"`
}
