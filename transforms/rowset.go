package transforms

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"unsafe"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"
	"github.com/zeebo/xxh3"
)

// rowset holds rows as pointers into blocks: appending, sorting and splitting then move eight
// bytes a row and not the row.
type rowset[T any, P rowOf[T]] struct {
	rows  []*T
	block []T
}

const blockRows = 512

func newRows[T any, P rowOf[T]]() *rowset[T, P] { return &rowset[T, P]{} }

// next makes room for one more row and hands it out empty.
func (r *rowset[T, P]) next() *T {
	if len(r.block) == cap(r.block) {
		r.block = make([]T, 0, blockRows)
	}
	r.block = r.block[:len(r.block)+1]
	row := &r.block[len(r.block)-1]
	r.rows = append(r.rows, row)
	return row
}

// drop takes the last row back.
func (r *rowset[T, P]) drop() {
	last := len(r.block) - 1
	clear(r.block[last:])
	r.block = r.block[:last]
	r.rows = r.rows[:len(r.rows)-1]
}

// Len is the number of rows.
func (r *rowset[T, P]) Len() int { return len(r.rows) }

// Append takes over the rows of other.
func (r *rowset[T, P]) Append(other Rows) {
	o, ok := other.(*rowset[T, P])
	if !ok {
		panic(fmt.Sprintf("transforms: rows of %T cannot take rows of %T", r, other))
	}
	if len(r.rows) == 0 {
		r.rows = o.rows
	} else {
		r.rows = append(r.rows, o.rows...)
	}
	o.rows, o.block = nil, nil
	r.block = nil
}

// Split parts the rows by period.
func (r *rowset[T, P]) Split() []PeriodRows {
	counts := map[string]int{}
	for _, row := range r.rows {
		counts[P(row).provenance().Period]++
	}
	periods := keysOf(counts)
	parts := make(map[string]*rowset[T, P], len(periods))
	out := make([]PeriodRows, len(periods))
	for i, period := range periods {
		part := &rowset[T, P]{rows: make([]*T, 0, counts[period])}
		parts[period], out[i] = part, PeriodRows{Period: period, Rows: part}
	}
	for _, row := range r.rows {
		part := parts[P(row).provenance().Period]
		part.rows = append(part.rows, row)
	}
	r.rows, r.block = nil, nil
	return out
}

// Sort puts the rows into their total order.
func (r *rowset[T, P]) Sort() {
	slices.SortStableFunc(r.rows, func(x, y *T) int {
		a, b := P(x).provenance(), P(y).provenance()
		if c := strings.Compare(a.Source, b.Source); c != 0 {
			return c
		}
		if c := strings.Compare(a.RowKey, b.RowKey); c != 0 {
			return c
		}
		if c := compareVersions(a.SourceUpdatedAt, b.SourceUpdatedAt); c != 0 {
			return c
		}
		if c := bytes.Compare(a.ObjectID[:], b.ObjectID[:]); c != 0 {
			return c
		}
		return cmp.Compare(a.RowNo, b.RowNo)
	})
}

// compareVersions puts rows without a version first.
func compareVersions(a, b *int64) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	return cmp.Compare(*a, *b)
}

// The file's writer and its row groups are fixed, so that the bytes depend on the rows alone.
// DuckDB reads row groups of this size in one piece.
const (
	createdBy    = "lindung"
	createdByVer = "1"
	rowsPerGroup = 122_880
)

// WriteParquet writes the rows as one Parquet file.
func (r *rowset[T, P]) WriteParquet(w io.Writer) error {
	pw := parquet.NewGenericWriter[T](w,
		parquet.Compression(&zstd.Codec{Level: zstd.SpeedDefault}),
		parquet.CreatedBy(createdBy, createdByVer, ""),
		parquet.MaxRowsPerRowGroup(rowsPerGroup),
	)
	buffer := make([]T, 0, 256)
	for at := 0; at < len(r.rows); at += cap(buffer) {
		buffer = buffer[:0]
		for _, row := range r.rows[at:min(at+cap(buffer), len(r.rows))] {
			buffer = append(buffer, *row)
		}
		if _, err := pw.Write(buffer); err != nil {
			return fmt.Errorf("writing Parquet rows: %w", err)
		}
	}
	if err := pw.Close(); err != nil {
		return fmt.Errorf("closing the Parquet file: %w", err)
	}
	return nil
}

// Columns names the columns in file order.
func (r *rowset[T, P]) Columns() []string { return slices.Clone(shapeOf[T]().names) }

// Versions yields every row's key, version and content hash.
func (r *rowset[T, P]) Versions(yield func(v Version) bool) {
	for _, row := range r.rows {
		p := P(row).provenance()
		v := Version{Key: p.RowKey, Hash: p.RowHash}
		if p.SourceUpdatedAt != nil {
			v.UpdatedAt = *p.SourceUpdatedAt
		}
		if !yield(v) {
			return
		}
	}
}

// Keys yields the business keys.
func (r *rowset[T, P]) Keys(yield func(key string) bool) {
	for _, row := range r.rows {
		if !yield(P(row).provenance().RowKey) {
			return
		}
	}
}

// Texts gives the values of one row.
func (r *rowset[T, P]) Texts(i int) []string {
	s := shapeOf[T]()
	texts := make([]string, len(s.columns))
	for c := range s.columns {
		column := &s.columns[c]
		texts[c] = string(column.appendText(nil, column.at(unsafe.Pointer(r.rows[i]))))
	}
	return texts
}

// tally is the running checksum of one column.
type tally struct {
	nulls    int64
	sum      uint64
	any      bool
	low      value
	high     value
	lastText string // text columns hold runs of one text: its hash is kept
	lastHash uint64
}

// Sums takes the checksums of all columns in one pass over the rows.
func (r *rowset[T, P]) Sums() (nulls []int64, sums []uint64, mins, maxs []string) {
	s := shapeOf[T]()
	tallies := make([]tally, len(s.columns))
	for _, row := range r.rows {
		at := unsafe.Pointer(row)
		for i := range s.columns {
			tallies[i].add(&s.columns[i], at)
		}
	}
	for i, t := range tallies {
		c := &s.columns[i]
		nulls, sums = append(nulls, t.nulls), append(sums, t.sum)
		low, high := "", ""
		if c.bounded && t.any {
			low, high = string(c.appendText(nil, t.low)), string(c.appendText(nil, t.high))
		}
		mins, maxs = append(mins, low), append(maxs, high)
	}
	return nulls, sums, mins, maxs
}

func (t *tally) add(c *shaped, row unsafe.Pointer) {
	v := c.at(row)
	if v.null {
		t.nulls++
		return
	}
	var scratch [8]byte
	switch c.kind {
	case kindText:
		if v.text != t.lastText || !t.any {
			t.lastText, t.lastHash = v.text, xxh3.HashString(v.text)
		}
		t.sum += t.lastHash
		if !c.bounded {
			t.any = true
			return
		}
		if !t.any || v.text < t.low.text {
			t.low = v
		}
		if !t.any || v.text > t.high.text {
			t.high = v
		}
	case kindUUID:
		t.sum += xxh3.Hash(v.id[:])
	default:
		t.sum += xxh3.Hash(c.appendCanonical(scratch[:0], v))
		if !t.any || v.num < t.low.num {
			t.low = v
		}
		if !t.any || v.num > t.high.num {
			t.high = v
		}
	}
	t.any = true
}
