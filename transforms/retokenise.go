package transforms

import (
	"errors"
	"fmt"
	"io"
	"unsafe"

	"github.com/parquet-go/parquet-go"
	"github.com/zeebo/xxh3"
)

// Tokenised is a dataset of which files hold tokens, and can be given others.
type Tokenised interface {
	// TokenColumns names the columns whose values are tokens of the token key.
	TokenColumns() []string
	// ReadTokens yields every token in a file of the dataset.
	ReadTokens(r io.ReaderAt, size int64, yield func(token [16]byte)) error
	// Retokenise gives the rows of a file of the dataset with other tokens.
	Retokenise(r io.ReaderAt, size int64, next func(token [16]byte) [16]byte) (Rows, error)
}

// LookupTokenised finds a dataset by name, if its files hold tokens.
func LookupTokenised(name string) (Tokenised, bool) {
	d, ok := registry[name].(Tokenised)
	return d, ok && len(d.TokenColumns()) > 0
}

// TokenColumns names the columns whose values are tokens.
func (d definition[T, P]) TokenColumns() []string {
	var names []string
	for _, c := range tokenColumns(shapeOf[T]()) {
		names = append(names, c.Name)
	}
	return names
}

// ReadTokens yields every token in a file of the dataset.
func (d definition[T, P]) ReadTokens(r io.ReaderAt, size int64, yield func(token [16]byte)) error {
	columns := tokenColumns(shapeOf[T]())
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
	err := readAll(r, size, s, func() unsafe.Pointer { return unsafe.Pointer(rows.next()) }, func(at unsafe.Pointer) {
		row := (*T)(at)
		p := P(row).provenance()
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

// readAll reads every column of a file into rows that next makes room for, and hands out each. It sets nulls by itself:
// the library's own reader gives a null timestamp as a pointer to zero, which is another thing.
func readAll(r io.ReaderAt, size int64, s *shape, next func() unsafe.Pointer, each func(row unsafe.Pointer)) error {
	file, err := parquet.OpenFile(r, size)
	if err != nil {
		return fmt.Errorf("opening the Parquet file: %w", err)
	}
	var columns []*shaped // by the file's order; nil where the dataset no longer has the column
	for _, path := range file.Schema().Columns() {
		var column *shaped
		if at := s.find(path[0]); at >= 0 {
			column = &s.columns[at]
		}
		columns = append(columns, column)
	}
	for _, group := range file.RowGroups() {
		if err := readGroup(group, columns, next, each); err != nil {
			return fmt.Errorf("reading Parquet rows: %w", err)
		}
	}
	return nil
}

func readGroup(group parquet.RowGroup, columns []*shaped, next func() unsafe.Pointer, each func(row unsafe.Pointer)) (err error) {
	reader := group.Rows()
	defer func() { err = errors.Join(err, reader.Close()) }()
	batch := make([]parquet.Row, 256)
	for {
		n, err := reader.ReadRows(batch)
		for _, values := range batch[:n] {
			row := next()
			for _, v := range values {
				if c := columns[v.Column()]; c != nil && !v.IsNull() {
					c.set(row, v)
				}
			}
			each(row)
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}

// set puts a value that is not null into a row.
func (c *shaped) set(row unsafe.Pointer, v parquet.Value) {
	at := unsafe.Add(row, c.offset)
	switch c.kind {
	case kindText:
		put(at, c.pointer, string(v.ByteArray()))
	case kindInt32:
		put(at, c.pointer, v.Int32())
	case kindInt64:
		put(at, c.pointer, v.Int64())
	case kindBool:
		put(at, c.pointer, v.Boolean())
	default:
		put(at, c.pointer, [16]byte(v.ByteArray()))
	}
}

func put[V any](at unsafe.Pointer, pointer bool, v V) {
	if pointer {
		*(**V)(at) = &v
	} else {
		*(*V)(at) = v
	}
}
