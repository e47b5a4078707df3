package producers

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/kp2mi/lindung/transforms"
)

// Where things stand on a form's data sheet. The example stands above the column names, because a
// reader passes over what is there: no form is read with its example, and one whose rows were
// moved is refused for its column names instead of losing a record.
const (
	titleRow   = 1
	exampleRow = 2
	headerRow  = 3
	firstRow   = 4
	lastRow    = 5003
)

// formWords are a form's words in its language.
type formWords struct{ data, guide, lists, example, required, wrong, pick, day, nik, amount, number, whole, column, needed, meaning, write string }

var formTexts = map[string]formWords{
	Indonesian: {data: "Data", guide: "Petunjuk", lists: "Daftar", example: "Contoh (tidak dibaca): ", required: "wajib diisi", wrong: "Isian tidak sesuai",
		pick: "Pilih dari daftar.", day: "Isi tanggal sebagai tanggal, misalnya 2024-01-31.", nik: "NIK harus 16 angka. Kolom ini berupa teks.",
		amount: "Isi angka, nol atau lebih.", number: "Isi angka.", whole: "Isi bilangan bulat, nol atau lebih.",
		column: "Kolom", needed: "Wajib?", meaning: "Arti", write: "Cara mengisi"},
	English: {data: "Data", guide: "Instructions", lists: "Lists", example: "Example (not read): ", required: "required", wrong: "This does not fit",
		pick: "Choose from the list.", day: "Enter a date as a date, such as 2024-01-31.", nik: "The NIK has 16 digits. This column is text.",
		amount: "Enter a number, zero or more.", number: "Enter a number.", whole: "Enter a whole number, zero or more.",
		column: "Column", needed: "Required?", meaning: "Meaning", write: "How to fill in"},
}

// WriteForm writes a workbook that a unit without a system of its own fills in: one row per
// record, drop-downs from the code lists, checks on dates and numbers, and instructions.
func WriteForm(w io.Writer, dataset, lang string) error {
	if err := checkLanguage(lang); err != nil {
		return err
	}
	d, definition, lists, err := datasetOf(dataset)
	if err != nil {
		return err
	}
	f := &form{book: excelize.NewFile(), words: formTexts[lang], lang: lang, columns: producerColumns(d, lists, lang)}
	defer f.book.Close()
	title, about := definition.Title.ID, definition.Description.ID
	if lang == English {
		title, about = definition.Title.EN, definition.Description.EN
	}
	for _, step := range []func() error{f.sheets, f.styles, func() error { return f.heads(title) }, f.checks, func() error { return f.guide(title, about) }, f.protect} {
		if err := step(); err != nil {
			return fmt.Errorf("making the form for %s: %w", dataset, err)
		}
	}
	return f.book.Write(w)
}

type form struct {
	book    *excelize.File
	words   formWords
	lang    string
	columns []formColumn

	head, needed, example, title, wrapped, bold int // styles
	cells                                       map[transforms.InputKind]int
}

func (f *form) sheets() error {
	if err := f.book.SetSheetName("Sheet1", f.words.data); err != nil {
		return err
	}
	for _, name := range []string{f.words.guide, f.words.lists} {
		if _, err := f.book.NewSheet(name); err != nil {
			return err
		}
	}
	return f.book.SetSheetVisible(f.words.lists, false)
}

func (f *form) styles() error {
	fill := func(colour string) excelize.Fill {
		return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}}
	}
	centred := &excelize.Alignment{Vertical: "center", WrapText: true}
	locked := &excelize.Protection{Locked: true}
	styles := []struct {
		id    *int
		style excelize.Style
	}{
		{&f.title, excelize.Style{Font: &excelize.Font{Bold: true, Size: 14}, Protection: locked}},
		{&f.bold, excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: centred}},
		{&f.wrapped, excelize.Style{Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}}},
		{&f.head, excelize.Style{Font: &excelize.Font{Bold: true}, Fill: fill("D9E1F2"), Alignment: centred, Protection: locked}},
		{&f.needed, excelize.Style{Font: &excelize.Font{Bold: true}, Fill: fill("F8CBAD"), Alignment: centred, Protection: locked}},
		{&f.example, excelize.Style{Font: &excelize.Font{Italic: true, Color: "7F7F7F"}, Fill: fill("F2F2F2"), Protection: locked}},
	}
	for _, s := range styles {
		id, err := f.book.NewStyle(&s.style)
		if err != nil {
			return err
		}
		*s.id = id
	}
	f.cells = map[transforms.InputKind]int{}
	day, moment, text := "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "@"
	for _, c := range f.columns {
		format := &text
		switch c.Kind {
		case transforms.DayInput:
			format = &day
		case transforms.MomentInput:
			format = &moment
		case transforms.AmountInput, transforms.NumberInput, transforms.WholeInput:
			format = nil
		}
		id, err := f.book.NewStyle(&excelize.Style{CustomNumFmt: format, Protection: &excelize.Protection{Locked: false}})
		if err != nil {
			return err
		}
		f.cells[c.Kind] = id
	}
	return nil
}

