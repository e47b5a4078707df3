package content

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/figures/figurestest"
	"github.com/kp2mi/lindung/reports/document"
	"github.com/kp2mi/lindung/reports/words"
)

// An auditor computes numbers again from the databases of two releases, without a book.
type auditor struct {
	t        *testing.T
	db       map[string]*sql.DB
	releases map[string]*figures.Release
	late     *sql.DB
	figures  map[string]figures.Figure // looked up already, by address
	counts   map[string]float64        // likewise, by name
}

func newAuditor(t *testing.T) *auditor {
	late, early := lateDB(t), figurestest.Early(t)
	a := &auditor{t: t, late: late, db: map[string]*sql.DB{}, releases: map[string]*figures.Release{},
		figures: map[string]figures.Figure{}, counts: map[string]float64{}}
	for _, db := range []*sql.DB{late, early} {
		r := open(t, db)
		a.db[r.ID], a.releases[r.ID] = db, r
	}
	return a
}

// figure looks a figure up by its address.
func (a *auditor) figure(text string) figures.Figure {
	a.t.Helper()
	if f, known := a.figures[text]; known {
		return f
	}
	address, err := figures.ParseAddress(text)
	if err != nil {
		a.t.Fatal(err)
	}
	f, err := a.releases[address.Release].Value(context.Background(), address)
	if err != nil {
		a.t.Fatalf("%s: %v", text, err)
	}
	a.figures[text] = f
	return f
}

func (a *auditor) sum(addresses ...string) (sum float64) {
	for _, address := range addresses {
		sum += *a.figure(address).Value
	}
	return sum
}

func (a *auditor) number(query string, args ...any) float64 {
	a.t.Helper()
	var n float64
	if err := a.late.QueryRow(query, args...).Scan(&n); err != nil {
		a.t.Fatalf("%s: %v", query, err)
	}
	return n
}

func (a *auditor) target(name string) (value float64) {
	kpi, rest, _ := strings.Cut(name, ".")
	measure, rest, _ := strings.Cut(rest, "/")
	period, source, _ := strings.Cut(rest, "@")
	return a.number("select target_value from dim_target where kpi = ? and measure = ? and period = ? and publication = ?", kpi, measure, period, source)
}

// value is what a reference comes to.
func (a *auditor) value(r document.Reference) float64 {
	a.t.Helper()
	own := func() float64 { return *a.figure(r.Figure).Value }
	base := func() float64 { return *a.figure(r.Bases[0]).Value }
	all := append([]string{r.Figure}, r.Bases...)
	if r.Figure == "" { // of a sum: nothing counted
		all = r.Bases
	}
	switch r.Op {
	case document.OpValue:
		return own()
	case document.OpChange:
		return own() - base()
	case document.OpChangePercent:
		return 100 * (own()/base() - 1)
	case document.OpShare:
		return 100 * own() / base()
	case document.OpRest:
		return own() - a.sum(r.Bases...)
	case document.OpSum:
		return a.sum(all...)
	case document.OpSumChangePercent:
		return 100 * (a.sum(all...)/a.sum(r.Against...) - 1)
	case document.OpSumShare:
		return 100 * a.sum(all...) / a.sum(r.Against...)
	case document.OpSumRest:
		return a.sum(all...) - a.sum(r.Against...)
	case document.OpAttainment:
		return 100 * a.sum(all...) / a.target(r.Target)
	case document.OpTarget:
		return a.target(r.Target)
	case document.OpZero:
		address, _ := figures.ParseAddress(r.Figure)
		if _, err := a.releases[address.Release].Value(context.Background(), address); !errors.Is(err, figures.ErrNoFigure) {
			a.t.Errorf("%s is said to be nothing, and is there", r.Figure)
		}
		base() // it is told
		return 0
	case document.OpCount:
		return a.counted(r.Figure)
	case document.OpCountShare:
		return 100 * a.counted(r.Figure) / a.counted(r.Bases[0])
	}
	a.t.Fatalf("nobody can compute %q", r.Op)
	return 0
}

func (a *auditor) counted(name string) float64 {
	n, known := a.counts[name]
	if !known {
		n = a.count(name)
		a.counts[name] = n
	}
	return n
}

