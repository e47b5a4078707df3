package formats

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"regexp"
	"slices"
	"strings"
)

func init() {
	Register(Kind{
		Name:       "worldbank_csv",
		Summary:    "a World Bank table with one column a year, as its sites hand out",
		Extensions: []string{".csv"},
		New:        func() Settings { return &WorldBankCSV{MaxCell: MaxCell, MaxRows: MaxRows} },
	})
}

// WorldBankCSV decodes the two layouts in which the World Bank's sites hand out
// tables: the download of an indicator (a preamble, then one column a year) and
// the export of DataBank (columns such as "2011Q1 [YR2011Q1]", ".." for missing
// values, lines about the database at the end).
//
// Every cell with a value is a record: the label columns under their own names,
// then date, value, and what the preamble says in data_source and last_updated.
// A cell that is empty or ".." has no value and is no record. A line that has not
// as many cells as the header is one record with that fault.
type WorldBankCSV struct {
	MaxCell int   `yaml:"max_cell" doc:"bytes in a cell; a longer one is a fault of its record; default 65536"`
	MaxRows int64 `yaml:"max_rows" doc:"values in an object; more is an error; default 20000000"`
}

// worldBankPreamble is how many lines may stand above the column names.
const worldBankPreamble = 20

var (
	worldBankDate   = regexp.MustCompile(`^(\d{4}(?:Q[1-4]|M(?:0[1-9]|1[0-2]))?)(?: \[YR(\d{4}(?:Q[1-4]|M(?:0[1-9]|1[0-2]))?)\])?$`)
	worldBankFooter = regexp.MustCompile(`^(Data from database|Last Updated): `)
)

// Check reports what is wrong with the settings, without an object.
func (s *WorldBankCSV) Check() error { return checkLimits(s.MaxCell, s.MaxRows) }

// Decode yields the records of one object.
func (s *WorldBankCSV) Decode(ctx context.Context, name string, r io.Reader) iter.Seq2[*Batch, error] {
	return batchesOf(name, "worldbank_csv", func(yield func(*Batch) bool) error {
		d := worldBankTable{ctx: ctx, settings: s, rows: newBuilder(placeTextCell), yield: yield}
		return d.run(r)
	})
}

type worldBankTable struct {
	ctx             context.Context
	settings        *WorldBankCSV
	yield           func(*Batch) bool
	rows            *builder
	source, updated []byte   // what the preamble says
	header          []string // of the records
	dates           []string // of the columns after the labels
	labels          int
	leftRows
}

func (d *worldBankTable) run(r io.Reader) error {
	if err := d.settings.Check(); err != nil {
		return err
	}
	d.rows.sheet = "line"
	buffered := bufio.NewReaderSize(r, 1<<20)
	line, err := d.preamble(buffered)
	if err != nil {
		return err
	}
	text := defaultCSV()
	text.Delimiter, text.HeaderRow, text.MaxCell, text.MaxRows = "comma", line, d.settings.MaxCell, d.settings.MaxRows
	table := csvDecoder{settings: text}
	if err := table.each(d.ctx, buffered, d.batch); err != nil {
		return err
	}
	if err := d.flush(); err != nil {
		return err
	}
	return d.tell(d.header, d.yield)
}

