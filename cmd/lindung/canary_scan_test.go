package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"database/sql"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// A canaryScan reads files as their readers would (every column of Parquet, DuckDB and SQLite as
// text and numbers as whole ones, the members of archives and workbooks, what is compressed), and
// then their bytes: a value in a compressed page shows in the first only, one in a page that was
// given up in the second only.
type canaryScan struct {
	t     *testing.T
	net   *canaryNet
	tmp   string
	files int
	kinds map[string]int // files of each kind that were read
	found []string
}

func newCanaryScan(t *testing.T, net *canaryNet) *canaryScan {
	return &canaryScan{t: t, net: net, tmp: t.TempDir(), kinds: map[string]int{}}
}

// folder reads everything below a folder but what is left out, which are paths of it.
func (s *canaryScan) folder(root string, leftOut ...string) {
	s.t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(root, path)
		for _, out := range leftOut {
			if name == filepath.FromSlash(out) {
				return fs.SkipDir
			}
		}
		s.text("name", name, []byte(name))
		if !d.Type().IsRegular() {
			return nil
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		s.files++
		wal, err := os.ReadFile(path + ".wal")
		if err != nil {
			wal = nil
		}
		if sqlite, err := os.ReadFile(path + "-wal"); err == nil {
			wal = sqlite
		}
		s.content(name, raw, wal)
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// content reads what a file holds; wal is what a database has written beside it.
func (s *canaryScan) content(name string, raw, wal []byte) {
	s.text("bytes", name, raw)
	switch {
	case bytes.HasPrefix(raw, []byte("PAR1")):
		s.kinds["parquet"]++
		s.parquet(name, raw)
	case len(raw) > 12 && string(raw[8:12]) == "DUCK":
		s.kinds["duckdb"]++
		s.duckdb(name, raw, wal)
	case bytes.HasPrefix(raw, []byte("SQLite format 3\x00")):
		s.kinds["sqlite"]++
		s.sqlite(name, raw, wal)
	case bytes.HasPrefix(raw, []byte("PK\x03\x04")):
		s.kinds["zip"]++
		s.zip(name, raw)
	case bytes.HasPrefix(raw, []byte{0x1f, 0x8b}):
		s.kinds["gzip"]++
		if r, err := gzip.NewReader(bytes.NewReader(raw)); err == nil {
			s.stream(name+" (gzip)", r)
		}
	case bytes.HasPrefix(raw, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		s.kinds["zstd"]++
		if r, err := zstd.NewReader(bytes.NewReader(raw)); err == nil {
			s.stream(name+" (zstd)", r)
			r.Close()
		}
	case len(raw) > 262 && string(raw[257:262]) == "ustar":
		s.kinds["tar"]++
		s.tar(name, raw)
	default:
		s.kinds["plain"]++
	}
}

func (s *canaryScan) text(how, name string, text []byte) {
	if n, first := s.net.find(text); n > 0 {
		s.found = append(s.found, fmt.Sprintf("%s: %d times, as %s: %s", name, n, how, first))
	}
}

// stream reads what is compressed. What is damaged is read as far as it goes.
func (s *canaryScan) stream(name string, r io.Reader) {
	raw, _ := io.ReadAll(r)
	s.content(name, raw, nil)
}

func (s *canaryScan) zip(name string, raw []byte) {
	archive, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		s.t.Fatalf("%s: %v", name, err)
	}
	for _, member := range archive.File {
		r, err := member.Open()
		if err != nil {
			s.t.Fatalf("%s: %v", name, err)
		}
		s.stream(name+", "+member.Name, r)
	}
}

func (s *canaryScan) tar(name string, raw []byte) {
	archive := tar.NewReader(bytes.NewReader(raw))
	for header, err := archive.Next(); err == nil; header, err = archive.Next() {
		s.stream(name+", "+header.Name, archive)
	}
}

// copyOf puts a database where it can be opened without touching the one that was found.
func (s *canaryScan) copyOf(raw, wal []byte, suffix string) string {
	s.t.Helper()
	path := filepath.Join(s.tmp, fmt.Sprintf("copy-%d", len(s.kinds)*1_000_000+s.files))
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		s.t.Fatal(err)
	}
	if wal != nil {
		if err := os.WriteFile(path+suffix, wal, 0o600); err != nil {
			s.t.Fatal(err)
		}
	}
	s.t.Cleanup(func() { _ = os.Remove(path); _ = os.Remove(path + suffix) })
	return path
}

func (s *canaryScan) parquet(name string, raw []byte) {
	path := s.copyOf(raw, nil, "")
	s.inDuckDB(func(db *sql.DB) {
		s.relation(db, name, fmt.Sprintf("read_parquet('%s', hive_partitioning = false)", path))
	})
}

func (s *canaryScan) duckdb(name string, raw, wal []byte) {
	path := s.copyOf(raw, wal, ".wal")
	s.inDuckDB(func(db *sql.DB) {
		if _, err := db.Exec(fmt.Sprintf("attach '%s' as r", path)); err != nil {
			s.t.Fatalf("%s: %v", name, err)
		}
		for _, table := range tablesOf(s.t, db) {
			s.relation(db, name+", "+table, table)
		}
	})
}

func (s *canaryScan) inDuckDB(do func(*sql.DB)) {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		s.t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	do(db)
}

// relation reads every column as text, and numbers as whole numbers too, whatever their type.
func (s *canaryScan) relation(db *sql.DB, name, relation string) {
	columns, err := db.Query("select column_name, column_type from (describe select * from " + relation + ")")
	if err != nil {
		s.t.Fatalf("%s: %v", name, err)
	}
	var cells []string
	for columns.Next() {
		var column, kind string
		if err := columns.Scan(&column, &kind); err != nil {
			s.t.Fatal(err)
		}
		cells = append(cells, fmt.Sprintf(`cast("%s" as varchar)`, column))
		if strings.HasPrefix(kind, "DECIMAL") || kind == "DOUBLE" || kind == "FLOAT" {
			cells = append(cells, fmt.Sprintf(`cast(try_cast("%s" as hugeint) as varchar)`, column))
		}
	}
	columns.Close()
	rows, err := db.Query(fmt.Sprintf("select concat_ws(chr(31), %s) from %s", strings.Join(cells, ", "), relation))
	if err != nil {
		s.t.Fatalf("%s: %v", name, err)
	}
	defer rows.Close()
	var all bytes.Buffer
	for rows.Next() {
		var row sql.RawBytes
		if err := rows.Scan(&row); err != nil {
			s.t.Fatal(err)
		}
		all.Write(row)
		all.WriteByte('\n')
	}
	if err := rows.Err(); err != nil {
		s.t.Fatalf("%s: %v", name, err)
	}
	s.text("values", name, all.Bytes())
}

func (s *canaryScan) sqlite(name string, raw, wal []byte) {
	db, err := sql.Open("sqlite", "file:"+s.copyOf(raw, wal, "-wal"))
	if err != nil {
		s.t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	var tables []string
	rows, err := db.Query("select name from sqlite_master where type = 'table'")
	if err != nil {
		s.t.Fatalf("%s: %v", name, err)
	}
	for rows.Next() {
		var table string
		if err := rows.Scan(&table); err != nil {
			s.t.Fatal(err)
		}
		tables = append(tables, table)
	}
	rows.Close()
	for _, table := range tables {
		s.sqliteTable(db, name+", "+table, table)
	}
}

func (s *canaryScan) sqliteTable(db *sql.DB, name, table string) {
	rows, err := db.Query(`select * from "` + table + `"`)
	if err != nil {
		s.t.Fatalf("%s: %v", name, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		s.t.Fatal(err)
	}
	cells := make([]any, len(columns))
	for i := range cells {
		cells[i] = new(any)
	}
	for rows.Next() {
		if err := rows.Scan(cells...); err != nil {
			s.t.Fatal(err)
		}
		for i, cell := range cells {
			switch v := (*cell.(*any)).(type) {
			case []byte:
				s.content(name+"."+columns[i], v, nil)
			case float64:
				s.text("values", name+"."+columns[i], fmt.Appendf(nil, "%.0f", v))
			default:
				s.text("values", name+"."+columns[i], fmt.Append(nil, v))
			}
		}
	}
	if err := rows.Err(); err != nil {
		s.t.Fatalf("%s: %v", name, err)
	}
}
