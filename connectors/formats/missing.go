package formats

import (
	"context"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
)

func init() {
	Register(Kind{
		Name:       "missing_migrants",
		Summary:    "the incidents of IOM's Missing Migrants Project, in any layout of its CSV",
		Extensions: []string{".csv"},
		New:        func() Settings { return &MissingMigrants{MaxCell: MaxCell, MaxRows: MaxRows} },
	})
}

// MissingMigrants decodes the CSV files of IOM's Missing Migrants Project, which
// have changed their column names over the years, into records of one layout.
//
// Dates become 2026-01-31, from "Thu, 01/31/2026 - 12:00" (month first),
// "13-Jan-20" and "January 13, 2020". They are held against what stands beside
// them: the day of the week in the cell, and the column with the year; where those
// disagree the record has a fault, because then it is not known which of the two
// is right. Coordinates of one cell ("lat, lon") are parted. Everything else stays
// as it is written, and a blank stays blank: it says that nobody knows, not zero.
//
// Columns that no layout is known to have come last, under their own names.
type MissingMigrants struct {
	MaxCell int   `yaml:"max_cell" doc:"bytes in a cell; a longer one is a fault of its record; default 65536"`
	MaxRows int64 `yaml:"max_rows" doc:"records in an object; more is an error; default 20000000"`
}

// missingColumns are the columns that are given out, with the names that the
// layouts have for each, in lower case.
var missingColumns = []struct {
	name  string
	known []string
}{
	{"incident_id", []string{"incident id", "web id"}},
	{"main_id", []string{"main id"}},
	{"incident_on", []string{"incident date", "date of incident", "reported date"}},
	{"year", []string{"year", "incident year", "year of incident", "reported year"}},
	{"month", []string{"reported month", "month of incident", "month"}},
	{"incident_type", []string{"incident type"}},
	{"region", []string{"region", "region of incident"}},
	{"country", []string{"country of incident"}},
	{"dead", []string{"number dead", "number of dead"}},
	{"missing", []string{"minimum estimated number of missing"}},
	{"dead_and_missing", []string{"total dead and missing", "total number of dead and missing"}},
	{"survivors", []string{"number of survivors"}},
	{"females", []string{"number of females"}},
	{"males", []string{"number of males"}},
	{"children", []string{"number of children"}},
	{"region_of_origin", []string{"region of origin"}},
	{"country_of_origin", []string{"country of origin"}},
	{"cause", []string{"cause of death"}},
	{"location", []string{"location of death", "location of incident", "location description"}},
	{"latitude", []string{"coordinates", "location coordinates"}},
	{"longitude", nil}, // from the same cell
	{"route", []string{"migration route"}},
	{"information_source", []string{"information source"}},
	{"urls", []string{"url"}},
	{"unsd_region", []string{"unsd geographical grouping"}},
	{"source_quality", []string{"source quality"}},
}

// What every layout must have to be one.
var missingNeeded = []string{"incident_id", "incident_on", "dead", "missing", "latitude"}

// Check reports what is wrong with the settings, without an object.
func (s *MissingMigrants) Check() error { return checkLimits(s.MaxCell, s.MaxRows) }

// Decode yields the records of one object.
func (s *MissingMigrants) Decode(ctx context.Context, name string, r io.Reader) iter.Seq2[*Batch, error] {
	return batchesOf(name, "missing_migrants", func(yield func(*Batch) bool) error {
		d := missingDecoder{rows: newBuilder(placeLine), yield: yield}
		return d.run(ctx, s, r)
	})
}

type missingDecoder struct {
	rows   *builder
	yield  func(*Batch) bool
	header []string
	from   []int // the column of the file that each column comes from; -1 for none
}

func (d *missingDecoder) run(ctx context.Context, s *MissingMigrants, r io.Reader) error {
	if err := s.Check(); err != nil {
		return err
	}
	text := defaultCSV()
	text.MaxCell, text.MaxRows = s.MaxCell, s.MaxRows
	table := csvDecoder{settings: text}
	err := table.each(ctx, r, d.batch)
	if err == nil && d.header == nil {
		return d.columns(table.header) // a file without records is one of ours all the same
	}
	return err
}

func (d *missingDecoder) batch(b *Batch) error {
	if d.header == nil {
		if err := d.columns(b.Header()); err != nil {
			return err
		}
	}
	for row := range b.Len() {
		d.record(b, row)
	}
	if !d.yield(d.rows.take(d.header, string(d.rows.text))) {
		return errStopped
	}
	return nil
}

// columns finds the known columns in the file's header.
func (d *missingDecoder) columns(header []string) error {
	taken := make([]bool, len(header))
	for _, c := range missingColumns {
		at := -1
		for _, name := range c.known {
			if at = slices.IndexFunc(header, func(h string) bool { return strings.EqualFold(h, name) }); at >= 0 {
				taken[at] = true
				break
			}
		}
		if at < 0 && slices.Contains(missingNeeded, c.name) {
			return fmt.Errorf("the header has no column %s: this is no download of the Missing Migrants Project, or its layout is a new one", orWords(c.known))
		}
		d.header, d.from = append(d.header, c.name), append(d.from, at)
	}
	for at, name := range header {
		if !taken[at] {
			d.header, d.from = append(d.header, name), append(d.from, at)
		}
	}
	d.header = cleanHeader(d.header)
	return nil
}

func orWords(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = fmt.Sprintf("%q", name)
	}
	return strings.Join(quoted, " or ")
}

func (d *missingDecoder) record(b *Batch, row int) {
	code, message := b.Fault(row)
	problem := fault{code, message}
	for i, at := range d.from {
		text := b.Cell(row, at)
		switch d.header[i] {
		case "incident_on":
			day, why := missingDay(text, b.Cell(row, d.source("year")))
			if why != "" && problem.code == "" {
				problem = fault{MalformedRecord, why}
			}
			text = day
		case "latitude":
			text, _ = latLon(text)
		case "longitude":
			_, text = latLon(b.Cell(row, d.source("latitude")))
		}
		d.rows.cell([]byte(text))
	}
	d.rows.endRow(b.places[row], problem)
}

// source is the column of the file that a known column comes from.
func (d *missingDecoder) source(name string) int { return d.from[slices.Index(d.header, name)] }

// latLon parts a cell of two numbers; a cell of another form goes on whole.
func latLon(text string) (lat, lon string) {
	lat, lon, ok := strings.Cut(text, ",")
	if !ok || strings.Contains(lon, ",") {
		return text, ""
	}
	return strings.TrimSpace(lat), strings.TrimSpace(lon)
}
