package transforms

import (
	"encoding/binary"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unsafe"

	"github.com/google/uuid"
)

// Token is a keyed token of a direct identifier. It is the UUID type that the Parquet library knows,
// because a nullable token must be a pointer: the library marks optional value fields as null
// wrongly, and takes the uuid tag on values only.
type Token = uuid.UUID

// Provenance is carried by every row of every dataset: where it came from and which of two rows
// with the same key is the newer. It holds nothing that depends on the order in which feeds ran.
type Provenance struct {
	Source          string   `parquet:"source,dict" lindung:"open"`
	Period          string   `parquet:"period,dict" lindung:"open"`
	RowKey          string   `parquet:"row_key" lindung:"internal"`
	SourceUpdatedAt *int64   `parquet:"source_updated_at,timestamp(microsecond)" lindung:"internal"`
	ObjectID        [16]byte `parquet:"object_id,uuid,dict" lindung:"internal"`
	RowNo           int64    `parquet:"row_no" lindung:"internal"`
	RowHash         int64    `parquet:"row_hash" lindung:"internal"`
	Normaliser      int32    `parquet:"normaliser,dict" lindung:"internal"`
}

func (p *Provenance) provenance() *Provenance { return p }

// kind says how a column lies in memory and in Parquet.
type kind uint8

const (
	kindText kind = iota
	kindInt32
	kindInt64
	kindBool
	kindUUID
)

// meaning says how a number reads.
type meaning uint8

const (
	plainNumber meaning = iota
	dayNumber
	microseconds
	decimalNumber
)

// shaped is one column of a row type: what people know of it and where it lies.
type shaped struct {
	Column
	kind       kind
	meaning    meaning
	places     int // decimals of a decimal
	offset     uintptr
	pointer    bool // nil is null
	provenance bool
	bounded    bool // smallest and largest value are kept
	token      bool // made with the token key
}

// shape is the compiled layout of a row type. Reading a column through it costs a few
// nanoseconds, which matters where every value of a million rows is hashed.
type shape struct {
	columns []shaped
	names   []string
}

func shapeOf[T any]() *shape {
	s := &shape{}
	s.addFields(reflect.TypeFor[T](), 0, false)
	for _, c := range s.columns {
		s.names = append(s.names, c.Name)
	}
	return s
}

func columnsOf[T any]() []Column {
	s := shapeOf[T]()
	columns := make([]Column, len(s.columns))
	for i, c := range s.columns {
		columns[i] = c.Column
	}
	return columns
}

func (s *shape) find(name string) int {
	for i, c := range s.columns {
		if c.Name == name {
			return i
		}
	}
	return -1
}

func (s *shape) addFields(t reflect.Type, base uintptr, provenance bool) {
	for i := range t.NumField() {
		field := t.Field(i)
		if field.Anonymous {
			s.addFields(field.Type, base+field.Offset, true)
			continue
		}
		c := shapedOf(t, field)
		c.offset, c.provenance = base+field.Offset, provenance
		s.columns = append(s.columns, c)
	}
}

