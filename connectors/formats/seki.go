package formats

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/big"
	"strconv"
	"strings"
)

func init() {
	Register(Kind{
		Name:       "seki",
		Summary:    "a table of Bank Indonesia's statistics (SEKI): countries down, years and quarters across",
		Extensions: []string{".xls", ".xlsx"},
		New: func() Settings {
			return &SEKI{Columns: "auto", Decimal: ",", Decimals: 6, Tolerance: "auto", Totals: true, MaxBytes: 100 << 20}
		},
	})
}

// SEKI decodes the tables by country of Bank Indonesia's statistics, such as V.30
// and V.31, from XLS or XLSX: one record per country and period, in the order of
// the rows.
//
// The years stand in one row of the header, over any one of their quarters or
// over cells that were merged; the quarters below them (I to IV, Q1 to Q4) tell
// where a year begins. To the right the table is repeated in English: where the
// years begin anew or a word stands in the header, the table ends, and values
// that are repeated there must be the same. Marks (*, **) behind a year, a
// quarter or a value say that it is preliminary; the nearest one counts. What is
// "-" or blank is no record: a missing figure is not zero.
//
// The row of totals is a checksum: the countries must add up to it in every
// period, and so must those below a row that groups names. A difference is an
// error that names the cell, because a shifted column cannot be told from a wrong
// number by looking at it. The total itself is a record without a country.
type SEKI struct {
	Sheet     string   `yaml:"sheet" doc:"name of the sheet; default: the last that is not hidden"`
	Expect    []string `yaml:"expect" doc:"words that must stand above the table, such as its unit; guards against a table that changed"`
	Columns   string   `yaml:"columns" doc:"quarters, years, all, or auto: quarters where the table has any; default auto"`
	YearRow   int      `yaml:"year_row" doc:"row with the years, from 1; default: found"`
	PeriodRow int      `yaml:"period_row" doc:"row with the quarters, from 1; default: found"`
	FirstRow  int      `yaml:"first_row" doc:"first row of the table below its header, from 1; default: the one after the header"`
	LastRow   int      `yaml:"last_row" doc:"last row of the table, from 1; default: the one before the notes"`
	Total     string   `yaml:"total" doc:"label of the row of totals; default: the label that begins with Total or Jumlah"`
	Groups    []string `yaml:"groups" doc:"labels of rows that are the sum of the rows below them, up to the next such row"`
	Totals    bool     `yaml:"totals" doc:"whether the row of totals is a record, without a country; default true"`
	Decimal   string   `yaml:"decimal" doc:"decimal mark of numbers that are stored as text; default \",\""`
	Decimals  int      `yaml:"decimals" doc:"decimals that values are rounded to; default 6"`
	Tolerance string   `yaml:"tolerance" doc:"how far a sum may be from its total; default auto: rounding of the printed decimals, nothing between whole numbers"`
	MaxBytes  int64    `yaml:"max_bytes" doc:"bytes that the workbook may have, unpacked; default 104857600"`
}

// sekiHeader are the columns.
var sekiHeader = []string{"year", "quarter", "country", "value", "mark", "group"}

// Check reports what is wrong with the settings, without an object.
func (s *SEKI) Check() error {
	var problems []error
	switch s.Columns {
	case "auto", "quarters", "years", "all":
	default:
		problems = append(problems, fmt.Errorf("columns: %q is not known (known: auto, quarters, years, all)", s.Columns))
	}
	if s.YearRow < 0 || s.PeriodRow < 0 || s.FirstRow < 0 || s.LastRow < 0 {
		problems = append(problems, errors.New("year_row, period_row, first_row and last_row: must not be negative"))
	}
	if s.Decimal != "," && s.Decimal != "." {
		problems = append(problems, fmt.Errorf("decimal: %q is neither a comma nor a point", s.Decimal))
	}
	if s.Decimals < 0 || s.Decimals > 15 {
		problems = append(problems, errors.New("decimals: must lie between 0 and 15"))
	}
	if _, err := s.tolerance(); err != nil {
		problems = append(problems, err)
	}
	if s.MaxBytes < 1 || s.MaxBytes > 512<<20 {
		problems = append(problems, errors.New("max_bytes: must lie between 1 and 536870912"))
	}
	return errors.Join(problems...)
}

