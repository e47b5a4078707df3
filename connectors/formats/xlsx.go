package formats

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
)

func init() {
	Register(Kind{
		Name:       "xlsx",
		Summary:    "a sheet of an Excel workbook",
		Extensions: []string{".xlsx", ".xlsm"},
		New: func() Settings {
			return &XLSX{HeaderRow: 1, MaxUnzip: 200 << 20, MaxCell: MaxCell, MaxRows: MaxRows}
		},
	})
}

// XLSX decodes one sheet of a workbook, row by row: memory holds the packed file
// and the shared texts, not the sheet.
//
// Cells read as the file stores them, not as they are shown: numbers with all
// their digits, formulas by the value that was last calculated, truth values as
// TRUE and FALSE. Only dates and times are turned from serial numbers into ISO
// text, because nothing but the cell's format tells them from other numbers.
//
// The sheet is read here and not through excelize: that library's row iterator
// takes the end of the rows for what is really damaged XML, rounds numbers to 15
// digits unless asked for raw values, and with raw values hides which numbers
// are dates. It writes the test files and is the second opinion in the tests.
type XLSX struct {
	Sheet     string `yaml:"sheet" doc:"name of the sheet; default: the first that is not hidden"`
	HeaderRow int    `yaml:"header_row" doc:"row that holds the column names, from 1; default 1"`
	headSettings
	SkipRows int `yaml:"skip_rows" doc:"rows right below the header to leave out (units, column numbers); default 0"`
	sheetSettings
	footSettings
	MaxUnzip int64 `yaml:"max_unzip" doc:"bytes that the workbook may unpack to; default 209715200"`
	MaxCell  int   `yaml:"max_cell" doc:"bytes in a cell; a longer one is a fault of its record; default 65536"`
	MaxRows  int64 `yaml:"max_rows" doc:"records in an object; more is an error; default 20000000"`
}

// Check reports what is wrong with the settings, without an object.
func (s *XLSX) Check() error {
	var problems []error
	if s.HeaderRow < 1 || s.SkipRows < 0 {
		problems = append(problems, errors.New("header_row and skip_rows: must be at least 1 and 0"))
	}
	if s.MaxUnzip < 1 || s.MaxUnzip > 2<<30 {
		problems = append(problems, errors.New("max_unzip: must lie between 1 and 2147483648 bytes"))
	}
	return errors.Join(append(problems, s.headSettings.check(), s.sheetSettings.check(s.HeaderHas), s.footSettings.check(), checkLimits(s.MaxCell, s.MaxRows))...)
}

// Decode yields the records of one object.
func (s *XLSX) Decode(ctx context.Context, name string, r io.Reader) iter.Seq2[*Batch, error] {
	return batchesOf(name, "xlsx", func(yield func(*Batch) bool) error {
		d := xlsxDecoder{ctx: ctx, settings: s, tail: newTableTail(s.footSettings, nil, yield)}
		return d.run(r)
	})
}

type xlsxDecoder struct {
	ctx      context.Context
	settings *XLSX
	tail     *tableTail
	book     *workbook
	xml      *xmlReader
	rows     *builder
	table    sheetTable
	hidden   []columnRange // columns to pass over
	row      int64         // number of the row being read
	value    []byte
	inline   []byte
}

func (d *xlsxDecoder) run(r io.Reader) (err error) {
	if err := d.settings.Check(); err != nil {
		return err
	}
	if d.book, err = readWorkbook(r, d.settings.MaxUnzip); err != nil {
		return err
	}
	sheet, err := d.book.sheet(d.settings.Sheet)
	if err != nil {
		return err
	}
	d.table = newSheetTable(d.settings.HeaderRow, d.settings.SkipRows, &d.settings.headSettings, &d.settings.sheetSettings)
	if d.settings.HeaderRows > 1 {
		if d.table.merges, err = d.book.merges(sheet.part, d.settings.HeaderRow+headSearch+headDepth); err != nil {
			return fmt.Errorf("sheet %s: %w", sheet.name, err)
		}
	}
	part, err := d.book.part(sheet.part)
	if err != nil {
		return err
	}
	defer part.Close()
	d.xml, d.rows = newXMLReader(part), newBuilder(placeSheet)
	d.rows.sheet = sheet.name
	if err := d.sheet(); err != nil {
		if errors.Is(err, errStopped) || d.ctx.Err() != nil {
			return err
		}
		return fmt.Errorf("sheet %s, row %d: %w", sheet.name, max(d.row, 1), err)
	}
	d.tail.header = d.table.head.names
	if err := d.flush(); err != nil {
		return err
	}
	return d.tail.end()
}

