package main

import (
	"archive/zip"
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/xuri/excelize/v2"
)

// A scan that finds nothing says nothing unless it finds what is there: in each kind of file, in
// columns of every type, compressed, in what a database has written beside its file, and in what
// it has given up.
func TestTheCanaryScanFinds(t *testing.T) {
	t.Parallel()
	persons := newCanaries(20)
	c := persons[7]
	row := strings.Join([]string{c.Name, c.NIK, c.Phone, c.Passport}, ",")
	zipped := func(name string) []byte {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		m, err := w.Create(name)
		if err == nil {
			_, err = m.Write([]byte(row))
		}
		if err != nil || w.Close() != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	packer, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	plants := map[string]func(t *testing.T, path string){
		"log.jsonl":    planted([]byte(`{"msg":"bad value \"` + c.NIK + `\""}`)),
		"metrics.txt":  planted([]byte(`lindung_x{label="` + strings.ToUpper(c.Given) + `"} 1`)),
		"spaced.html":  planted([]byte("<td>" + c.NIK[:4] + " " + c.NIK[4:8] + "-" + c.NIK[8:12] + "." + c.NIK[12:] + "</td>")),
		"number.csv":   planted([]byte("a,b\n1," + c.NIK[:1] + "." + c.NIK[1:] + "\n")),
		"phone.json":   planted([]byte(`{"call": "+62` + c.Phone[1:] + `"}`)),
		"passport.txt": planted([]byte("paspor " + strings.ToLower(c.Passport))),
		"a.gz":         planted(gzipped(t, []byte(row))),
		"a.zst":        planted(packer.EncodeAll([]byte(row), nil)),
		"a.zip":        planted(zipped("dalam.csv")),
		"b.zip":        planted(zipped(c.Given + ".csv")),
		"c.zip.gz":     planted(gzipped(t, zipped("dalam.csv"))),
		"book.xlsx":    plantedBook(c),
		"text.parquet": plantedSQL("copy (select '" + c.Name + "' as a from range(5000)) to '%s' (format parquet, compression zstd)"),
		"long.parquet": plantedSQL("copy (select " + c.NIK + "::bigint as a) to '%s' (format parquet, compression zstd)"),
		"dbl.parquet":  plantedSQL("copy (select " + c.NIK + "::double as a) to '%s' (format parquet, compression zstd)"),
		"list.parquet": plantedSQL("copy (select [{'a': '" + c.Phone + "'}] as a) to '%s' (format parquet, compression zstd)"),
		"a.duckdb":     plantedSQL("attach '%s' as x", "create table x.main.t as select "+c.NIK+"::decimal(18,0) as a from range(9000)", "detach x"),
		"wal.duckdb":   plantedSQL("attach '%s' as x", "set wal_autocheckpoint = '1TB'", "pragma disable_checkpoint_on_shutdown", "create table x.main.t as select 1::bigint as a", "insert into x.main.t values ("+c.NIK+"::bigint)"),
		"a.sqlite":     plantedSQLite("create table t (a integer)", "insert into t values ("+c.NIK+")"),
		"real.sqlite":  plantedSQLite("create table t (a real)", "insert into t values ("+c.NIK+".0)"),
		"gone.sqlite":  plantedSQLite("pragma secure_delete = off", "create table t (a text)", "insert into t values ('"+c.Name+"')", "delete from t"),
	}
	for name, plant := range plants {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, name)
			plant(t, path)
			scan := newCanaryScan(t, netFor(persons))
			scan.folder(dir)
			if len(scan.found) == 0 || !strings.HasSuffix(scan.found[0], "of canary 7") {
				t.Errorf("the scan finds %q", scan.found)
			}
			other := newCanaryScan(t, netFor(newCanaries(30)[20:]))
			if other.folder(dir); len(other.found) > 0 {
				t.Errorf("the scan finds persons who are not there: %q", other.found)
			}
		})
	}
}

func planted(raw []byte) func(*testing.T, string) {
	return func(t *testing.T, path string) {
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func plantedBook(c canary) func(*testing.T, string) {
	return func(t *testing.T, path string) {
		book := excelize.NewFile()
		defer book.Close()
		if err := book.SetCellValue("Sheet1", "B2", c.Name); err != nil {
			t.Fatal(err)
		}
		if err := book.SaveAs(path); err != nil {
			t.Fatal(err)
		}
	}
}

func plantedSQL(statements ...string) func(*testing.T, string) {
	return func(t *testing.T, path string) { runSQL(t, "duckdb", "", path, statements) }
}

func plantedSQLite(statements ...string) func(*testing.T, string) {
	return func(t *testing.T, path string) { runSQL(t, "sqlite", "file:"+path, path, statements) }
}

func runSQL(t *testing.T, driver, name, path string, statements []string) {
	t.Helper()
	db, err := sql.Open(driver, name)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, statement := range statements {
		if strings.Contains(statement, "%s") {
			statement = fmt.Sprintf(statement, path)
		}
		if _, err := db.Exec(statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

// A source file by which names are taken for the numbers of records is a build with its tokens off: a
// name goes the whole way, and is found in each place that rows come to, but not in what is published.
func TestACanaryThatIsLetThroughIsFound(t *testing.T) {
	t.Parallel()
	persons := newCanaries(40)
	dir := projectDir(t)
	f := feedNamed("kenari_latih")
	source := canarySource + strings.Replace(f.yaml(), f.id+": id,", f.id+": nama,", 1)
	files := map[string][]byte{"lindung.yaml": []byte("project: {name: Kenari}\n"), "sources/kenari.yaml": []byte(source), "inbox/" + f.file: f.write(t, f.records(persons))}
	if err := writeProject(dir, files, true); err != nil {
		t.Fatal(err)
	}
	lindung(t, nil, "run", "--dir", dir, "--now", "2024-03-04")
	scan := newCanaryScan(t, netFor(persons))
	scan.folder(filepath.Join(dir, "data"))
	found := strings.Join(scan.found, "\n")
	for _, place := range []string{"lake/trainings/", "releases/r000001/warehouse.duckdb, r.main.fct_trainings"} {
		if !strings.Contains(found, place) {
			t.Errorf("nothing is found in %s:\n%s", place, found)
		}
	}
	for _, place := range []string{"landing/", "open.duckdb", "releases/r000001/open/"} {
		if strings.Contains(found, place) {
			t.Errorf("a canary is in %s:\n%s", place, found)
		}
	}
}
