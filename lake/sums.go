package lake

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"
	"github.com/zeebo/xxh3"
)

const (
	batchSize = 8192
	keyColumn = "row_key"
)

// Tombstones is the dataset that holds the keys which a full delivery left out.
const Tombstones = "tombstones"

// summer adds up one column at a time. Its buffers serve every column and file.
type summer struct {
	total uint64
	seen  int64 // values and nulls
	nulls int64

	ints32  []int32
	ints64  []int64
	bools   []bool
	doubles []float64
	texts   []parquet.ByteArray
	fixed   []parquet.FixedLenByteArray
}

func (s *summer) start() { s.total, s.seen, s.nulls = 0, 0, 0 }

// add adds one column chunk. It reads whole batches of one physical type, never a value
// through an interface: the check must cost less than the write that it checks.
func (s *summer) add(column *schema.Column, chunk file.ColumnChunkReader) error {
	if !isFlat(column) {
		return errors.New("it is nested or repeated; the lake keeps flat columns only")
	}
	if err := checkUnit(column); err != nil {
		return err
	}
	switch c := chunk.(type) {
	case *file.ByteArrayColumnChunkReader:
		return fold(s, c, &s.texts, func(v parquet.ByteArray) uint64 { return xxh3.Hash(v) })
	case *file.Int32ColumnChunkReader:
		return fold(s, c, &s.ints32, func(v int32) uint64 { return hashInt(int64(v)) })
	case *file.Int64ColumnChunkReader:
		return fold(s, c, &s.ints64, hashInt)
	case *file.FixedLenByteArrayColumnChunkReader:
		return fold(s, c, &s.fixed, func(v parquet.FixedLenByteArray) uint64 { return xxh3.Hash(v) })
	case *file.BooleanColumnChunkReader:
		return fold(s, c, &s.bools, hashBool)
	case *file.Float64ColumnChunkReader:
		return fold(s, c, &s.doubles, func(v float64) uint64 { return hashInt(int64(math.Float64bits(v))) })
	}
	return fmt.Errorf("its type %s is none that the lake keeps", column.PhysicalType())
}

// checkUnit refuses what would make equal sums mean different values.
func checkUnit(column *schema.Column) error {
	switch t := column.LogicalType().(type) {
	case schema.TimestampLogicalType:
		if t.TimeUnit() != schema.TimeUnitMicros || !t.IsAdjustedToUTC() {
			return errors.New("its timestamps are not in UTC microseconds")
		}
	case schema.DecimalLogicalType:
		if p := column.PhysicalType(); p != parquet.Types.Int32 && p != parquet.Types.Int64 {
			return fmt.Errorf("its decimals are stored as %s; the lake keeps them as integers of at most 18 digits", p)
		}
	}
	return nil
}

// A batchReader is a column chunk reader of one physical type.
type batchReader[T any] interface {
	HasNext() bool
	Err() error
	ReadBatchInPage(size int64, values []T, definition, repetition []int16) (rows int64, values2 int, err error)
}

func fold[T any](s *summer, r batchReader[T], buffer *[]T, hash func(T) uint64) error {
	if *buffer == nil {
		*buffer = make([]T, batchSize)
	}
	for r.HasNext() {
		rows, n, err := r.ReadBatchInPage(batchSize, *buffer, nil, nil)
		if err != nil {
			return err
		}
		if rows == 0 {
			return errors.New("a page announces values and holds none")
		}
		for _, v := range (*buffer)[:n] {
			s.total += hash(v)
		}
		s.seen += rows
		s.nulls += rows - int64(n)
	}
	return r.Err()
}

func hashInt(v int64) uint64 {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], uint64(v))
	return xxh3.Hash(b[:])
}

func hashBool(v bool) uint64 {
	if v {
		return hashInt(1)
	}
	return hashInt(0)
}
