package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/kp2mi/lindung/lake"
	models "github.com/kp2mi/lindung/sql"
)

// tombstone delivers the end of some keys in a commit of its own.
func (w *world) tombstone(knownAt string, keys ...string) *world {
	no := int64(len(w.entries) + 1)
	f := w.write(lake.Tombstones, nil, knownAt, no, "select 'siskop2mi' as source, '2025-01' as period, 'placements' as dataset, 'f' as feed, unnest(['"+
		strings.Join(keys, "', '")+"']) as row_key, cast(md5('x') as uuid) as object_id")
	f.Columns = []lake.ColumnSum{{Name: "source"}, {Name: "period"}, {Name: "dataset"}, {Name: "feed"}, {Name: "row_key"}, {Name: "object_id"}}
	w.files[len(w.files)-1] = f
	w.entries = append(w.entries, lake.Entry{No: no, Kind: lake.Delivery, Feed: "siskop2mi_placements", Source: "siskop2mi", Dataset: "placements", Origin: OriginSample, KnownAt: f.KnownAt, Files: []lake.File{f}})
	return w
}

// reject puts records aside, with two problems each.
func (w *world) reject(no int64, records int) *world {
	f := w.write(rejectsDataset, nil, "2025-04-01", no, `select 'siskop2mi' as source, '2025-01' as period, 'placements' as dataset, 'siskop2mi_placements' as feed,
		'line ' || i as place, code, 'completed_on' as column_name, 'write a day' as message, cast(md5('o') as uuid) as object_id, i as row_no
		from range(`+strconv.Itoa(records)+`) as t(i), (values ('impossible_date'), ('date_order')) as problems (code)`)
	for _, name := range []string{"source", "period", "dataset", "feed", "place", "code", "column_name", "message", "object_id", "row_no"} {
		f.Columns = append(f.Columns, lake.ColumnSum{Name: name})
	}
	w.files[len(w.files)-1] = f
	return w
}

func TestEveryRowIsAccountedFor(t *testing.T) {
	again := func(w *world) { // the very same file counts for a second commit, as when a delivery is repeated
		f := w.files[0]
		f.CommitNo = 99
		w.files = append(w.files, f)
		e := w.entries[0]
		e.No = 99
		w.entries = append(w.entries, e)
	}
	for name, tc := range map[string]struct {
		world func(*world)
		want  Conservation
	}{
		"one delivery": {func(w *world) { w.deliver("2025-01-01", placementRows(0, 50, "2025-01-01", ""), 0) },
			Conservation{Records: 50, Accepted: 50, Current: 50, Staged: 50}},
		"a newer version": {func(w *world) {
			w.deliver("2025-01-01", placementRows(0, 50, "2025-01-01", ""), 0).deliver("2025-02-01", placementRows(40, 20, "2025-02-01", ""), 0)
		}, Conservation{Records: 70, Accepted: 70, Current: 60, Superseded: 10, Staged: 60}},
		"a late commit with an older version": {func(w *world) {
			w.deliver("2025-02-01", placementRows(0, 50, "2025-02-01", ""), 0).deliver("2025-03-01", placementRows(40, 20, "2025-01-01", ""), 0)
		}, Conservation{Records: 70, Accepted: 70, Current: 60, Superseded: 10, Staged: 60}},
		"the same delivery twice": {func(w *world) {
			again(w.deliver("2025-01-01", placementRows(0, 50, "2025-01-01", ""), 0))
		}, Conservation{Records: 100, Accepted: 100, Current: 50, Duplicates: 50, Staged: 50}},
		"keys that ended": {func(w *world) {
			w.deliver("2025-01-01", placementRows(0, 50, "2025-01-01", ""), 0).tombstone("2025-02-01", "p0", "p1", "nobody")
		}, Conservation{Records: 50, Accepted: 50, Current: 48, Tombstoned: 2, Staged: 48}},
		"a key that came back": {func(w *world) {
			w.deliver("2025-01-01", placementRows(0, 50, "2025-01-01", ""), 0).tombstone("2025-02-01", "p0", "p1").deliver("2025-03-01", placementRows(0, 1, "2024-12-01", ""), 0)
		}, Conservation{Records: 51, Accepted: 51, Current: 49, Superseded: 1, Tombstoned: 1, Staged: 49}},
		"records put aside": {func(w *world) {
			w.deliver("2025-01-01", placementRows(0, 50, "2025-01-01", ""), 3).reject(1, 3)
		}, Conservation{Records: 53, Accepted: 50, Quarantined: 3, Current: 50, Staged: 50}},
		"a withheld delivery": {func(w *world) {
			w.deliver("2025-01-01", placementRows(0, 50, "2025-01-01", ""), 0)
			e := w.entries[0] // its records count nowhere, and its rejects lie in a dataset that no build is given
			e.No, e.Kind, e.Files = 2, lake.Withheld, nil
			w.entries = append(w.entries, e)
		}, Conservation{Records: 50, Accepted: 50, Current: 50, Staged: 50}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			tc.world(w)
			m := w.build()
			tc.want.Dataset = "placements"
			if got := m.Conservation[0]; got != tc.want {
				t.Errorf("got  %+v\nwant %+v", got, tc.want)
			}
		})
	}
}

