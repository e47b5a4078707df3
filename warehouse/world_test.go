package warehouse

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/kp2mi/lindung/lake"
	models "github.com/kp2mi/lindung/sql"
)

// A world is a small lake on disk with the model set of testdata, enough to build releases from.
type world struct {
	t       testing.TB
	dir     string
	files   []lake.File
	entries []lake.Entry
}

var placements = DatasetSchema{Name: "placements", Columns: []Column{
	{"source", "VARCHAR", "internal"}, {"period", "VARCHAR", "internal"}, {"row_key", "VARCHAR", "internal"},
	{"source_updated_at", "TIMESTAMPTZ", "internal"}, {"object_id", "UUID", "internal"}, {"row_no", "BIGINT", "internal"},
	{"row_hash", "BIGINT", "internal"}, {"normaliser", "INTEGER", "internal"},
	{"placement_id", "VARCHAR", "identifier"}, {"nik_token", "UUID", "identifier"}, {"country", "VARCHAR", "open"},
	{"completed_on", "DATE", "open"}, {"wage", "DECIMAL(18,2)", "personal"}, {"status", "VARCHAR", "open"},
}}

func newWorld(t testing.TB) *world { return &world{t: t, dir: t.TempDir()} }

// deliver writes one commit: a Parquet file for the placements that a query gives, and its log entry.
func (w *world) deliver(knownAt, query string, quarantined int64) *world {
	w.t.Helper()
	no := int64(len(w.entries) + 1)
	f := w.write("placements", placements.Columns, knownAt, no, query)
	w.entries = append(w.entries, lake.Entry{No: no, Kind: lake.Delivery, Feed: "siskop2mi_placements", Source: "siskop2mi", Dataset: "placements",
		Origin: OriginSample, KnownAt: f.KnownAt, Files: []lake.File{f},
		Objects: []lake.ObjectRecord{{ID: fmt.Sprintf("%032d", no), Name: "page", Month: knownAt[:7], Records: f.Rows + quarantined, Accepted: f.Rows, Quarantined: quarantined}}})
	return w
}

// write makes a Parquet file and the lake's record of it, as the lake itself would.
func (w *world) write(dataset string, columns []Column, knownAt string, no int64, query string) lake.File {
	w.t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	known, err := time.Parse(time.DateOnly, knownAt)
	if err != nil {
		w.t.Fatal(err)
	}
	f := lake.File{Path: fmt.Sprintf("lake/%s/%d.parquet", dataset, len(w.files)), Dataset: dataset, Source: "siskop2mi", Period: knownAt[:7], CommitNo: no, KnownAt: known}
	path := filepath.Join(w.dir, filepath.FromSlash(f.Path))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		w.t.Fatal(err)
	}
	w.must(db.Exec("set TimeZone = 'UTC'"))
	w.must(db.Exec(fmt.Sprintf("create table r as %s", query)))
	w.must(db.Exec(fmt.Sprintf("copy r to %s (format parquet, compression zstd)", quoteText(path))))
	for _, c := range columns {
		s := lake.ColumnSum{Name: c.Name}
		var lo, hi sql.NullString
		q := fmt.Sprintf("select count(*), count(*) - count(%[1]s), cast(min(%[1]s) as varchar), cast(max(%[1]s) as varchar) from r", c.Name)
		if err := db.QueryRow(q).Scan(&f.Rows, &s.Nulls, &lo, &hi); err != nil {
			if strings.Contains(err.Error(), "not found") {
				continue // an older file without the column
			}
			w.t.Fatal(err)
		}
		s.Min, s.Max = lo.String, hi.String
		f.Columns = append(f.Columns, s)
	}
	w.files = append(w.files, f)
	return f
}

func (w *world) must(_ sql.Result, err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// placementRows gives n placements; version and wage tell deliveries apart.
func placementRows(from, n int, updated, extra string) string {
	return fmt.Sprintf(`select 'siskop2mi' as source, '2025-01' as period, 'p' || i as row_key, timestamptz '%s 00:00:00+00' as source_updated_at,
	cast(md5('object %s') as uuid) as object_id, i as row_no, cast(hash(i, '%s') %% 1000000007 as bigint) as row_hash, 1 as normaliser,
	'p' || i as placement_id, cast(md5('person' || (i %% 7)) as uuid) as nik_token, ['HKG', 'MYS', 'TWN', null][i %% 4 + 1] as country,
	date '2025-01-01' + cast(i %% 90 as integer) as completed_on, cast(i * 1.25 as decimal(18,2)) as wage, 'completed' as status
	from range(%d, %d) as t(i) %s`, updated, updated, updated, from, from+n, extra)
}

func (w *world) spec(change ...func(*BuildSpec)) BuildSpec {
	w.t.Helper()
	ms, err := models.Load(os.DirFS("testdata/models"))
	if err != nil {
		w.t.Fatal(err)
	}
	spec := BuildSpec{
		OutDir: filepath.Join(w.dir, "build", "next"), TempDir: filepath.Join(w.dir, "tmp"), Models: ms,
		Snapshot: lake.Snapshot{Head: int64(len(w.entries)), HeadHash: "head", Files: w.files, Entries: w.entries}, LakeDir: w.dir,
		Datasets: []DatasetSchema{placements}, Reference: os.DirFS("testdata/reference"),
		Definitions: map[string]map[string]models.Text{"placements": {}},
		AsOf:        time.Date(2026, 1, 15, 9, 0, 0, 0, jakarta), ReportMonth: time.Date(2025, 12, 1, 0, 0, 0, 0, jakarta),
		ReleaseID: "r000001", Origin: OriginSample, MemoryLimit: "512MB", Threads: 2,
	}
	for _, c := range placements.Columns {
		spec.Definitions["placements"][c.Name] = models.Text{ID: "Arti " + c.Name + ".", EN: "Meaning of " + c.Name + "."}
	}
	for _, c := range change {
		c(&spec)
	}
	if err := os.MkdirAll(spec.TempDir, 0o755); err != nil {
		w.t.Fatal(err)
	}
	return spec
}

func (w *world) build(change ...func(*BuildSpec)) *Manifest {
	w.t.Helper()
	m, err := Build(context.Background(), w.spec(change...))
	if err != nil {
		w.t.Fatal(err)
	}
	return m
}

func into(dir string) func(*BuildSpec) { return func(s *BuildSpec) { s.OutDir = dir } }

// withModel replaces the SQL or YAML of one model.
func withModel(name, old, replacement string) func(*BuildSpec) {
	return func(s *BuildSpec) {
		for i := range s.Models {
			if s.Models[i].Name == name {
				s.Models[i].SQL = strings.ReplaceAll(s.Models[i].SQL, old, replacement)
			}
		}
	}
}

func openFile(t testing.TB, path string) *sql.DB {
	t.Helper()
	db, err := OpenRead(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func ask(t testing.TB, db *sql.DB, query string) string {
	t.Helper()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	names, _ := rows.Columns()
	var lines []string
	for rows.Next() {
		cells, dest := make([]sql.NullString, len(names)), make([]any, len(names))
		for i := range cells {
			dest[i] = &cells[i]
		}
		if err := rows.Scan(dest...); err != nil {
			t.Fatal(err)
		}
		parts := make([]string, len(cells))
		for i, c := range cells {
			parts[i] = "NULL"
			if c.Valid {
				parts[i] = c.String
			}
		}
		lines = append(lines, strings.Join(parts, "|"))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

var tokenText = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
