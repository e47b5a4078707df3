package connectors

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// Canonical CSV is what a database's rows are kept as: UTF-8, a header, commas,
// \n, quotes only where they are needed, and every value in the text form that
// the database itself gives it. NULL is nothing, an empty text is "". It is what
// PostgreSQL's COPY … (FORMAT csv) writes, byte for byte.

// appendCSVRow appends one row; a nil cell is NULL.
func appendCSVRow(line []byte, cells [][]byte) []byte {
	for i, cell := range cells {
		if i > 0 {
			line = append(line, ',')
		}
		if cell != nil {
			line = appendCSVCell(line, cell, len(cells) == 1)
		}
	}
	return append(line, '\n')
}

// appendCSVCell appends a cell. One that is alone in its row is quoted also when
// it is \., which old readers of COPY take for the end.
func appendCSVCell(line, cell []byte, alone bool) []byte {
	if len(cell) > 0 && bytes.IndexByte(cell, ',') < 0 && bytes.IndexByte(cell, '"') < 0 &&
		bytes.IndexByte(cell, '\n') < 0 && bytes.IndexByte(cell, '\r') < 0 && (!alone || string(cell) != `\.`) {
		return append(line, cell...)
	}
	line = append(line, '"')
	for {
		i := bytes.IndexByte(cell, '"')
		if i < 0 {
			break
		}
		line = append(append(line, cell[:i+1]...), '"')
		cell = cell[i+1:]
	}
	return append(append(line, cell...), '"')
}

// csvHeader writes the names of the columns. Two of the same name could not be
// told apart by anybody who reads the object.
func csvHeader(columns []tableColumn) ([]byte, error) {
	seen := map[string]bool{}
	cells := make([][]byte, len(columns))
	for i, c := range columns {
		if seen[c.name] {
			return nil, fmt.Errorf("two columns of the result are called %q: give one another name with AS", c.name)
		}
		seen[c.name] = true
		cells[i] = []byte(c.name)
	}
	if len(columns) == 0 {
		return nil, errors.New("the query gives no columns: it must be a SELECT")
	}
	return appendCSVRow(nil, cells), nil
}

// keysetPosition is where the next pull goes on: the last row's cursor and key, as
// the database wrote them.
type keysetPosition struct {
	Updated string `json:"updated,omitempty"`
	Key     string `json:"key,omitempty"`
}

// keysetAt is a row to go on after; nil is "from the beginning".
type keysetAt struct{ cursor, key *string }

// wallLayouts are the forms in which databases write dates and times.
var wallLayouts = []string{"2006-01-02 15:04:05.999999999-07", "2006-01-02 15:04:05.999999999-07:00", "2006-01-02 15:04:05.999999999", "2006-01-02"}

// earlier goes back in time from an instant as a database wrote it, in the same
// form.
func earlier(written string, by time.Duration) (string, bool) {
	for _, layout := range wallLayouts {
		if t, err := time.Parse(layout, written); err == nil {
			return t.Add(-by).Format(layout), true
		}
	}
	return "", false
}

// sameOrLater compares two instants as a database wrote them.
func sameOrLater(written, than string) bool {
	for _, layout := range wallLayouts {
		a, errA := time.Parse(layout, written)
		b, errB := time.Parse(layout, than)
		if errA == nil && errB == nil {
			return !a.Before(b)
		}
	}
	return true
}

// tableRows are the rows of a result, read one after the other.
type tableRows interface {
	// next appends the next row as CSV; io.EOF comes after the last row.
	next(line []byte) ([]byte, error)
	// cell is a value of the row that next appended last, nil for NULL.
	cell(i int) []byte
}

// cappedRows counts rows and bytes against the limits of a pull.
type cappedRows struct {
	tableRows
	settings *Database
	rows     int64
	bytes    int64
}

func (r *cappedRows) next(line []byte) ([]byte, error) {
	before := len(line)
	line, err := r.tableRows.next(line)
	if err != nil {
		return line, err
	}
	r.rows++
	r.bytes += int64(len(line) - before)
	if r.rows > r.settings.MaxRows {
		return line, contentError{fmt.Errorf("there are more than max_rows (%d) rows: raise the limit, or select less", r.settings.MaxRows)}
	}
	if r.bytes > int64(r.settings.MaxBytes) {
		return line, contentError{fmt.Errorf("there is more than max_bytes (%s): raise the limit, or select less", r.settings.MaxBytes)}
	}
	return line, nil
}

// tableBody streams a whole result.
type tableBody struct {
	rows    tableRows
	fail    func(error) error
	buffer  []byte // of rows; what is not read yet begins at read
	read    int
	err     error
	drained bool // the last row was read
}

const tableBodyBuffer = 64 << 10

func (b *tableBody) Read(p []byte) (int, error) {
	for b.read == len(b.buffer) {
		if b.err != nil {
			return 0, b.err
		}
		b.buffer, b.read = b.buffer[:0], 0
		for b.err == nil && len(b.buffer) < tableBodyBuffer {
			whole := len(b.buffer)
			if b.buffer, b.err = b.rows.next(b.buffer); b.err != nil {
				b.buffer = b.buffer[:whole]
			}
		}
		switch {
		case b.err == io.EOF:
			b.drained = true
		case b.err != nil:
			b.err = b.fail(b.err)
		}
	}
	n := copy(p, b.buffer[b.read:])
	b.read += n
	return n, nil
}

func (b *tableBody) Close() error {
	if b.err == nil {
		b.err = errors.New("reading after the body was closed")
	}
	b.buffer, b.read = nil, 0
	return nil
}

// objectName makes a name from a table or database: its parts become no folders.
func objectName(name string) string {
	return strings.Map(func(r rune) rune {
		if r == '/' || r == '\\' || r < ' ' {
			return '_'
		}
		return r
	}, name)
}
