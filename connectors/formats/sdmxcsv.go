package formats

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
)

func init() {
	Register(Kind{
		Name:       "sdmx_csv",
		Summary:    "statistics as SDMX-CSV, version 1.0 or 2.0",
		Extensions: []string{".csv"},
		New: func() Settings {
			return &SDMXCSV{Encoding: "utf-8", Deletions: "fault", AttributeRows: "keep", MaxCell: MaxCell, MaxRows: MaxRows}
		},
	})
}

// SDMXCSV decodes the CSV of the SDMX standard. The first column tells the version:
// DATAFLOW is 1.0, STRUCTURE is 2.0 (which SDMX 3.0 brought); the character after it
// is the separator.
//
// Columns keep the names of their components, whatever form was asked for. With
// labels (labels=both: "SEX_M: Male"; labels=name: a column of names beside each)
// the code is in SEX and the name in SEX.label. A component in several languages,
// TITLE[en;fr], is the columns TITLE.en and TITLE.fr. A component of several values,
// NOTE[], is one column NOTE whose values stay parted as the file parts them. Text
// that is no code and holds ": " cannot be told from a code with its label: ask for
// labels=id where that matters.
//
// ACTION stays a column. A record that deletes is no statistic, and has a fault
// unless deletions says keep; an action that SDMX does not know is a fault.
type SDMXCSV struct {
	Encoding      string `yaml:"encoding" doc:"utf-8, windows-1252, utf-16, utf-16le or utf-16be; a byte order mark outweighs it; default utf-8"`
	Deletions     string `yaml:"deletions" doc:"what a record with the action D is: fault (it goes to quarantine), or keep (the feed reads the column ACTION); default fault"`
	AttributeRows string `yaml:"attribute_rows" doc:"what becomes of records without a TIME_PERIOD (or with ~ there), which hold attributes of many observations and none themselves: keep, or leave_out; default keep"`
	MaxCell       int    `yaml:"max_cell" doc:"bytes in a cell; a longer one is a fault of its record; default 65536"`
	MaxRows       int64  `yaml:"max_rows" doc:"records in an object; more is an error; default 20000000"`
}

// Check reports what is wrong with the settings, without an object.
func (s *SDMXCSV) Check() error {
	var rows error
	if s.AttributeRows != "keep" && s.AttributeRows != "leave_out" {
		rows = fmt.Errorf("attribute_rows: %q is neither keep nor leave_out", s.AttributeRows)
	}
	return errors.Join(checkDeletions(s.Deletions), rows, s.csv().Check())
}

// csv are the settings of the CSV underneath.
func (s *SDMXCSV) csv() *CSV {
	kind, _ := Lookup("csv")
	csv := kind.New().(*CSV)
	csv.Encoding, csv.MaxCell, csv.MaxRows = s.Encoding, s.MaxCell, s.MaxRows
	return csv
}

// Decode yields the records of one object.
func (s *SDMXCSV) Decode(ctx context.Context, name string, r io.Reader) iter.Seq2[*Batch, error] {
	return batchesOf(name, "sdmx_csv", func(yield func(*Batch) bool) error {
		d := sdmxCSVDecoder{settings: s, csv: csvDecoder{settings: s.csv()}, out: newBuilder(placeLine)}
		return d.run(ctx, r, yield)
	})
}

type sdmxCSVDecoder struct {
	settings *SDMXCSV
	csv      csvDecoder
	layout   *sdmxLayout
	out      *builder
	leftRows
}

func (d *sdmxCSVDecoder) run(ctx context.Context, r io.Reader, yield func(*Batch) bool) error {
	if err := d.settings.Check(); err != nil {
		return err
	}
	if err := d.open(r); err != nil {
		return err
	}
	for {
		more, err := d.csv.batch(ctx)
		if err != nil {
			return d.csv.scan.at(err)
		}
		if len(d.csv.rows.places) > 0 {
			if b := d.records(d.csv.rows.take(d.layout.header, d.csv.scan.release())); b.Len() > 0 && !yield(b) {
				return nil
			}
		}
		if !more {
			return d.tell(d.layout.header, yield)
		}
	}
}