// gateOf builds and returns the names of the checks that stopped the build.
func gateOf(t *testing.T, w *world, change ...func(*BuildSpec)) (*GateError, string) {
	t.Helper()
	_, err := Build(context.Background(), w.spec(change...))
	var gate *GateError
	if !errors.As(err, &gate) {
		t.Fatalf("the gate let it pass: %v", err)
	}
	var names []string
	for _, f := range gate.Failures {
		names = append(names, f.Name)
	}
	return gate, strings.Join(names, " ")
}

func TestTheGateStops(t *testing.T) {
	simple := func(w *world) { w.deliver("2025-01-01", placementRows(0, 50, "2025-01-01", ""), 0) }
	for name, tc := range map[string]struct {
		world  func(*world)
		change func(*BuildSpec)
		want   string
	}{
		"a lost record": {func(w *world) { w.deliver("2025-01-01", placementRows(0, 50, "2025-01-01", ""), 2).reject(1, 1) }, nil, "records_conserved_placements"},
		"a file with other rows than committed": {func(w *world) { simple(w); w.files[0].Rows = 49; w.entries[0].Objects[0].Records = 50 }, nil,
			"lake_read_equals_commits_placements"},
		"a file with other nulls than committed": {func(w *world) { simple(w); w.files[0].Columns[10].Nulls++ }, nil, "lake_read_equals_commits_placements"},
		"a file with another maximum":            {func(w *world) { simple(w); w.files[0].Columns[12].Max = "999.99" }, nil, "lake_read_equals_commits_placements"},
		"staging that keeps old versions": {func(w *world) { simple(w); w.deliver("2025-02-01", placementRows(0, 5, "2025-02-01", ""), 0) },
			withModel("stg_placements", "source_updated_at desc nulls last", "source_updated_at asc"), "staging_equals_lake_placements"},
		"staging that drops rows": {simple, withModel("stg_placements", "where ended.ended_in is null", "where told.row_no <> 7 and ended.ended_in is null"),
			"staging_equals_lake_placements"},
		"staging that changes a value":                        {simple, withModel("stg_placements", "told.country,", "upper(coalesce(told.country, 'MYS')) as country,"), "staging_equals_lake_placements"},
		"a grain that is not one":                             {simple, withModel("mart_placement_counts", "(period, period_start, country)", "(period, period_start, country), (period, period_start, country)"), "grain_mart_placement_counts grain_kpi_plc_01 figures_add_up_over_members"},
		"an undeclared measure":                               {simple, withModel("kpi_cmp_01", "'cases' as measure", "'dossiers' as measure"), "figures_well_formed"},
		"a zero for what is missing":                          {simple, withModel("kpi_cmp_01", "'reported' as status", "'not_available' as status"), "figures_well_formed"},
		"an undeclared breakdown":                             {simple, withModel("mart_placement_counts", "else 'country' end as breakdown", "else 'planet' end as breakdown"), "figures_well_formed"},
		"a kind of period that is not declared":               {simple, withModel("kpi_cmp_01", "'year' as period_type, '2024' as period", "'month' as period_type, '2024-01' as period"), "figures_well_formed"},
		"a number withheld by an SQL that is not declared to": {simple, withModel("kpi_cmp_01", "cases as value, 'reported' as status", "null as value, 'suppressed' as status"), "figures_well_formed"},
		"cases told that are declared too few":                {simple, withSuppression("kpi_cmp_01", "cases", models.Suppression{Below: 8, Withheld: models.WithheldBySQL}), "figures_well_formed"},
		"offending rows of a check": {func(w *world) {
			w.deliver("2025-01-01", "select * replace ('XXX' as country) from ("+placementRows(0, 12, "2025-01-01", "")+")", 0)
		}, nil, "check_countries_known"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			tc.world(w)
			if tc.change == nil {
				tc.change = func(*BuildSpec) {}
			}
			if _, got := gateOf(t, w, tc.change); got != tc.want {
				t.Errorf("stopped by %q, want %q", got, tc.want)
			}
		})
	}
}

