package data

import (
	"io"
	"reflect"
	"strconv"

	"github.com/parquet-go/parquet-go"

	"github.com/kp2mi/lindung/reports/document"
	"github.com/kp2mi/lindung/reports/tables"
)

// writeParquet writes columns of strings and doubles, each of which may be null. Texts stand as they
// are: no spreadsheet runs them here.
func writeParquet(w io.Writer, doc *document.Document, t tables.Table, columns []column) error {
	fields := make([]reflect.StructField, len(columns))
	for i, c := range columns {
		kind := reflect.TypeFor[*string]()
		if c.numbers != nil {
			kind = reflect.TypeFor[*float64]()
		}
		fields[i] = reflect.StructField{Name: "C" + strconv.Itoa(i), Type: kind, Tag: reflect.StructTag(`parquet:` + strconv.Quote(c.name+",optional"))}
	}
	schema := parquet.SchemaOf(reflect.New(reflect.StructOf(fields)).Interface())
	options := []parquet.WriterOption{schema, parquet.CreatedBy("lindung", doc.Release.Program, ""), parquet.Compression(&parquet.Zstd)}
	for _, f := range about(doc, t) {
		options = append(options, parquet.KeyValueMetadata(f.key, f.value))
	}
	out := parquet.NewWriter(w, options...)
	row := make(parquet.Row, len(columns))
	for r := range len(t.Rows) {
		for i, c := range columns {
			value, level := parquet.NullValue(), 0
			switch {
			case c.numbers != nil && c.numbers[r] != nil:
				value, level = parquet.DoubleValue(*c.numbers[r]), 1
			case c.numbers == nil && c.texts[r] != nil:
				value, level = parquet.ByteArrayValue([]byte(*c.texts[r])), 1
			}
			row[i] = value.Level(0, level, i)
		}
		if _, err := out.WriteRows([]parquet.Row{row}); err != nil {
			return err
		}
	}
	return out.Close()
}

type keyValue struct{ key, value string }

// about is what a Parquet file says about itself, so that it can be told from others on its own.
func about(doc *document.Document, t tables.Table) []keyValue {
	facts := []keyValue{{"title", t.Title}, {"table", t.ID}, {"report", doc.Title}, {"subject", doc.Subject}, {"publisher", doc.Publisher}, {"language", doc.Lang},
		{"status", doc.Status}, {"release_id", doc.Release.ID}, {"as_of", tables.Day(doc.Release.AsOf)}, {"content_hash", doc.Release.Hash}}
	if doc.Sample != "" {
		facts = append(facts, keyValue{"banner", doc.Sample})
	}
	return facts
}
