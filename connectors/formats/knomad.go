package formats

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/big"
	"strings"
)

func init() {
	Register(Kind{
		Name:       "knomad",
		Summary:    "a matrix of pairs of countries (KNOMAD, World Bank): one down, the other across",
		Extensions: []string{".xlsx", ".xls", ".csv"},
		New: func() Settings {
			return &KNOMAD{Down: "sender", Across: "receiver", Total: "WORLD", Decimal: ".", Tolerance: "auto", Encoding: "auto", MaxBytes: 100 << 20}
		},
	})
}

// KNOMAD decodes the bilateral matrices of the World Bank's KNOMAD, remittances and
// migrant stocks, from XLSX, XLS or delimited text: one record per pair, in the order
// of the rows.
//
// A zero is an estimate of zero and a record; a blank or "-" is not given and none.
// Row and column WORLD are checksums and no records: each column must add up to the
// row, each row to the column, within rounding. Where a pair is not given, the total
// may be more than the sum, because the producer knew the pair, and never less. The
// table ends at the row WORLD; below it stand notes and no numbers.
type KNOMAD struct {
	Sheet     string   `yaml:"sheet" doc:"name of the sheet; default: the first that is not hidden"`
	Expect    []string `yaml:"expect" doc:"words that must stand above the numbers, such as the unit; guards against a table that changed"`
	Down      string   `yaml:"down" doc:"what the countries down the first column are, and the name of the column; default sender"`
	Across    string   `yaml:"across" doc:"what the countries across are, and the name of the column; default receiver"`
	Year      string   `yaml:"year" doc:"the year that is estimated; default: the first that stands above the table"`
	Total     string   `yaml:"total" doc:"label of the row and the column of totals, or none; default WORLD"`
	Decimal   string   `yaml:"decimal" doc:"decimal mark of numbers that are stored as text; default \".\""`
	Tolerance string   `yaml:"tolerance" doc:"how far a sum may be from its total; default auto: rounding of the decimals that are given, six at most"`
	Encoding  string   `yaml:"encoding" doc:"of delimited text, as for csv; default auto"`
	MaxBytes  int64    `yaml:"max_bytes" doc:"bytes that the file may have, unpacked; default 104857600"`
}

// Check reports what is wrong with the settings, without an object.
func (s *KNOMAD) Check() error {
	problems := []error{checkEncoding(s.Encoding)}
	if s.Down == "" || s.Across == "" || s.Down == s.Across {
		problems = append(problems, errors.New("down and across: name both, differently"))
	}
	if s.Year != "" && yearIn(s.Year) != s.Year {
		problems = append(problems, fmt.Errorf("year: %q is not a year", s.Year))
	}
	if s.Total == "" {
		problems = append(problems, errors.New("total: name the row of totals, or none"))
	}
	if s.Decimal != "," && s.Decimal != "." {
		problems = append(problems, fmt.Errorf("decimal: %q is neither a comma nor a point", s.Decimal))
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
func (s *KNOMAD) tolerance() (*big.Rat, error) {
	return (&SEKI{Tolerance: s.Tolerance}).tolerance()
}

// Decode yields the records of one object.
func (s *KNOMAD) Decode(ctx context.Context, name string, r io.Reader) iter.Seq2[*Batch, error] {
	return batchesOf(name, "knomad", func(yield func(*Batch) bool) error {
		return s.decode(ctx, r, yield)
	})
}

func (s *KNOMAD) decode(ctx context.Context, r io.Reader, yield func(*Batch) bool) error {
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
	m := newMatrix(s, g)
	if err := m.read(); err != nil {
		return fmt.Errorf("sheet %s: %w", g.name, err)
	}
	return m.emit(ctx, yield)
}

// open reads the cells out of a workbook or of delimited text.
func (s *KNOMAD) open(ctx context.Context, data []byte) (*grid, error) {
	switch {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		book, err := openWorkbook(data, s.MaxBytes)
		if err != nil {
			return nil, err
		}
		sheet, err := book.sheet(s.Sheet)
		if err != nil {
			return nil, err
		}
		return xlsxGrid(ctx, book, sheet)
	case notXLS(data) == "":
		book, err := openBIFF(data)
		if err != nil {
			return nil, err
		}
		i, err := book.find(s.Sheet)
		if err != nil {
			return nil, err
		}
		g, err := book.read(ctx, i)
		if err == nil && len(g.cells) > gridCells {
			err = errGridCells
		}
		return g, err
	}
	return s.openText(ctx, data)
}

// openText reads delimited text, of whatever separator, into cells.
func (s *KNOMAD) openText(ctx context.Context, data []byte) (*grid, error) {
	text, _, err := decodeText(bytes.NewReader(data), s.Encoding)
	if err != nil {
		return nil, err
	}
	scan := csvScanner{r: text, quote: '"', maxCell: MaxCell, line: 1}
	if err := scan.fill(); err != nil {
		return nil, scan.at(err)
	}
	scan.setDelimiter(matrixDelimiter(scan.ahead()))
	g, row := &grid{name: "text"}, newBuilder(placeLine)
	for {
		switch scan.record(row) {
		case scanShort:
			row.dropRow()
			scan.start = scan.pos
			if err := scan.fill(); err != nil {
				return nil, scan.at(err)
			}
			continue
		case scanEnd:
			return g, ctx.Err()
		}
		if scan.unpaired > 0 || !validText(scan.buf[scan.recordAt:scan.recordEnd]) {
			return nil, fmt.Errorf("line %d: a quote that does not pair, or bytes that are no text: correct encoding, or ask for the file again", scan.recordLine)
		}
		for col, cell := range row.spans {
			value := strings.TrimSpace(scan.unquoted(col, cell))
			if value != "" {
				g.add(int(scan.recordLine)-1, col, []byte(value), false)
			}
		}
		row.dropRow()
		scan.start = scan.pos
		if len(g.cells) > gridCells || len(g.cells) > 0 && g.cells[len(g.cells)-1].col >= 4*MaxColumns {
			return nil, errGridCells
		}
		if scan.recordLine > 1<<20 {
			return nil, errors.New("there are more than 1048576 lines: this is no matrix of countries")
		}
	}
}

// matrixDelimiter finds the separator: a matrix has most of it, and country names
// hold commas.
func matrixDelimiter(text []byte) byte {
	best := candidates[0]
	text = text[:min(len(text), 64<<10)]
	for _, c := range []byte{'\t', ';', '|'} {
		if n := bytes.Count(text, []byte{c}); n > 2 && n*2 > bytes.Count(text, []byte{','}) {
			return c
		}
	}
	return best
}
