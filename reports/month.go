package reports

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/kp2mi/lindung/figures"
)

// headlines are the KPIs at the top of the page, in order. One that the release
// does not define is left out.
var headlines = []struct{ kpi, measure string }{
	{"PLC-01", "services"}, {"PLC-01", "persons"}, {"PLC-01", "departures"},
	{"PLC-04", ""}, {"PLC-07", ""}, {"PLC-08", "top5"},
	{"CMP-01", ""}, {"CMP-02", ""}, {"CMP-03", "within_90"}, {"CMP-05", "open"}, {"CMP-07", ""},
	{"REM-01", ""},
}

// trendMonths is the length of the trends; lookBack how far the newest value of a
// KPI without one for the month is searched.
const (
	trendMonths = 24
	lookBack    = 18
)

// smallCell is the count below which a destination is never named on its own.
const smallCell = 10

// A card is one headline KPI in one period.
type card struct {
	definition figures.Definition
	period     figures.Period
	now        *figures.Figure  // nil: the release has no such figure
	before     *figures.Figure  // last month or quarter, with a value
	yearAgo    *figures.Figure  // with a value
	latest     *figures.Figure  // the newest value there is, when now has none
	target     *figures.Target  // in force
	former     []figures.Target // superseded ones of the same period
	foreign    *figures.Target  // a target of another measure, which cannot be compared
	year       *figures.Figure  // what the target is compared with
}

// A trend is a KPI's last months; a nil figure is a gap.
type trend struct {
	definition figures.Definition
	start      time.Time
	points     []*figures.Figure
}

// A destination is one bar of the ranking.
type destination struct {
	now, yearAgo *figures.Figure
}

// A gap is a KPI without a value for the month, and why.
type gap struct {
	definition figures.Definition
	period     figures.Period
	status     string // "" when there is no row at all
}

// A month is everything that the page says, before it is put into words.
type month struct {
	release      *figures.Release
	previous     *figures.Release
	newest       *figures.Release // of a frozen month, else nil
	revised      []figures.Restatement
	period       figures.Period
	cards        []card
	trends       []trend
	total        *figures.Figure // of the ranking
	top          []destination
	countries    map[string]figures.Text
	gaps         []gap
	restated     []figures.Restatement
	conservation []figures.Conservation
	quality      *figures.Quality // nil: the release has no scores
	themes       []themeCard
	reconciled   map[figures.Class]int // nil: no published figures
}

// collect reads a month out of a release. previous, the release before it, may be nil.
func collect(ctx context.Context, release, previous, newest *figures.Release, at time.Time) (*month, error) {
	start := time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, time.UTC)
	m := &month{release: release, previous: previous, newest: newest, period: figures.Period{Type: "month", Start: start, End: start.AddDate(0, 1, 0)}}
	for _, step := range []func(context.Context) error{m.readCards, m.readTrends, m.readTop, m.readGaps, m.readRestated, m.readRevised, m.readThemes} {
		if err := step(ctx); err != nil {
			return nil, fmt.Errorf("reading %s for the report: %w", m.period, err)
		}
	}
	var err error
	if m.conservation, err = release.Conservation(ctx); err != nil {
		return nil, err
	}
	m.quality, err = release.Quality(ctx)
	return m, err
}

// find looks a total up; a figure that does not exist is nil, not an error.
func (m *month) find(ctx context.Context, d figures.Definition, period figures.Period) (*figures.Figure, error) {
	f, err := m.release.Value(ctx, figures.Address{KPI: d.KPI, Measure: d.Measure, Period: period.String()})
	if errors.Is(err, figures.ErrNoFigure) {
		return nil, nil
	}
	return &f, err
}

// quarter is the quarter that the month lies in.
func (m *month) quarter() figures.Period {
	start := m.period.Start.AddDate(0, -(int(m.period.Start.Month())-1)%3, 0)
	return figures.Period{Type: "quarter", Start: start, End: start.AddDate(0, 3, 0)}
}