// readWorkbook reads everything but the cells of a workbook that must not unpack
// to more than limit.
func readWorkbook(r io.Reader, limit int64) (*workbook, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, fmt.Errorf("reading the workbook: %w", err)
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("%w (%d bytes) even as it is: ask for a smaller file, or raise max_unzip", errUnzip, limit)
	}
	if what := foreignFormat(data[:min(len(data), 8)]); len(data) > 1 && what != "" && data[0] != 'P' {
		return nil, fmt.Errorf("this is %s, or a workbook with a password: ask for an XLSX file without one", what)
	}
	return openWorkbook(data, limit)
}

func (d *xlsxDecoder) flush() error {
	if len(d.rows.places) > 0 {
		if err := d.tail.take(d.rows.take(d.table.head.names, string(d.rows.text))); err != nil {
			return err
		}
	}
	return d.ctx.Err()
}

// cells reads the cells of the row that started and calls f for each with a
// value, in the order of columns.
func (d *xlsxDecoder) cells(f func(column int, text []byte)) (problem fault, err error) {
	column := -1
	for {
		kind, err := d.xml.next()
		if err != nil {
			return problem, err
		}
		if kind == xmlEnd {
			return problem, nil
		}
		if kind != xmlStart {
			continue
		}
		if string(d.xml.name) != "c" {
			if err := d.xml.skip(); err != nil {
				return problem, err
			}
			continue
		}
		last := column
		column++
		if ref := d.xml.attr("r"); ref != nil {
			var ok bool
			if column, ok = columnOf(ref); !ok || column <= last {
				return problem, errors.New("the cells are not in the order of their columns: the file is damaged")
			}
		}
		if column >= 4*MaxColumns {
			return problem, errors.New("a cell stands to the right of every column that a sheet has: the file is damaged")
		}
		text, calculated, err := d.cell()
		if err != nil {
			return problem, err
		}
		if slices.ContainsFunc(d.hidden, func(r columnRange) bool { return r.first <= column && column <= r.last }) {
			continue
		}
		if !calculated && problem.code == "" {
			problem = fault{MalformedRecord, fmt.Sprintf("cell %s%d holds a formula that was never calculated: open the file in a spreadsheet program and save it", columnLetters(column), d.row)}
		}
		f(column, text)
	}
}

// cell reads the cell that started; calculated is false for a formula without a
// value.
func (d *xlsxDecoder) cell() (text []byte, calculated bool, err error) {
	kind := d.kindOf(d.xml.attr("t"))
	style, _ := strconv.Atoi(string(d.xml.attr("s")))
	formula, hasValue := false, false
	d.value, d.inline = d.value[:0], d.inline[:0]
	for {
		token, err := d.xml.next()
		if err != nil {
			return nil, false, err
		}
		if token == xmlEnd {
			break
		}
		if token != xmlStart {
			continue
		}
		switch string(d.xml.name) {
		case "v":
			hasValue = true
			d.value, err = d.xml.content(d.value)
		case "is":
			d.inline, err = richText(d.xml, d.inline)
		case "f":
			formula = true
			err = d.xml.skip()
		default:
			err = d.xml.skip()
		}
		if err != nil {
			return nil, false, err
		}
	}
	text, err = d.valueText(kind, style)
	return text, hasValue || !formula, err
}

// cellKind is the value of a cell's t attribute, which its buffer outlives.
type cellKind int

const (
	cellNumber cellKind = iota
	cellShared
	cellInline
	cellBool
	cellText
)

func (d *xlsxDecoder) kindOf(t []byte) cellKind {
	switch string(t) {
	case "s":
		return cellShared
	case "inlineStr":
		return cellInline
	case "b":
		return cellBool
	case "str", "e", "d":
		return cellText
	}
	return cellNumber
}

func (d *xlsxDecoder) valueText(kind cellKind, style int) ([]byte, error) {
	switch kind {
	case cellShared:
		if len(d.value) == 0 {
			return nil, nil
		}
		i, err := strconv.Atoi(string(d.value))
		text, ok := d.book.strings.get(i)
		if err != nil || !ok {
			return nil, errors.New("a cell refers to a shared text that is not there: the file is damaged")
		}
		return text, nil
	case cellInline:
		return d.inline, nil
	case cellBool:
		if string(d.value) == "1" {
			return []byte("TRUE"), nil
		}
		return []byte("FALSE"), nil
	case cellText:
		return undoX(d.value), nil
	}
	if style >= 0 && style < len(d.book.dates) && d.book.dates[style] && len(d.value) > 0 {
		return dateText(d.value, d.book.date1904), nil
	}
	return d.value, nil
}
