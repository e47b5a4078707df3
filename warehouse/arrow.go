package warehouse

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/decimal128"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// arrowBatch is how many rows go into one record batch.
const arrowBatch = 8192

// WriteArrow writes an Arrow IPC stream. Whole numbers, decimals, dates and times keep their types; what Arrow and
// SQL do not share becomes text. DuckDB's own Arrow output would need a build tag, and so a second way to build.
func (q Query) WriteArrow(ctx context.Context, w io.Writer) error {
	var columns []Column
	var builder *array.RecordBuilder
	var out *ipc.Writer
	pending := 0
	flush := func() error {
		pending = 0
		batch := builder.NewRecordBatch()
		defer batch.Release()
		return out.Write(batch)
	}
	err := q.answer(ctx, func(c []Column) error {
		columns = c
		fields := make([]arrow.Field, len(c))
		for i, col := range c {
			fields[i] = arrow.Field{Name: col.Name, Type: arrowType(col.SQLType), Nullable: true}
		}
		schema := arrow.NewSchema(fields, nil)
		builder = array.NewRecordBuilder(memory.DefaultAllocator, schema)
		out = ipc.NewWriter(w, ipc.WithSchema(schema))
		return nil
	}, arrowExpression, func(row []*string) error {
		for i, v := range row {
			if err := appendArrow(builder.Field(i), v); err != nil {
				return fmt.Errorf("column %s: %w", columns[i].Name, err)
			}
		}
		if pending++; pending == arrowBatch {
			return flush()
		}
		return nil
	})
	if builder == nil {
		return err
	}
	defer builder.Release()
	if err == nil && pending > 0 {
		err = flush()
	}
	return errors.Join(err, out.Close())
}

var decimalType = regexp.MustCompile(`^DECIMAL\((\d+),(\d+)\)$`)

func arrowType(kind string) arrow.DataType {
	switch kind {
	case "BOOLEAN":
		return arrow.FixedWidthTypes.Boolean
	case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER":
		return arrow.PrimitiveTypes.Int64
	case "UBIGINT":
		return arrow.PrimitiveTypes.Uint64
	case "FLOAT", "DOUBLE":
		return arrow.PrimitiveTypes.Float64
	case "DATE":
		return arrow.FixedWidthTypes.Date32
	case "TIMESTAMP":
		return &arrow.TimestampType{Unit: arrow.Microsecond}
	case "TIMESTAMP WITH TIME ZONE":
		return &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}
	}
	if precision, scale, ok := decimalOf(kind); ok {
		return &arrow.Decimal128Type{Precision: precision, Scale: scale}
	}
	return arrow.BinaryTypes.String
}

func decimalOf(kind string) (precision, scale int32, ok bool) {
	m := decimalType.FindStringSubmatch(kind)
	if m == nil {
		return 0, 0, false
	}
	p, errP := strconv.ParseInt(m[1], 10, 32)
	s, errS := strconv.ParseInt(m[2], 10, 32)
	return int32(p), int32(s), errP == nil && errS == nil
}

// arrowExpression lets DuckDB count days and microseconds, so that no calendar is read from text.
func arrowExpression(c Column) string {
	n := quoteName(c.Name)
	switch c.SQLType {
	case "DATE":
		return "cast(date_diff('day', date '1970-01-01', " + n + ") as varchar)"
	case "TIMESTAMP", "TIMESTAMP WITH TIME ZONE":
		return "cast(epoch_us(" + n + ") as varchar)"
	}
	return asText(c)
}

func appendArrow(b array.Builder, v *string) error {
	if v == nil {
		b.AppendNull()
		return nil
	}
	switch b := b.(type) {
	case *array.BooleanBuilder:
		b.Append(*v == "true")
	case *array.Int64Builder:
		n, err := strconv.ParseInt(*v, 10, 64)
		b.Append(n)
		return err
	case *array.Uint64Builder:
		n, err := strconv.ParseUint(*v, 10, 64)
		b.Append(n)
		return err
	case *array.Float64Builder:
		f, err := strconv.ParseFloat(*v, 64)
		b.Append(f)
		return err
	case *array.Date32Builder:
		n, err := strconv.ParseInt(*v, 10, 32)
		b.Append(arrow.Date32(n))
		return err
	case *array.TimestampBuilder:
		n, err := strconv.ParseInt(*v, 10, 64)
		b.Append(arrow.Timestamp(n))
		return err
	case *array.Decimal128Builder:
		t := b.Type().(*arrow.Decimal128Type)
		d, err := decimal128.FromString(*v, t.Precision, t.Scale)
		b.Append(d)
		return err
	case *array.StringBuilder:
		b.Append(*v)
	}
	return nil
}
