package lake

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const (
	fileSuffix = ".parquet"
	fileMode   = 0o440
)

// Rows are typed rows that know how to sort themselves, to write themselves as Parquet,
// and what their columns add up to before they are written.
type Rows interface {
	Len() int
	Sort()
	WriteParquet(w io.Writer) error
	Columns() []string
	// Sums gives, per column, the number of NULLs, the sum of the xxh3 hashes of the
	// values, and the least and the greatest value as text where they may be shown.
	Sums() (nulls []int64, sums []uint64, mins, maxs []string)
}

// A ColumnSum is what one column of a file adds up to. Whoever reads the file must come to
// the same nulls and sum. The sum runs over the xxh3 hash of every value that is not NULL:
// text as its bytes, numbers, dates (days), timestamps (microseconds) and decimals
// (unscaled) as eight little-endian bytes, floats as their bits, uuids as sixteen bytes.
type ColumnSum struct {
	Name  string `json:"name"`
	Nulls int64  `json:"nulls"`
	Sum   string `json:"sum"` // 16 hexadecimal digits
	Min   string `json:"min,omitempty"`
	Max   string `json:"max,omitempty"`
}

// A File is one Parquet file of the lake: one dataset, source and period of the records'
// own dates. Its name is made of its content, so equal rows make the same file.
type File struct {
	Path    string      `json:"path"` // relative to the data folder, with slashes
	Dataset string      `json:"dataset"`
	Source  string      `json:"source"`
	Period  string      `json:"period"` // "2024-01"
	Rows    int64       `json:"rows"`
	Bytes   int64       `json:"bytes"`
	SHA256  string      `json:"sha256"`
	Columns []ColumnSum `json:"columns"`

	// CommitNo and KnownAt are of the delivery that first brought these rows. In a log
	// entry they are left out when that is the entry itself; a snapshot fills them in.
	CommitNo int64     `json:"commit_no,omitempty"`
	KnownAt  time.Time `json:"known_at,omitzero"`

	// Feed and Normaliser are of the entry that added the file. Only a snapshot fills them in.
	Feed       string `json:"feed,omitempty"`
	Normaliser int    `json:"normaliser,omitempty"`
}

// Ref names this file as the bringer of one delivery's rows. The same rows may have been
// delivered twice and then are one file under two refs.
func (f File) Ref() string { return f.Path + "@" + strconv.FormatInt(f.CommitNo, 10) }

// WriteFile sorts the rows and writes them into the partition of their dataset, source and
// period. The file is on disk when it returns, and counts for nothing before a committed
// entry lists it. Writing the same rows again gives the same file.
func (l *Lake) WriteFile(dataset, source, period string, rows Rows) (File, error) {
	f, err := l.writeFile(dataset, source, period, rows)
	if err != nil {
		return File{}, fmt.Errorf("writing a file of %s from %s for %s: %w", dataset, source, period, err)
	}
	return f, nil
}

func (l *Lake) writeFile(dataset, source, period string, rows Rows) (File, error) {
	folder, err := partition(dataset, source, period)
	if err != nil {
		return File{}, err
	}
	if rows.Len() == 0 {
		return File{}, errors.New("there are no rows; a period without rows has no file")
	}
	rows.Sort()
	columns, err := columnSums(rows)
	if err != nil {
		return File{}, err
	}
	tmp, err := l.fs.create("file", l.Path(folder), folderMode)
	if err != nil {
		return File{}, err
	}
	out := &meter{w: tmp, sum: sha256.New()}
	if err := rows.WriteParquet(out); err != nil {
		tmp.discard()
		return File{}, fmt.Errorf("encoding Parquet: %w", err)
	}
	sum := out.sum.Sum(nil)
	f := File{
		Path:    path.Join(folder, hex.EncodeToString(sum[:16])+fileSuffix),
		Dataset: dataset, Source: source, Period: period,
		Rows: int64(rows.Len()), Bytes: out.n, SHA256: hex.EncodeToString(sum), Columns: columns,
	}
	existed, err := tmp.install(l.Path(f.Path), fileMode)
	if err != nil {
		return File{}, err
	}
	if existed {
		return f, l.checkSize(f)
	}
	return f, nil
}

func partition(dataset, source, period string) (string, error) {
	if err := checkName("dataset", dataset); err != nil {
		return "", err
	}
	if err := checkName("source", source); err != nil {
		return "", err
	}
	if !periodPattern.MatchString(period) {
		return "", fmt.Errorf("period %q: write it as 2024-01", period)
	}
	return path.Join(filesFolder, dataset, "source="+source, "period="+period), nil
}

func columnSums(rows Rows) ([]ColumnSum, error) {
	names := rows.Columns()
	nulls, sums, mins, maxs := rows.Sums()
	if n := len(names); len(nulls) != n || len(sums) != n || len(mins) != n || len(maxs) != n {
		return nil, fmt.Errorf("the rows have %d columns but sums of %d, %d, %d and %d", n, len(nulls), len(sums), len(mins), len(maxs))
	}
	columns := make([]ColumnSum, len(names))
	for i, name := range names {
		columns[i] = ColumnSum{Name: name, Nulls: nulls[i], Sum: fmt.Sprintf("%016x", sums[i]), Min: mins[i], Max: maxs[i]}
	}
	return columns, nil
}

// checkSize finds a listed file that is missing or cut off, without reading it.
func (l *Lake) checkSize(f File) error {
	info, err := os.Stat(l.Path(f.Path))
	if err != nil {
		return fmt.Errorf("%w; restore it from a backup of the lake", err)
	}
	if info.Size() != f.Bytes {
		return fmt.Errorf("%s has %d bytes where %d were written; restore it from a backup of the lake", f.Path, info.Size(), f.Bytes)
	}
	return nil
}

// checkPath refuses a path that does not lie where its own fields put it, so that no log
// entry can point out of the lake.
func (f File) checkPath() error {
	folder, err := partition(f.Dataset, f.Source, f.Period)
	if err != nil {
		return err
	}
	name, found := strings.CutPrefix(f.Path, folder+"/")
	if !found || filepath.Base(name) != name || !strings.HasSuffix(name, fileSuffix) || len(f.SHA256) != 64 || name != f.SHA256[:32]+fileSuffix {
		return fmt.Errorf("path %q is not where a file of %s from %s for %s with its hash lies", f.Path, f.Dataset, f.Source, f.Period)
	}
	return nil
}

// meter counts and hashes what passes.
type meter struct {
	w   io.Writer
	n   int64
	sum interface {
		io.Writer
		Sum([]byte) []byte
	}
}

// Write passes p on.
func (m *meter) Write(p []byte) (int, error) {
	n, err := m.w.Write(p)
	m.n += int64(n)
	m.sum.Write(p[:n])
	return n, err
}
