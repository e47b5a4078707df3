package warehouse

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kp2mi/lindung/configs"
	models "github.com/kp2mi/lindung/sql"
)

// shapes builds the shipped models over nothing, as Describe does.
func shapes(t *testing.T) (*build, *tracer) {
	t.Helper()
	s := shippedSpec(t, models.FS)
	lineage, err := CheckOrder(t.Context(), s.Models)
	if err != nil {
		t.Fatal(err)
	}
	b := &build{BuildSpec: BuildSpec{Models: s.Models, Datasets: s.Datasets, Reference: s.Reference, Progress: func(Step) {}},
		columns: map[string][]Column{}, rows: map[string]int64{}, manifest: &Manifest{Lineage: lineage}}
	b.withInternalDatasets()
	if b.s, err = openSession(t.Context(), limits{threads: 1, memory: "1GB"}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.s.Close() })
	if err := b.createShapes(t.Context()); err != nil {
		t.Fatal(err)
	}
	tr, err := b.tracer(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return b, tr
}

// DuckDB's binder is the judge of the lineage: a model reads a column exactly when it gives another table, or none,
// once the column is taken away.
func TestTracesAreWhatDuckDBNeeds(t *testing.T) {
	t.Parallel()
	b, tr := shapes(t)
	asked := 0
	for _, m := range b.builtModels() {
		if m.Layer == models.Staging && m.Name != "stg_placements" || m.Layer == models.Core && !strings.Contains(m.SQL, "\nwith ") {
			continue // all alike, and wide
		}
		trace, err := b.trace(t.Context(), m, tr)
		if err != nil {
			t.Fatal(err)
		}
		if trace.Unresolved != "" {
			t.Errorf("%s: %s", m.Path, trace.Unresolved)
			continue
		}
		traced := refs{}
		for _, c := range trace.Columns {
			for _, r := range c.From {
				traced[r] = true
			}
		}
		for _, r := range trace.Rows {
			traced[r] = true
		}
		for _, table := range b.manifest.Lineage[m.Name] {
			for _, c := range tr.tables[table] {
				asked++
				ref := ColumnRef{table, c.Name}
				needed, err := b.needs(t.Context(), m, ref)
				if err != nil {
					t.Fatal(err)
				}
				// without it, "period_text as period" a few lines above takes its place
				if needed != traced[ref] && ref.String() != "stg_manual_indicators.period" {
					t.Errorf("%s: DuckDB needs %s: %v; traced: %v", m.Path, ref, needed, traced[ref])
				}
			}
		}
	}
	if asked < 1500 {
		t.Errorf("only %d columns were asked about", asked)
	}
}

// needs takes a column away, asks whether the model still gives the same columns, and puts it back.
func (b *build) needs(ctx context.Context, m models.Model, ref ColumnRef) (needed bool, err error) {
	if err := b.s.exec(ctx, "begin transaction"); err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, b.s.exec(ctx, "rollback")) }()
	if err := b.s.exec(ctx, fmt.Sprintf("alter table %s drop column %s", quoteName(ref.Table), quoteName(ref.Column))); err != nil {
		return false, err
	}
	columns, err := b.s.columnsOf(ctx, "("+m.SQL+"\n)")
	return err != nil || len(columns) != len(b.columns[m.Name]), nil
}