// open reads the first block and the header.
func (d *sdmxCSVDecoder) open(r io.Reader) error {
	text, translated, err := decodeText(r, d.settings.Encoding)
	if err != nil {
		return err
	}
	scan := &d.csv.scan
	d.csv.rows = newBuilder(placeLine)
	*scan = csvScanner{r: text, quote: '"', translated: translated, maxCell: d.settings.MaxCell, line: 1}
	if err := scan.fill(); err != nil {
		return scan.at(err)
	}
	separator, err := sdmxSeparator(scan.ahead())
	if err != nil {
		return err
	}
	first, _, _ := bytes.Cut(bytes.TrimLeft(scan.ahead(), "\r\n"), newline)
	if err := d.csv.start(separator); err != nil {
		return err
	}
	header := d.csv.header
	// A nameless column at the end holds the labels of the one before it.
	if first = bytes.TrimRight(first, "\r"); len(first) > 0 && first[len(first)-1] == separator {
		header = append(header, "column_"+strconv.Itoa(len(header)+1))
	}
	d.csv.header = header
	if d.layout, err = newSDMXLayout(header); err != nil {
		return fmt.Errorf("line 1: %w", err)
	}
	if d.settings.AttributeRows == "keep" {
		d.layout.time = -1
	}
	return nil
}

// records checks the records of a batch and gives them their columns.
func (d *sdmxCSVDecoder) records(in *Batch) *Batch {
	for row := range in.Len() {
		if f := d.check(in, row); f.code != "" {
			if in.faults == nil {
				in.faults = map[int]fault{}
			}
			in.faults[row] = f
		}
	}
	if d.layout.plain && d.layout.time < 0 {
		return in
	}
	for row := range in.Len() {
		f := in.faults[row]
		if t := d.layout.time; t >= 0 && f.code == "" && (in.Cell(row, t) == "" || in.Cell(row, t) == "~") {
			d.leave("attribute_rows", in.Place(row))
			continue
		}
		for _, c := range d.layout.columns {
			if problem := c.cells(in.Cell(row, c.from), d.out); problem != "" && f.code == "" {
				f = fault{MalformedRecord, problem}
			}
		}
		d.out.endRow(in.places[row], f)
	}
	return d.out.take(d.layout.header, string(d.out.text))
}

// sdmxStructures are what a record of version 2.0 can be data of.
var sdmxStructures = []string{"dataflow", "datastructure", "dataprovision"}

func (d *sdmxCSVDecoder) check(in *Batch, row int) fault {
	if f, ok := in.faults[row]; ok {
		return f
	}
	first := in.Cell(row, 0)
	if d.layout.version == 1 {
		if first == "" {
			return fault{MalformedRecord, "the record does not say which DATAFLOW it belongs to"}
		}
		return fault{}
	}
	if !slices.ContainsFunc(sdmxStructures, func(s string) bool { return strings.EqualFold(s, first) }) {
		return fault{MalformedRecord, "STRUCTURE is none of dataflow, datastructure and dataprovision"}
	}
	if in.Cell(row, 1) == "" {
		return fault{MalformedRecord, "the record does not say which STRUCTURE_ID it belongs to"}
	}
	if d.layout.action < 0 {
		return fault{} // without the column everything is for information
	}
	switch in.Cell(row, d.layout.action) {
	case "I", "A", "M", "R":
		return fault{}
	case "D":
		if d.settings.Deletions == "keep" {
			return fault{}
		}
		return fault{MalformedRecord, "ACTION is D: the source withdraws what it sent before; withdraw it here too, or set deletions: keep and read the column ACTION"}
	}
	return fault{MalformedRecord, "ACTION is none of I, A, M, R and D, so that it is not known what the record does"}
}