func TestGateErrorShowsRowsButNoPersonalColumn(t *testing.T) {
	w := newWorld(t).deliver("2025-01-01", "select * replace ('XXX' as country) from ("+placementRows(0, 12, "2025-01-01", "")+")", 0)
	gate, _ := gateOf(t, w)
	f := gate.Failures[0]
	if f.Offending != 12 || len(f.Rows) != sampleRows {
		t.Errorf("%d offending, %d shown; want 12 and %d", f.Offending, len(f.Rows), sampleRows)
	}
	if !slices.Equal(f.Columns, []string{"source", "country"}) {
		t.Errorf("shows %v; placement_id is an identifier, the token and the key are personal", f.Columns)
	}
	text := gate.Error()
	for _, want := range []string{"1 check(s) failed, nothing is published", "check_countries_known: 12 offending (Countries are known); Add the country to the list.", "source=siskop2mi, country=XXX"} {
		if !strings.Contains(text, want) {
			t.Errorf("message lacks %q:\n%s", want, text)
		}
	}
	if tokenText.MatchString(text) || strings.Contains(text, "p11") {
		t.Errorf("message shows personal values:\n%s", text)
	}
	if gate.ExitCode() != 3 {
		t.Errorf("exit code %d", gate.ExitCode())
	}
}

func TestWarningsAreRecordedAndDoNotStop(t *testing.T) {
	w := newWorld(t).deliver("2025-01-01", "select * replace (cast(null as decimal(18,2)) as wage) from ("+placementRows(0, 12, "2025-01-01", "")+")", 0)
	w.build()
	db := openFile(t, filepath.Join(w.spec().OutDir, WarehouseFile))
	if got := ask(t, db, "select passed, severity, offending from meta.checks where name = 'check_wages'"); got != "false|warn|12" {
		t.Errorf("meta.checks says %s", got)
	}
}

func TestMetaExplainsTheRelease(t *testing.T) {
	w := newWorld(t).deliver("2025-01-01", placementRows(0, 50, "2025-01-01", ""), 3).reject(1, 3)
	w.build()
	db := openFile(t, filepath.Join(w.spec().OutDir, WarehouseFile))
	for query, want := range map[string]string{
		"select name, reads from meta.models where layer = 'kpis' order by name":                                "kpi_cmp_01|\nkpi_plc_01|mart_placement_counts",
		"select kpi, measure, is_default, kpi_title_en, definition_en from meta.kpis order by all desc limit 2": "PLC-01|services|true|Placements|Completed services.\nPLC-01|persons|false|Placements|Distinct persons.",
		"select commit_no, cast(known_at as date), kind, feed, objects, records, row_count from meta.commits":   "1|2025-01-01T00:00:00Z|delivery|siskop2mi_placements|1|53|50",
		"select path, row_count, commit_no from meta.files where dataset = 'placements'":                        "lake/placements/0.parquet|50|1",
		"select name, records, accepted, quarantined from meta.objects":                                         "page|53|50|3",
		"select feed, code, column_name, problems, records from meta.rejects order by code":                     "siskop2mi_placements|date_order|completed_on|3|3\nsiskop2mi_placements|impossible_date|completed_on|3|3",
		"select records, accepted, quarantined, current_rows, staged from meta.conservation":                    "53|50|3|50|50",
		"select release_id, origin, log_head, log_hash, duckdb_version from meta.release":                       "r000001|sample|1|head|v1.5.6",
		"select count(*) from meta.checks where not passed":                                                     "0",
		"select count(*) > 0 from meta.checks where name = 'check_wages'":                                       "true",
	} {
		if got := ask(t, db, query); got != want {
			t.Errorf("%s\n got  %s\n want %s", query, got, want)
		}
	}
}

func TestTheOpenFileHoldsOnlyWhatMayBePublished(t *testing.T) {
	w := newWorld(t).deliver("2025-01-01", placementRows(0, 50, "2025-01-01", ""), 0)
	w.build()
	db := openFile(t, filepath.Join(w.spec().OutDir, OpenFile))
	if got := ask(t, db, "select string_agg(table_name, ' ' order by table_name) from duckdb_tables() where not internal"); got != "_read_me_first figures kpis release" {
		t.Errorf("tables: %s", got)
	}
	if got := ask(t, db, "select count(*) from figures where (kpi not like 'PLC-%' and breakdown <> 'total') and (status <> 'suppressed' or member <> '' or value is not null or numerator is not null or denominator is not null)"); got != "0" {
		t.Errorf("%s withheld figures show a number", got)
	}
	if got := ask(t, db, "select kpi, breakdown, member, value, status from figures where kpi = 'CMP-01' order by breakdown desc"); got != "CMP-01|total||7|reported\nCMP-01|country||NULL|suppressed" {
		t.Errorf("cases: %s", got)
	}
	if got := ask(t, db, "select count(*) > 0 from figures where kpi = 'PLC-01' and breakdown = 'country' and value is not null"); got != "true" {
		t.Error("placements by country may be published and are not there")
	}
	// The Parquet files beside it say the same, row for row, and nothing more.
	dir := w.spec().OutDir
	plain, err := sql.Open("duckdb", filepath.Join(dir, OpenFile)+"?access_mode=read_only")
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	for table, file := range map[string]string{"figures": "figures.parquet", "meta.kpis": "kpis.parquet"} {
		path := quoteText(filepath.Join(dir, openFolder, file))
		if got := ask(t, plain, "select count(*) from ((from "+table+" except all from "+path+") union all (from "+path+" except all from "+table+"))"); got != "0" {
			t.Errorf("%s: %s rows differ from the open file", file, got)
		}
	}
	if files, err := os.ReadDir(filepath.Join(dir, openFolder)); err != nil || len(files) != 2 {
		t.Errorf("open/ holds %v, %v", files, err)
	}
}

