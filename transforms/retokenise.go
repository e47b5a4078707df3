package transforms

import (
	"io"
	"unsafe"

	"github.com/zeebo/xxh3"
)

// ReadTokens yields every token in a file of the dataset.
func (d definition[T, P]) ReadTokens(r io.ReaderAt, size int64, yield func(token [16]byte)) error {
	columns := tokenColumns(shapeOf[T]())
	if len(columns) == 0 {
		return nil
	}
	return readRows(r, size, func(row *T) {
		for _, c := range columns {
			if token := c.tokenAt(unsafe.Pointer(row)); token != nil {
				yield(*token)
			}
		}
	})
}

// Retokenise reads a file of the dataset and gives its rows with other tokens. All else is as it was: the hash
// over a row is made anew, so that the rows are those that a normaliser with the other key would have made.
func (d definition[T, P]) Retokenise(r io.ReaderAt, size int64, next func(token [16]byte) [16]byte) (Rows, error) {
	s := shapeOf[T]()
	columns := tokenColumns(s)
	rows := newRows[T, P]()
	var buffer []byte
	hash := func(row *T) (sum int64) {
		buffer, sum = rowHash(s, buffer, P(row).provenance(), unsafe.Pointer(row))
		return sum
	}
	err := readRows(r, size, func(read *T) {
		row := rows.next()
		*row = *read
		at, p := unsafe.Pointer(row), P(row).provenance()
		// A hash that an older shape of the row made, or that holds no token, stays: it tells rows apart as before.
		current := !d.alone && p.RowHash == hash(row)
		for _, c := range columns {
			if token := c.tokenAt(at); token != nil {
				other := Token(next(*token))
				*(**Token)(unsafe.Add(at, c.offset)) = &other
			}
		}
		if current {
			p.RowHash = hash(row)
		}
	})
	return rows, err
}

// rowHash is the hash over what a row says, its source and its key. It gives the buffer back for the next row.
func rowHash(s *shape, buffer []byte, p *Provenance, row unsafe.Pointer) ([]byte, int64) {
	buffer = s.appendBusiness(buffer[:0], row)
	buffer = append(append(buffer, p.Source...), 0)
	buffer = append(buffer, p.RowKey...)
	return buffer, int64(xxh3.Hash(buffer))
}

func tokenColumns(s *shape) []*shaped {
	var columns []*shaped
	for i := range s.columns {
		if s.columns[i].token {
			columns = append(columns, &s.columns[i])
		}
	}
	return columns
}

// tokenAt gives the token in a column of a row; nil where there is none.
func (c *shaped) tokenAt(row unsafe.Pointer) *Token { return *(**Token)(unsafe.Add(row, c.offset)) }