// preamble finds the line of the column names: the first that names a year.
func (d *worldBankTable) preamble(r *bufio.Reader) (line int, err error) {
	head, err := r.Peek(1 << 20)
	if err != nil && err != io.EOF {
		return 0, err
	}
	head = bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF"))
	if trimmed := bytes.TrimLeft(head, " \r\n\t"); len(trimmed) > 0 && trimmed[0] == '<' {
		return 0, errors.New("this begins like HTML or XML, not a table: look whether the site answered with an error page")
	}
	if what := foreignFormat(head); what != "" {
		return 0, fmt.Errorf("this is %s, not a CSV table: name its kind under formats", what)
	}
	for line = 1; line <= worldBankPreamble && len(head) > 0; line++ {
		text, rest, _ := bytes.Cut(head, []byte("\n"))
		head = rest
		cells, err := csv.NewReader(bytes.NewReader(text)).Read()
		if err != nil {
			continue
		}
		if slices.ContainsFunc(cells, worldBankDate.MatchString) {
			return line, nil
		}
		if len(cells) > 1 {
			switch cells[0] {
			case "Data Source":
				d.source = []byte(strings.ToValidUTF8(cells[1], "?"))
			case "Last Updated Date":
				d.updated = []byte(strings.ToValidUTF8(cells[1], "?"))
			}
		}
	}
	return 0, fmt.Errorf("none of the first %d lines names years, as 2024 or 2024Q1 [YR2024Q1]: is this a table of the World Bank with one column a year?", worldBankPreamble)
}

// batch makes records of lines.
func (d *worldBankTable) batch(b *Batch) error {
	if d.header == nil {
		if err := d.readHeader(b.Header()); err != nil {
			return err
		}
	}
	for row := range b.Len() {
		if err := d.line(b, row); err != nil {
			return err
		}
	}
	return nil
}

func (d *worldBankTable) readHeader(names []string) error {
	for _, name := range names {
		m := worldBankDate.FindStringSubmatch(name)
		switch {
		case m == nil && len(d.dates) > 0:
			return fmt.Errorf("the column %.60q stands among the years and is none, or one of them twice: the layout has changed", name)
		case m == nil:
			d.header = append(d.header, name)
		case m[2] != "" && m[2] != m[1]:
			return fmt.Errorf("the column %.60q names two times: the layout has changed", name)
		default:
			d.dates = append(d.dates, m[1])
		}
	}
	d.labels = len(d.header)
	for _, name := range []string{"date", "value", "data_source", "last_updated"} {
		if slices.Contains(d.header, name) {
			return fmt.Errorf("a label column is called %q, as one of the records' own: the layout has changed", name)
		}
		d.header = append(d.header, name)
	}
	return nil
}

// line makes the records of one line.
func (d *worldBankTable) line(b *Batch, row int) error {
	code, message := b.Fault(row)
	if worldBankFooter.MatchString(b.Cell(row, 0)) && d.onlyFirst(b, row) {
		d.leave(notes, b.Place(row))
		return nil
	}
	if code != "" {
		return d.record(b, row, -1, "", fault{code, message})
	}
	for i, date := range d.dates {
		if value := b.Cell(row, d.labels+i); value != "" && value != ".." {
			if err := d.record(b, row, i, date, fault{}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *worldBankTable) onlyFirst(b *Batch, row int) bool {
	for col := 1; col < len(b.Header()); col++ {
		if b.Cell(row, col) != "" {
			return false
		}
	}
	return true
}

// record appends the record of a cell or, with column -1, of a line whose fault
// is that its cells cannot be told apart.
func (d *worldBankTable) record(b *Batch, row, column int, date string, problem fault) error {
	if d.rows.total() == d.settings.MaxRows {
		return fmt.Errorf("more than max_rows (%d) values: raise the limit or ask for fewer countries", d.settings.MaxRows)
	}
	for i := range d.labels {
		d.rows.cell([]byte(b.Cell(row, i)))
	}
	place := b.places[row] * cellColumns
	if column >= 0 {
		d.rows.cell([]byte(date))
		d.rows.cell([]byte(b.Cell(row, d.labels+column)))
		d.rows.cell(d.source)
		d.rows.cell(d.updated)
		place += int64(d.labels + column)
	}
	d.rows.endRow(place, problem)
	if d.rows.full() {
		return d.flush()
	}
	return nil
}

func (d *worldBankTable) flush() error {
	if len(d.rows.places) > 0 && !d.yield(d.rows.take(d.header, string(d.rows.text))) {
		return errStopped
	}
	return d.ctx.Err()
}