func cell(column, row int) string {
	name, err := excelize.CoordinatesToCellName(column+1, row)
	if err != nil {
		panic(err) // a form has a few dozen columns
	}
	return name
}

// heads writes title, example and column names, and makes every cell below ready to be filled.
func (f *form) heads(title string) error {
	sheet := f.words.data
	steps := []error{
		f.book.SetCellStr(sheet, cell(0, titleRow), title),
		f.book.SetCellStyle(sheet, cell(0, titleRow), cell(0, titleRow), f.title),
		f.book.SetRowHeight(sheet, headerRow, 32),
		f.book.SetPanes(sheet, &excelize.Panes{Freeze: true, YSplit: headerRow, TopLeftCell: cell(0, firstRow), ActivePane: "bottomLeft"}),
	}
	for i, c := range f.columns {
		name, style := c.Label, f.head
		if c.Required {
			name, style = c.Label+" *", f.needed
		}
		example := c.Example
		if i == 0 {
			example = f.words.example + example
		}
		letter, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		steps = append(steps,
			f.book.SetColWidth(sheet, letter, letter, float64(max(16, min(40, len(name)+4)))),
			f.book.SetColStyle(sheet, letter, f.cells[c.Kind]),
			f.book.SetCellStr(sheet, cell(i, headerRow), name),
			f.book.SetCellStyle(sheet, cell(i, headerRow), cell(i, headerRow), style),
			f.book.SetCellStr(sheet, cell(i, exampleRow), example),
			f.book.SetCellStyle(sheet, cell(i, exampleRow), cell(i, exampleRow), f.example),
			f.book.AddComment(sheet, excelize.Comment{Cell: cell(i, headerRow), Author: "Lindung", Width: 320, Height: 120,
				Paragraph: []excelize.RichTextRun{{Text: c.Definition + "\n" + capital(c.Write) + "; " + c.Needed(f.lang) + "."}}}),
		)
	}
	return firstError(steps)
}