func TestTamperedFilesAreFoundOnReadingBack(t *testing.T) {
	good := []TableHash{{"a", 2, "77"}, {"b", 1, "5"}}
	for name, got := range map[string][]TableHash{
		"a row is missing":   {{"a", 1, "77"}, {"b", 1, "5"}},
		"a value differs":    {{"a", 2, "78"}, {"b", 1, "5"}},
		"a table is missing": {{"a", 2, "77"}},
	} {
		if err := sameTables(good, got); err == nil {
			t.Errorf("%s: not found", name)
		}
	}
	if err := sameTables(good, slices.Clone(good)); err != nil {
		t.Error(err)
	}
}

func TestOrderLaw(t *testing.T) {
	mk := func(name, sql string, layer models.Layer) models.Model {
		return models.Model{Name: name, Path: name + ".sql", SQL: sql, Layer: layer}
	}
	early, late := mk("dim_a", "select * from ref_a", models.Core), mk("fct_b", "select 1 as x", models.Core)
	for name, tc := range map[string]struct{ sql, want string }{
		"later model":       {"with t as (select * from fct_b) select * from t", "dim_z.sql reads fct_b, which is built later"},
		"within an unpivot": {"select * from fct_b unpivot (v for k in (x))", "dim_z.sql reads fct_b, which is built later"},
		"itself":            {"select * from dim_z", "dim_z.sql reads dim_z, which is built later"},
		"unknown":           {"select * from somewhere", "dim_z.sql reads somewhere, which is no model"},
		"figures":           {"select * from figures", "reads figures, which is no model"},
		"clock":             {"select now() as t", "dim_z.sql: calls now; SQL takes the day from run.as_of"},
		"clock word":        {"select current_date as t", "calls current_date"},
		"chance":            {"select random() as t", "calls random"},
		"file":              {"select * from read_csv('x.csv')", "calls read_csv"},
		"not SQL":           {"selec 1", "dim_z.sql: reading the SQL"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := CheckOrder(context.Background(), []models.Model{early, mk("dim_z", tc.sql, models.Core), late})
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want …%s…", err, tc.want)
			}
		})
	}
	lineage, err := CheckOrder(context.Background(), []models.Model{early, late,
		mk("mart_c", "/* never now() */ select 'current_date' as c, a.* from dim_a a, lake_x, run join (select * from fct_b) b on true -- random()", models.Marts),
		mk("check_d", "select * from figures, mart_c", models.Checks)})
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(lineage["mart_c"], " "); got != "dim_a fct_b lake_x run" {
		t.Errorf("mart_c reads %s", got)
	}
	if !lineage.Upstream("check_d")["ref_a"] {
		t.Error("lineage does not reach the reference list")
	}
}

func TestOpenReadIsClosedToEverythingElse(t *testing.T) {
	w := newWorld(t)
	w.build()
	path := filepath.Join(w.spec().OutDir, WarehouseFile)
	db := openFile(t, path)
	second := openFile(t, path) // two readers in one process
	if a, b := ask(t, db, "select count(*) from dim_country"), ask(t, second, "select count(*) from dim_country"); a != "3" || b != "3" {
		t.Errorf("readers see %s and %s", a, b)
	}
	for name, q := range map[string]string{
		"writing": "create table x as select 1", "reading a file": "select * from read_csv('/etc/hostname')",
		"attaching": "attach '" + filepath.Join(t.TempDir(), "x.duckdb") + "'", "a setting": "set threads = 1",
		"opening up": "set enable_external_access = true", "an extension": "load httpfs", "exporting": "copy dim_country to '" + filepath.Join(t.TempDir(), "x.csv") + "'",
	} {
		if _, err := db.Exec(q); err == nil {
			t.Errorf("%s was allowed", name)
		}
	}
	if got := ask(t, db, "select current_setting('TimeZone')"); got != "Asia/Jakarta" {
		t.Errorf("time zone %s", got)
	}
	if _, err := OpenRead(filepath.Join(t.TempDir(), "none.duckdb")); err == nil {
		t.Error("a missing file was opened")
	}
}