// shapedOf reads a struct field's tags: `parquet:` is the file's schema, `lindung:"class,list"`
// how personal the column is and which code list it speaks.
func shapedOf(owner reflect.Type, field reflect.StructField) shaped {
	tag := strings.Split(field.Tag.Get("parquet"), ",")
	options := tag[1:]
	class, listName, _ := strings.Cut(field.Tag.Get("lindung"), ",")
	c := shaped{Column: Column{Name: tag[0], Class: class, List: listName}}
	t := field.Type
	c.token = t == reflect.TypeFor[*Token]()
	if t.Kind() == reflect.Pointer {
		c.pointer, c.Nullable = true, true
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.String:
		c.kind, c.Type = kindText, "VARCHAR"
	case reflect.Bool:
		c.kind, c.Type = kindBool, "BOOLEAN"
	case reflect.Int32:
		c.kind, c.Type = kindInt32, "INTEGER"
	case reflect.Int64:
		c.kind, c.Type = kindInt64, "BIGINT"
	case reflect.Array:
		c.kind, c.Type = kindUUID, "UUID"
	default:
		panic(fmt.Sprintf("transforms: %s.%s has type %s, which no dataset column may have", owner, field.Name, field.Type))
	}
	for _, o := range options {
		switch {
		case o == "date":
			c.meaning, c.Type = dayNumber, "DATE"
		case o == "int(16)":
			c.Type = "SMALLINT"
		case o == "timestamp(microsecond)":
			c.meaning, c.Type = microseconds, "TIMESTAMP WITH TIME ZONE"
		case strings.HasPrefix(o, "decimal("):
			places, precision, _ := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(o, "decimal("), ")"), ":")
			c.places, _ = strconv.Atoi(places)
			c.meaning, c.Type = decimalNumber, "DECIMAL("+precision+","+places+")"
		}
	}
	c.bounded = c.kind != kindUUID && (class == "open" || class == "internal")
	return c
}

// value is a column's value in one of three forms; null says that there is none.
type value struct {
	null bool
	text string
	num  int64
	id   [16]byte
}

// at reads column c of a row. Row layouts are compiled from the type itself, so the pointer
// arithmetic cannot leave the row.
func (c *shaped) at(row unsafe.Pointer) value {
	p := unsafe.Add(row, c.offset)
	if c.pointer {
		if p = *(*unsafe.Pointer)(p); p == nil {
			return value{null: true}
		}
	}
	switch c.kind {
	case kindText:
		return value{text: *(*string)(p)}
	case kindInt32:
		return value{num: int64(*(*int32)(p))}
	case kindInt64:
		return value{num: *(*int64)(p)}
	case kindBool:
		if *(*bool)(p) {
			return value{num: 1}
		}
		return value{}
	}
	return value{id: *(*[16]byte)(p)}
}

// appendText writes a value as people and keys read it; null is empty.
func (c *shaped) appendText(b []byte, v value) []byte {
	switch {
	case v.null:
		return b
	case c.kind == kindText:
		return append(b, v.text...)
	case c.kind == kindBool:
		return strconv.AppendBool(b, v.num == 1)
	case c.kind == kindUUID:
		return fmt.Appendf(b, "%x", v.id)
	}
	switch c.meaning {
	case dayNumber:
		y, m, d := civilFromDays(int32(v.num))
		return fmt.Appendf(b, "%04d-%02d-%02d", y, m, d)
	case microseconds:
		return time.UnixMicro(v.num).UTC().AppendFormat(b, "2006-01-02 15:04:05.000000+00")
	case decimalNumber:
		return append(b, decimalText(v.num, c.places)...)
	}
	return strconv.AppendInt(b, v.num, 10)
}

// appendCanonical writes the bytes that checksums are taken over: UTF-8 for text, eight bytes
// little endian for numbers, days, moments, decimals and truth values, sixteen for identifiers.
func (c *shaped) appendCanonical(b []byte, v value) []byte {
	switch c.kind {
	case kindText:
		return append(b, v.text...)
	case kindUUID:
		return append(b, v.id[:]...)
	}
	return binary.LittleEndian.AppendUint64(b, uint64(v.num))
}

// appendBusiness writes all business columns in an unambiguous form: a byte says whether there is
// a value, and texts carry their length.
func (s *shape) appendBusiness(b []byte, row unsafe.Pointer) []byte {
	for i := range s.columns {
		c := &s.columns[i]
		if c.provenance {
			continue
		}
		v := c.at(row)
		if v.null {
			b = append(b, 0)
			continue
		}
		b = append(b, 1)
		if c.kind == kindText {
			b = binary.AppendUvarint(b, uint64(len(v.text)))
		}
		b = c.appendCanonical(b, v)
	}
	return b
}
