package warehouse

import (
	"context"
	"database/sql/driver"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"time"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"github.com/kp2mi/lindung/lake"
)

// database is the name under which the file being built is attached.
const database = "build"

// createRun writes the one row through which SQL learns the day; it stays in the release.
func (b *build) createRun(ctx context.Context) error {
	month := b.ReportMonth.In(jakarta)
	q := fmt.Sprintf(`create table run as select date '%s' as as_of, date '%s' as report_month, %s as release_id, %s as origin`,
		b.AsOf.In(jakarta).Format(time.DateOnly), time.Date(month.Year(), month.Month(), 1, 0, 0, 0, 0, jakarta).Format(time.DateOnly),
		quoteText(b.ReleaseID), quoteText(b.Origin))
	if err := b.s.exec(ctx, q); err != nil {
		return fmt.Errorf("writing the run row: %w", err)
	}
	return nil
}

// loadReference reads every CSV at the root of the reference folder into a temporary table ref_<name> of text
// columns. Go parses them; DuckDB never opens a file that people edit.
func loadReference(ctx context.Context, s *session, lists fs.FS, withRows bool) error {
	names, err := fs.Glob(lists, "*.csv")
	if err != nil {
		return fmt.Errorf("listing reference lists: %w", err)
	}
	sort.Strings(names)
	for _, name := range names {
		if err := loadList(ctx, s, lists, name, withRows); err != nil {
			return fmt.Errorf("loading reference list %s: %w", name, err)
		}
	}
	return nil
}

func loadList(ctx context.Context, s *session, lists fs.FS, name string, withRows bool) error {
	table := "ref_" + strings.TrimSuffix(path.Base(name), ".csv")
	if !identifier.MatchString(table) {
		return errors.New("the name of a list is lower case letters, digits and _")
	}
	f, err := lists.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comment = '#'
	header, err := r.Read()
	if err != nil {
		return fmt.Errorf("reading the header: %w", err)
	}
	columns := make([]string, len(header))
	for i, h := range header {
		if !identifier.MatchString(h) {
			return fmt.Errorf("column %d: %q is not a plain name", i+1, h)
		}
		columns[i] = quoteName(h) + " varchar"
	}
	if err := s.exec(ctx, "create temp table "+quoteName(table)+" ("+strings.Join(columns, ", ")+")"); err != nil {
		return err
	}
	if !withRows {
		return nil
	}
	return s.appendRows("temp", "main", table, func(add func(...driver.Value) error) error {
		for {
			record, err := r.Read()
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return err
			}
			row := make([]driver.Value, len(record))
			for i, cell := range record {
				if cell != "" { // an empty cell says nothing, which is NULL
					row[i] = cell
				}
			}
			if err := add(row...); err != nil {
				return err
			}
		}
	})
}

// appendRows fills a table through DuckDB's appender, which is what makes bulk rows from Go cheap.
func (s *session) appendRows(catalog, schema, table string, fill func(add func(...driver.Value) error) error) error {
	return s.conn.Raw(func(raw any) error {
		a, err := duckdb.NewAppender(raw.(driver.Conn), catalog, schema, table)
		if err != nil {
			return err
		}
		if err := fill(a.AppendRow); err != nil {
			return errors.Join(err, a.Close())
		}
		return a.Close()
	})
}

// smallDataset is up to how many rows a dataset is read into a table once, instead of being read from its files
// by each of the five or more questions that a build asks of it. A small dataset has about as many files as a
// large one, one for each month and delivery, and opening them is all that it costs.
const smallDataset = 200_000

// loadLake defines lake_<dataset> for every dataset: a view over its Parquet files, or a table of what is in
// them, in which each row carries the number and knowledge time of the commit that brought it. A path that counts
// for two commits gives its rows twice, once for each, because both deliveries happened.
func (b *build) loadLake(ctx context.Context) error {
	if err := b.s.exec(ctx, "create temp table lake__files (path varchar, commit_no bigint, known_at timestamptz)"); err != nil {
		return fmt.Errorf("listing lake files: %w", err)
	}
	err := b.s.appendRows("temp", "main", "lake__files", func(add func(...driver.Value) error) error {
		for _, f := range b.Snapshot.Files {
			if err := add(b.pathOf(f), f.CommitNo, f.KnownAt.UTC()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("listing lake files: %w", err)
	}
	for i, d := range b.Datasets {
		files, kind := b.Snapshot.Dataset(d.Name), "view"
		var rows int64
		for _, f := range files {
			rows += f.Rows
		}
		if b.only == nil && rows <= smallDataset { // with chosen KPIs most datasets are not asked at all
			kind = "table"
		}
		if err := b.s.exec(ctx, "create temp "+kind+" "+quoteName("lake_"+d.Name)+" as "+lakeRows(d, files, b.pathOf)); err != nil {
			return fmt.Errorf("loading dataset %s from the lake: %w", d.Name, err)
		}
		b.Progress(Step{Stage: "load", Name: "lake_" + d.Name, Done: i + 1, Total: len(b.Datasets)})
	}
	return b.refuseUnknownDatasets()
}

// refuseUnknownDatasets keeps files that no schema describes from being left out without a word.
func (b *build) refuseUnknownDatasets() error {
	for _, f := range b.Snapshot.Files {
		if !slices.ContainsFunc(b.Datasets, func(d DatasetSchema) bool { return d.Name == f.Dataset }) {
			return fmt.Errorf("loading dataset %s from the lake: this program does not know it; use the version that wrote it", f.Dataset)
		}
	}
	return nil
}

func (b *build) pathOf(f lake.File) string {
	return filepath.Join(b.LakeDir, filepath.FromSlash(f.Path))
}

// lakeRows writes the query behind one lake_<dataset>. Columns are read by name: a file from before a column
// existed gives NULL for it, and a narrower type is widened.
func lakeRows(d DatasetSchema, files []lake.File, pathOf func(lake.File) string) string {
	present := map[string]bool{}
	var paths []string
	for _, f := range files {
		paths = append(paths, quoteText(pathOf(f)))
		for _, c := range f.Columns {
			present[c.Name] = true
		}
	}
	slices.Sort(paths)
	paths = slices.Compact(paths)
	selected := make([]string, 0, len(d.Columns)+2)
	for _, c := range d.Columns {
		value := "null"
		if present[c.Name] {
			value = "told." + quoteName(c.Name)
		}
		selected = append(selected, fmt.Sprintf("cast(%s as %s) as %s", value, c.SQLType, quoteName(c.Name)))
	}
	if len(paths) == 0 {
		return fmt.Sprintf("select %s, cast(null as bigint) as commit_no, cast(null as timestamptz) as known_at where false", strings.Join(selected, ", "))
	}
	return fmt.Sprintf(`select %s, lake__files.commit_no, lake__files.known_at
from read_parquet([%s], union_by_name = %t, hive_partitioning = false, filename = 'lake__path') as told
inner join lake__files on lake__files.path = told.lake__path`, strings.Join(selected, ", "), strings.Join(paths, ", "), !uniform(files))
}

// uniform says that all files were written by one version of the dataset, so that the first file's columns are
// those of all: else each file has to be opened to see what it has, before any is read.
func uniform(files []lake.File) bool {
	for _, f := range files[1:] {
		same := slices.EqualFunc(f.Columns, files[0].Columns, func(a, b lake.ColumnSum) bool { return a.Name == b.Name })
		if !same || f.Normaliser != files[0].Normaliser {
			return false
		}
	}
	return true
}