// What each part of SQL does to the lineage of a column. What is not followed is said, and nothing is claimed of it.
func TestTraceFollows(t *testing.T) {
	t.Parallel()
	b, tr := shapes(t)
	tr.tables["t"] = []Column{{Name: "a"}, {Name: "b"}, {Name: "c"}}
	tr.tables["u"] = []Column{{Name: "a"}, {Name: "d"}}
	for _, ddl := range []string{"create table t (a int, b int, c int)", "create table u (a int, d int)"} {
		if err := b.s.exec(t.Context(), ddl); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ name, sql, want string }{
		{"a plain column and an expression", "select a as x, b + c as y from t", "x=t.a y=t.b,t.c |"},
		{"a filter decides rows, and no value", "select a from t where b > 1", "a=t.a | t.b"},
		{"an aggregate's own filter belongs to its value", "select count(*) filter (b = 1) as n from t", "n=t.b |"},
		{"an earlier item by its alias", "select a + b as s, s * 2 as d from t", "s=t.a,t.b d=t.a,t.b |"},
		{"a column before an alias of the same name", "select b as a, a as x from t", "a=t.b x=t.a |"},
		{"group by all groups by what is no aggregate", "select a, sum(b) as n from t group by all", "a=t.a n=t.b | t.a"},
		{"a CTE read twice under two names", "with k as (select a, b from t where c = 1) select l.a, r.b from k as l cross join k as r", "a=t.a b=t.b | t.c"},
		{"a join by using", "select a, d from t left join u using (a)", "a=t.a d=u.d | t.a,u.a"},
		{"a full join takes the key of either side", "select a from t full join u using (a)", "a=t.a,u.a | t.a,u.a"},
		{"an anti join gives nothing of its right side", "select * from t anti join u on t.b = u.d", "a=t.a b=t.b c=t.c | t.b,u.d"},
		{"a star without and with other columns", "select * exclude (b) replace (b + c as c) from t", "a=t.a c=t.b,t.c |"},
		{"a union by position", "select a, b from t union all select d, a from u", "a=t.a,u.d b=t.b,u.a |"},
		{"a union by name", "select a, b from t union all by name select a, d from u", "a=t.a,u.a b=t.b d=u.d |"},
		{"what is taken away decides rows", "select a from t except select a from u", "a=t.a | u.a"},
		{"a question about another table", "select a from t where b in (select d from u where u.a = t.c)", "a=t.a | t.b,t.c,u.a,u.d"},
		{"the first row of each group", "select a from t qualify row_number() over (partition by b order by c) = 1", "a=t.a | t.b,t.c"},
		{"the row before", "select lag(a) over (partition by b order by c) as p from t", "p=t.a | t.b,t.c"},
		{"structs that become columns", "select unnest([{'m': 'x', 'v': a}, {'m': 'y', 'v': b}], recursive := true) from t", "m= v=t.a,t.b |"},
		{"an order decides rows only with a limit", "select a from t order by b limit 1", "a=t.a | t.b"},
		{"and none without", "select a from t order by b", "a=t.a |"},
		{"columns by a pattern", "select columns(*) from t", "| COLUMNS and RENAME are not followed; name the columns"},
		{"a recursion", "with recursive r as (select a from t union all select a + 1 from r where a < 3) select a from r", `| the tree has a "RECURSIVE_CTE_NODE", which is not followed`},
		{"a natural join", "select a from t natural join u", `| the tree has a "NATURAL" join, which is not followed`},
		{"a lambda", "select list_transform([a], x -> x + a) as l from t", "| a lambda within an expression is not followed"},
		{"a position", "select a from t group by 1", "| grouping by the position of a column is not followed; name the column"},
	} {
		t.Run(c.name, func(t *testing.T) {
			columns, err := b.s.columnsOf(t.Context(), "("+c.sql+")")
			if err != nil {
				t.Fatal(err)
			}
			b.columns["m"] = columns
			trace, err := b.trace(t.Context(), models.Model{Name: "m", Path: "m.sql", SQL: c.sql}, tr)
			if err != nil {
				t.Fatal(err)
			}
			if got := traceText(trace); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func traceText(trace Trace) string {
	var b strings.Builder
	join := func(all []ColumnRef) string {
		texts := make([]string, len(all))
		for i, r := range all {
			texts[i] = r.String()
		}
		return strings.Join(texts, ",")
	}
	for _, c := range trace.Columns {
		b.WriteString(c.Name + "=" + join(c.From) + " ")
	}
	return strings.TrimRight(b.String()+"| "+join(trace.Rows)+trace.Unresolved, " ")
}

// What Describe says is what the comments in a release's file say, of every table that the shipped models make.
func TestDescribedTextsAreTheCommentsInTheFile(t *testing.T) {
	t.Parallel()
	shipped := shippedSpec(t, models.FS)
	definitions := map[string]map[string]models.Text{}
	for _, d := range configs.Datasets() {
		definitions[d.Name] = map[string]models.Text{}
		for _, c := range d.Columns {
			definitions[d.Name][c.Name] = models.Text{ID: c.ID, EN: c.EN}
		}
	}
	tables, err := Describe(t.Context(), DescribeSpec{Models: shipped.Models, Datasets: shipped.Datasets, Reference: shipped.Reference, Definitions: definitions})
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t).deliver("2025-04-01", placementRows(0, 31, "2025-04-01", ""), 0)
	w.build(func(s *BuildSpec) {
		s.Models, s.Datasets, s.Reference, s.Definitions = shipped.Models, shipped.Datasets, shipped.Reference, definitions
	})
	db := openFile(t, filepath.Join(w.spec().OutDir, WarehouseFile))
	var said []string
	for _, one := range tables {
		if one.Layer == models.Staging {
			continue // no release keeps them
		}
		said = append(said, one.Name+"|0||"+SampleBanner+". "+one.About.String())
		for i, c := range one.Columns {
			said = append(said, fmt.Sprintf("%s|%d|%s %s|%s", one.Name, i+1, c.Name, c.SQLType, c.Definition))
		}
	}
	slices.Sort(said)
	written := ask(t, db, `select table_name, 0, '', comment from duckdb_tables() where database_name = 'release' and schema_name = 'main' and table_name not in ('run', '_read_me_first')
		union all
		select view_name, 0, '', comment from duckdb_views() where database_name = 'release' and schema_name = 'main' and not internal
		union all
		select table_name, column_index, column_name || ' ' || data_type, comment from duckdb_columns() where database_name = 'release' and schema_name = 'main' and table_name not in ('run', '_read_me_first')`)
	lines := strings.Split(written, "\n")
	slices.Sort(lines)
	if diff := cmp.Diff(said, lines); diff != "" {
		t.Errorf("described (-) and in the file (+):\n%s", diff)
	}
}
