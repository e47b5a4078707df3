package formats

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"iter"
	"strconv"
	"strings"
)

func init() {
	Register(Kind{
		Name:       "rpw",
		Summary:    "the workbook of Remittance Prices Worldwide (World Bank)",
		Extensions: []string{".xlsx"},
		New:        func() Settings { return &RPW{MaxUnzip: 1 << 30, MaxCell: MaxCell, MaxRows: 5_000_000} },
	})
}

// RPW decodes the workbook of Remittance Prices Worldwide: its sheets "Dataset …",
// of which the one up to the first quarter of 2016 has other columns than the one
// after it. A line is what one provider charges in one corridor and quarter, for
// two amounts side by side (cc1: USD 200, cc2: USD 500); each amount with any
// value is a record.
//
// A provider may have several services in a corridor, and what the workbook
// numbers its lines with does not last. So service_no counts the lines of one
// provider, corridor and quarter in their order: with it, and the amount, each
// record can be told from every other.
//
// Columns are found by their names, whose spelling and case differ between the
// sheets: what was renamed has one name here ("sending location" and "access
// point"), although its words differ before and after. A named column that is not
// known comes along under its own name; cells under no name, which recent sheets
// have beside the table, are passed over. Values stay as the workbook stores them:
// negative costs, numbers stored as text and the digits of binary numbers.
type RPW struct {
	Sheets   []string `yaml:"sheets" doc:"sheets to read; default those whose name begins with Dataset"`
	MaxUnzip int64    `yaml:"max_unzip" doc:"bytes that the workbook may unpack to; default 1073741824"`
	MaxCell  int      `yaml:"max_cell" doc:"bytes in a cell; a longer one is a fault of its records; default 65536"`
	MaxRows  int64    `yaml:"max_rows" doc:"records in an object; more is an error, since what is counted is remembered; default 5000000"`
}

// Check reports what is wrong with the settings, without an object.
func (s *RPW) Check() error {
	if s.MaxUnzip < 1 || s.MaxUnzip > 2<<30 {
		return errors.New("max_unzip: must lie between 1 and 2147483648 bytes")
	}
	return checkLimits(s.MaxCell, s.MaxRows)
}

// Decode yields the records of one object.
func (s *RPW) Decode(ctx context.Context, name string, r io.Reader) iter.Seq2[*Batch, error] {
	return batchesOf(name, "rpw", func(yield func(*Batch) bool) error {
		d := rpwDecoder{ctx: ctx, settings: s, rows: newBuilder(placeCell), counted: map[rpwProvider]int{}, yield: yield}
		return d.run(r)
	})
}

type rpwDecoder struct {
	ctx      context.Context
	settings *RPW
	yield    func(*Batch) bool
	rows     *builder

	sheet   xlsxDecoder // reads the cells of the sheet
	columns []int       // by column of the sheet: which value it holds, -1 for none
	costAt  [2]int      // the columns of the two total costs
	header  []string    // of the sheet's records
	values  [][]byte    // of the row being read
	counted map[rpwProvider]int
}

// An rpwProvider is the hash of one provider in one corridor and quarter.
type rpwProvider [16]byte

func (d *rpwDecoder) run(r io.Reader) error {
	if err := d.settings.Check(); err != nil {
		return err
	}
	book, err := readWorkbook(r, d.settings.MaxUnzip)
	if err != nil {
		return err
	}
	sheets, err := d.find(book)
	if err != nil {
		return err
	}
	for _, sheet := range sheets {
		if err := d.read(book, sheet); err != nil {
			if errors.Is(err, errStopped) || d.ctx.Err() != nil {
				return err
			}
			return fmt.Errorf("sheet %s, row %d: %w", sheet.name, max(d.sheet.row, 1), err)
		}
	}
	return nil
}

// find gives the sheets to read, in the order of the workbook or of the settings.
func (d *rpwDecoder) find(book *workbook) (sheets []sheetRef, err error) {
	for _, name := range d.settings.Sheets {
		sheet, err := book.sheet(name)
		if err != nil {
			return nil, err
		}
		sheets = append(sheets, sheet)
	}
	var titles []string
	for _, sheet := range book.sheets {
		titles = append(titles, sheet.name)
		if len(d.settings.Sheets) == 0 && strings.HasPrefix(strings.ToLower(strings.TrimSpace(sheet.name)), "dataset") {
			sheets = append(sheets, sheet)
		}
	}
	if len(sheets) == 0 {
		return nil, fmt.Errorf("the workbook has no sheet whose name begins with Dataset: name them under sheets (there are: %s)", strings.Join(titles, ", "))
	}
	return sheets, nil
}

