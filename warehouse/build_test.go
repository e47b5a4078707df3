package warehouse

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestBuildMakesACompleteRelease(t *testing.T) {
	w := newWorld(t).deliver("2025-04-01", placementRows(0, 100, "2025-04-01", ""), 0)
	m := w.build()
	dir := w.spec().OutDir
	if m.Figures == 0 || m.DuckDB != "v1.5.6" || m.Storage != StorageVersion {
		t.Errorf("manifest says %d figures, DuckDB %s, storage %s", m.Figures, m.DuckDB, m.Storage)
	}
	var names []string
	for _, f := range m.Files {
		names = append(names, f.Path)
	}
	for _, want := range []string{"warehouse.duckdb", "open.duckdb", "open/figures.parquet", "open/kpis.parquet", "figures.parquet", "marts/mart_placement_counts.parquet", "sql/4_kpis/kpi_plc_01.sql", "sql/4_kpis/kpi_plc_01.yaml"} {
		if !strings.Contains(strings.Join(names, "\n"), want) {
			t.Errorf("%s is not in the release: %v", want, names)
		}
	}
	read, err := ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	a, _ := json.Marshal(m)
	b, _ := json.Marshal(read)
	if string(a) != string(b) {
		t.Error("the manifest on disk is not the one that was returned")
	}
	db := openFile(t, filepath.Join(dir, WarehouseFile))
	if got := ask(t, db, "select count(*) from fct_placements"); got != "100" {
		t.Errorf("%s placements, want 100", got)
	}
	if got := ask(t, db, "select numerator, status from figures where kpi = 'PLC-01' and measure = 'services' and period = '2025-01' and breakdown = 'total'"); got != "41|reported" {
		t.Errorf("January is %s", got) // days 0–30 of 90, and again for i ≥ 90
	}
	if got := ask(t, db, "select cast(tags as varchar) from duckdb_databases() where database_name = 'release'"); !strings.Contains(got, "v1.2.0") {
		t.Errorf("storage version: %s", got)
	}
	if got := ask(t, db, "select count(*) from duckdb_tables() where table_name like 'stg%' or table_name like 'lake%'"); got != "0" {
		t.Error("staging tables stayed in the release")
	}
	if got := ask(t, db, "select as_of, report_month, release_id, origin from run"); got != "2026-01-15T00:00:00Z|2025-12-01T00:00:00Z|r000001|sample" {
		t.Errorf("run row: %s", got)
	}
}

func TestEveryTableAndColumnIsCommentedAndMarked(t *testing.T) {
	w := newWorld(t).deliver("2025-04-01", placementRows(0, 10, "2025-04-01", ""), 0)
	w.build()
	for _, file := range []string{WarehouseFile, OpenFile} {
		db := openFile(t, filepath.Join(w.spec().OutDir, file))
		if got := ask(t, db, "select table_name from duckdb_tables() where not internal and (comment is null or not starts_with(comment, '"+SampleBanner+"'))"); got != "" {
			t.Errorf("%s: tables without the sample banner: %s", file, got)
		}
		if got := ask(t, db, "select view_name from duckdb_views() where not internal and (comment is null or not starts_with(comment, '"+SampleBanner+"'))"); got != "" {
			t.Errorf("%s: views without the sample banner: %s", file, got)
		}
		if got := ask(t, db, "select table_name, column_name from duckdb_columns() where not internal and database_name = 'release' and coalesce(comment, '') = ''"); got != "" {
			t.Errorf("%s: columns without comment: %s", file, got)
		}
		if got := ask(t, db, "select id || ' / ' || en from _read_me_first where line = 1"); got != SampleBanner {
			t.Errorf("%s: _read_me_first begins with %q", file, got)
		}
	}
	db := openFile(t, filepath.Join(w.spec().OutDir, WarehouseFile))
	if got := ask(t, db, "select comment from duckdb_columns() where table_name = 'fct_placements' and column_name = 'country'"); got != "Arti country. / Meaning of country." {
		t.Errorf("a column without words of its own takes the dataset's: %q", got)
	}
	if got := ask(t, db, `select count(*) from duckdb_columns() c where not internal and database_name = 'release' and not exists (
		from meta.columns m where m.column_name = c.column_name and m.table_name = if(c.schema_name = 'main', '', c.schema_name || '.') || c.table_name)`); got != "0" {
		t.Errorf("%s columns are not in meta.columns", got)
	}
}

func TestRealReleasesCarryNoSampleBanner(t *testing.T) {
	w := newWorld(t).deliver("2025-04-01", placementRows(0, 10, "2025-04-01", ""), 0)
	w.entries[0].Origin = OriginReal
	w.build(func(s *BuildSpec) { s.Origin = OriginReal })
	db := openFile(t, filepath.Join(w.spec().OutDir, WarehouseFile))
	if got := ask(t, db, "select count(*) from duckdb_tables() where comment like '%CONTOH%'"); got != "0" {
		t.Errorf("%s tables are marked as sample", got)
	}
}

