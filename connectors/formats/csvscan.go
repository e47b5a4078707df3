package formats

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// csvBlock is how much is read at a time. Batches end where a block ends, so the
// number is part of what makes decoding repeatable.
const csvBlock = 1 << 20

// csvMaxRecord bounds how far an unpaired quote, or a line that never ends, can
// make the scanner read.
const csvMaxRecord = 4 << 20

type scanState int

const (
	scanRecord scanState = iota // a record was scanned
	scanShort                   // the record goes on beyond the buffer
	scanEnd                     // the object has ended
)

// A csvScanner finds the cells of records in its buffer. Cells are noted as
// spans, not copied; quotes are undone in place once a record is complete, and
// release copies the text of a whole batch at once.
type csvScanner struct {
	r          io.Reader
	delimiter  byte
	quote      byte // 0: quotes mean nothing
	translated bool // U+FFFD marks bytes that the decoder could not read
	maxCell    int
	stops      [256]bool // the bytes that end a plain cell

	buf     []byte
	start   int // where the current batch's text begins
	pos     int // where the next record begins
	end     int // where the bytes read so far end
	eof     bool
	line    int64 // the line that pos is in
	escaped []int // spans of the current record with doubled quotes

	inner int // line ends inside quoted cells of the current record

	recordAt   int
	recordLine int64
	recordEnd  int
	unpaired   int // column number of a quote that does not pair, 0: none
}

func (s *csvScanner) setDelimiter(d byte) {
	s.delimiter = d
	s.stops = [256]bool{}
	s.stops[d], s.stops['\n'], s.stops['\r'] = true, true, true
}

// at adds the place to an error.
func (s *csvScanner) at(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("line %d: %w", s.line, err)
}

// ahead returns what has been read and not yet scanned.
func (s *csvScanner) ahead() []byte { return s.buf[s.pos:s.end] }

