package formats

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

type fixedDecoder struct {
	ctx        context.Context
	settings   *FixedWidth
	names      []string
	from       []int
	length     int
	translated bool // U+FFFD marks bytes that the decoder could not read
	rows       *builder
	tail       *tableTail
	control    *controlTotals
	ended      int64 // line of the trailer
	line       int64
	marks      []int // where the characters of the line begin, and its end
}

func (d *fixedDecoder) run(r io.Reader, yield func(*Batch) bool) (err error) {
	s := d.settings
	if err := s.Check(); err != nil {
		return err
	}
	if d.names, d.from, d.length, err = s.layout(); err != nil {
		return err
	}
	text, translated, err := decodeText(r, s.Encoding)
	if err != nil {
		return err
	}
	d.translated, d.rows = translated, newBuilder(placeLine)
	if d.control = newControlTotals(&s.Control, charPlace); d.control != nil {
		d.control.apart = true
	}
	d.tail = newTableTail(s.footSettings, d.control, yield)
	lines := bufio.NewScanner(text)
	lines.Buffer(make([]byte, 64<<10), 4*fixedLine)
	lines.Split(splitLines)
	for lines.Scan() {
		d.line++
		if err := d.take(lines.Bytes()); err != nil {
			return fmt.Errorf("line %d: %w", d.line, err)
		}
		if d.rows.full() {
			if err := d.flush(); err != nil {
				return err
			}
		}
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return fmt.Errorf("line %d: no line end in %d bytes: these are no lines of fixed width", d.line+1, 4*fixedLine)
	case err != nil:
		return fmt.Errorf("line %d: %w", d.line+1, err)
	case d.line < int64(s.FirstLine):
		return fmt.Errorf("the object has %d lines and should have records from line %d on: ask for it again, or correct first_line", d.line, s.FirstLine)
	}
	if err := d.flush(); err != nil {
		return err
	}
	return d.tail.end()
}

func (d *fixedDecoder) flush() error {
	if len(d.rows.places) > 0 {
		if err := d.tail.take(d.rows.take(d.names, string(d.rows.text))); err != nil {
			return err
		}
	}
	return d.ctx.Err()
}

// splitLines splits at LF, CR LF and CR.
func splitLines(data []byte, atEOF bool) (advance int, line []byte, err error) {
	i := bytes.IndexAny(data, "\r\n")
	switch {
	case i < 0 && (!atEOF || len(data) == 0):
		return 0, nil, nil
	case i < 0:
		return len(data), data, nil
	case data[i] == '\r' && i+1 == len(data) && !atEOF:
		return 0, nil, nil
	case data[i] == '\r' && i+1 < len(data) && data[i+1] == '\n':
		return i + 2, data[:i], nil
	}
	return i + 1, data[:i], nil
}

// take reads a line of whatever type.
func (d *fixedDecoder) take(line []byte) error {
	s := d.settings
	switch {
	case d.line < int64(s.FirstLine):
		return nil
	case d.line == 1 && s.Control.Header != "":
		return d.headerRecord(line)
	case len(bytes.Trim(line, " \t\x1a")) == 0: // also the mark that ends files of DOS
		return nil
	case d.control != nil && s.Control.Trailer != "" && bytes.HasPrefix(line, []byte(s.Control.Trailer)):
		if d.ended > 0 {
			return fmt.Errorf("a second control record, the first stands in line %d: are these two files in one?", d.ended)
		}
		d.ended = d.line
		d.says(line)
		return nil
	case d.ended > 0 && len(s.StopAt) == 0 && s.FooterRows == 0:
		return fmt.Errorf("lines stand below the control record in line %d, which must be the last: are these two files in one?", d.ended)
	}
	if d.rows.total() == s.MaxRows {
		return fmt.Errorf("more than max_rows (%d) records: raise the limit or ask for smaller files", s.MaxRows)
	}
	switch {
	case len(s.Records) == 0 || hasPrefix(line, s.Records):
		d.record(line)
	case hasPrefix(line, s.OtherLines):
		d.tail.leave("other_lines", fmt.Sprintf("line %d", d.line))
	default:
		d.rows.endRow(d.line, fault{MalformedRecord, "the line is of no type that records and other_lines name"})
	}
	return nil
}

