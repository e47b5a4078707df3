package docs_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/docs"
	"github.com/kp2mi/lindung/pipelines"
	"github.com/kp2mi/lindung/sql"
	"github.com/kp2mi/lindung/transforms"
)

var update = flag.Bool("update", false, "write the committed documents anew")

// sampleDocuments are the documents of the sample project, whose copies stand beside this file.
func sampleDocuments() (files []docs.File, err error) {
	dir, err := os.MkdirTemp("", "lindung-docs-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	for name, content := range configs.SampleFiles() {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return nil, err
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return nil, err
		}
	}
	project, err := pipelines.ValidateProject(dir)
	if err != nil {
		return nil, err
	}
	return pipelines.Documents(context.Background(), project)
}

var rendered = sync.OnceValues(sampleDocuments)

func render(t *testing.T) []docs.File {
	t.Helper()
	files, err := rendered()
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func file(t *testing.T, files []docs.File, path string) string {
	t.Helper()
	for _, f := range files {
		if f.Path == path {
			return string(f.Content)
		}
	}
	t.Fatalf("no document %s", path)
	return ""
}

// The committed documents are what the model gives, and the same model gives the same bytes.
func TestCommittedDocumentsAreNotStale(t *testing.T) {
	files := render(t)
	again, err := sampleDocuments()
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range files {
		if !bytes.Equal(f.Content, again[i].Content) {
			t.Errorf("%s differs between two renderings of one model", f.Path)
		}
	}
	if *update {
		if _, err := docs.Write(".", files); err != nil {
			t.Fatal(err)
		}
	}
	stale, err := docs.Stale(".", files)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range stale {
		t.Errorf("docs/%s is not what the model gives; run go test ./docs -update and look at the change", path)
	}
}

func TestDictionaryHasEveryDatasetTableAndColumn(t *testing.T) {
	text := file(t, render(t), "dictionary.md")
	for _, d := range configs.Datasets() {
		if !strings.Contains(text, "### `"+d.Name+"` "+d.Title.ID+" / "+d.Title.EN) || !strings.Contains(text, d.Description.ID) {
			t.Errorf("dataset %s is missing", d.Name)
		}
		for _, c := range d.Columns {
			if !strings.Contains(text, strings.ReplaceAll(c.ID, "|", "\\|")) || !strings.Contains(text, strings.ReplaceAll(c.EN, "|", "\\|")) {
				t.Errorf("column %s.%s is not defined", d.Name, c.Name)
			}
		}
	}
	models, err := sql.Models()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range models {
		if m.Layer != sql.Checks && !strings.Contains(text, "`"+m.Name+"`") {
			t.Errorf("table %s is missing", m.Name)
		}
		for name, c := range m.Meta.Columns {
			if (m.Layer == sql.Core || m.Layer == sql.Marts) && !strings.Contains(text, "| `"+name+"` | ") {
				t.Errorf("column %s.%s (%s) is missing", m.Name, name, c.ID)
			}
		}
	}
}

func TestEveryKPIHasItsWholeSheet(t *testing.T) {
	text := file(t, render(t), "kpis.md")
	models, err := sql.Models()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range models {
		if m.Layer != sql.KPIs {
			continue
		}
		_, sheet, found := strings.Cut(text, "### "+m.Meta.ID+" ")
		sheet, _, _ = strings.Cut(sheet, "<a id=")
		if !found {
			t.Errorf("%s has no sheet", m.Meta.ID)
			continue
		}
		parts := []string{m.Meta.Description.ID, m.Meta.Description.EN, m.Meta.Exclusions.ID, m.Meta.Maturity.EN, m.Meta.Owner, "sql/" + m.Path,
			sql.JoinTexts(m.Meta.Anchor).ID, "Sasaran / targets"}
		for _, ms := range m.Meta.Measures {
			parts = append(parts, "`"+ms.Name+"`", ms.Title.ID, ms.Definition.ID, ms.Definition.EN, ms.Numerator.ID, ms.Denominator.EN, ms.Unit)
		}
		for _, part := range parts {
			if !strings.Contains(sheet, strings.ReplaceAll(part, "|", "\\|")) {
				t.Errorf("%s: the sheet lacks %q", m.Meta.ID, part)
			}
		}
	}
	// the kinds of period and what keeps small numbers back, as declared
	for kpi, want := range map[string][]string{
		"PLC-03": {"| Periode / Periods | bulan, triwulan, tahun | month, quarter, year |", "| Periode ukuran ini / Periods of this measure | bulan | month |"},
		"REM-01": {"| Periode / Periods | triwulan, tahun | quarter, year |", "| no threshold; totals only for the public"},
		"TPP-01": {"| below 10 its SQL withholds them, in every file (status suppressed) |"},
		"CMP-01": {"cells below 5, of restricted categories below 10, are not for the public; today kept by publishing totals only"},
		"PLC-01": {"| none: published by one breakdown, but for `p3mi` |"},
	} {
		_, sheet, _ := strings.Cut(text, "### "+kpi+" ")
		sheet, _, _ = strings.Cut(sheet, "<a id=")
		for _, part := range want {
			if !strings.Contains(sheet, part) {
				t.Errorf("%s: the sheet lacks %q", kpi, part)
			}
		}
	}
	// a target that is printed twice, with where it was printed and which one holds
	for _, want := range []string{"| `services` | 2025 | 425000 | services | 2025-02-25 | superseded | [S49](https://", "| `services` | 2025 | 259000 | services | 2025-11-18 | in force | [S61](https://"} {
		if !strings.Contains(text, want) {
			t.Errorf("the targets lack %s", want)
		}
	}
}

// The way of one column, as an analyst asks for it: the sex that SISKOP2MI sends, to the share of women.
func TestLineageOfSexReachesTheShareOfWomen(t *testing.T) {
	text := file(t, render(t), "lineage.md")
	for _, want := range []string{
		"| `pmi.jenis_kelamin` | `sex` | `sex` |",
		"- PLC-07: `placements.sex` → `stg_placements.sex` → `fct_placements.sex` → `mart_placement_counts.services_women` → `kpi_plc_07.numerator`",
		"Semua model diikuti per kolom. / All models are followed by column.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("lineage.md lacks %s", want)
		}
	}
	_, row, _ := strings.Cut(text, "### `placements`")
	_, row, _ = strings.Cut(row, "| `sex` |")
	row, _, _ = strings.Cut(row, "\n")
	cells := strings.Split(row, " | ")
	if !strings.Contains(cells[0], "siskop2mi_placements: `pmi.jenis_kelamin`") || !strings.Contains(cells[2], "PLC-07") ||
		!strings.Contains(cells[3], "PLC-01") || strings.Contains(cells[3], "PLC-07") {
		t.Errorf("the row of sex reads %s", row)
	}
}