func TestColumnsAndWordsMustAgree(t *testing.T) {
	w := newWorld(t).deliver("2025-04-01", placementRows(0, 10, "2025-04-01", ""), 0)
	_, err := Build(context.Background(), w.spec(withModel("dim_country", "order by", ", 1 as extra from ref_country where false union all select iso3, name_id, name_en, 2 from ref_country order by"),
		withModel("dim_country", "from ref_country , 1", ", 1")))
	if err == nil || !strings.Contains(err.Error(), "2_core/dim_country.yaml: column extra has no definition") {
		t.Errorf("got %v", err)
	}
	_, err = Build(context.Background(), w.spec(withModel("dim_country", "name_id, coalesce(name_en, name_id) as name_en", "name_id")))
	if err == nil || !strings.Contains(err.Error(), "2_core/dim_country.yaml: column name_en is defined but the table does not have it") {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(w.spec().OutDir); !os.IsNotExist(err) {
		t.Error("a failed build leaves its folder behind")
	}
}

func TestSameInputsGiveSameContentAtAnyThreadCount(t *testing.T) {
	w := newWorld(t).deliver("2025-02-01", placementRows(0, 30000, "2025-02-01", ""), 0).
		deliver("2025-04-01", placementRows(20000, 30000, "2025-04-01", ""), 0)
	want := w.build()
	for _, threads := range []int{1, 2, 4} {
		dir := filepath.Join(t.TempDir(), "again")
		got := w.build(into(dir), func(s *BuildSpec) { s.Threads = threads })
		if got.ContentHash != want.ContentHash {
			for i := range want.Tables {
				if want.Tables[i] != got.Tables[i] {
					t.Errorf("%d threads: table %s differs", threads, want.Tables[i].Name)
				}
			}
		}
		for i, f := range want.Files {
			if strings.HasSuffix(f.Path, ".parquet") && got.Files[i] != f {
				t.Errorf("%d threads: %s has other bytes", threads, f.Path)
			}
		}
	}
	other := w.build(into(filepath.Join(t.TempDir(), "named")), func(s *BuildSpec) { s.ReleaseID = "r000007" })
	if other.ContentHash != want.ContentHash {
		t.Error("the name of a release changes its content hash")
	}
}

func TestASmallMemoryBudgetSpillsBesideNoRelease(t *testing.T) {
	w := newWorld(t).deliver("2025-02-01", placementRows(0, 200000, "2025-02-01", ""), 0)
	want := w.build()
	got := w.build(into(filepath.Join(t.TempDir(), "small")), func(s *BuildSpec) { s.MemoryLimit = "100MB" })
	if got.ContentHash != want.ContentHash {
		t.Error("spilling changed the content")
	}
	if left, _ := filepath.Glob(filepath.Join(w.spec().TempDir, "*")); len(left) > 0 {
		t.Errorf("left in the temporary folder: %v", left)
	}
}

func TestPathsMayHoldQuotes(t *testing.T) {
	w := newWorld(t)
	w.dir = filepath.Join(w.dir, "it's; drop table")
	w.deliver("2025-02-01", placementRows(0, 10, "2025-02-01", ""), 0)
	if table, _ := w.build().Table("fct_placements"); table.Rows != 10 {
		t.Errorf("%d rows, want 10", table.Rows)
	}
}

func TestMartsKeepWholeNumbersInParquet(t *testing.T) {
	w := newWorld(t).deliver("2025-02-01", placementRows(0, 10, "2025-02-01", ""), 0)
	w.build()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	q := "select column_type from (describe from '" + filepath.Join(w.spec().OutDir, "marts", "mart_placement_counts.parquet") + "') where column_name = 'wage_minor'"
	if got := ask(t, db, q); got != "BIGINT" {
		t.Errorf("a sum of integers is %s in Parquet", got)
	}
}

func TestDatasetsWithoutFilesAreEmptyTables(t *testing.T) {
	w := newWorld(t)
	m := w.build()
	if table, ok := m.Table("fct_placements"); !ok || table.Rows != 0 {
		t.Errorf("fct_placements: %+v", table)
	}
}

func TestOldFilesAreReadByName(t *testing.T) {
	old := "select * exclude (wage), cast(row_no as integer) as row_no_narrow from (" + placementRows(0, 10, "2025-01-01", "") + ")"
	old = "select * exclude (row_no, row_no_narrow), row_no_narrow as row_no from (" + old + ")"
	w := newWorld(t).deliver("2025-01-01", old, 0).deliver("2025-02-01", placementRows(10, 10, "2025-02-01", ""), 0)
	w.build()
	db := openFile(t, filepath.Join(w.spec().OutDir, WarehouseFile))
	if got := ask(t, db, "select count(*), count(wage) from fct_placements"); got != "20|10" {
		t.Errorf("rows and wages: %s", got)
	}
	if got := ask(t, db, "select commit_no, count(*) from fct_placements group by all order by all"); got != "1|10\n2|10" {
		t.Errorf("rows by commit: %s", got)
	}
}

func TestFilesOfUnknownDatasetsStopTheBuild(t *testing.T) {
	w := newWorld(t)
	w.write("surprises", nil, "2025-01-01", 1, "select 1 as a")
	_, err := Build(context.Background(), w.spec())
	if err == nil || !strings.Contains(err.Error(), "dataset surprises") {
		t.Errorf("got %v", err)
	}
}

func TestSampleAndRealNeverShareARelease(t *testing.T) {
	w := newWorld(t).deliver("2025-04-01", placementRows(0, 10, "2025-04-01", ""), 0).deliver("2025-05-01", placementRows(10, 10, "2025-05-01", ""), 0)
	w.entries[1].Origin = OriginReal
	_, err := Build(context.Background(), w.spec())
	var gate *GateError
	if !errors.As(err, &gate) || gate.Failures[0].Name != "one_origin" {
		t.Errorf("got %v", err)
	}
	w.entries[1].Origin = originReference
	w.build()
}

func TestBuildRefusesWhatItCannotDo(t *testing.T) {
	w := newWorld(t)
	for name, tc := range map[string]struct {
		change func(*BuildSpec)
		want   string
	}{
		"relative":  {func(s *BuildSpec) { s.OutDir = "build" }, "OutDir: an absolute path is needed"},
		"memory":    {func(s *BuildSpec) { s.MemoryLimit = "2GB'; drop" }, "write a size such as 2GB"},
		"origin":    {func(s *BuildSpec) { s.Origin = "test" }, "origin is sample or real"},
		"release":   {func(s *BuildSpec) { s.ReleaseID = "../r1" }, "ids look like r000001"},
		"day":       {func(s *BuildSpec) { s.AsOf = time.Time{} }, "as-of date"},
		"pattern":   {func(s *BuildSpec) { s.LakeDir = "/data[1]" }, "reads *, ? and [ in a path as a pattern"},
		"not empty": {func(s *BuildSpec) { s.OutDir = w.dir }, "is not empty"},
		"class": {func(s *BuildSpec) {
			s.Datasets = []DatasetSchema{{Name: "placements", Columns: []Column{{"source", "VARCHAR", "open"}, {"diagnosis", "VARCHAR", ""}}}}
		}, `nobody has said how personal column diagnosis is (class "")`},
		"another class": {func(s *BuildSpec) {
			s.Datasets = []DatasetSchema{{Name: "placements", Columns: []Column{{"diagnosis", "VARCHAR", "secret"}}}}
		}, `(class "secret")`},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Build(context.Background(), w.spec(tc.change)); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want …%s…", err, tc.want)
			}
		})
	}
}