// tolerance is nil where it follows from the numbers.
func (s *SEKI) tolerance() (*big.Rat, error) {
	if s.Tolerance == "auto" || s.Tolerance == "" {
		return nil, nil
	}
	t, ok := parsePlain([]byte(s.Tolerance))
	if !ok || t.Sign() < 0 {
		return nil, fmt.Errorf("tolerance: %q is neither auto nor a number such as 0.5", s.Tolerance)
	}
	return t, nil
}

// Decode yields the records of one object.
func (s *SEKI) Decode(ctx context.Context, name string, r io.Reader) iter.Seq2[*Batch, error] {
	return batchesOf(name, "seki", func(yield func(*Batch) bool) error {
		return s.decode(ctx, r, yield)
	})
}

func (s *SEKI) decode(ctx context.Context, r io.Reader, yield func(*Batch) bool) error {
	if err := s.Check(); err != nil {
		return err
	}
	data, err := readWhole(r, s.MaxBytes)
	if err != nil {
		return err
	}
	g, err := s.open(ctx, data)
	if err != nil {
		return err
	}
	if len(g.cells) > gridCells {
		return fmt.Errorf("sheet %s has more than %d cells: this is no SEKI table", g.name, gridCells)
	}
	t := sekiTable{settings: s, grid: g, index: make(map[sekiSpot]int, len(g.cells))}
	for i, c := range g.cells {
		t.index[sekiSpot{int(c.row), int(c.col)}] = i
		t.lastRow, t.lastCol = max(t.lastRow, int(c.row)), max(t.lastCol, int(c.col))
	}
	if err := t.read(); err != nil {
		return fmt.Errorf("sheet %s: %w", g.name, err)
	}
	return t.emit(ctx, yield)
}

// open reads the sheet out of either kind of workbook.
func (s *SEKI) open(ctx context.Context, data []byte) (*grid, error) {
	if bytes.HasPrefix(data, []byte("PK\x03\x04")) {
		book, err := openWorkbook(data, s.MaxBytes)
		if err != nil {
			return nil, err
		}
		names, hidden := make([]string, len(book.sheets)), make([]bool, len(book.sheets))
		for i, ref := range book.sheets {
			names[i], hidden[i] = ref.name, ref.hidden
		}
		i, err := s.choose(names, hidden)
		if err != nil {
			return nil, err
		}
		return xlsxGrid(ctx, book, book.sheets[i])
	}
	book, err := openBIFF(data)
	if err != nil {
		return nil, err
	}
	names, hidden := make([]string, len(book.sheets)), make([]bool, len(book.sheets))
	for i, ref := range book.sheets {
		names[i], hidden[i] = ref.name, ref.hidden
	}
	i, err := s.choose(names, hidden)
	if err != nil {
		return nil, err
	}
	return book.read(ctx, i)
}

// choose finds the sheet: by name, or the last that is not hidden, which is where
// the newest periods are.
func (s *SEKI) choose(names []string, hidden []bool) (int, error) {
	for i := len(names) - 1; i >= 0; i-- {
		if s.Sheet == "" && !hidden[i] || s.Sheet != "" && strings.EqualFold(strings.TrimSpace(names[i]), strings.TrimSpace(s.Sheet)) {
			return i, nil
		}
	}
	return 0, fmt.Errorf("the workbook has no such sheet: correct sheet (there are: %s)", strings.Join(names, ", "))
}

// isPlainNumber reports text that a spreadsheet stores for a number. A number
// that somebody typed as text without separators means the same.
func isPlainNumber(text []byte) bool {
	_, err := strconv.ParseFloat(string(text), 64)
	return err == nil && !bytes.ContainsAny(text, "xXpPnNiI_")
}