// lineage.json is whole: every edge begins at a column that is there, and every table says how it is known.
func TestLineageEdgesBeginSomewhere(t *testing.T) {
	var g struct {
		Levels map[string]string
		Feeds  []struct {
			Dataset, Table, Feed string
			Fields               []struct {
				Column, Constant, Field, Level string
				Columns                        []string `json:"dataset_columns"`
			}
		}
		Tables []struct {
			Table, Level string
			Rows         []string
			Columns      []struct {
				Column string
				From   []string
			}
		}
		KPIs []struct{ KPI, Table string }
	}
	if err := json.Unmarshal([]byte(file(t, render(t), "lineage.json")), &g); err != nil {
		t.Fatal(err)
	}
	known, tables := map[string]bool{}, map[string]bool{}
	for _, d := range transforms.Datasets() {
		for _, c := range d.Columns() {
			known["lake_"+d.Name()+"."+c.Name] = true
		}
		known["lake_"+d.Name()+".commit_no"], known["lake_"+d.Name()+".known_at"] = true, true
	}
	for _, f := range g.Feeds {
		for _, field := range f.Fields {
			if g.Levels[field.Level] == "" || (field.Column == "") == (field.Constant == "") {
				t.Errorf("%s: field %+v", f.Feed, field)
			}
			for _, c := range field.Columns {
				if !known[f.Table+"."+c] {
					t.Errorf("%s: field %s goes into %s.%s, which is not there", f.Feed, field.Field, f.Table, c)
				}
			}
		}
	}
	for _, one := range g.Tables {
		tables[one.Table] = true
		if one.Level != "column" {
			t.Errorf("%s is known by %s", one.Table, one.Level)
		}
		froms := one.Rows
		for _, c := range one.Columns {
			froms = append(froms, c.From...)
		}
		for _, from := range froms {
			if table, _, _ := strings.Cut(from, "."); !known[from] && !strings.HasPrefix(table, "ref_") && table != "run" && table != "rule_results" {
				t.Errorf("%s is made of %s, which no table before it has", one.Table, from)
			}
		}
		for _, c := range one.Columns {
			known[one.Table+"."+c.Column] = true
		}
	}
	for _, k := range g.KPIs {
		if !tables[k.Table] {
			t.Errorf("%s: there is no table %s", k.KPI, k.Table)
		}
	}
	if len(g.Feeds) < 40 || len(g.Tables) < 200 || len(g.KPIs) < 70 {
		t.Errorf("%d feeds, %d tables, %d KPIs", len(g.Feeds), len(g.Tables), len(g.KPIs))
	}
}

// Every source that comes with the program shows its columns, and a template says that its shape is assumed.
func TestReadySourcesShowWhereTheirColumnsGo(t *testing.T) {
	public, assumed, parted := strings.Cut(file(t, render(t), "ready_sources.md"), "## Templat berbentuk perkiraan")
	all, err := pipelines.ReadySources()
	if err != nil || !parted {
		t.Fatal(err, parted)
	}
	for _, s := range all {
		part := public
		if s.Assumed {
			part = assumed
		}
		_, text, found := strings.Cut(part, "### `"+s.Name+"` ")
		text, _, _ = strings.Cut(text, "\n### ")
		if !found {
			t.Errorf("%s is not where it belongs", s.Name)
		}
		for _, f := range s.Described.Feeds {
			for field, column := range f.Fields {
				if column = strings.TrimPrefix(column, "="); !strings.Contains(text, column) || !strings.Contains(text, "`"+field+"`") {
					t.Errorf("%s: %s lacks %s: %s", s.Name, f.Name, field, column)
				}
			}
		}
	}
}