// read reads one sheet, and the XML behind its rows to its end: what is cut short
// must not pass for a short sheet.
func (d *rpwDecoder) read(book *workbook, sheet sheetRef) error {
	part, err := book.part(sheet.part)
	if err != nil {
		return err
	}
	defer part.Close()
	d.sheet = xlsxDecoder{ctx: d.ctx, settings: &XLSX{MaxCell: d.settings.MaxCell}, book: book, xml: newXMLReader(part)}
	d.rows.sheet, d.header = sheet.name, nil
	for {
		kind, err := d.sheet.xml.next()
		if err != nil {
			return err
		}
		if kind == xmlEOF {
			break
		}
		if kind != xmlStart || string(d.sheet.xml.name) != "row" {
			continue
		}
		if err = d.sheet.nextRow(); err == nil && d.header == nil {
			err = d.readHeader()
		} else if err == nil {
			err = d.line()
		}
		if err == nil && d.rows.full() {
			err = d.flush()
		}
		if err != nil {
			return err
		}
	}
	if d.header == nil {
		return errors.New("the sheet is empty: ask for the workbook again")
	}
	return d.flush()
}

func (d *rpwDecoder) flush() error {
	if len(d.rows.places) > 0 && !d.yield(d.rows.take(d.header, string(d.rows.text))) {
		return errStopped
	}
	return d.ctx.Err()
}

// line makes the records of the row that started.
func (d *rpwDecoder) line() error {
	for i := range d.values {
		d.values[i] = d.values[i][:0]
	}
	var long fault
	empty := true
	problem, err := d.sheet.cells(func(column int, text []byte) {
		if len(text) == 0 || column >= len(d.columns) || d.columns[column] < 0 {
			return
		}
		empty = false
		if len(text) > d.settings.MaxCell {
			long = fault{TooLongCell, fmt.Sprintf("cell %s%d has %d bytes, more than max_cell (%d)", columnLetters(column), d.sheet.row, len(text), d.settings.MaxCell)}
			return
		}
		d.values[d.columns[column]] = append(d.values[d.columns[column]], text...)
	})
	if err != nil {
		return err
	}
	if problem.code == "" {
		problem = long
	}
	if empty && problem.code == "" {
		return nil
	}
	service := d.service()
	said := [2]bool{d.says(0), d.says(1)}
	if !said[0] && !said[1] {
		said[0] = true // a line without any price: what is missing shows where it is read
	}
	for amount := range said {
		if said[amount] {
			if err := d.record(amount, service, problem); err != nil {
				return err
			}
		}
	}
	return nil
}

// says reports whether the row has anything about an amount.
func (d *rpwDecoder) says(amount int) bool {
	for _, value := range d.values[rpwBlockAt(amount) : rpwBlockAt(amount)+len(rpwBlock)] {
		if len(value) > 0 {
			return true
		}
	}
	return false
}

// service counts the line among those of its provider, corridor and quarter.
func (d *rpwDecoder) service() string {
	hash := fnv.New128a()
	for _, i := range rpwProviderAt {
		for word := range bytes.FieldsSeq(d.values[i]) {
			_, _ = hash.Write(word)
			_, _ = hash.Write([]byte{' '})
		}
		_, _ = hash.Write([]byte{0})
	}
	provider := rpwProvider(hash.Sum(nil))
	d.counted[provider]++
	return strconv.Itoa(d.counted[provider])
}

func (d *rpwDecoder) record(amount int, service string, problem fault) error {
	if d.rows.total() == d.settings.MaxRows {
		return fmt.Errorf("more than max_rows (%d) records: raise the limit", d.settings.MaxRows)
	}
	for _, value := range d.values[:len(rpwColumns)] {
		d.rows.cell(value)
	}
	d.rows.cell([]byte(rpwAmounts[amount]))
	d.rows.cell([]byte(service))
	for _, value := range d.values[rpwBlockAt(amount) : rpwBlockAt(amount)+len(rpwBlock)] {
		d.rows.cell(value)
	}
	for _, value := range d.values[rpwBlockAt(2):] {
		d.rows.cell(value)
	}
	d.rows.endRow(d.sheet.row*cellColumns+int64(d.costAt[amount]), problem)
	return nil
}
