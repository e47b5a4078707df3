package formats

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/big"
	"slices"
	"strings"
)

func init() {
	Register(Kind{
		Name:       "pmi_table",
		Summary:    "a table of the ministry's publications: labels down, years across, with its totals",
		Extensions: []string{".csv"},
		New: func() Settings {
			return &PMITable{Total: "Jumlah", Totals: true, HeaderRow: 1, Delimiter: "auto", Encoding: "utf-8"}
		},
	})
}

// PMITable decodes a table of the ministry's publications about migrant workers,
// as a program extracted it from the PDF into CSV: a record for each label and
// year, in the order of the rows.
//
// Such extractions are damaged in known ways. The label stands in another column
// than its header, and the row of totals in yet another: a row's label is its one
// text, wherever it stands before the years. Thousands dots are read as decimal
// points, and zeros at the end are lost with them, so that 12.720 became 12.72 and
// 513 became 513.0; thousands_as_decimals says so, and never a guess.
//
// The repair is proven by the totals, or nothing of the table is taken: every
// year must add up to the row of totals, and every row to the column of totals,
// where there is one. One reading stays open to that proof: 12.0 is taken for 12,
// although 12.000 looks the same. The sums then differ, and the error names the
// column.
type PMITable struct {
	Total               string   `yaml:"total" doc:"label of the row of totals, and header of the column of totals; default Jumlah"`
	Totals              bool     `yaml:"totals" doc:"whether the row of totals is a record for each year, with an empty label; default true"`
	ThousandsAsDecimals bool     `yaml:"thousands_as_decimals" doc:"thousands dots were misread as decimal points (12.72 is 12720); taken only if all sums prove it; default false"`
	Drop                []string `yaml:"drop" doc:"columns that are left out, such as shares"`
	Expect              []string `yaml:"expect" doc:"words that must stand in the header, such as NEGARA; guards against another table"`
	HeaderRow           int      `yaml:"header_row" doc:"line that holds the column names, from 1; default 1"`
	Delimiter           string   `yaml:"delimiter" doc:"auto, comma, semicolon, tab, pipe or the character itself; default auto"`
	Encoding            string   `yaml:"encoding" doc:"utf-8, windows-1252, utf-16, utf-16le or utf-16be; a byte order mark outweighs it; default utf-8"`
}

// pmiHeader are the columns.
var pmiHeader = []string{"label", "year", "value"}

// pmiRows bounds what is held of a table; a real one has some hundreds.
const pmiRows = 100_000

func (s *PMITable) table() *CSV {
	text := defaultCSV()
	text.Delimiter, text.Encoding, text.HeaderRow, text.MaxRows = s.Delimiter, s.Encoding, s.HeaderRow, pmiRows
	return text
}

// Check reports what is wrong with the settings, without an object.
func (s *PMITable) Check() error {
	err := s.table().Check()
	if s.HeaderRow < 1 {
		err = errors.Join(err, errors.New("header_row: must be at least 1: the years stand there"))
	}
	if strings.TrimSpace(s.Total) == "" {
		err = errors.Join(err, errors.New("total: name the row of totals: without it nothing proves the table"))
	}
	return err
}

// Decode yields the records of one object.
func (s *PMITable) Decode(ctx context.Context, name string, r io.Reader) iter.Seq2[*Batch, error] {
	return batchesOf(name, "pmi_table", func(yield func(*Batch) bool) error {
		return s.decode(ctx, r, yield)
	})
}

func (s *PMITable) decode(ctx context.Context, r io.Reader, yield func(*Batch) bool) error {
	if err := s.Check(); err != nil {
		return err
	}
	t := pmiTable{settings: s, total: -1, sums: -1, lines: map[string]int64{}}
	table := csvDecoder{settings: s.table()}
	if err := table.each(ctx, r, t.read); err != nil {
		return err
	}
	if err := t.prove(); err != nil {
		return err
	}
	return t.emit(ctx, yield)
}

// A pmiTable is a table being read.
type pmiTable struct {
	settings *PMITable
	header   []string
	years    []wideYear
	sums     int // the column of totals, -1 for none
	rows     []pmiRow
	total    int              // index of the row of totals, -1 until it is found
	lines    map[string]int64 // where each label stands first
	leftRows
}

// A pmiRow is one row. Its values lie by year, nil for a blank; sum is the one in
// the column of totals.
type pmiRow struct {
	line    int64
	label   string
	values  []*big.Int
	sum     *big.Int
	repeats int64 // the line whose label this one repeats, 0 for none
}

func (t *pmiTable) read(b *Batch) error {
	if t.header == nil {
		if err := t.readHeader(b.Header()); err != nil {
			return err
		}
	}
	for row := range b.Len() {
		if err := t.readRow(b, row); err != nil {
			return err
		}
	}
	return nil
}

func (t *pmiTable) readHeader(header []string) error {
	s := t.settings
	t.header = header
	for _, words := range s.Expect {
		if !slices.ContainsFunc(header, func(h string) bool { return strings.Contains(strings.ToLower(h), strings.ToLower(words)) }) {
			return fmt.Errorf("no column is called %q: it is another table; look at it, then correct expect", words)
		}
	}
	for col, name := range header {
		year := yearOf(name)
		switch {
		case t.dropped(col):
		case year != "":
			if slices.ContainsFunc(t.years, func(y wideYear) bool { return y.year == year }) {
				return fmt.Errorf("the header names the year %s twice: name one of the columns under drop", year)
			}
			t.years = append(t.years, wideYear{col, year})
		case strings.EqualFold(name, s.Total):
			if t.sums >= 0 {
				return fmt.Errorf("two columns are called %s: name one under drop", s.Total)
			}
			t.sums = col
		case len(t.years) > 0:
			return fmt.Errorf("column %d stands among the years and is called after none: name it under drop, or correct total", col+1)
		}
	}
	if len(t.years) == 0 {
		return errors.New("no column is called after a year: is the first line the header?")
	}
	if t.sums >= 0 && t.sums < t.years[0].col {
		return fmt.Errorf("the column of totals (column %d) stands before the years: name it under drop", t.sums+1)
	}
	return nil
}

func (t *pmiTable) dropped(col int) bool {
	return slices.ContainsFunc(t.settings.Drop, func(d string) bool { return strings.EqualFold(d, t.header[col]) })
}

func (t *pmiTable) emit(ctx context.Context, yield func(*Batch) bool) error {
	out := newBuilder(placeTextCell)
	out.sheet = "line"
	flush := func() error {
		if len(out.places) > 0 && !yield(out.take(pmiHeader, string(out.text))) {
			return errStopped
		}
		return ctx.Err()
	}
	for i, r := range t.rows {
		if i == t.total && !t.settings.Totals {
			t.leave("totals", fmt.Sprintf("line %d", r.line))
			continue
		}
		for k, y := range t.years {
			if r.values[k] == nil {
				continue
			}
			for _, text := range []string{r.label, y.year, r.values[k].String()} {
				out.cell([]byte(text))
			}
			var problem fault
			if r.repeats > 0 {
				problem = fault{MalformedRecord, fmt.Sprintf("line %d has the same label as line %d, and one would take the other's place: rename one at the source", r.line, r.repeats)}
			}
			out.endRow(r.line*cellColumns+int64(y.col), problem)
			if out.full() {
				if err := flush(); err != nil {
					return err
				}
			}
		}
	}
	if err := flush(); err != nil {
		return err
	}
	return t.tell(pmiHeader, yield)
}
