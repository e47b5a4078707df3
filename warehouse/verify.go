package warehouse

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// hashTables reads every value of every table of an attached file: row count and the sum of the rows' hashes,
// which no order and no number of threads can change.
func (s *session) hashTables(ctx context.Context, catalog string) (tables []TableHash, err error) {
	type place struct{ schema, table string }
	columns := map[place][]string{}
	var order []place
	err = s.each(ctx, `select schema_name, table_name, column_name from duckdb_columns()
		where database_name = `+quoteText(catalog)+` and not internal and (database_name, schema_name, table_name) in
			(select (database_name, schema_name, table_name) from duckdb_tables()) order by schema_name, table_name, column_index`, func(row []*string) error {
		p := place{*row[0], *row[1]}
		if columns[p] == nil {
			order = append(order, p)
		}
		columns[p] = append(columns[p], *row[2])
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, p := range order {
		t := TableHash{Name: p.table}
		if p.schema != "main" {
			t.Name = p.schema + "." + p.table
		}
		q := fmt.Sprintf("select count(*), cast(coalesce(sum(hash(%s)), 0) as varchar) from %s", quoteNames(columns[p]), qualified(catalog, p.schema+"."+p.table))
		if err := s.one(ctx, q, &t.Rows, &t.Hash); err != nil {
			return nil, fmt.Errorf("table %s: %w", t.Name, err)
		}
		tables = append(tables, t)
	}
	return tables, nil
}

// verify opens the closed files afresh, read-only, and reads back every value: what is on disk must be what was
// computed. It also insists that DuckDB left nothing beside them, because a reader would replay it.
func (b *build) verify(ctx context.Context) error {
	if err := noSideFiles(b.OutDir); err != nil {
		return err
	}
	for i, f := range []struct {
		name string
		want []TableHash
	}{{WarehouseFile, b.manifest.Tables}, {OpenFile, b.manifest.Open}} {
		got, err := b.readBack(ctx, filepath.Join(b.OutDir, f.name))
		if err != nil {
			return fmt.Errorf("reading back %s: %w", f.name, err)
		}
		if err := sameTables(f.want, got); err != nil {
			return fmt.Errorf("reading back %s: %w; the file is discarded, build again", f.name, err)
		}
		b.Progress(Step{Stage: "verify", Name: f.name, Done: i + 1, Total: 2})
	}
	return noSideFiles(b.OutDir)
}

func (b *build) readBack(ctx context.Context, path string) (tables []TableHash, err error) {
	s, err := openSession(ctx, limits{threads: b.Threads, memory: b.MemoryLimit, tempDir: b.spill(), maxTemp: b.MaxTempSize})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := s.exec(ctx, "attach "+quoteText(path)+" as closed (read_only)"); err != nil {
		return nil, err
	}
	return s.hashTables(ctx, "closed")
}

func sameTables(want, got []TableHash) error {
	if len(want) != len(got) {
		return fmt.Errorf("%d tables were written and %d are there", len(want), len(got))
	}
	for i := range want {
		if want[i] != got[i] {
			return fmt.Errorf("table %s was written with %d rows and reads back as %s with %d rows, or with other values",
				want[i].Name, want[i].Rows, got[i].Name, got[i].Rows)
		}
	}
	return nil
}

// noSideFiles refuses a directory with anything but the files of a release.
func noSideFiles(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("listing release files: %w", err)
	}
	expected := []string{WarehouseFile, OpenFile, FiguresFile, RestatementsFile, ManifestFile, martsFolder, openFolder, sqlFolder}
	for _, e := range entries {
		if !slices.Contains(expected, e.Name()) {
			return fmt.Errorf("listing release files: DuckDB left %s behind; build again", e.Name())
		}
	}
	return nil
}
