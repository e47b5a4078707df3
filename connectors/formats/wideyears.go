package formats

import (
	"context"
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
		Name:       "wide_years",
		Summary:    "delimited text or JSON with a column for each year, turned into a record for each year",
		Extensions: []string{".csv", ".tsv", ".txt", ".json"},
		New: func() Settings {
			return &WideYears{Delimiter: "auto", Encoding: "utf-8", HeaderRow: 1, MaxCell: MaxCell, MaxRows: MaxRows}
		},
	})
}

// WideYears decodes a table whose columns are years, as delimited text or as the
// items of a JSON document: each cell below a year
// is a record, with the cells of the other columns beside it, in columns of their
// own names, and then year and value. A blank cell is no record: a missing figure
// is not zero.
//
// A header is a year if it is one from 1900 to 2100, also as 2024.0, which is what
// spreadsheets make of it.
type WideYears struct {
	ItemsPath string   `yaml:"items_path" doc:"the object is a JSON document, and its list of items is here, such as result.records; default: it is delimited text"`
	Delimiter string   `yaml:"delimiter" doc:"auto, comma, semicolon, tab, pipe or the character itself; default auto"`
	Encoding  string   `yaml:"encoding" doc:"utf-8, windows-1252, utf-16, utf-16le or utf-16be; a byte order mark outweighs it; default utf-8"`
	HeaderRow int      `yaml:"header_row" doc:"line that holds the column names, from 1; default 1"`
	Drop      []string `yaml:"drop" doc:"columns that are left out, such as averages over the years"`
	FirstYear int      `yaml:"first_year" doc:"years before this one are left out; default none"`
	LastYear  int      `yaml:"last_year" doc:"years after this one are left out, such as one that is not over; default none"`
	MaxCell   int      `yaml:"max_cell" doc:"bytes in a cell; a longer one is a fault of its record; default 65536"`
	MaxRows   int64    `yaml:"max_rows" doc:"lines in an object; more is an error; default 20000000"`
}

func (s *WideYears) table() *CSV {
	text := defaultCSV()
	text.Delimiter, text.Encoding, text.HeaderRow, text.MaxCell, text.MaxRows = s.Delimiter, s.Encoding, s.HeaderRow, s.MaxCell, s.MaxRows
	return text
}

func (s *WideYears) items() *JSON {
	return &JSON{ItemsPath: s.ItemsPath, MaxCell: s.MaxCell, MaxRows: s.MaxRows}
}

// Check reports what is wrong with the settings, without an object.
func (s *WideYears) Check() error {
	err := s.table().Check()
	if s.ItemsPath != "" {
		err = errors.Join(err, s.items().Check())
	}
	if s.HeaderRow < 1 {
		err = errors.Join(err, errors.New("header_row: must be at least 1: the years stand there"))
	}
	if s.FirstYear < 0 || s.LastYear < 0 || s.LastYear > 0 && s.FirstYear > s.LastYear {
		err = errors.Join(err, errors.New("first_year and last_year: the first must not be after the last"))
	}
	return err
}

// Decode yields the records of one object.
func (s *WideYears) Decode(ctx context.Context, name string, r io.Reader) iter.Seq2[*Batch, error] {
	return batchesOf(name, "wide_years", func(yield func(*Batch) bool) error {
		d := wideDecoder{ctx: ctx, settings: s, rows: newBuilder(placeTextCell), yield: yield}
		return d.run(r)
	})
}

type wideDecoder struct {
	ctx      context.Context
	settings *WideYears
	rows     *builder
	yield    func(*Batch) bool
	names    []string // of the records' columns
	beside   []int    // columns of the file that stand beside every value
	years    []wideYear
	width    int // columns of the file that these were found in
}

type wideYear struct {
	col  int
	year string
}

func (d *wideDecoder) run(r io.Reader) error {
	if err := d.settings.Check(); err != nil {
		return err
	}
	if d.settings.ItemsPath != "" {
		return d.items(r)
	}
	d.rows.sheet = "line"
	table := csvDecoder{settings: d.settings.table()}
	if err := table.each(d.ctx, r, d.batch); err != nil {
		return err
	}
	if d.names == nil { // no line, but a header that may be wrong
		if err := d.columns(table.header); err != nil {
			return err
		}
	}
	return d.flush()
}

// items reads the object as a JSON document.
func (d *wideDecoder) items(r io.Reader) error {
	d.rows.sheet = "item"
	var failed error
	items := jsonDecoder{ctx: d.ctx, settings: d.settings.items(), flat: newFlattener(d.settings.MaxCell), rows: newBuilder(placeItem),
		yield: func(b *Batch) bool {
			failed = d.batch(b)
			return failed == nil
		}}
	err := items.run(r)
	if failed != nil {
		return failed
	}
	if err != nil {
		return err
	}
	return d.flush()
}

// batch makes the records of a batch of lines or items. Items may bring further
// members than those before them.
func (d *wideDecoder) batch(b *Batch) error {
	if len(b.Header()) != d.width {
		if err := d.flush(); err != nil {
			return err
		}
		if err := d.columns(b.Header()); err != nil {
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

func (d *wideDecoder) flush() error {
	if len(d.rows.places) > 0 && !d.yield(d.rows.take(d.names, string(d.rows.text))) {
		return errStopped
	}
	return d.ctx.Err()
}

var yearHeader = regexp.MustCompile(`^((?:19|20)\d\d|2100)(?:\.0)?$`)

// yearOf is the year that a header names, "" for another header.
func yearOf(header string) string {
	if m := yearHeader.FindStringSubmatch(strings.TrimSpace(header)); m != nil {
		return m[1]
	}
	return ""
}

// columns parts the header into years and what stands beside them.
func (d *wideDecoder) columns(header []string) error {
	s := d.settings
	seen := map[string]bool{}
	var names []string
	d.beside, d.years, d.width = nil, nil, len(header)
	for col, name := range header {
		year := yearOf(name)
		switch {
		case slices.ContainsFunc(s.Drop, func(drop string) bool { return strings.EqualFold(drop, name) }):
		case year == "":
			d.beside, names = append(d.beside, col), append(names, name)
		case seen[year]:
			return fmt.Errorf("the header names the year %s twice: which column is meant cannot be known; name the other one under drop", year)
		default:
			seen[year] = true
			if s.FirstYear > 0 && year < fmt.Sprintf("%04d", s.FirstYear) || s.LastYear > 0 && year > fmt.Sprintf("%04d", s.LastYear) {
				continue
			}
			d.years = append(d.years, wideYear{col, year})
		}
	}
	if len(d.years) == 0 {
		return errors.New("no column is called after a year that is wanted: correct header_row, first_year or last_year")
	}
	d.names = cleanHeader(append(names, "year", "value"))
	return nil
}

// line makes the records of a line. A line with a fault is one record: where its
// values belong is not known.
func (d *wideDecoder) line(b *Batch, row int) error {
	code, message := b.Fault(row)
	place := b.places[row] * cellColumns
	for _, y := range d.years {
		value := b.Cell(row, y.col)
		if strings.TrimSpace(value) == "" && code == "" {
			continue
		}
		for _, col := range d.beside {
			d.rows.cell([]byte(b.Cell(row, col)))
		}
		d.rows.cell([]byte(y.year))
		d.rows.cell([]byte(value))
		d.rows.endRow(place+int64(y.col), fault{code, message})
		if d.rows.full() {
			if err := d.flush(); err != nil {
				return err
			}
		}
		if code != "" {
			break
		}
	}
	return nil
}
