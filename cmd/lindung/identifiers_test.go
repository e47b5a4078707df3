package main

import (
	"bytes"
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What a NIK and a passport number of the sample persons look like.
const identifierPattern = `(^|[^0-9])[1-9][0-9]{11}0000([^0-9]|$)|(^|[^A-Z0-9])X[0-9]{7}([^0-9]|$)`

// No direct identifier passes the transforms: every text of every Parquet file and of both
// DuckDB files is read as a reader would, and every other file byte by byte. The source
// files are the positive control.
func noIdentifierLeaves(t *testing.T, dir string) {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	lakes, err := filepath.Glob(filepath.Join(dir, "data", "lake", "*"))
	if err != nil || len(lakes) == 0 {
		t.Fatalf("no lake in %s (%v)", dir, err)
	}
	for _, dataset := range lakes {
		scanTexts(t, db, fmt.Sprintf("read_parquet('%s/**/*.parquet', union_by_name = true, hive_partitioning = false)", dataset))
	}
	for _, file := range []string{"warehouse.duckdb", "open.duckdb"} {
		if _, err := db.Exec(fmt.Sprintf("attach '%s' as r (read_only)", filepath.Join(dir, "data", "releases", "current", file))); err != nil {
			t.Fatal(err)
		}
		for _, table := range tablesOf(t, db) {
			scanTexts(t, db, table)
		}
		if _, err := db.Exec("detach r"); err != nil {
			t.Fatal(err)
		}
	}
	identifier := regexp.MustCompile(identifierPattern)
	for _, folder := range []string{"data/log", "data/notes", "data/releases", "reports"} {
		scanBytes(t, filepath.Join(dir, folder), identifier)
	}
	if out := lindung(t, nil, "quarantine", "list", "--dir", dir, "--output", "json"); identifier.Match(out) {
		t.Error("the quarantine listing shows an identifier")
	}
	control, err := filepath.Glob(filepath.Join(dir, "inbox", "bp3mi", "*", "*.csv"))
	if err != nil || len(control) == 0 {
		t.Fatalf("no source files (%v)", err)
	}
	raw, err := os.ReadFile(control[0])
	if err != nil || !identifier.Match(raw) {
		t.Errorf("the scan finds nothing in the source files either (%v): it proves nothing", err)
	}
}

func tablesOf(t *testing.T, db *sql.DB) []string {
	t.Helper()
	rows, err := db.Query("select 'r.' || schema_name || '.' || table_name from duckdb_tables() where database_name = 'r'")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	return names
}

// scanTexts looks for identifiers in every column of a relation, as text.
func scanTexts(t *testing.T, db *sql.DB, relation string) {
	t.Helper()
	var found int64
	columns, err := db.Query("describe select * from " + relation)
	if err != nil {
		t.Fatalf("%s: %v", relation, err)
	}
	var tests []string
	for columns.Next() {
		cells := make([]any, 6)
		for i := range cells {
			cells[i] = new(any)
		}
		if err := columns.Scan(cells...); err != nil {
			t.Fatal(err)
		}
		name := fmt.Sprint(*cells[0].(*any))
		tests = append(tests, fmt.Sprintf(`regexp_matches(cast("%s" as varchar), '%s')`, name, identifierPattern))
	}
	columns.Close()
	query := fmt.Sprintf("select count(*) from %s where %s", relation, strings.Join(tests, " or "))
	if err := db.QueryRow(query).Scan(&found); err != nil {
		t.Fatalf("%s: %v", relation, err)
	}
	if found > 0 {
		t.Errorf("%s: %d rows hold what looks like an identifier", relation, found)
	}
}

func scanBytes(t *testing.T, folder string, identifier *regexp.Regexp) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !d.Type().IsRegular() {
			return err
		}
		if strings.HasSuffix(path, ".duckdb") || strings.HasSuffix(path, ".parquet") {
			return nil // compressed; read as a reader would, above
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if at := identifier.FindIndex(raw); at != nil {
			line := bytes.Count(raw[:at[0]], []byte("\n")) + 1
			t.Errorf("%s:%d holds what looks like an identifier", path, line)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
