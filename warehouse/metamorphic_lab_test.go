package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	models "github.com/kp2mi/lindung/sql"
)

// A lab builds the figures of small stories again and again: the shipped models, planned once. It builds the KPIs
// whose datasets a story can tell of; the others have their own tests only.
type lab struct {
	b       *build
	asOf    time.Time
	order   []string             // the models that a KPI needs, in build order
	inserts map[string]*sql.Stmt // nil: planned anew each time
	read    *sql.Stmt
	changed map[string]string // models with other SQL than the shipped one
	sources map[string][]string
	adds    map[string]bool // "PLC-01.services": members and parts add up

	alone      map[string]map[string]shown // figures of the anchors
	everything bool                        // build also what reads no table of the story
}

// shown is one figure as laws look at it.
type shown struct {
	kpi, measure, periodType, period, breakdown, member, status string
	start                                                       time.Time
	numerator, denominator, value                               sql.NullFloat64
}

func (f shown) name() string { return f.kpi + "." + f.measure }

func (f shown) key() string {
	if f.breakdown == "total" {
		return f.name() + "/" + f.period
	}
	return f.name() + "/" + f.period + "/" + f.breakdown + "=" + f.member
}

func (f shown) cell() string { return f.key()[len(f.name()):] }

// end is the day after the period.
func (f shown) end() time.Time {
	return f.start.AddDate(0, map[string]int{"month": 1, "quarter": 3, "year": 12}[f.periodType], 0)
}

// references are the lists that models of the lab read: two occupations of the same skill, so that their names can
// change places, and one of another; a target, and the same one four years later; legal clocks that never change.
var references = []string{
	"insert into ref_status (code, is_open) values ('DITERIMA', 'true'), ('SELESAI', 'false')",
	"insert into ref_occupation (code, skill_level) values ('O1', '2'), ('O2', '2'), ('O3', '1')",
	"insert into ref_legal_clock (code, length, unit) values ('KOMITMEN', '7', 'day'), ('LENGKAP_30H', '30', 'day')",
	"insert into ref_targets (kpi, measure, period, value, status) values ('PLC-01', 'services', '2024', '30', 'in force'), ('PLC-01', 'services', '2028', '30', 'in force')",
}

// canBeTold reports whether stories tell of all that a KPI reads.
func canBeTold(datasets []string) bool {
	for _, dataset := range datasets {
		if !slices.Contains([]string{tellsPlacements, tellsCases, tellsEvents, tellsRemittances}, "lake_"+dataset) {
			return false
		}
	}
	return true
}

func newLab(t testing.TB) *lab {
	t.Helper()
	ctx := context.Background()
	spec := shippedSpec(t, models.FS)
	lineage, err := CheckOrder(ctx, spec.Models)
	if err != nil {
		t.Fatal(err)
	}
	l := &lab{asOf: storyDay, inserts: map[string]*sql.Stmt{}, changed: map[string]string{}, sources: map[string][]string{}, adds: map[string]bool{}, alone: map[string]map[string]shown{}}
	l.b = &build{BuildSpec: BuildSpec{Models: spec.Models, Datasets: spec.Datasets, Reference: spec.Reference, Progress: func(Step) {}},
		columns: map[string][]Column{}, rows: map[string]int64{}, manifest: &Manifest{Lineage: lineage}}
	l.b.withInternalDatasets()
	if l.b.s, err = openSession(ctx, limits{threads: 1, memory: "1GB"}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.b.s.Close() })
	if err := l.b.createShapes(ctx); err != nil {
		t.Fatal(err)
	}
	for _, rows := range references {
		if err := l.b.s.exec(ctx, rows); err != nil {
			t.Fatal(err)
		}
	}
	// A plan is made once, over empty tables; what DuckDB concludes from their statistics would hold for ever.
	if err := l.b.s.exec(ctx, "set disabled_optimizers = 'statistics_propagation'"); err != nil {
		t.Fatal(err)
	}
	needed := map[string]bool{}
	var parts []string
	for _, m := range spec.Models {
		if m.Layer != models.KPIs || !canBeTold(m.Meta.Sources) {
			continue
		}
		for table := range lineage.Upstream(m.Name) {
			needed[table] = true
		}
		parts = append(parts, fmt.Sprintf("select '%s' as kpi, * from %s", m.Meta.ID, m.Name))
		l.sources[m.Meta.ID] = m.Meta.Sources
		for _, measure := range m.Meta.Measures {
			l.adds[m.Meta.ID+"."+measure.Name] = measure.Additive.OverMembers()
		}
	}
	for _, m := range spec.Models {
		if !needed[m.Name] {
			continue
		}
		l.order = append(l.order, m.Name)
		if l.inserts[m.Name], err = l.b.s.conn.PrepareContext(ctx, l.insert(m.Name)); err != nil {
			t.Fatal(err)
		}
	}
	if l.read, err = l.b.s.conn.PrepareContext(ctx, strings.Join(parts, " union all ")); err != nil {
		t.Fatal(err)
	}
	return l
}

func (l *lab) insert(model string) string {
	text := l.changed[model]
	for _, m := range l.b.Models {
		if m.Name == model && text == "" {
			text = m.SQL
		}
	}
	return "insert into " + quoteName(model) + " " + text
}

