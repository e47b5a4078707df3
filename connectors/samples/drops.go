package samples

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// WriteDrops puts the unit offices' files of every delivery up to and including
// until below dir, as inbox/bp3mi/<day of delivery>/bp3mi-<unit>_<year>.csv or
// .xlsx. A file's modification time is that of its delivery. A file that is
// there already is left alone: the inbox belongs to whoever uses it.
//
// A file appears under its name only when it is whole. It is not synced to
// disk: it can be made again at any time.
func (w *World) WriteDrops(dir string, until time.Time) error {
	for d, moment := range Deliveries() {
		if moment.After(until) {
			break
		}
		folder := filepath.Join(dir, "inbox", "bp3mi", moment.Format(time.DateOnly))
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return fmt.Errorf("making the sample inbox %s: %w", folder, err)
		}
		for y := range 3 {
			if err := w.writeYear(folder, d, y, moment); err != nil {
				return err
			}
		}
		if d == 1 {
			if err := resend(filepath.Join(dir, "inbox", "bp3mi"), moment); err != nil {
				return err
			}
		}
	}
	return nil
}

// resend delivers one file of the first delivery once more, under another name.
func resend(inbox string, moment time.Time) error {
	name := "bp3mi-" + resentUnit + "_" + strconv.Itoa(yearFacts[resentYear].year)
	from := filepath.Join(inbox, Deliveries()[0].Format(time.DateOnly), name+".csv")
	to := filepath.Join(inbox, moment.Format(time.DateOnly), name+"-kirim-ulang.csv")
	text, err := os.ReadFile(from)
	if errors.Is(err, os.ErrNotExist) {
		return nil // a world so small that the office had nothing to send
	}
	if err != nil {
		return fmt.Errorf("reading the sample file %s: %w", from, err)
	}
	f, err := createDrop(to)
	if err != nil || f == nil {
		return err
	}
	_, err = f.Write(text)
	return f.keep(err, moment)
}

// dropFile is a file that takes its name when it is whole.
type dropFile struct {
	*bufio.Writer
	file *os.File
	path string
}

// createDrop begins a file; nil when there is one of that name.
func createDrop(path string) (*dropFile, error) {
	if _, err := os.Lstat(path); err == nil {
		return nil, nil
	}
	temporary := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".tmp")
	f, err := os.Create(temporary)
	if err != nil {
		return nil, fmt.Errorf("making the sample file %s: %w", path, err)
	}
	return &dropFile{Writer: bufio.NewWriterSize(f, 256<<10), file: f, path: path}, nil
}

// keep ends the file and gives it its name and time, or drops it after an error.
func (f *dropFile) keep(err error, moment time.Time) error {
	if err == nil {
		err = f.Flush()
	}
	if e := f.file.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Chtimes(f.file.Name(), moment, moment)
	}
	if err == nil {
		err = os.Rename(f.file.Name(), f.path)
	}
	if err != nil {
		_ = os.Remove(f.file.Name())
		return fmt.Errorf("writing the sample file %s: %w", f.path, err)
	}
	return nil
}

// rowWriter is what a file's form must do.
type rowWriter interface {
	row(c *cells) error
	end() error
}

// csvRows writes separated lines.
type csvRows struct {
	to        io.Writer
	separator byte
	line      []byte
}

func newCSVRows(to io.Writer, office *unit) (*csvRows, error) {
	x := &csvRows{to: to, separator: ';'}
	if office.comma {
		x.separator = ','
	}
	for i, name := range dropHeader {
		if i > 0 {
			x.line = append(x.line, x.separator)
		}
		x.line = append(x.line, name...)
	}
	_, err := to.Write(append(x.line, '\n'))
	return x, err
}

func (x *csvRows) row(c *cells) error {
	x.line = c.appendCSV(x.line[:0], x.separator)
	_, err := x.to.Write(x.line)
	return err
}

func (x *csvRows) end() error { return nil }

// officeFile is the file of one office, begun with its first row.
type officeFile struct {
	file *dropFile
	rows rowWriter
	err  error
	skip bool
}

func (w *World) writeYear(folder string, delivery, y int, moment time.Time) error {
	year := yearFacts[y].year
	files := make([]officeFile, len(units))
	path := func(u int) string {
		ending := ".csv"
		if units[u].workbook {
			ending = ".xlsx"
		}
		return filepath.Join(folder, "bp3mi-"+units[u].slug+"_"+strconv.Itoa(year)+ending)
	}
	wanted := false
	for u := range units {
		_, err := os.Lstat(path(u))
		files[u].skip = err == nil
		wanted = wanted || !files[u].skip
	}
	if !wanted {
		return nil
	}
	var c cells
	var failed error
	w.eachDropRow(delivery, y, func(u int) bool { return failed == nil && !files[u].skip }, func(row *dropRow) {
		u := provinceUnit[row.province]
		f := &files[u]
		if f.file == nil && f.err == nil {
			f.open(path(u), &units[u], year)
		}
		if f.err == nil {
			c.render(row, &units[u])
			f.err = f.rows.row(&c)
		}
		failed = f.err
	})
	for u := range files {
		f := &files[u]
		if f.file == nil {
			continue
		}
		if failed == nil {
			f.err = f.rows.end()
		} else if f.err == nil {
			f.err = failed
		}
		if err := f.file.keep(f.err, moment); failed == nil {
			failed = err
		}
	}
	return failed
}

func (f *officeFile) open(path string, office *unit, year int) {
	if f.file, f.err = createDrop(path); f.err != nil {
		return
	}
	if office.workbook {
		f.rows, f.err = newWorkbook(f.file, office, year)
	} else {
		f.rows, f.err = newCSVRows(f.file, office)
	}
}

// render fills the cells with a row as it stands in the office's file.
func (c *cells) render(row *dropRow, office *unit) {
	c.write(&row.record, office)
	c.soil(&row.record)
	if row.fatal != fatalNone {
		c.ruin(row.fatal, row.number, office)
	}
}

// WritePlacementsCSV writes one CSV of the drops' layout with this many records,
// one in 250 of them broken. It goes through the years 2022-2024 again and
// again; from the second round on the identifiers are new and the persons are
// the same, so it serves for measuring, not for counting persons.
func (w *World) WritePlacementsCSV(to io.Writer, rows int) error {
	buffered := bufio.NewWriterSize(to, 1<<20)
	office := &unit{code: "BP3MI-JATIM", slug: "jatim", dates: slashed}
	out, err := newCSVRows(buffered, office)
	if err != nil {
		return fmt.Errorf("writing sample placements: %w", err)
	}
	var c cells
	most := max(w.years[0].n, w.years[1].n, w.years[2].n)
	if most == 0 {
		return errors.New("writing sample placements: the world is too small to have any; raise its scale")
	}
	for round := 0; rows > 0; round++ {
		for y := 0; y < 3 && rows > 0; y++ {
			for i := 0; i < w.years[y].n && rows > 0; i++ {
				row := dropRow{record: w.record(y, i), number: i}
				row.record.number += round * most
				if i%250 == 7 { // twice as often as in the drops
					row.fatal = planted[(i/250+round)%(len(planted)-2)].kind
					row.dirt = harmlessNone
					row.noNIK = false
				}
				c.render(&row, office)
				if err := out.row(&c); err != nil {
					return fmt.Errorf("writing sample placements: %w", err)
				}
				rows--
			}
		}
	}
	return buffered.Flush()
}