// count finds a count of the account by its name.
func (a *auditor) count(name string) float64 {
	a.t.Helper()
	parts := strings.Split(name, ".")
	switch {
	case parts[0] == "quality":
		scope := "kpi"
		if parts[1] == "release" {
			return a.number("select rules_" + parts[2] + " from meta.quality where scope = 'release' and dimension = ''")
		} else if parts[1][0] >= 'a' {
			scope = "source"
		}
		return a.number("select rules_"+parts[2]+" from meta.quality where scope = ? and member = ? and dimension = ''", scope, parts[1])
	case parts[0] == "feed":
		return a.number("select days_late from meta.freshness where feed = ?", parts[1])
	case parts[0] == "input" && parts[2] == "files":
		return a.number("select count(*) from meta.files where dataset = ?", parts[1])
	case parts[0] == "input":
		return a.number("select sum(row_count) from meta.files where dataset = ?", parts[1])
	case parts[0] == "reconciled":
		return a.number("select count(*) from meta.reconciliation where class = ?", parts[1])
	case parts[0] == "restated":
		return a.restated(parts[1:])
	case name == "revisions.enough":
		return 6
	case parts[0] == "revisions": // no release has a record of earlier ones
		return 0
	case parts[0] == "threshold":
		return a.number("select case when unit = '%' then 1 else 2 end from meta.kpis where kpi = ? and measure = ?", parts[1], parts[2])
	case parts[1] == "freshness":
		return a.number("select count(*) from meta.freshness where source = ? and state = ?", parts[0], parts[2])
	case parts[1] == "volume":
		return a.number("select count(*) from meta.volume where source = ? and state = ?", parts[0], parts[2])
	case parts[1] == "days_late":
		return a.number("select max(days_late) from meta.freshness where source = ?", parts[0])
	}
	column := map[string]string{"in": "records", "current": "current_rows"}[parts[1]]
	if column == "" {
		column = parts[1]
	}
	return a.number("select "+column+" from meta.conservation where dataset = ?", parts[0])
}

// restated counts the totals that the two releases give differently.
func (a *auditor) restated(kpi []string) (n float64) {
	early, late := a.releases["r000001"], a.releases["r000003"]
	old, err := early.List(context.Background(), figures.Filter{Breakdown: "total"})
	if err != nil {
		a.t.Fatal(err)
	}
	for _, f := range old {
		p, _ := figures.ParsePeriod(f.Address.Period)
		if f.Value == nil || p.End.After(early.AsOf) || len(kpi) > 0 && f.Address.KPI != kpi[0] {
			continue
		}
		address := f.Address
		address.Release = ""
		now, err := late.Value(context.Background(), address)
		if err != nil || now.Value == nil || math.Abs(*now.Value-*f.Value) > 1e-9*math.Max(1, math.Abs(*f.Value)) {
			n++
		}
	}
	return n
}

// printed is how a value must be printed that a reference comes to.
func (a *auditor) printed(l words.Language, n document.Number, value float64) string {
	unit := func() string { return a.figure(n.Ref.Figure).Unit }
	switch n.Ref.Op {
	case document.OpValue, document.OpRest, document.OpSum, document.OpSumRest, document.OpZero:
		if n.Ref.Op == document.OpZero {
			return l.Value(a.figure(n.Ref.Bases[0]).Unit, value)
		}
		return l.Value(unit(), value)
	case document.OpChange:
		return l.Change(unit(), value)
	case document.OpChangePercent, document.OpSumChangePercent:
		return l.PercentChange(value)
	case document.OpShare, document.OpSumShare, document.OpAttainment, document.OpCountShare:
		return l.Number(value, 1) + "%"
	case document.OpTarget:
		var kind string
		if err := a.late.QueryRow("select unit from dim_target where kpi || '.' || measure || '/' || period || '@' || publication = ?", n.Ref.Target).Scan(&kind); err != nil {
			a.t.Fatal(err)
		}
		return l.Value(kind, value)
	}
	if strings.HasPrefix(n.Ref.Figure, "threshold.") {
		return n.Text // its unit stands in it
	}
	return l.Number(value, 0)
}

// Every number of every report, in sentences, on cards and in tables, is what its reference comes
// to when it is computed again from the releases, and is printed as the language prints it. What
// has no value has a mark.
func TestEveryNumberIsComputedAgain(t *testing.T) {
	book, a := wholeBook(t), newAuditor(t)
	ops, checked := map[string]int{}, 0
	for _, c := range cases {
		for _, lang := range languages {
			for _, s := range write(t, book, c.report, Subject{Period: period(c.period)}, lang).Sections {
				for _, b := range s.Blocks {
					document.EachNumber(b, func(n document.Number) {
						where := fmt.Sprintf("%s %s %s, section %s: %q (%+v)", c.report, c.period, lang, s.ID, n.Text, n.Ref)
						if n.Value == nil {
							if n.Mark == "" || n.Text != "" && n.Text != n.Mark {
								t.Errorf("%s has neither value nor mark", where)
							}
							return
						}
						want := a.value(n.Ref)
						if math.Abs(want-*n.Value) > 1e-9*math.Max(1, math.Abs(want)) {
							t.Errorf("%s is %v, computed again %v", where, *n.Value, want)
						}
						if text := a.printed(lang, n, want); text != n.Text {
							t.Errorf("%s should be printed %q", where, text)
						}
						ops[n.Ref.Op]++
						checked++
					})
				}
			}
		}
	}
	for _, op := range []string{document.OpValue, document.OpChangePercent, document.OpChange, document.OpShare, document.OpRest, document.OpSum, document.OpSumChangePercent, document.OpSumShare,
		document.OpAttainment, document.OpTarget, document.OpZero, document.OpCount, document.OpCountShare} {
		if ops[op] == 0 {
			t.Errorf("no number is a %s: the test proves nothing of it", op)
		}
	}
	if checked < 3000 {
		t.Errorf("only %d numbers were computed again", checked)
	}
}