// breakModel puts other SQL in the place of a model's until the returned function is called.
func (l *lab) breakModel(t testing.TB, model, old, replacement string) (mend func()) {
	t.Helper()
	before := l.insert(model)
	i := slices.IndexFunc(l.b.Models, func(m models.Model) bool { return m.Name == model })
	if i < 0 || !strings.Contains(l.b.Models[i].SQL, old) {
		t.Fatalf("%s does not say %q", model, old)
	}
	put := func(text string) {
		stmt, err := l.b.s.conn.PrepareContext(context.Background(), text)
		if err != nil {
			t.Fatalf("%s: %v", model, err)
		}
		l.inserts[model].Close()
		l.inserts[model], l.alone = stmt, map[string]map[string]shown{}
	}
	l.changed[model] = strings.ReplaceAll(l.b.Models[i].SQL, old, replacement)
	put(l.insert(model))
	return func() { delete(l.changed, model); put(before) }
}

// reads reports whether a model depends on a table in which the story has rows.
func (l *lab) reads(model string, s story) bool {
	upstream := l.b.manifest.Lineage.Upstream(model)
	for table, rows := range s {
		if len(rows) > 0 && upstream[table] || slices.Contains([]string{"dim_status", "dim_occupation", "dim_target", "dim_legal_clock"}, model) {
			return true
		}
	}
	return false
}

// figures builds a story in a transaction that is never committed.
func (l *lab) figures(s story) (figures map[string]shown) {
	ctx := context.Background()
	must := func(err error) {
		if err != nil {
			panic(err) // a broken lab says nothing about a law
		}
	}
	must(l.b.s.exec(ctx, "begin transaction"))
	defer func() { must(l.b.s.exec(ctx, "rollback")) }()
	must(l.b.s.exec(ctx, fmt.Sprintf("insert into run values ('%s', '%s', 'r000001', 'sample')", l.asOf.Format(time.DateOnly), l.asOf.Format("2006-01")+"-01")))
	for table, rows := range s {
		must(l.tell(ctx, table, rows))
	}
	for _, model := range l.order {
		var err error
		if !l.everything && !l.reads(model, s) {
			continue // nothing comes of nothing
		}
		if stmt := l.inserts[model]; stmt != nil {
			_, err = stmt.ExecContext(ctx)
		} else {
			err = l.b.s.exec(ctx, l.insert(model))
		}
		if err != nil {
			panic(fmt.Errorf("building %s: %w", model, err))
		}
	}
	figures, err := l.readFigures(ctx)
	must(err)
	return figures
}

// anchorsAlone remembers the figures of the anchors, with which many laws compare.
func (l *lab) anchorsAlone(anchor story) map[string]shown {
	key := strings.Join(sortedKeys(anchor), " ")
	if l.alone[key] == nil {
		l.alone[key] = l.figures(anchor)
	}
	return l.alone[key]
}

func (l *lab) readFigures(ctx context.Context) (figures map[string]shown, err error) {
	rows, err := l.read.QueryContext(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	figures = map[string]shown{}
	for rows.Next() {
		var f shown
		if err := rows.Scan(&f.kpi, &f.measure, &f.periodType, &f.period, &f.start, &f.breakdown, &f.member, &f.numerator, &f.denominator, &f.value, &f.status); err != nil {
			return nil, err
		}
		if _, twice := figures[f.key()]; twice {
			f.status = "comes twice"
		}
		figures[f.key()] = f
	}
	return figures, rows.Err()
}

// tell inserts records in their order, all in one statement.
func (l *lab) tell(ctx context.Context, table string, rows []record) error {
	if len(rows) == 0 {
		return nil
	}
	seen := map[string]bool{}
	for _, r := range rows {
		for column := range r {
			seen[column] = true
		}
	}
	columns := sortedKeys(seen)
	lines := make([]string, len(rows))
	for i, r := range rows {
		cells := make([]string, len(columns))
		for j, column := range columns {
			if cells[j] = "null"; r[column] != "" {
				cells[j] = quoteText(r[column])
			}
		}
		lines[i] = "(" + strings.Join(cells, ", ") + ")"
	}
	return l.b.s.exec(ctx, fmt.Sprintf("insert into %s (%s) values %s", table, quoteNames(columns), strings.Join(lines, ", ")))
}

// differences lists what two sets of figures say differently, of the figures that a law speaks about.
func differences(was, is map[string]shown, about func(shown) bool) (found []string) {
	for key, f := range was {
		if g := is[key]; g != f && (about == nil || about(f)) {
			found = append(found, fmt.Sprintf("%s: was %s, is %s", key, f.text(), g.text()))
		}
	}
	for key, g := range is {
		if _, there := was[key]; !there && (about == nil || about(g)) {
			found = append(found, fmt.Sprintf("%s: was nothing, is %s", key, g.text()))
		}
	}
	sort.Strings(found)
	return found
}

func (f shown) text() string {
	if f.kpi == "" {
		return "nothing"
	}
	number := func(n sql.NullFloat64) string {
		if !n.Valid {
			return "null"
		}
		return fmt.Sprint(n.Float64)
	}
	return fmt.Sprintf("%s (%s of %s, %s)", number(f.value), number(f.numerator), number(f.denominator), f.status)
}