// The sheets have one row for each activity, variable and measure; what nobody said stays open.
func TestSatuDataSheets(t *testing.T) {
	files := render(t)
	rows := map[string]map[string]map[string]string{} // sheet → row's name → field → text
	for sheet, name := range map[string]string{"ms-keg": "Judul Kegiatan", "ms-var": "(2) Nama Variabel", "ms-ind": "+ Kode Lindung"} {
		text := file(t, files, "satu-data/"+sheet+".csv")
		lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		rows[sheet] = map[string]map[string]string{}
		for _, line := range lines[1:] {
			row := map[string]string{}
			for i, cell := range line {
				if cell == "" {
					t.Errorf("%s: %s of %s is empty and does not say why", sheet, lines[0][i], line[0])
				}
				row[lines[0][i]] = cell
			}
			rows[sheet][row[name]] = row
		}
		if len(rows[sheet]) != len(lines)-1 {
			t.Errorf("%s: %d rows, %d different names", sheet, len(lines)-1, len(rows[sheet]))
		}
	}
	const open = "belum diisi / not given"
	for _, want := range []struct{ sheet, row, field, text string }{
		{"ms-keg", "Penempatan – SISKOP2MI (contoh)", "1.1 Instansi Penyelenggara", "Pusat Data dan Informasi (contoh)"},
		{"ms-keg", "Penempatan – SISKOP2MI (contoh)", "Kode Kegiatan (diisi petugas)", open},
		{"ms-keg", "Penempatan – SISKOP2MI (contoh)", "VIII Data Mikro Tersedia untuk Umum", "Tidak"},
		{"ms-var", "placements.sex", "(9) Klasifikasi Isian", "daftar sex: L=Laki-laki; P=Perempuan"},
		{"ms-var", "placements.sex", "(12) Apakah Variabel Dapat Diakses Umum?", "Tidak"},
		{"ms-var", "placements.country", "(12) Apakah Variabel Dapat Diakses Umum?", "Ya, sebagai jumlah"},
		{"ms-var", "placements.sex", "(11) Kalimat Pertanyaan", open},
		{"ms-ind", "PLC-07.share", "(6) Metode/Rumus Penghitungan", "100 × (Layanan bagi perempuan (P)) / (Seluruh layanan dalam sel dan periode yang sama)"},
		{"ms-ind", "PLC-07.share", "(15) Variabel Pembangun: Nama", "placements.sex"},
		{"ms-ind", "PLC-04.share", "(15) Variabel Pembangun: Nama", "placements.employer_type"},
		{"ms-ind", "CMP-01.received", "(15) Variabel Pembangun: Nama", "banyaknya baris"},
		{"ms-ind", "PLC-07.share", "(16) Level Estimasi", "Nasional, Provinsi, Kabupaten/Kota"},
		{"ms-ind", "PLC-07.share", "(14) Variabel Pembangun: Kode Kegiatan (diisi petugas)", open},
	} {
		if got := rows[want.sheet][want.row][want.field]; got != want.text {
			t.Errorf("%s: %s of %s is %q, want %q", want.sheet, want.field, want.row, got, want.text)
		}
	}
	models, err := sql.Models()
	if err != nil {
		t.Fatal(err)
	}
	measures := 0
	for _, m := range models {
		measures += len(m.Meta.Measures)
	}
	if len(rows["ms-ind"]) != measures {
		t.Errorf("%d indicators for %d measures", len(rows["ms-ind"]), measures)
	}
	for name, row := range rows["ms-var"] {
		if strings.HasPrefix(name, "rejects.") || strings.HasPrefix(name, "tombstones.") || row["(5) Definisi"] == open {
			t.Errorf("variable %s: %v", name, row)
		}
	}
}

// Writing touches only what is wrong, and Stale names what is missing or was changed.
func TestWriteAndStale(t *testing.T) {
	dir := t.TempDir()
	files := []docs.File{{Path: "a.md", Content: []byte("a\n")}, {Path: "deep/b.md", Content: []byte("b\n")}}
	is := func(what string, got []string, err error, want ...string) {
		t.Helper()
		if err != nil || strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%s: %v, %v; want %v", what, got, err, want)
		}
	}
	stale, err := docs.Stale(dir, files)
	is("before", stale, err, "a.md", "deep/b.md")
	written, err := docs.Write(dir, files)
	is("first", written, err, "a.md", "deep/b.md")
	if err := os.WriteFile(filepath.Join(dir, "deep", "b.md"), []byte("by hand\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	stale, err = docs.Stale(dir, files)
	is("after a change by hand", stale, err, "deep/b.md")
	written, err = docs.Write(dir, files)
	is("again", written, err, "deep/b.md")
	stale, err = docs.Stale(dir, files)
	is("at the end", stale, err)
}
