package docs

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/sql"
	"github.com/kp2mi/lindung/transforms"
	"github.com/kp2mi/lindung/warehouse"
)

func edge(column string, from ...warehouse.ColumnRef) warehouse.TracedColumn {
	return warehouse.TracedColumn{Name: column, From: from}
}

func ref(table, column string) warehouse.ColumnRef {
	return warehouse.ColumnRef{Table: table, Column: column}
}

// A model whose SQL cannot be followed is shown by its tables, with the reason, and no column of it is claimed.
func TestAModelThatIsNotFollowedIsKnownByTable(t *testing.T) {
	lists, err := transforms.LoadLists(configs.Reference())
	if err != nil {
		t.Fatal(err)
	}
	files, err := Render(Subject{Lists: lists, Reference: fstest.MapFS{
		"targets.csv":           {Data: []byte("kpi,measure,period,value,unit,set_on,source,status\n")},
		"published_sources.csv": {Data: []byte("source,url\n")},
	}, Models: []sql.Model{{Name: "kpi_x", Layer: sql.KPIs, Path: "4_kpis/kpi_x.sql", Meta: sql.Meta{ID: "X-01", Theme: "of_its_own"}}},
		Tables: []warehouse.DescribedTable{{Name: "kpi_x", Layer: sql.KPIs, Path: "4_kpis/kpi_x.sql", Reads: []string{"lake_loans"},
			Trace: warehouse.Trace{Unresolved: "COLUMNS is not followed"}}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []struct{ path, text string }{
		{"lineage.md", "| `kpi_x` | COLUMNS is not followed | `lake_loans` |"},
		{"lineage.md", "| [X-01](kpis.md#x-01) | `lake_loans` | hanya per tabel / by table only | | `loans` |"},
		{"lineage.json", `"level":"table","reason":"COLUMNS is not followed","reads":["lake_loans"],"columns":[]}`},
		{"kpis.md", "## of_its_own"},
	} {
		for _, f := range files {
			if f.Path == want.path && !strings.Contains(string(f.Content), want.text) {
				t.Errorf("%s lacks %s", want.path, want.text)
			}
		}
	}
}

// A column can make a KPI's number, name its members, or decide only which rows count.
func TestWhatBecomesOfAColumn(t *testing.T) {
	r := newReach([]warehouse.DescribedTable{
		{Name: "fct", Layer: sql.Core, Reads: []string{"lake_loans"}, Trace: warehouse.Trace{
			Columns: []warehouse.TracedColumn{edge("amount", ref("lake_loans", "disbursed_idr")), edge("country", ref("lake_loans", "country"))},
			Rows:    []warehouse.ColumnRef{ref("lake_loans", "loan_kind")}}, Columns: []warehouse.DescribedColumn{{Name: "amount"}, {Name: "country"}}},
		{Name: "mart_available_periods", Layer: sql.Marts, Reads: []string{"fct"}, Trace: warehouse.Trace{
			Columns: []warehouse.TracedColumn{edge("is_loaded", ref("fct", "country"))}}},
		{Name: "kpi_y", Layer: sql.KPIs, Reads: []string{"fct", "mart_available_periods"}, Trace: warehouse.Trace{
			Columns: []warehouse.TracedColumn{edge("value", ref("fct", "amount"), ref("mart_available_periods", "is_loaded")), edge("member", ref("fct", "country"))}}},
	})
	for column, want := range map[string]string{
		"disbursed_idr": "through fct.amount, number kpi_y, members , rows ",
		"country":       "through fct.country, number , members kpi_y, rows ", // its way through the readiness of periods is not followed
		"loan_kind":     "through , number , members , rows kpi_y",
		"lender":        "through , number , members , rows ",
	} {
		u := r.use("loans", column)
		got := "through " + strings.Join(refNames(u.Through), " ") + ", number " + strings.Join(u.Numbers, " ") +
			", members " + strings.Join(u.Members, " ") + ", rows " + strings.Join(u.Rows, " ")
		if got != want || u.any() != strings.Contains(want, "kpi_y") {
			t.Errorf("%s: %s\nwant %s", column, got, want)
		}
	}
	if way := r.path("loans", "disbursed_idr", "kpi_y"); len(way) != 3 || way[2] != ref("kpi_y", "value") {
		t.Errorf("the way of disbursed_idr is %v", way)
	}
	if way := r.path("loans", "country", "kpi_y"); way != nil {
		t.Errorf("country makes no number, its way is %v", way)
	}
}

// What a feed maps is exact, a constant has no column, and what it leaves out takes the column of its own name.
func TestMappingsOfAFeed(t *testing.T) {
	d, _ := transforms.Lookup("exchange_rates")
	f := &configs.Feed{Version: "diubah", Fields: map[string]string{"rate_on": "tanggal", "kind": "=mid"}}
	got := map[string]mapping{}
	for _, m := range mappings(f, d) {
		got[m.Field] = m
	}
	if one := mappings(&configs.Feed{}, d); len(one) != len(got)-1 {
		t.Errorf("a feed without version has %d mappings; the time of its deliveries comes from no column", len(one))
	}
	for field, want := range map[string][3]string{
		"rate_on": {"tanggal", "", exact}, "kind": {"", "mid", exact}, "currency": {"currency", "", sameName}, "source_updated_at": {"diubah", "", exact},
	} {
		if m := got[field]; [3]string{m.Source, m.Constant, m.Level} != want {
			t.Errorf("%s: %+v, want %v", field, m, want)
		}
	}
}