func TestACancelledBuildLeavesNothing(t *testing.T) {
	w := newWorld(t).deliver("2025-02-01", placementRows(0, 1000, "2025-02-01", ""), 0)
	ctx, cancel := context.WithCancel(context.Background())
	_, err := Build(ctx, w.spec(func(s *BuildSpec) {
		s.Progress = func(step Step) {
			if step.Name == "fct_placements" {
				cancel()
			}
		}
	}))
	if !errors.Is(err, context.Canceled) && (err == nil || !strings.Contains(strings.ToLower(err.Error()), "interrupt")) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(w.spec().OutDir); !os.IsNotExist(err) {
		t.Error("the build folder is still there")
	}
}

func TestModelsCannotReachOtherFiles(t *testing.T) {
	w := newWorld(t)
	outside := filepath.Join(t.TempDir(), "outside.csv")
	if err := os.WriteFile(outside, []byte("a\n1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := Build(context.Background(), w.spec(withModel("dim_country", "from ref_country", "from ref_country where iso3 in (select a from '"+outside+"')")))
	if err == nil || !strings.Contains(err.Error(), "outside.csv") {
		t.Errorf("a model read %s: %v", outside, err)
	}
}

func TestBuildFiguresAsOfAnotherDay(t *testing.T) {
	w := newWorld(t).deliver("2025-04-01", placementRows(0, 100, "2025-04-01", ""), 0)
	spec := w.spec(func(s *BuildSpec) {
		s.AsOf, s.ReleaseID, s.OutDir = time.Date(2025, 1, 5, 0, 0, 0, 0, jakarta), "", ""
	})
	figures, err := BuildFigures(context.Background(), spec, "PLC-01")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range figures {
		if f.KPI != "PLC-01" {
			t.Errorf("%s was computed, PLC-01 was asked", f.KPI)
		}
		if f.Measure == "services" && f.Breakdown == "total" && *f.Value != 10 {
			t.Errorf("%s: %v services, want 10 (days 1 to 5, twice)", f.Period, *f.Value)
		}
	}
	if len(figures) == 0 {
		t.Error("no figure came out")
	}
	if left, _ := filepath.Glob(filepath.Join(w.dir, "build", "*")); len(left) > 0 {
		t.Errorf("files were written: %v", left)
	}
	if _, err := BuildFigures(context.Background(), spec, "XXX-99"); err == nil || !strings.Contains(err.Error(), "there is no such KPI") {
		t.Errorf("got %v", err)
	}
}