// fill moves what is left to the front and reads until the buffer is full, so
// that batches end at the same records however the reader chops its bytes.
func (s *csvScanner) fill() error {
	left := s.end - s.start
	if left > len(s.buf)/2 || s.buf == nil {
		size := max(csvBlock, 2*len(s.buf))
		if size > 4*csvMaxRecord {
			return fmt.Errorf("no line end in %d bytes: is this delimited text, with the right delimiter and quote?", left)
		}
		grown := make([]byte, size)
		copy(grown, s.buf[s.start:s.end])
		s.buf = grown
	} else {
		copy(s.buf, s.buf[s.start:s.end])
	}
	s.pos, s.end, s.start = s.pos-s.start, left, 0
	for s.end < len(s.buf) {
		n, err := s.r.Read(s.buf[s.end:])
		s.end += n
		if err == io.EOF {
			s.eof = true
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// release copies the text of the scanned records and begins the next batch.
func (s *csvScanner) release() string {
	text := string(s.buf[s.start:s.pos])
	s.start = s.pos
	return text
}

// skipLine passes over one physical line.
func (s *csvScanner) skipLine() (bool, error) {
	for {
		data := s.buf[:s.end]
		if i := bytes.IndexAny(data[s.pos:], "\r\n"); i >= 0 && (s.pos+i+1 < len(data) || s.eof) {
			if s.pos += i; data[s.pos] == '\r' && s.pos+1 < len(data) && data[s.pos+1] == '\n' {
				s.pos++
			}
			s.pos++
			s.line++
			s.start = s.pos
			return true, nil
		}
		if s.eof {
			return false, nil
		}
		if err := s.fill(); err != nil {
			return false, err
		}
	}
}

// record scans the record at pos and appends its cells to b. In the states
// scanShort and scanEnd nothing is consumed but blank lines; the caller drops
// the cells of the unfinished row.
func (s *csvScanner) record(b *builder) scanState {
	data := s.buf[:s.end]
	if !s.skipBlank(data) {
		return scanShort
	}
	i := s.pos
	if i == len(data) {
		if s.eof {
			return scanEnd
		}
		return scanShort
	}
	s.recordAt, s.recordLine, s.unpaired = i, s.line, 0
	s.escaped, s.inner = s.escaped[:0], 0
	base, column := s.start, 0
	for {
		column++
		plain := true
		if s.quote != 0 && i < len(data) && data[i] == s.quote {
			closing, next, verdict := s.quoted(data, i, len(b.spans))
			switch verdict {
			case quoteShort:
				return scanShort
			case quotePaired:
				b.spans = append(b.spans, span{uint32(i + 1 - base), uint32(closing - base)})
				i, plain = next, false
			default:
				s.unpaired = column
			}
		}
		if plain {
			from := i
			for i < len(data) && !s.stops[data[i]] {
				i++
			}
			b.spans = append(b.spans, span{uint32(from - base), uint32(i - base)})
		}
		if i == len(data) || data[i] != s.delimiter {
			break
		}
		i++
	}
	return s.endRecord(data, i)
}

// skipBlank moves pos past blank lines; false means that the buffer ends inside
// a line end.
func (s *csvScanner) skipBlank(data []byte) bool {
	for s.pos < len(data) && (data[s.pos] == '\n' || data[s.pos] == '\r') {
		if data[s.pos] == '\r' {
			if s.pos+1 == len(data) && !s.eof {
				return false
			}
			if s.pos+1 < len(data) && data[s.pos+1] == '\n' {
				s.pos++
			}
		}
		s.pos++
		s.line++
	}
	return true
}

// endRecord steps over the line end at i.
func (s *csvScanner) endRecord(data []byte, i int) scanState {
	if i == len(data) && !s.eof {
		return scanShort
	}
	s.recordEnd = i
	if i < len(data) && data[i] == '\r' {
		if i+1 == len(data) && !s.eof {
			return scanShort
		}
		if i+1 < len(data) && data[i+1] == '\n' {
			i++
		}
	}
	if i < len(data) {
		i++
		s.line++
	}
	s.line += int64(s.inner)
	s.inner = 0
	s.pos = i
	return scanRecord
}

type quoteVerdict int

const (
	quotePaired quoteVerdict = iota
	quoteUnpaired
	quoteShort
)

// quoted finds the end of the quoted cell that opens at i: where its closing
// quote is, and where the separator or line end after it is. number is the
// index of the cell's span, noted when quotes in it are doubled.
func (s *csvScanner) quoted(data []byte, i, number int) (closing, next int, verdict quoteVerdict) {
	k, doubled := i+1, false
	for {
		j := bytes.IndexByte(data[k:], s.quote)
		if j < 0 {
			if !s.eof && len(data)-s.recordAt < csvMaxRecord {
				return 0, 0, quoteShort
			}
			return 0, 0, quoteUnpaired
		}
		k += j
		if k+1 == len(data) && !s.eof {
			return 0, 0, quoteShort
		}
		if k+1 == len(data) || data[k+1] != s.quote {
			break
		}
		k, doubled = k+2, true
	}
	next = k + 1
	for next < len(data) && !s.stops[data[next]] && (data[next] == ' ' || data[next] == '\t') {
		next++
	}
	if next == len(data) && !s.eof {
		return 0, 0, quoteShort
	}
	if next < len(data) && !s.stops[data[next]] {
		return 0, 0, quoteUnpaired
	}
	if doubled {
		s.escaped = append(s.escaped, number)
	}
	s.inner += bytes.Count(data[i:k], newline)
	return k, next, quotePaired
}

var newline = []byte{'\n'}

// unquoted returns the text of a span of the record just scanned, before finish.
func (s *csvScanner) unquoted(i int, cell span) string {
	text := string(s.buf[s.start+int(cell.from) : s.start+int(cell.to)])
	if slices.Contains(s.escaped, i) {
		q := string(s.quote)
		text = strings.ReplaceAll(text, q+q, q)
	}
	return text
}

// finish checks the record just scanned against the header's width, undoes its
// doubled quotes and makes its bytes valid text. empty says that no cell holds
// anything.
func (s *csvScanner) finish(b *builder, width int) (f fault, empty bool) {
	first := int(b.starts[len(b.starts)-1])
	cells := b.spans[first:]
	f = s.sanitise()
	for _, number := range s.escaped {
		b.spans[number] = s.undouble(b.spans[number])
	}
	if s.unpaired > 0 && f.code == "" {
		f = fault{RaggedRow, fmt.Sprintf("the quote that opens cell %d does not pair: double the quotes inside a quoted cell", s.unpaired)}
	}
	found := len(cells)
	for found > width && cells[found-1].from == cells[found-1].to {
		found--
	}
	if found != width && f.code == "" {
		f = fault{RaggedRow, fmt.Sprintf("the record has %d cells, the header has %d: look for a missing or unquoted delimiter", found, width)}
	}
	empty = true
	for i, cell := range cells {
		if cell.to == cell.from {
			continue
		}
		empty = false
		if int(cell.to-cell.from) > s.maxCell {
			cells[i].to = cell.from
			if f.code == "" {
				f = fault{TooLongCell, fmt.Sprintf("cell %d has %d bytes, more than max_cell (%d)", i+1, cell.to-cell.from, s.maxCell)}
			}
		}
	}
	b.spans = b.spans[:first+min(len(cells), width)]
	return f, empty
}

// undouble turns doubled quotes into single ones, in place.
func (s *csvScanner) undouble(cell span) span {
	text := s.buf[s.start+int(cell.from) : s.start+int(cell.to)]
	w := 0
	for r := 0; r < len(text); r++ {
		text[w] = text[r]
		w++
		if text[r] == s.quote {
			r++
		}
	}
	return span{cell.from, cell.from + uint32(w)}
}

var replacement = []byte("\uFFFD")

// sanitise replaces what is not text in the record just scanned by "?", which
// keeps every span where it is.
func (s *csvScanner) sanitise() (f fault) {
	record := s.buf[s.recordAt:s.recordEnd]
	valid := utf8.Valid(record)
	if valid && bytes.IndexByte(record, 0) < 0 {
		if s.translated && bytes.Contains(record, replacement) {
			return fault{BadEncoding, "the record holds bytes that mean nothing in the declared encoding: check encoding"}
		}
		return fault{}
	}
	for i := 0; i < len(record); {
		r, size := utf8.DecodeRune(record[i:])
		if r == 0 || r == utf8.RuneError && size == 1 {
			record[i] = '?'
		}
		i += size
	}
	if valid {
		return fault{BadEncoding, "the record holds NUL bytes: the object is damaged, or its encoding is another one"}
	}
	return fault{BadEncoding, "the record holds bytes that are not UTF-8: set encoding (windows-1252 is the usual other one)"}
}