func firstError(errs []error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// checks has the spreadsheet program hold every column to its kind.
func (f *form) checks() error {
	lists := map[string]string{} // choices, joined: where they stand
	for i, c := range f.columns {
		v := excelize.NewDataValidation(true)
		v.Sqref = cell(i, firstRow) + ":" + cell(i, lastRow)
		message, err := "", error(nil)
		switch c.Kind {
		case transforms.DayInput, transforms.MomentInput:
			message, err = f.words.day, v.SetRange(serial(1900, 3, 1), serial(2101, 1, 1), excelize.DataValidationTypeDate, excelize.DataValidationOperatorBetween)
		case transforms.NIKInput:
			message, err = f.words.nik, v.SetRange(16, 16, excelize.DataValidationTypeTextLength, excelize.DataValidationOperatorEqual)
		case transforms.AmountInput:
			message, err = f.words.amount, v.SetRange(0, 0, excelize.DataValidationTypeDecimal, excelize.DataValidationOperatorGreaterThanOrEqual)
		case transforms.NumberInput:
			message, err = f.words.number, v.SetRange(-1e15, 1e15, excelize.DataValidationTypeDecimal, excelize.DataValidationOperatorBetween)
		case transforms.WholeInput:
			message, err = f.words.whole, v.SetRange(0, 0, excelize.DataValidationTypeWhole, excelize.DataValidationOperatorGreaterThanOrEqual)
		default:
			if c.Choices == nil {
				continue
			}
			message = f.words.pick
			key := strings.Join(c.Choices, "\n")
			if lists[key] == "" {
				if lists[key], err = f.list(len(lists), c); err != nil {
					return err
				}
			}
			v.SetSqrefDropList(lists[key])
		}
		if err != nil {
			return err
		}
		v.SetError(excelize.DataValidationErrorStyleStop, f.words.wrong, message)
		if err := f.book.AddDataValidation(f.words.data, v); err != nil {
			return err
		}
	}
	return nil
}

// serial is a day as a spreadsheet counts it.
func serial(year int, month time.Month, day int) int {
	return int(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24)
}

// list writes the values of a drop-down into a column of the hidden sheet.
func (f *form) list(column int, c formColumn) (reference string, err error) {
	sheet := f.words.lists
	if err := f.book.SetCellStr(sheet, cell(column, 1), c.Label); err != nil {
		return "", err
	}
	for i, choice := range c.Choices {
		if err := f.book.SetCellStr(sheet, cell(column, i+2), choice); err != nil {
			return "", err
		}
	}
	letter, err := excelize.ColumnNumberToName(column + 1)
	return fmt.Sprintf("%s!$%s$2:$%s$%d", sheet, letter, letter, len(c.Choices)+1), err
}

// guide writes the instructions.
func (f *form) guide(title, about string) error {
	sheet := f.words.guide
	lines := []string{title, about}
	if f.lang == Indonesian {
		lines = append(lines, "Isi lembar \"Data\" mulai baris 4: satu baris satu rekaman. Jangan mengubah, menambah atau menghapus baris 1 sampai 3.",
			"Kolom bertanda * wajib diisi. Yang tidak diketahui dikosongkan; jangan menulis tanda hubung, nol atau kata pengganti.",
			"Jangan menulis baris jumlah. Jangan menggabungkan sel. Rekaman yang diperbaiki dikirim lagi dengan nomor yang sama.",
			"Rekaman yang bermasalah tidak hilang: ia masuk karantina, dengan semua masalahnya, dan unit diberi tahu.")
	} else {
		lines = append(lines, "Fill in the sheet \"Data\" from row 4 on: one row, one record. Do not change, add or delete rows 1 to 3.",
			"Columns marked * are required. What is not known stays empty; write no dash, zero or word in its place.",
			"Write no totals. Do not merge cells. A record that was corrected is sent again under the same number.",
			"A record with problems is not lost: it goes to quarantine, with all of them, and the unit is told.")
	}
	var steps []error
	for i, text := range lines {
		steps = append(steps, f.book.SetCellStr(sheet, cell(0, i+1), text))
	}
	steps = append(steps, f.book.SetCellStyle(sheet, "A1", "A1", f.title))
	head := len(lines) + 2
	for i, text := range []string{f.words.column, f.words.needed, f.words.meaning, f.words.write} {
		steps = append(steps, f.book.SetCellStr(sheet, cell(i, head), text))
	}
	steps = append(steps, f.book.SetCellStyle(sheet, cell(0, head), cell(3, head), f.bold),
		f.book.SetColWidth(sheet, "A", "A", 30), f.book.SetColWidth(sheet, "B", "B", 14), f.book.SetColWidth(sheet, "C", "D", 60))
	for i, c := range f.columns {
		row := head + 1 + i
		for j, text := range []string{c.Label, c.Needed(f.lang), c.Definition, c.Write} {
			steps = append(steps, f.book.SetCellStr(sheet, cell(j, row), text))
		}
		steps = append(steps, f.book.SetCellStyle(sheet, cell(0, row), cell(3, row), f.wrapped))
	}
	return firstError(steps)
}

// protect keeps hands off what the reader rests on; the cells to fill in stay open. There is no
// password: it is to prevent slips, not people.
func (f *form) protect() error {
	f.book.SetActiveSheet(0)
	return f.book.ProtectSheet(f.words.data, &excelize.SheetProtectionOptions{SelectLockedCells: true, SelectUnlockedCells: true,
		FormatColumns: true, InsertRows: false, DeleteRows: false, Sort: true, AutoFilter: true})
}
