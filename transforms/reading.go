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