func (m *month) year() figures.Period {
	start := time.Date(m.period.Start.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
	return figures.Period{Type: "year", Start: start, End: start.AddDate(1, 0, 0)}
}

func (m *month) readCards(ctx context.Context) error {
	targets, err := m.release.Targets(ctx)
	if err != nil {
		return err
	}
	for _, headline := range headlines {
		d, err := m.release.Define(headline.kpi, headline.measure)
		if err != nil {
			continue // this release does not define it
		}
		c := card{definition: d}
		if err := m.fill(ctx, &c); err != nil {
			return err
		}
		if err := m.aim(ctx, &c, targets); err != nil {
			return err
		}
		m.cards = append(m.cards, c)
	}
	return nil
}

// fill finds a card's value and what it is compared with. A KPI that has no monthly
// figures at all is shown by quarter.
func (m *month) fill(ctx context.Context, c *card) (err error) {
	c.period = m.period
	monthly, err := m.release.List(ctx, figures.Filter{KPI: c.definition.KPI, Measure: c.definition.Measure, PeriodType: "month", Breakdown: "total"})
	if err != nil {
		return err
	}
	step := 1
	if len(monthly) == 0 {
		c.period, step = m.quarter(), 3
	}
	if c.now, err = m.find(ctx, c.definition, c.period); err != nil {
		return err
	}
	if hasValue(c.now) {
		if c.before, err = m.find(ctx, c.definition, c.period.Shift(-step)); err == nil {
			c.yearAgo, err = m.find(ctx, c.definition, c.period.Shift(-12))
		}
		return err
	}
	for back := step; back <= lookBack && err == nil && !hasValue(c.latest); back += step {
		c.latest, err = m.find(ctx, c.definition, c.period.Shift(-back))
	}
	return err
}

func hasValue(f *figures.Figure) bool { return f != nil && f.Value != nil }

// aim finds the target in force for the month or its year.
func (m *month) aim(ctx context.Context, c *card, targets []figures.Target) (err error) {
	for i, t := range targets {
		if t.KPI != c.definition.KPI || t.Period != m.year().String() {
			continue
		}
		own := t.Measure == c.definition.Measure || t.Measure == "" && c.definition.Default
		switch {
		case own && t.Status == "in force":
			c.target = &targets[i]
			c.year, err = m.find(ctx, c.definition, m.year())
		case own && t.Status == "superseded":
			c.former = append(c.former, t)
		case c.definition.Default && t.Status == "in force":
			c.foreign = &targets[i]
		}
	}
	return err
}

func (m *month) readTrends(ctx context.Context) error {
	for _, kpi := range []string{"PLC-01", "CMP-01"} {
		d, err := m.release.Define(kpi, "")
		if err != nil {
			continue
		}
		t := trend{definition: d, start: m.period.Start.AddDate(0, 1-trendMonths, 0), points: make([]*figures.Figure, trendMonths)}
		list, err := m.release.List(ctx, figures.Filter{KPI: d.KPI, Measure: d.Measure, PeriodType: "month", Breakdown: "total", From: t.start, To: m.period.Start})
		if err != nil {
			return err
		}
		for i := range list {
			months := 12*(list[i].PeriodStart.Year()-t.start.Year()) + int(list[i].PeriodStart.Month()-t.start.Month())
			if list[i].Value != nil {
				t.points[months] = &list[i]
			}
		}
		m.trends = append(m.trends, t)
	}
	return nil
}

// readTop ranks the destinations of the month. Small destinations are never named:
// they stay in the rest.
func (m *month) readTop(ctx context.Context) error {
	d, err := m.release.Define("PLC-01", "")
	if err != nil {
		return nil // nothing to rank in a release without placements
	}
	if m.countries, err = m.release.Names(ctx, "country"); err != nil {
		return err
	}
	if m.total, err = m.find(ctx, d, m.period); err != nil {
		return err
	}
	of := func(at time.Time) ([]figures.Figure, error) {
		return m.release.List(ctx, figures.Filter{KPI: d.KPI, Measure: d.Measure, PeriodType: "month", Breakdown: "country", From: at, To: at})
	}
	now, err := of(m.period.Start)
	if err != nil {
		return err
	}
	then, err := of(m.period.Start.AddDate(-1, 0, 0))
	if err != nil {
		return err
	}
	yearAgo := map[string]*figures.Figure{}
	for i := range then {
		if then[i].Value != nil {
			yearAgo[then[i].Address.Member] = &then[i]
		}
	}
	now = slices.DeleteFunc(now, func(f figures.Figure) bool {
		return f.Value == nil || *f.Value < smallCell || f.Address.Member == "UNKNOWN"
	})
	slices.SortFunc(now, func(a, b figures.Figure) int {
		return cmp.Or(cmp.Compare(*b.Value, *a.Value), cmp.Compare(a.Address.Member, b.Address.Member))
	})
	for i := range now[:min(10, len(now))] {
		m.top = append(m.top, destination{&now[i], yearAgo[now[i].Address.Member]})
	}
	return nil
}

// readGaps finds the KPIs that say nothing about the month.
func (m *month) readGaps(ctx context.Context) error {
	known, status := map[string]bool{}, map[string]string{}
	for _, period := range []figures.Period{m.period, m.quarter()} {
		list, err := m.release.List(ctx, figures.Filter{PeriodType: period.Type, From: period.Start, To: period.Start})
		if err != nil {
			return err
		}
		for _, f := range list {
			key := f.Address.KPI + "." + f.Address.Measure
			if f.Value != nil {
				known[key] = true
			} else if f.Address.Breakdown == "" && status[key] == "" {
				status[key] = f.Status
			}
		}
	}
	for _, d := range m.release.Definitions() {
		if key := d.KPI + "." + d.Measure; !known[key] {
			m.gaps = append(m.gaps, gap{d, m.period, status[key]})
		}
	}
	return nil
}

// readRestated compares the headline KPIs with the release before.
func (m *month) readRestated(ctx context.Context) error {
	if m.previous == nil {
		return nil
	}
	all, err := figures.Restatements(ctx, m.previous, m.release, false)
	if err != nil {
		return err
	}
	for _, r := range all.List {
		for _, c := range m.cards {
			if r.Address.KPI == c.definition.KPI && r.Address.Measure == c.definition.Measure {
				m.restated = append(m.restated, r)
			}
		}
	}
	return nil
}
