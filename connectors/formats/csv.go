package formats

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
)

func init() {
	Register(Kind{
		Name:       "csv",
		Summary:    "delimited text in any separator and encoding",
		Extensions: []string{".csv", ".tsv", ".txt"},
		New:        func() Settings { return defaultCSV() },
	})
}

// defaultCSV are the settings with their defaults, also for the formats that read their text by this one.
func defaultCSV() *CSV {
	return &CSV{Delimiter: "auto", Quote: `"`, Encoding: "utf-8", HeaderRow: 1, MaxCell: MaxCell, MaxRows: MaxRows}
}

// CSV decodes delimited text after RFC 4180, with what real files add: any
// single-byte separator, spaces after a closing quote, CR line ends, blank lines
// (passed over, like records whose cells are all empty), empty cells beyond the
// header's last column. Text keeps no trace of merged cells: in a header of several
// rows, a blank above a name reads as its left neighbour.
//
// A quote that opens a cell and does not pair (the next one is not followed by a
// separator or line end, or none follows) does not swallow the rest of the file:
// it is read as a plain character, the record ends at its line and carries the
// fault ragged_row.
type CSV struct {
	Delimiter string `yaml:"delimiter" doc:"auto, comma, semicolon, tab, pipe or the character itself; default auto"`
	Quote     string `yaml:"quote" doc:"the quote character, or none; default \""`
	Encoding  string `yaml:"encoding" doc:"utf-8, windows-1252, utf-16, utf-16le, utf-16be, or auto for utf-8 where the text is that and else windows-1252; a byte order mark outweighs it; default utf-8"`
	HeaderRow int    `yaml:"header_row" doc:"line that holds the column names, from 1; 0 = none, columns are called column_1, column_2, …; default 1"`
	headSettings
	SkipRows int `yaml:"skip_rows" doc:"records right below the header to leave out (units, column numbers); default 0"`
	footSettings
	Control controlSettings `yaml:"control" doc:"the count and the sums that the object itself gives; a difference withholds it"`
	MaxCell int             `yaml:"max_cell" doc:"bytes in a cell; a longer one is a fault of its record; default 65536"`
	MaxRows int64           `yaml:"max_rows" doc:"records in an object; more is an error; default 20000000"`
}

// check validates the settings and returns separator and quote; quote 0 is none.
func (s *CSV) check() (delimiter, quote byte, err error) {
	var problems []error
	switch s.Delimiter {
	case "auto", "":
	case "comma":
		delimiter = ','
	case "semicolon":
		delimiter = ';'
	case "tab", `\t`:
		delimiter = '\t'
	case "pipe":
		delimiter = '|'
	default:
		if len(s.Delimiter) != 1 || strings.ContainsAny(s.Delimiter, "\r\n\"\x00") || s.Delimiter[0] >= 0x80 {
			problems = append(problems, fmt.Errorf("delimiter: %q is neither auto nor one plain character", s.Delimiter))
			break
		}
		delimiter = s.Delimiter[0]
	}
	switch {
	case s.Quote == "" || s.Quote == "none":
	case len(s.Quote) == 1 && s.Quote[0] > ' ' && s.Quote[0] < 0x7f && s.Quote[0] != delimiter:
		quote = s.Quote[0]
	default:
		problems = append(problems, fmt.Errorf("quote: %q is neither none nor one plain character other than the delimiter", s.Quote))
	}
	if err := checkEncoding(s.Encoding); err != nil {
		problems = append(problems, err)
	}
	if s.HeaderRow < 0 || s.SkipRows < 0 {
		problems = append(problems, errors.New("header_row and skip_rows: must not be negative"))
	}
	if s.HeaderRow == 0 && (len(s.HeaderHas) > 0 || s.HeaderRows > 1) {
		problems = append(problems, errors.New("header_row: 0 says that there is no header, and header_has or header_rows says that there is one"))
	}
	if s.HeaderRow == 1 && s.Control.Header != "" && len(s.HeaderHas) == 0 {
		problems = append(problems, errors.New("header_row: line 1 is the control record: set the line that holds the column names, or 0"))
	}
	return delimiter, quote, errors.Join(append(problems, s.headSettings.check(), s.footSettings.check(), s.Control.check(cellPlace), checkLimits(s.MaxCell, s.MaxRows))...)
}

// Check reports what is wrong with the settings, without an object.
func (s *CSV) Check() error {
	_, _, err := s.check()
	return err
}

// Decode yields the records of one object.
func (s *CSV) Decode(ctx context.Context, name string, r io.Reader) iter.Seq2[*Batch, error] {
	return batchesOf(name, "csv", func(yield func(*Batch) bool) error {
		d := csvDecoder{settings: s}
		return d.run(ctx, r, yield)
	})
}

type csvDecoder struct {
	settings *CSV
	scan     csvScanner
	rows     *builder
	header   []string
	control  *controlTotals
	tail     *tableTail
}

// run decodes until the object ends or yield wants no more, which is no error.
func (d *csvDecoder) run(ctx context.Context, r io.Reader, yield func(*Batch) bool) error {
	delimiter, quote, err := d.settings.check()
	if err != nil {
		return err
	}
	text, translated, err := decodeText(r, d.settings.Encoding)
	if err != nil {
		return err
	}
	d.rows = newBuilder(placeLine)
	d.control = newControlTotals(&d.settings.Control, cellPlace)
	d.tail = newTableTail(d.settings.footSettings, d.control, yield)
	d.scan = csvScanner{r: text, quote: quote, translated: translated, maxCell: d.settings.MaxCell, line: 1}
	if err := d.scan.fill(); err != nil {
		return d.scan.at(err)
	}
	if err := d.start(delimiter); err != nil {
		return err
	}
	d.tail.header = d.header
	for {
		more, err := d.batch(ctx)
		if err != nil {
			return d.scan.at(err)
		}
		if len(d.rows.places) > 0 {
			err = d.tail.take(d.rows.take(d.header, d.scan.release()))
		}
		if err == nil && !more {
			err = d.tail.end()
		}
		if errors.Is(err, errStopped) {
			return nil
		}
		if err != nil || !more {
			return err
		}
	}
}

// each gives every batch to a format that rests on this one, and ends with that format's own error: what
// run says after it was stopped is only that.
func (d *csvDecoder) each(ctx context.Context, r io.Reader, take func(*Batch) error) error {
	var failed error
	err := d.run(ctx, r, func(b *Batch) bool {
		failed = take(b)
		return failed == nil
	})
	if failed != nil {
		return failed
	}
	return err
}

// batch collects records until the batch is full, the buffer is used up or the
// object ends.
func (d *csvDecoder) batch(ctx context.Context) (more bool, err error) {
	for {
		if err := ctx.Err(); err != nil {
			return false, err
		}
	scan:
		for !d.rows.full() {
			state := d.scan.record(d.rows)
			if state == scanEnd {
				return false, nil
			}
			if state == scanShort {
				d.rows.dropRow()
				if len(d.rows.places) > 0 {
					return true, nil
				}
				d.scan.start = d.scan.pos
				if err := d.scan.fill(); err != nil {
					return false, err
				}
				break scan
			}
			if fault, empty := d.scan.finish(d.rows, len(d.header)); empty {
				d.rows.dropRow()
			} else {
				d.rows.endRow(d.scan.recordLine, fault)
			}
			if d.rows.total() > d.settings.MaxRows {
				return false, fmt.Errorf("more than max_rows (%d) records: raise the limit or ask for smaller files", d.settings.MaxRows)
			}
		}
		if d.rows.full() {
			return true, nil
		}
	}
}
