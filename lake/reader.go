package lake

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// VerifyFile reads a file back with a Parquet implementation other than the one that wrote
// it, and compares bytes, rows and, per column, nulls and the sum of the values. The hash
// comes first, so the reader only ever sees bytes that we wrote.
func (l *Lake) VerifyFile(f File) error {
	if err := l.verifyFile(f); err != nil {
		return fmt.Errorf("verifying %s: %w", f.Path, err)
	}
	return nil
}

func (l *Lake) verifyFile(f File) error {
	if err := f.checkPath(); err != nil {
		return err
	}
	in, err := os.Open(l.Path(f.Path))
	if err != nil {
		return fmt.Errorf("%w; restore it from a backup of the lake", err)
	}
	defer in.Close()
	h := sha256.New()
	n, err := io.Copy(h, in)
	if err != nil {
		return err
	}
	if got := hex.EncodeToString(h.Sum(nil)); n != f.Bytes || got != f.SHA256 {
		return fmt.Errorf("it has %d bytes with hash %s where %d bytes with hash %s were written: it was damaged or changed; restore it from a backup of the lake", n, short(got), f.Bytes, short(f.SHA256))
	}
	rows, columns, err := readSums(in)
	if err != nil {
		return err
	}
	return compareSums(f, rows, columns)
}

func short(hash string) string { return hash[:min(len(hash), 12)] }

// compareSums names every column on which the two implementations disagree.
func compareSums(f File, rows int64, columns []ColumnSum) error {
	var differ []string
	if rows != f.Rows {
		differ = append(differ, fmt.Sprintf("%d rows where %d were written", rows, f.Rows))
	}
	if len(columns) != len(f.Columns) {
		differ = append(differ, fmt.Sprintf("%d columns where %d were written", len(columns), len(f.Columns)))
	}
	for i := range min(len(columns), len(f.Columns)) {
		got, want := columns[i], f.Columns[i]
		switch {
		case got.Name != want.Name:
			differ = append(differ, fmt.Sprintf("column %d is %s where %s was written", i+1, got.Name, want.Name))
		case got.Nulls != want.Nulls:
			differ = append(differ, fmt.Sprintf("column %s has %d nulls where %d were written", got.Name, got.Nulls, want.Nulls))
		case got.Sum != want.Sum:
			differ = append(differ, fmt.Sprintf("the values of column %s add up to %s where %s was written", got.Name, got.Sum, want.Sum))
		}
	}
	if len(differ) == 0 {
		return nil
	}
	return fmt.Errorf("an independent reader found %s; the writer and the reader disagree, nothing of this file may be committed, report it", strings.Join(differ, "; "))
}

// openParquet opens a file for reading. A panic of the reader becomes an error: it is the
// second opinion here, and a second opinion may not end the program.
func openParquet(in parquet.ReaderAtSeeker, read func(*file.Reader) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the independent Parquet reader gave up: %v", p)
		}
	}()
	r, err := file.NewParquetReader(in)
	if err != nil {
		return fmt.Errorf("reading Parquet: %w", err)
	}
	if err := read(r); err != nil {
		return fmt.Errorf("reading Parquet: %w", err)
	}
	return nil
}

// readSums adds up every column of a file.
func readSums(in parquet.ReaderAtSeeker) (rows int64, columns []ColumnSum, err error) {
	err = openParquet(in, func(r *file.Reader) error {
		rows = r.NumRows()
		fields := r.MetaData().Schema
		columns = make([]ColumnSum, fields.NumColumns())
		var sum summer
		for i := range columns {
			column := fields.Column(i)
			sum.start()
			if err := eachChunk(r, i, func(chunk file.ColumnChunkReader) error { return sum.add(column, chunk) }); err != nil {
				return fmt.Errorf("column %s: %w", column.Name(), err)
			}
			if sum.seen != rows {
				return fmt.Errorf("column %s has %d values in a file of %d rows", column.Name(), sum.seen, rows)
			}
			columns[i] = ColumnSum{Name: column.Name(), Nulls: sum.nulls, Sum: fmt.Sprintf("%016x", sum.total)}
		}
		return nil
	})
	return rows, columns, err
}

