package transforms

import (
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"
)

// RejectRow is one problem as a rejects file holds it.
type RejectRow struct {
	Dataset string
	Feed    string
	Source  string
	Period  string
	Object  [16]byte
	RowNo   int64
	Place   string
	Code    string
	Column  string
	Message string
	Key     [16]byte // RecordToken of its business key; zero where that is not known
}

// ReadRejects reads a file of the dataset "rejects".
func ReadRejects(r io.ReaderAt, size int64) ([]RejectRow, error) {
	var rows []RejectRow
	err := readRows(r, size, func(p *RejectedProblem) {
		row := RejectRow{Dataset: p.Dataset, Feed: p.Feed, Source: p.Source, Period: p.Period, Object: p.ObjectID,
			RowNo: p.RowNo, Place: p.Place, Code: p.Code, Message: p.Message}
		if p.ColumnName != nil {
			row.Column = *p.ColumnName
		}
		if p.RecordKey != nil {
			row.Key = *p.RecordKey
		}
		rows = append(rows, row)
	})
	return rows, err
}

// ReadOrigins yields the object and the record number behind every row of a dataset's file.
func ReadOrigins(r io.ReaderAt, size int64, yield func(object [16]byte, rowNo int64)) error {
	type origin struct {
		ObjectID [16]byte `parquet:"object_id,uuid"`
		RowNo    int64    `parquet:"row_no"`
	}
	return readRows(r, size, func(o *origin) { yield(o.ObjectID, o.RowNo) })
}

// ReadKeys yields the business key of every row of a dataset's file. It reads the one column page by
// page, which is many times faster than by rows; a key is good until the next one is yielded.
func ReadKeys(r io.ReaderAt, size int64, yield func(key []byte)) error {
	file, err := parquet.OpenFile(r, size)
	if err != nil {
		return fmt.Errorf("opening the Parquet file: %w", err)
	}
	column, ok := file.Schema().Lookup("row_key")
	if !ok {
		return errors.New("reading keys: the Parquet file has no column row_key")
	}
	for _, group := range file.RowGroups() {
		if err := readChunk(group.ColumnChunks()[column.ColumnIndex], yield); err != nil {
			return fmt.Errorf("reading keys: %w", err)
		}
	}
	return nil
}

func readChunk(chunk parquet.ColumnChunk, yield func(text []byte)) error {
	pages := chunk.Pages()
	defer pages.Close()
	values := make([]parquet.Value, 1024)
	for {
		page, err := pages.ReadPage()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		reader := page.Values()
		for err == nil {
			var n int
			n, err = reader.ReadValues(values)
			for _, v := range values[:n] {
				yield(v.ByteArray())
			}
		}
		parquet.Release(page)
		if !errors.Is(err, io.EOF) {
			return err
		}
	}
}

// ReadVersions yields key, version and content hash of every row of a dataset's file.
func ReadVersions(r io.ReaderAt, size int64, yield func(v Version)) error {
	type version struct {
		RowKey          string `parquet:"row_key"`
		SourceUpdatedAt *int64 `parquet:"source_updated_at,timestamp(microsecond)"`
		RowHash         int64  `parquet:"row_hash"`
	}
	return readRows(r, size, func(row *version) {
		v := Version{Key: row.RowKey, Hash: row.RowHash}
		if row.SourceUpdatedAt != nil {
			v.UpdatedAt = *row.SourceUpdatedAt
		}
		yield(v)
	})
}

// readRows reads the columns of T, by name, out of a Parquet file of this product.
func readRows[T any](r io.ReaderAt, size int64, each func(*T)) error {
	file, err := parquet.OpenFile(r, size)
	if err != nil {
		return fmt.Errorf("opening the Parquet file: %w", err)
	}
	reader := parquet.NewGenericReader[T](file)
	defer reader.Close()
	batch := make([]T, 512)
	for {
		n, err := reader.Read(batch)
		for i := range batch[:n] {
			each(&batch[i])
		}
		clear(batch[:n])
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("reading Parquet rows: %w", err)
		}
	}
}