func hasPrefix(line []byte, prefixes []string) bool {
	for _, p := range prefixes {
		if bytes.HasPrefix(line, []byte(p)) {
			return true
		}
	}
	return false
}

func (d *fixedDecoder) headerRecord(line []byte) error {
	if !bytes.HasPrefix(line, []byte(d.settings.Control.Header)) {
		return fmt.Errorf("this is no control record that begins with %q: correct control, or ask for the file again", d.settings.Control.Header)
	}
	if d.settings.Control.Trailer == "" {
		d.says(line)
	}
	return nil
}

// says hands a control record to the totals.
func (d *fixedDecoder) says(line []byte) {
	d.measure(line)
	d.control.says(fmt.Sprintf("line %d", d.line), func(p controlPlace) string {
		return string(d.piece(line, p.from-1, p.to))
	})
}

// measure finds where the positions of a line are.
func (d *fixedDecoder) measure(line []byte) {
	d.marks = d.marks[:0]
	if d.settings.Unit == "bytes" || isASCII(line) {
		return
	}
	for i := 0; i < len(line); {
		d.marks = append(d.marks, i)
		_, size := utf8.DecodeRune(line[i:])
		i += size
	}
	d.marks = append(d.marks, len(line))
}

func isASCII(line []byte) bool {
	for _, c := range line {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// positions is how many positions the measured line has.
func (d *fixedDecoder) positions(line []byte) int {
	if len(d.marks) > 0 {
		return len(d.marks) - 1
	}
	return len(line)
}

// piece gives some positions of the measured line, as far as it has them.
func (d *fixedDecoder) piece(line []byte, from, to int) []byte {
	n := d.positions(line)
	from, to = min(from, n), min(to, n)
	if len(d.marks) > 0 {
		return line[d.marks[from]:d.marks[to]]
	}
	return line[from:to]
}

// record cuts a line into its columns.
func (d *fixedDecoder) record(line []byte) {
	d.measure(line)
	n := d.positions(line)
	problem := d.problem(line, n)
	for i, from := range d.from {
		cell := d.piece(line, from, from+d.settings.Columns[i].Length)
		switch d.settings.Trim {
		case "both":
			cell = bytes.Trim(cell, " \t")
		case "left":
			cell = bytes.TrimLeft(cell, " \t")
		case "right":
			cell = bytes.TrimRight(cell, " \t")
		}
		if !utf8.Valid(cell) || bytes.IndexByte(cell, 0) >= 0 || d.translated && bytes.Contains(cell, replacement) {
			if problem.code == "" {
				problem = fault{BadEncoding, fmt.Sprintf("the column %s holds bytes that are not text, or half a character: check encoding and unit", d.names[i])}
			}
			cell = []byte(strings.ReplaceAll(strings.ToValidUTF8(string(cell), "?"), "\x00", "?"))
		}
		if len(cell) > MaxCell {
			problem, cell = fault{TooLongCell, fmt.Sprintf("the column %s has %d bytes, more than %d", d.names[i], len(cell), MaxCell)}, nil
		}
		d.rows.cell(cell)
	}
	d.rows.endRow(d.line, problem)
}

// problem says whether the line is as long as it should be. Blanks at its end do not
// count: programs add them and take them away.
func (d *fixedDecoder) problem(line []byte, n int) fault {
	if rest := bytes.TrimRight(d.piece(line, d.length, n), " \t\x1a"); len(rest) > 0 {
		return fault{RaggedRow, fmt.Sprintf("the line has text behind position %d, where it should end: is a column shifted?", d.length)}
	}
	if n < d.length && d.settings.Short == "fault" {
		return fault{RaggedRow, fmt.Sprintf("the line has %d positions, not %d: it was cut short, or blanks at its end got lost (then set short: pad)", n, d.length)}
	}
	return fault{}
}
