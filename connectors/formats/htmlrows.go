package formats

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// A limitReader fails on what is longer than allowed and remembers why reading
// ended, for readers above it that hide causes.
type limitReader struct {
	r    io.Reader
	left int64
	err  error
}

func (l *limitReader) Read(p []byte) (int, error) {
	if l.err != nil {
		return 0, l.err
	}
	n, err := l.r.Read(p)
	if l.left -= int64(n); l.left < 0 {
		l.err = errors.New("it is longer than max_bytes allows: ask for a smaller one, or raise the limit")
		return 0, l.err
	}
	if err != nil && err != io.EOF {
		l.err = fmt.Errorf("reading the object: %w", err)
		return n, l.err
	}
	return n, err
}

// endRow takes the row that is open, as header or as record.
func (d *htmlDecoder) endRow() error {
	d.endCell()
	if d.column >= 0 && d.row > 0 {
		for c := d.column + 1; c < len(d.spans); c++ {
			d.spans[c] = max(d.spans[c]-1, 0)
		}
	}
	cells := d.cells
	d.cells, d.column = d.cells[:0], -1
	switch {
	case len(cells) == 0:
		return nil
	case d.header == nil:
		return d.readHeader(cells)
	case d.row <= d.head.last+d.settings.SkipRows:
		if slices.ContainsFunc(cells, func(c htmlCell) bool { return c.text != "" }) {
			d.tail.leave("skip_rows", fmt.Sprintf("row %d", d.row))
		}
		return nil
	}
	if err := d.record(cells); err != nil {
		return err
	}
	if d.rows.full() {
		return d.flush()
	}
	return nil
}

func (d *htmlDecoder) flush() error {
	if len(d.rows.places) > 0 {
		if err := d.tail.take(d.rows.take(d.header, string(d.rows.text))); err != nil {
			return err
		}
	}
	return d.ctx.Err()
}

// readHeader takes the column names. Where no table was asked for, one without a
// header, or with fewer than two names, is layout and passed over.
func (d *htmlDecoder) readHeader(cells []htmlCell) error {
	names := make([]string, cells[len(cells)-1].column+1)
	for _, c := range cells {
		names[c.column] = c.text
	}
	if d.settings.HeaderRows > 1 {
		for _, c := range cells {
			for len(names) < c.column+c.width {
				names = append(names, "")
			}
			for over := c.column + 1; over < c.column+c.width; over++ {
				names[over] = c.text
			}
		}
	}
	err := d.head.offer(d.row, names)
	switch {
	case d.settings.Table > 0 && err != nil:
		return err
	case err != nil || d.settings.Table == 0 && d.head.names != nil && countNames(d.head.rows) < 2:
		d.depth = 0 // what follows may be the table, perhaps inside this one
		return nil
	}
	d.header = d.head.names
	d.tail.header = d.header
	return nil
}

// countNames counts the columns that a header names.
func countNames(rows [][]string) int {
	named := map[int]bool{}
	for _, row := range rows {
		for col, text := range row {
			if text != "" {
				named[col] = true
			}
		}
	}
	return len(named)
}

func (d *htmlDecoder) record(cells []htmlCell) error {
	next, empty := 0, true
	var problem fault
	for _, c := range cells {
		text := c.text
		if text == "" {
			continue
		}
		empty = false
		switch {
		case c.column >= len(d.header):
			if problem.code == "" {
				problem = fault{RaggedRow, fmt.Sprintf("cell %d stands outside the columns that the header names", c.column+1)}
			}
			continue
		case len(text) > d.settings.MaxCell:
			problem = fault{TooLongCell, fmt.Sprintf("cell %d has %d bytes, more than max_cell (%d)", c.column+1, len(text), d.settings.MaxCell)}
			text = ""
		case strings.ContainsRune(text, utf8.RuneError) && problem.code == "":
			problem = fault{BadEncoding, fmt.Sprintf("cell %d holds bytes that are no text in the encoding of the page: correct encoding", c.column+1)}
		}
		for ; next < c.column; next++ {
			d.rows.cell(nil)
		}
		next++
		d.rows.cell([]byte(text))
	}
	if empty {
		d.rows.dropRow()
		return nil
	}
	if d.rows.total() == d.settings.MaxRows {
		return fmt.Errorf("more than max_rows (%d) records: raise the limit or ask for smaller files", d.settings.MaxRows)
	}
	d.rows.endRow(int64(d.row), problem)
	return nil
}
