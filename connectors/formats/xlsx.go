package formats

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
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
	SkipRows  int    `yaml:"skip_rows" doc:"rows right below the header to leave out (units, column numbers); default 0"`
	MaxUnzip  int64  `yaml:"max_unzip" doc:"bytes that the workbook may unpack to; default 209715200"`
	MaxCell   int    `yaml:"max_cell" doc:"bytes in a cell; a longer one is a fault of its record; default 65536"`
	MaxRows   int64  `yaml:"max_rows" doc:"records in an object; more is an error; default 20000000"`
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
	return errors.Join(append(problems, checkLimits(s.MaxCell, s.MaxRows))...)
}

// Decode yields the records of one object.
func (s *XLSX) Decode(ctx context.Context, name string, r io.Reader) iter.Seq2[*Batch, error] {
	return func(yield func(*Batch, error) bool) {
		d := xlsxDecoder{ctx: ctx, settings: s, yield: yield}
		if err := d.run(r); err != nil && !errors.Is(err, errStopped) {
			yield(nil, fmt.Errorf("decoding %s as xlsx: %w", name, err))
		}
	}
}

type xlsxDecoder struct {
	ctx      context.Context
	settings *XLSX
	yield    func(*Batch, error) bool
	book     *workbook
	xml      *xmlReader
	rows     *builder
	header   []string
	row      int64 // number of the row being read
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
	return d.flush()
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
	if len(d.rows.places) > 0 && !d.yield(d.rows.take(d.header, string(d.rows.text)), nil) {
		return errStopped
	}
	return d.ctx.Err()
}

// sheet reads the rows, and the XML behind them to its end: what is cut short
// must not pass for a short sheet.
func (d *xlsxDecoder) sheet() error {
	skip := d.settings.SkipRows
	for {
		kind, err := d.xml.next()
		if err != nil {
			return err
		}
		if kind == xmlEOF {
			break
		}
		if kind != xmlStart || string(d.xml.name) != "row" {
			continue
		}
		if err := d.nextRow(); err != nil {
			return err
		}
		switch header := int64(d.settings.HeaderRow); {
		case d.row < header:
			err = d.xml.skip()
		case d.header == nil && d.row > header:
			err = fmt.Errorf("row %d, which should hold the column names, is empty: correct header_row", header)
		case d.header == nil:
			err = d.readHeader()
		case d.row <= header+int64(skip):
			err = d.xml.skip()
		default:
			err = d.record()
		}
		if err != nil {
			return err
		}
		if d.rows.full() {
			if err := d.flush(); err != nil {
				return err
			}
		}
	}
	if d.header == nil {
		return fmt.Errorf("the sheet ends before row %d, which should hold the column names: correct header_row or sheet", d.settings.HeaderRow)
	}
	return nil
}

// nextRow takes the number of the row that started.
func (d *xlsxDecoder) nextRow() error {
	number := d.row + 1
	if r := d.xml.attr("r"); r != nil {
		n, err := strconv.ParseInt(string(r), 10, 32)
		if err != nil || n < number {
			return errors.New("the rows are not numbered upwards: the file is damaged")
		}
		number = n
	}
	d.row = number
	return nil
}

func (d *xlsxDecoder) readHeader() error {
	var names []string
	f, err := d.cells(func(column int, text []byte) {
		for len(names) < column {
			names = append(names, "")
		}
		names = append(names, string(text))
	})
	if err != nil {
		return err
	}
	if f.code != "" {
		return fmt.Errorf("the column names: %s", f.message)
	}
	d.header = cleanHeader(names)
	if len(d.header) == 0 {
		return errors.New("the row that should hold the column names is empty: correct header_row")
	}
	return nil
}

// record reads the cells of the row that started as a record; a row without
// any text is no record.
func (d *xlsxDecoder) record() error {
	width, next, empty, outside := len(d.header), 0, true, -1
	var long fault
	f, err := d.cells(func(column int, text []byte) {
		if len(text) == 0 {
			return
		}
		empty = false
		if column >= width {
			outside = column
			return
		}
		for ; next < column; next++ {
			d.rows.cell(nil)
		}
		next++
		if len(text) > d.settings.MaxCell {
			long = fault{TooLongCell, fmt.Sprintf("cell %s%d has %d bytes, more than max_cell (%d)", columnLetters(column), d.row, len(text), d.settings.MaxCell)}
			text = nil
		}
		d.rows.cell(text)
	})
	if err != nil {
		return err
	}
	if f.code == "" {
		f = long
	}
	if f.code == "" && outside >= 0 {
		f = fault{RaggedRow, fmt.Sprintf("cell %s%d stands outside the columns that the header names", columnLetters(outside), d.row)}
	}
	if empty && f.code == "" {
		d.rows.dropRow()
		return nil
	}
	if d.rows.total() == d.settings.MaxRows {
		return fmt.Errorf("more than max_rows (%d) records: raise the limit or ask for smaller files", d.settings.MaxRows)
	}
	d.rows.endRow(d.row, f)
	return nil
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
