package data_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"

	"github.com/kp2mi/lindung/figures/lint"
	"github.com/kp2mi/lindung/reports/data"
	"github.com/kp2mi/lindung/reports/document"
	"github.com/kp2mi/lindung/reports/tables"
	"github.com/kp2mi/lindung/reports/tables/tablestest"
)

var update = flag.Bool("update", false, "write the golden files anew")

func write(t *testing.T, docs ...*document.Document) (dir string, files []data.File) {
	t.Helper()
	dir = t.TempDir()
	files, err := data.WriteTables(dir, docs[0], docs[1:]...)
	if err != nil {
		t.Fatal(err)
	}
	return dir, files
}

func read(t *testing.T, path ...string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// What people can read of the files is kept, as it is to be.
func TestGolden(t *testing.T) {
	dir, files := write(t, tablestest.Report("id"), tablestest.Report("en"))
	for _, f := range files {
		if strings.HasSuffix(f.Name, ".parquet") {
			continue
		}
		golden, got := filepath.Join("testdata", f.Name), read(t, dir, f.Name)
		if *update {
			if err := os.WriteFile(golden, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(string(read(t, golden)), string(got)); diff != "" {
			t.Errorf("%s differs (-want +got); look at it and run go test -update:\n%s", f.Name, diff)
		}
	}
}

// The list that is handed on, the description and the files agree about every byte.
func TestFilesAreWhatIsSaidOfThem(t *testing.T) {
	dir, files := write(t, tablestest.Report("id"))
	said := map[string]data.File{}
	for _, f := range files {
		sum := sha256.Sum256(read(t, dir, f.Name))
		if info, err := os.Stat(filepath.Join(dir, f.Name)); err != nil || info.Size() != f.Bytes || hex.EncodeToString(sum[:]) != f.SHA256 {
			t.Errorf("%+v is not what was written (%v)", f, err)
		}
		said[f.Name] = f
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != len(files) {
		t.Fatalf("%d files, %d were named (%v)", len(entries), len(files), err)
	}
	var description struct {
		Tables []struct{ Files []data.File }
	}
	if err := json.Unmarshal(read(t, dir, data.MetadataFile), &description); err != nil {
		t.Fatal(err)
	}
	if len(description.Tables) != 3 || files[len(files)-1].Name != data.MetadataFile {
		t.Fatalf("%d tables, last %s", len(description.Tables), files[len(files)-1].Name)
	}
	for _, table := range description.Tables {
		for _, f := range table.Files {
			if said[f.Name] != f {
				t.Errorf("the description says %+v, the list %+v", f, said[f.Name])
			}
		}
	}
}

func TestSameReportSameBytes(t *testing.T) {
	_, first := write(t, tablestest.Report("en"))
	_, second := write(t, tablestest.Report("en"))
	if diff := cmp.Diff(first, second); diff != "" {
		t.Error(diff)
	}
}

// Every number of a table stands in its CSV as it was computed, and every mark beside it.
func TestCSVHoldsEveryNumberAndMark(t *testing.T) {
	doc := tablestest.Report("id")
	dir, _ := write(t, doc)
	found, err := tables.Collect(doc)
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range found {
		records, err := csv.NewReader(bytes.NewReader(read(t, dir, strings.ToLower(table.ID)+".csv"))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		at := map[string]int{}
		for i, name := range records[0] {
			at[name] = i
		}
		for r, row := range table.Rows {
			for i, cell := range row.Cells {
				n := tables.Number(cell)
				if n == nil {
					continue
				}
				name, where := table.Columns[i].Name, fmt.Sprintf("%s, row %d, %s", table.ID, r+1, table.Columns[i].Name)
				text, mark := records[r+1][at[name]], ""
				if column, ok := at[name+"_mark"]; ok {
					mark = records[r+1][column]
				}
				if mark != n.Mark {
					t.Errorf("%s: mark %q, want %q", where, mark, n.Mark)
				}
				if n.Value == nil {
					if text != "" {
						t.Errorf("%s: %q, where there is no value", where, text)
					}
					continue
				}
				if v, err := strconv.ParseFloat(text, 64); err != nil || v != *n.Value {
					t.Errorf("%s: %q, want %v", where, text, *n.Value)
				}
			}
		}
	}
}

// A Parquet file has the rows of its CSV, in columns of strings and doubles in the same order, and knows its report.
func TestParquetSaysWhatCSVSays(t *testing.T) {
	dir, _ := write(t, tablestest.Report("id"))
	for _, name := range []string{"kpi", "g1", "p1"} {
		packed := read(t, dir, name+".parquet")
		file, err := parquet.OpenFile(bytes.NewReader(packed), int64(len(packed)))
		if err != nil {
			t.Fatal(err)
		}
		records, err := csv.NewReader(bytes.NewReader(read(t, dir, name+".csv"))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		got := [][]string{nil}
		for _, f := range file.Schema().Fields() {
			got[0] = append(got[0], f.Name())
			if kind := f.Type().Kind(); kind != parquet.Double && kind != parquet.ByteArray || !f.Optional() {
				t.Errorf("%s.%s is %v", name, f.Name(), f)
			}
		}
		got = append(got, parquetRows(t, file)...)
		for _, record := range records {
			for i := range record {
				record[i] = strings.TrimPrefix(record[i], "'") // which Parquet does not need
			}
		}
		if diff := cmp.Diff(records, got); diff != "" {
			t.Errorf("%s (-csv +parquet):\n%s", name, diff)
		}
		for key, want := range map[string]string{"release_id": "r000007", "as_of": "2026-01-11", "status": "draf", "content_hash": "9b3e4d5c6f7a8b90",
			"banner": "DATA CONTOH – BUKAN ANGKA RESMI", "table": strings.ToUpper(name), "language": "id"} {
			if value, ok := file.Lookup(key); !ok || value != want {
				t.Errorf("%s: %s is %q, want %q", name, key, value, want)
			}
		}
	}
}

func parquetRows(t *testing.T, file *parquet.File) (all [][]string) {
	t.Helper()
	for _, group := range file.RowGroups() {
		rows := group.Rows()
		buffer := make([]parquet.Row, group.NumRows())
		if n, _ := rows.ReadRows(buffer); int64(n) != group.NumRows() {
			t.Fatalf("%d rows of %d", n, group.NumRows())
		}
		for _, row := range buffer {
			var texts []string
			for _, v := range row {
				switch {
				case v.IsNull():
					texts = append(texts, "")
				case v.Kind() == parquet.Double:
					texts = append(texts, strconv.FormatFloat(v.Double(), 'f', -1, 64))
				default:
					texts = append(texts, string(v.ByteArray()))
				}
			}
			all = append(all, texts)
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// The linter of figures, which knows nothing of reports, finds nothing to object to.
func TestTheLinterFindsNothing(t *testing.T) {
	for _, lang := range []string{"id", "en"} {
		dir, files := write(t, tablestest.Report(lang))
		for _, f := range files {
			if !strings.HasSuffix(f.Name, ".csv") {
				continue
			}
			d, err := lint.Read(f.Name, read(t, dir, f.Name))
			if err != nil {
				t.Fatal(err)
			}
			for _, finding := range lint.Check(d) {
				t.Errorf("%s: %+v", lang, finding)
			}
		}
	}
}

func TestRefused(t *testing.T) {
	one := func(tables ...*document.Table) *document.Document {
		doc := &document.Document{Lang: "id"}
		for _, table := range tables {
			doc.Sections = append(doc.Sections, document.Section{Blocks: []document.Block{table}})
		}
		return doc
	}
	text := []document.Row{{Cells: []document.Cell{{Text: document.Say("Taiwan")}}}}
	named := func(id string) *document.Table {
		return &document.Table{ID: id, Title: "Penempatan", Columns: []document.Column{{Name: "country", Title: "Negara"}}, Rows: text}
	}
	v := 3.0
	marked := []document.Row{{Cells: []document.Cell{{Number: &document.Number{Text: "3", Value: &v, Mark: "[p]"}}, {Text: document.Say("x")}}}}
	other := tablestest.Report("en")
	other.Sections = other.Sections[:1]
	for name, c := range map[string]struct {
		docs []*document.Document
		want string
	}{
		"one file for two tables": {[]*document.Document{one(named("P 1"), named("P_1"))}, "tables P 1 and P_1 would both be file p_1.csv"},
		"a column where marks go": {[]*document.Document{one(&document.Table{ID: "P1", Title: "Penempatan", Columns: []document.Column{{Name: "placed", Title: "a"}, {Name: "placed_mark", Title: "b"}}, Rows: marked})},
			"table P1 has a column placed_mark, which is where the marks of placed go"},
		"a translation without a table":   {[]*document.Document{tablestest.Report("id"), other}, `table G1, column "": not in the report's language en`},
		"a translation into the same":     {[]*document.Document{tablestest.Report("id"), tablestest.Report("id")}, "is no translation of"},
		"a document that cannot be taken": {[]*document.Document{one(&document.Table{ID: "P1"})}, "table P1 has no title"},
	} {
		_, err := data.WriteTables(t.TempDir(), c.docs[0], c.docs[1:]...)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}