func eachChunk(r *file.Reader, column int, read func(file.ColumnChunkReader) error) error {
	for g := range r.NumRowGroups() {
		chunk, err := r.RowGroup(g).Column(column)
		if err != nil {
			return err
		}
		err = read(chunk)
		if closed := chunk.Close(); err == nil {
			err = closed
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// A Key is where a row key was brought last.
type Key struct {
	Period   string
	CommitNo int64
}

// ReadKeys gives every row key of a file, once for each of its rows.
func (l *Lake) ReadKeys(f File, yield func(key string)) error {
	if err := l.readKeys(f, func(key []byte) { yield(string(key)) }); err != nil {
		return fmt.Errorf("reading the row keys of %s: %w", f.Path, err)
	}
	return nil
}

// OpenFile opens a file of the lake for reading.
func (l *Lake) OpenFile(f File) (*os.File, error) {
	if err := f.checkPath(); err != nil {
		return nil, fmt.Errorf("opening a file of the lake: %w", err)
	}
	in, err := os.Open(l.Path(f.Path))
	if err != nil {
		return nil, fmt.Errorf("opening a file of the lake: %w; restore it from a backup of the lake", err)
	}
	return in, nil
}

// newestKeys gives every row key of files with the newest of the commits that brought it.
func (l *Lake) newestKeys(files []File) (map[string]Key, error) {
	keys := map[string]Key{}
	for _, f := range files {
		err := l.readKeys(f, func(key []byte) {
			if old, known := keys[string(key)]; !known || old.CommitNo <= f.CommitNo {
				keys[string(key)] = Key{Period: f.Period, CommitNo: f.CommitNo}
			}
		})
		if err != nil {
			return nil, fmt.Errorf("reading the row keys of %s: %w", f.Path, err)
		}
	}
	return keys, nil
}

// CurrentKeys gives the row keys that a feed has and that no tombstone of its newest
// commit or a later one has taken away: what a full delivery must hold, or else what it leaves out is gone at the source.
func (l *Lake) CurrentKeys(s Snapshot, feed, dataset string) (map[string]Key, error) {
	keys, err := l.newestKeys(s.Feed(feed, dataset))
	if err != nil {
		return nil, err
	}
	gone, err := l.newestKeys(s.Feed(feed, Tombstones))
	if err != nil {
		return nil, err
	}
	for key, stone := range gone {
		if row, known := keys[key]; known && stone.CommitNo >= row.CommitNo {
			delete(keys, key)
		}
	}
	return keys, nil
}

func (l *Lake) readKeys(f File, yield func(key []byte)) error {
	in, err := l.OpenFile(f)
	if err != nil {
		return err
	}
	defer in.Close()
	return openParquet(in, func(r *file.Reader) error {
		column := r.MetaData().Schema.ColumnIndexByName(keyColumn)
		if column < 0 {
			return fmt.Errorf("it has no column %s", keyColumn)
		}
		return eachChunk(r, column, func(chunk file.ColumnChunkReader) error {
			text, ok := chunk.(*file.ByteArrayColumnChunkReader)
			if !ok || !isFlat(chunk.Descriptor()) {
				return errors.New("its row keys are not text")
			}
			values := make([]parquet.ByteArray, batchSize)
			for text.HasNext() {
				_, n, err := text.ReadBatchInPage(batchSize, values, nil, nil)
				if err != nil {
					return err
				}
				for _, v := range values[:n] {
					yield(v)
				}
			}
			return text.Err()
		})
	})
}

func isFlat(c *schema.Column) bool { return c.MaxRepetitionLevel() == 0 && c.MaxDefinitionLevel() <= 1 }
