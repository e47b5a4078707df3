package formats

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// start finds the separator and reads what stands above the records.
func (d *csvDecoder) start(delimiter byte) error {
	s := &d.scan
	if delimiter == 0 {
		s.takeSeparatorLine(&delimiter)
	}
	var first []byte
	if d.settings.Control.Header != "" {
		var err error
		if first, err = d.firstLine(); err != nil {
			return s.at(err)
		}
	}
	for s.line < int64(d.settings.HeaderRow) {
		if ok, err := s.skipLine(); err != nil || !ok {
			return s.at(errors.Join(fmt.Errorf("the object ends before its header in line %d: correct header_row, or ask for the whole file", d.settings.HeaderRow), err))
		}
	}
	s.start = s.pos
	if err := d.head(delimiter); err != nil {
		return err
	}
	if first != nil {
		if err := d.leadingRecord(first); err != nil {
			return fmt.Errorf("line 1: %w", err)
		}
	}
	for range d.settings.SkipRows {
		ok, err := d.record()
		if err != nil {
			return s.at(err)
		}
		if line := s.recordLine; !ok {
			d.rows.dropRow()
		} else if slices.ContainsFunc(d.cells(), func(text string) bool { return strings.TrimSpace(text) != "" }) {
			d.tail.leave("skip_rows", fmt.Sprintf("line %d", line))
		}
		s.start = s.pos
	}
	return nil
}

// head reads the column names, which begin here or, with header_has, in some line
// below.
func (d *csvDecoder) head(delimiter byte) error {
	s := &d.scan
	switch {
	case len(d.settings.HeaderHas) > 0:
		candidates := candidates
		if delimiter != 0 {
			candidates = []byte{delimiter}
		}
		return d.findHeader(candidates)
	case delimiter == 0:
		delimiter = detectDelimiter(s.ahead(), s.quote)
	}
	s.setDelimiter(delimiter)
	if d.settings.HeaderRow == 0 {
		return d.numbered()
	}
	rows, err := d.headerRows()
	if err != nil {
		return s.at(err)
	}
	if len(rows) < d.settings.depth() {
		return errors.New("there is no header row, the object is empty: ask for the file again")
	}
	d.header = joinHeader(rows, true)
	return nil
}

// numbered names the columns by their number, as many as the first record has.
func (d *csvDecoder) numbered() error {
	s := &d.scan
	ok, err := d.record()
	if err != nil || !ok {
		return s.at(err)
	}
	width := len(d.rows.spans)
	d.rows.dropRow()
	if width > MaxColumns {
		return d.tooManyColumns(width)
	}
	// The same record is read again, as data.
	s.pos, s.line, s.start = s.recordAt, s.recordLine, s.recordAt
	d.header = numberedHeader(width)
	return nil
}

func (d *csvDecoder) tooManyColumns(n int) error {
	return fmt.Errorf("line %d has %d columns, more than %d: is the delimiter right?", d.scan.recordLine, n, MaxColumns)
}

// headerRows reads as many records as the header takes, fewer at the end.
func (d *csvDecoder) headerRows() (rows [][]string, err error) {
	for range d.settings.depth() {
		ok, err := d.record()
		if err != nil || !ok {
			return rows, err
		}
		if n := len(d.rows.spans); n > MaxColumns {
			d.rows.dropRow()
			return nil, d.tooManyColumns(n)
		}
		rows = append(rows, d.cells())
	}
	return rows, nil
}

// cells takes the texts of the record just scanned.
func (d *csvDecoder) cells() []string {
	cells := make([]string, len(d.rows.spans))
	for i, span := range d.rows.spans {
		cells[i] = d.scan.unquoted(i, span)
	}
	d.rows.dropRow()
	return cells
}

// findHeader looks, line by line, for the header that has the names it must have. Of
// several separators that give such a header the one with most columns is right.
func (d *csvDecoder) findHeader(candidates []byte) error {
	s := &d.scan
	from := s.line
	for range headSearch {
		best, columns := byte(0), 0
		s.start = s.pos
		for _, c := range candidates {
			names, err := d.headerAt(c)
			if err != nil {
				return s.at(err)
			}
			if len(names) > columns {
				best, columns = c, len(names)
			}
		}
		if best != 0 {
			s.setDelimiter(best)
			rows, err := d.headerRows()
			d.header = joinHeader(rows, true)
			return s.at(err)
		}
		if ok, err := s.skipLine(); err != nil {
			return s.at(err)
		} else if !ok {
			break
		}
	}
	return d.settings.notFound(int(from))
}

// headerAt reads the header that begins in this line with separator c, and goes back;
// without the names that it must have it is none.
func (d *csvDecoder) headerAt(c byte) (names []string, err error) {
	s := &d.scan
	line := s.line
	s.setDelimiter(c)
	rows, err := d.headerRows()
	s.pos, s.line = s.start, line
	if err != nil || len(rows) < d.settings.depth() {
		return nil, err
	}
	if names = joinHeader(rows, true); !d.settings.holds(names, rows, true) {
		return nil, nil
	}
	return names, nil
}

// firstLine takes the line of the control record at the beginning.
func (d *csvDecoder) firstLine() ([]byte, error) {
	s := &d.scan
	line := bytes.IndexAny(s.ahead(), "\r\n")
	if line < 0 {
		return nil, errors.New("the object has one line at most, and should have a control record and others below it: it was cut short, ask for it again")
	}
	first := bytes.Clone(s.ahead()[:line])
	_, err := s.skipLine()
	return first, err
}

// leadingRecord takes what the control record at the beginning says.
func (d *csvDecoder) leadingRecord(line []byte) error {
	one := csvDecoder{settings: d.settings, rows: newBuilder(placeLine)}
	one.scan = csvScanner{r: bytes.NewReader(line), quote: d.scan.quote, maxCell: d.scan.maxCell, line: 1}
	one.scan.setDelimiter(d.scan.delimiter)
	if err := one.scan.fill(); err != nil {
		return err
	}
	if _, err := one.record(); err != nil {
		return err
	}
	cells := one.cells()
	if len(cells) == 0 || strings.TrimSpace(cells[0]) != d.settings.Control.Header {
		return fmt.Errorf("the first line is no control record that begins with %q: correct control, or ask for the file again", d.settings.Control.Header)
	}
	if d.settings.Control.Trailer == "" {
		d.control.says("line 1", func(p controlPlace) string {
			if p.from > len(cells) {
				return ""
			}
			return cells[p.from-1]
		})
	}
	return nil
}

// record scans one record, reading on where needed; it is for what stands above the
// records. Everything from start is kept.
func (d *csvDecoder) record() (ok bool, err error) {
	for {
		switch d.scan.record(d.rows) {
		case scanRecord:
			return true, nil
		case scanEnd:
			return false, nil
		}
		d.rows.dropRow()
		if err := d.scan.fill(); err != nil {
			return false, err
		}
	}
}
