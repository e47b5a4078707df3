package content

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/kp2mi/lindung/figures"
)

// A Book is the figures of a release that reports are written from, read once: looking a figure
// up asks no database. It also has what the release says beside them. Reports are written from it
// one after another, not at once.
type Book struct {
	Release  *figures.Release
	Previous *figures.Release // the release before; nil: this is the first
	Newest   *figures.Release // of a month that is frozen in Release: what is known now; else nil
	Targets  []figures.Target
	beside

	figures   map[key]*figures.Figure
	members   map[key][]*figures.Figure // of a breakdown in a period, by member; key without member
	kinds     map[measureKey][]string   // of periods that a measure has totals for: month, quarter, year
	defaults  map[string]string         // a KPI's own measure
	told      map[measurePeriod]bool    // of members it has values
	spreads   map[spreadKey]bool
	names     map[string]map[string]figures.Text
	standings map[standingKey]*standing
}

// A key is a figure's address within a release.
type key struct{ kpi, measure, period, breakdown, member string }

type measureKey struct{ kpi, measure string }

// A spreadKey is a breakdown that the book has members of a measure by.
type spreadKey struct{ kpi, measure, breakdown string }

type measurePeriod struct{ kpi, measure, period string }

// A Reach is what a book holds beside the totals of all periods.
type Reach struct {
	Periods    []figures.Period    // of these, the figures of all members
	Breakdowns []string            // of these, the figures of all members in all periods
	Members    map[string][]string // of these members, by breakdown, the figures of all periods
}

// OpenBook reads the totals, and of periods that begin between two days, both inclusive, the
// figures of members too. A zero day is no bound.
func OpenBook(ctx context.Context, release, previous, newest *figures.Release, from, to time.Time) (*Book, error) {
	return openBook(ctx, release, previous, newest, figures.Filter{From: from, To: to})
}

// OpenBookOn reads the totals, and of members what the reach says: a book that is no thicker than
// the reports that are written from it.
func OpenBookOn(ctx context.Context, release, previous, newest *figures.Release, reach Reach) (*Book, error) {
	return openBook(ctx, release, previous, newest, reach.filters()...)
}

func openBook(ctx context.Context, release, previous, newest *figures.Release, filters ...figures.Filter) (*Book, error) {
	b := &Book{Release: release, Previous: previous, Newest: newest, figures: map[key]*figures.Figure{}, members: map[key][]*figures.Figure{},
		kinds: map[measureKey][]string{}, defaults: map[string]string{}, told: map[measurePeriod]bool{}, spreads: map[spreadKey]bool{},
		beside: beside{mainly: map[measurePeriod]figures.Part{}}, standings: map[standingKey]*standing{}}
	for _, d := range release.Definitions() {
		if d.Default {
			b.defaults[d.KPI] = d.Measure
		}
	}
	for _, filter := range append([]figures.Filter{{Breakdown: "total"}}, filters...) {
		if err := release.Read(ctx, filter, b.add); err != nil {
			return nil, fmt.Errorf("reading release %s for reports: %w", release.ID, err)
		}
	}
	for _, list := range b.members {
		slices.SortFunc(list, func(x, y *figures.Figure) int { return cmp.Compare(x.Address.Member, y.Address.Member) })
	}
	breakdowns := map[string]bool{}
	for k := range b.members {
		breakdowns[k.breakdown] = true
		b.spreads[spreadKey{k.kpi, k.measure, k.breakdown}] = true
	}
	for _, list := range []string{"province", "country", "partner", "unit", "theme", "commitment_state"} { // said where no figure is
		breakdowns[list] = true
	}
	var err error
	if b.names, err = release.NamesOf(ctx, slices.Sorted(maps.Keys(breakdowns))); err != nil {
		return nil, err
	}
	if b.Targets, err = release.Targets(ctx); err != nil {
		return nil, err
	}
	return b, b.readBeside(ctx)
}

func (b *Book) add(f figures.Figure) {
	k := key{f.Address.KPI, f.Address.Measure, f.Address.Period, f.Address.Breakdown, f.Address.Member}
	if b.figures[k] != nil {
		return // two filters can meet in a figure
	}
	b.figures[k] = &f
	if k.breakdown == "" {
		m := measureKey{k.kpi, k.measure}
		if kind := periodKind(k.period); !slices.Contains(b.kinds[m], kind) {
			b.kinds[m] = append(b.kinds[m], kind)
		}
		return
	}
	k.member = ""
	b.members[k] = append(b.members[k], &f)
	if f.Value != nil {
		b.told[measurePeriod{k.kpi, k.measure, k.period}] = true
	}
}

// periodKind tells the kind of a period by how it is written: 2025, 2025-Q4, 2025-12.
func periodKind(period string) string {
	switch {
	case len(period) == 4:
		return "year"
	case period[5] == 'Q':
		return "quarter"
	}
	return "month"
}

// Total is the figure of a measure for the whole country; nil where the release has none. Without
// a measure the KPI's own is meant.
func (b *Book) Total(kpi, measure string, period figures.Period) *figures.Figure {
	return b.Member(kpi, measure, period, "", "")
}

// Member is a measure's figure of one member of a breakdown; nil where the release has none.
func (b *Book) Member(kpi, measure string, period figures.Period, breakdown, member string) *figures.Figure {
	return b.figures[key{kpi, b.measure(kpi, measure), period.String(), breakdown, member}]
}

// Members are a measure's figures by a breakdown, in the order of the members' codes.
func (b *Book) Members(kpi, measure string, period figures.Period, breakdown string) []*figures.Figure {
	return b.members[key{kpi, b.measure(kpi, measure), period.String(), breakdown, ""}]
}

// measure is a measure, or the KPI's own where none is named.
func (b *Book) measure(kpi, measure string) string {
	if measure == "" {
		return b.defaults[kpi]
	}
	return measure
}

// Name is a member's name, or its code where no list has it.
func (b *Book) Name(breakdown, member, lang string) string {
	if member == "UNKNOWN" {
		return figures.Text{ID: "Tidak diketahui", EN: "Unknown"}.In(lang)
	}
	if name := b.names[breakdown][member].In(lang); name != "" {
		return name
	}
	return member
}
