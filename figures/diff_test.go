package figures_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/figures/figurestest"
	models "github.com/kp2mi/lindung/sql"
	"github.com/kp2mi/lindung/warehouse"
)

func opened(t testing.TB, db *sql.DB) *figures.Release {
	t.Helper()
	r, err := figures.Open(context.Background(), db)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func compared(t testing.TB, old, now *figures.Release, kpi string, known figures.Known) *figures.Diff {
	t.Helper()
	d, err := figures.CompareReleases(context.Background(), old, now, kpi, known)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func change(t testing.TB, db *sql.DB, statements ...string) *sql.DB {
	t.Helper()
	for _, q := range statements {
		if _, err := db.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

func all(d *figures.Diff) map[string]figures.Difference {
	list := map[string]figures.Difference{}
	for _, k := range d.KPIs {
		for _, f := range k.Figures {
			list[f.Address.String()] = f
		}
	}
	return list
}

func TestAReleaseDoesNotDifferFromItself(t *testing.T) {
	early, late, _ := project(t)
	for _, r := range []*figures.Release{early, late} {
		if d := compared(t, r, r, "", figures.Known{}); !d.Equal() || d.Counts.Equal == 0 {
			t.Errorf("%s: %+v", r.ID, d.Counts)
		}
	}
	var text bytes.Buffer
	if err := compared(t, late, late, "", figures.Known{}).WriteText(&text, 0); err != nil || !strings.Contains(text.String(), "Nothing would change") {
		t.Errorf("%v:\n%s", err, &text)
	}
}

// Whatever was changed: every change is found, none is invented, and the other way round they are the same,
// mirrored.
func TestDifferencesAreComplete(t *testing.T) {
	for seed := range 4 {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			chosen := func(part int) string {
				return fmt.Sprintf("hash(kpi || measure || period || breakdown || member || '%d/%d') %% 40 = 0", seed, part)
			}
			db := change(t, figurestest.Late(t),
				"update figures set value = value * 1.5 + 3 where value is not null and "+chosen(1),
				"update figures set value = value * (1 + 1e-13) where "+chosen(2), // noise, which is no change
				"update figures set status = 'revised' where "+chosen(3),
				"update figures set value = null, status = 'suppressed' where "+chosen(4),
				"delete from figures where "+chosen(5))
			base := opened(t, figurestest.Late(t))
			now := opened(t, db)
			there, back := compared(t, base, now, "", figures.Known{}), compared(t, now, base, "", figures.Known{})
			want := counted(t, base, now)
			if there.Counts != want || want.Changed == 0 || want.Gone == 0 || want.Status == 0 {
				t.Errorf("found %+v, by SQL it is %+v", there.Counts, want)
			}
			mirrored(t, there, back)
			sum, equal := 0, 0
			for _, k := range there.KPIs {
				equal += k.Counts.Equal
				if sum += len(k.Figures); len(k.Figures) != k.Counts.Different() {
					t.Errorf("%s lists %d figures and counts %+v", k.KPI, len(k.Figures), k.Counts)
				}
			}
			if sum != there.Counts.Different() || equal > there.Counts.Equal || equal == 0 {
				t.Errorf("%d figures are listed, %d differ; of the KPIs listed %d are equal, of all %d", sum, there.Counts.Different(), equal, there.Counts.Equal)
			}
		})
	}
}

// counted asks the same of the two lists of figures in another way.
func counted(t testing.TB, old, now *figures.Release) (c figures.Counts) {
	t.Helper()
	list := func(r *figures.Release) map[figures.Address]figures.Figure {
		found, err := r.List(context.Background(), figures.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		m := map[figures.Address]figures.Figure{}
		for _, f := range found {
			f.Address.Release = ""
			m[f.Address] = f
		}
		return m
	}
	a, b := list(old), list(now)
	for address := range b {
		if _, both := a[address]; !both {
			a[address] = figures.Figure{Status: figures.NotAvailable}
		}
	}
	for address, x := range a {
		y, both := b[address]
		if !both {
			y.Status = figures.NotAvailable
		}
		switch {
		case x.Value != nil && y.Value == nil:
			c.Gone++
		case x.Value == nil && y.Value != nil:
			c.New++
		case x.Value != nil && math.Abs(*x.Value-*y.Value) > 1e-6*math.Max(1, math.Abs(*x.Value)):
			c.Changed++
		case x.Status != y.Status:
			c.Status++
		case x.Value != nil:
			c.Equal++
		}
	}
	return c
}

func mirrored(t *testing.T, there, back *figures.Diff) {
	t.Helper()
	if a, b := there.Counts, back.Counts; a.Equal != b.Equal || a.Changed != b.Changed || a.Status != b.Status || a.New != b.Gone || a.Gone != b.New {
		t.Errorf("there %+v, back %+v", a, b)
	}
	other := map[string]string{figures.KindChanged: figures.KindChanged, figures.KindStatus: figures.KindStatus,
		figures.KindNew: figures.KindGone, figures.KindGone: figures.KindNew}
	causes := map[string]string{"new": "gone", "gone": "new"}
	again := all(back)
	for address, x := range all(there) {
		y, found := again[address]
		wantCause := x.Cause
		if c := causes[x.Cause]; c != "" {
			wantCause = c
		}
		switch {
		case !found || y.Kind != other[x.Kind] || y.Cause != wantCause || x.OldStatus != y.NewStatus:
			t.Errorf("%s: there %+v, back %+v", address, x, y)
		case x.Delta != nil && *x.Delta != -*y.Delta:
			t.Errorf("%s: %v there, %v back", address, *x.Delta, *y.Delta)
		}
	}
	if len(again) != len(all(there)) {
		t.Errorf("%d there, %d back", len(all(there)), len(again))
	}
}

// Two releases of the project's own history: the revision of 2023, all of 2024 and 2025, and nothing else.
func TestTheRevisionIsFoundBothWays(t *testing.T) {
	early, late, _ := project(t)
	there := compared(t, early, late, "", figures.Known{})
	mirrored(t, there, compared(t, late, early, "", figures.Known{}))
	d := all(there)["PLC-01.services/2023"]
	if d.Kind != figures.KindChanged || *d.Delta != 22143 || d.Cause != "data" || d.Unit != "services" || d.Internal {
		t.Errorf("PLC-01 2023: %+v", d)
	}
	if d := all(there)["PLC-04.share/2023"]; d.Cause != "data_and_definition" || d.Share != nil {
		t.Errorf("PLC-04 2023: %+v; of per cent there are points and no per cent", d)
	}
}

// What came between two releases decides the cause, also where the releases' own tables do not show it.
func TestADifferenceHasACause(t *testing.T) {
	const edit = "update figures set value = value + 1 where kpi = 'PLC-01' and breakdown = 'total' and period = '2023'"
	reads := "update meta.models set reads = reads || ', ref_country, run' where name = 'kpi_plc_01'"
	for name, c := range map[string]struct {
		edits []string
		known figures.Known
		cause string
		why   string
	}{
		"nothing that is known":  {[]string{edit}, figures.Known{}, "other", "program changed"},
		"other SQL":              {[]string{edit, "update meta.models set hash = 'x' where name = 'kpi_plc_01'"}, figures.Known{}, "definition", "The SQL changed: kpi_plc_01."},
		"a list that is read":    {[]string{edit, reads}, figures.Known{Inputs: []warehouse.InputChange{{Kind: "reference", Name: "country", How: "changed"}}}, "reference", "Reference lists changed: country."},
		"a list that is not":     {[]string{edit, reads}, figures.Known{Inputs: []warehouse.InputChange{{Kind: "reference", Name: "themes", How: "changed"}}}, "other", ""},
		"another day":            {[]string{edit, reads, "update meta.release set as_of = date '2026-01-16'"}, figures.Known{}, "as_of", "2026-01-15 and 2026-01-16"},
		"a measure that is gone": {[]string{"delete from figures where measure = 'services'", "delete from meta.kpis where measure = 'services'"}, figures.Known{}, "gone", ""},
	} {
		t.Run(name, func(t *testing.T) {
			base := opened(t, change(t, figurestest.Late(t), reads))
			now := opened(t, change(t, figurestest.Late(t), c.edits...))
			d := all(compared(t, base, now, "PLC-01", c.known))["PLC-01.services/2023"]
			if d.Cause != c.cause || !strings.Contains(d.Why.EN, c.why) || d.Why.ID == "" {
				t.Errorf("%s: %q, want %s: %q", d.Cause, d.Why.EN, c.cause, c.why)
			}
			if back := all(compared(t, now, base, "PLC-01", c.known))["PLC-01.services/2023"]; c.cause == "gone" && back.Cause != "new" {
				t.Errorf("the other way round: %+v", back)
			}
		})
	}
}

// Beside the figures: what is printed, which columns there are, what is not for the public, what is frozen.
func TestWhatElseDiffers(t *testing.T) {
	tables := func(class, extra string) []string {
		return []string{
			"create table meta.reconciliation as select * from (values (1::bigint, 'S60', '2023', 'penempatan', 'total', 'PLC-01', 274965.0::double, 297108.0::double, '" + class + "'), " +
				"(2, 'S60', '2023', 'penempatan', 'total', 'PLC-01', 1.0, 1.0, 'equal'), (3, 'S61', '2024', 'pengaduan', 'total', 'CMP-01', 1.0, 1.0, 'equal')) " +
				"t(no, publication, period, printed_measure, printed_breakdown, kpi, published, computed, class)",
			"create table meta.columns as select * from (values ('fct_placements', 'sex', 'VARCHAR')" + extra + ") t(table_name, column_name, data_type)",
			"create table meta.suppressions as select 'PLC-01' as kpi, 'services' as measure, 'scheme' as breakdown, 'open.duckdb' as file",
		}
	}
	base := opened(t, change(t, figurestest.Late(t), tables("differs", ", ('fct_placements', 'age', 'INTEGER'), ('dim_old', 'code', 'VARCHAR')")...))
	now := opened(t, change(t, figurestest.Late(t), append(tables("equal", ", ('fct_placements', 'age', 'BIGINT'), ('fct_placements', 'skill', 'VARCHAR')"),
		"update figures set value = value + 1 where kpi = 'PLC-01' and measure = 'services' and period = '2023-10' and breakdown in ('total', 'scheme')")...))
	known := figures.Known{Frozen: map[string]string{"2023-10": "r000002"},
		Models: []models.Change{{Model: "kpi_plc_01", Layer: models.KPIs, KPI: "PLC-01", How: []string{"SQL"}}, {Model: "dim_old", Layer: models.Core, How: []string{"gone"}}},
		Checks: []warehouse.CheckChange{{Name: "check_x"}}}
	d := compared(t, base, now, "", known)
	if len(d.Reconciliation) != 1 || d.Reconciliation[0].Old != figures.Differs || d.Reconciliation[0].New != figures.Equal || *d.Reconciliation[0].Published != 274965 {
		t.Errorf("printed figures: %+v", d.Reconciliation)
	}
	var schema []string
	for _, s := range d.Schema {
		schema = append(schema, s.String())
	}
	want := "dim_old removed: table; fct_placements.age: INTEGER → BIGINT; fct_placements.skill added: VARCHAR"
	if got := strings.Join(schema, "; "); got != want {
		t.Errorf("columns: %s, want %s", got, want)
	}
	var text bytes.Buffer
	if err := d.WriteText(&text, 0); err != nil || !strings.Contains(text.String(), "    1  differs → equal\n  S60 2023, penempatan, total: differs → equal\n") {
		t.Errorf("%v: the text does not name the printed figure:\n%s", err, &text)
	}
	if f := all(d)["PLC-01.services/2023-10/scheme=PTP"]; !f.Internal || f.FrozenIn != "r000002" {
		t.Errorf("a breakdown that is not for the public, of a frozen month: %+v", f)
	}
	if f := all(d)["PLC-01.services/2023-10"]; f.Internal {
		t.Errorf("a total is for the public: %+v", f)
	}
	one := compared(t, base, now, "PLC-01", known)
	if len(one.Models) != 1 || len(one.Checks)+len(one.Schema) != 0 || len(one.Reconciliation) != 1 {
		t.Errorf("only PLC-01: %+v", one)
	}
	if other := compared(t, base, now, "CMP-01", known); !other.Equal() {
		t.Errorf("nothing of CMP-01 changed: %+v", other)
	}
	if _, err := figures.CompareReleases(context.Background(), base, now, "PLC-99", known); err == nil || !strings.Contains(err.Error(), "no such KPI; there are CMP-01") {
		t.Errorf("an unknown KPI: %v", err)
	}
}

func TestADiffIsWrittenForPeopleAndPrograms(t *testing.T) {
	base := opened(t, change(t, figurestest.Late(t), "create table meta.suppressions as select 'PLC-01' as kpi, 'services' as measure, 'scheme' as breakdown, 'open.duckdb' as file"))
	now := opened(t, change(t, figurestest.Late(t),
		"update figures set value = value + 1 where kpi = 'PLC-01' and measure = 'services' and period = '2023' and breakdown in ('total', 'scheme')",
		"update figures set status = 'revised' where kpi = 'CMP-01' and period = '2024' and breakdown = 'total'"))
	d := compared(t, base, now, "", figures.Known{})
	var text bytes.Buffer
	if err := d.WriteText(&text, 1); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		"DATA CONTOH – BUKAN ANGKA RESMI / SAMPLE DATA – NOT OFFICIAL\nr000003 (as of 2026-01-15, commit 17) → r000003",
		" equal; 3 changed, 1 with another status\n  CMP-01: 1 with another status\n  PLC-01: 3 changed\n",
		"297,108 → 297,109 (+1, +0.00%) services [other]\n  and 2 more; see --limit 0\n",
		"1,500 → 1,500 (reported → revised) cases [other]",
	} {
		if !strings.Contains(text.String(), line) {
			t.Errorf("the text lacks %q:\n%s", line, &text)
		}
	}
	if strings.Contains(text.String(), "internal") {
		t.Errorf("no internal figure is shown, and the text speaks of them:\n%s", &text)
	}
	text.Reset()
	if err := d.WriteText(&text, 0); err != nil || !strings.Contains(text.String(), "[other] internal\n") || !strings.Contains(text.String(), "open.duckdb") {
		t.Errorf("%v: internal figures are not marked:\n%s", err, &text)
	}
	writtenForPrograms(t, d)
}

func writtenForPrograms(t *testing.T, d *figures.Diff) {
	t.Helper()
	var out bytes.Buffer
	if err := d.WriteCSV(&out, 0); err != nil {
		t.Fatal(err)
	}
	reader := csv.NewReader(&out)
	reader.Comment = '#'
	rows, err := reader.ReadAll()
	if err != nil || len(rows) != 1+d.Counts.Different() {
		t.Errorf("%d rows, %v", len(rows), err)
	}
	out.Reset()
	if err := d.WriteJSON(&out, 1); err != nil {
		t.Fatal(err)
	}
	for _, list := range []string{"models", "inputs", "checks", "reconciliation", "schema"} {
		if !strings.Contains(out.String(), `"`+list+`": []`) {
			t.Errorf("%s is empty, and no empty array:\n%s", list, &out)
		}
	}
	var back struct {
		Mark  string
		Equal bool
		KPIs  []struct{ Figures []figures.Difference }
	}
	if err := json.Unmarshal(out.Bytes(), &back); err != nil || back.Equal || back.Mark == "" || len(back.KPIs) != 2 || len(back.KPIs[1].Figures) != 1 {
		t.Errorf("%v: %+v", err, back)
	}
}
