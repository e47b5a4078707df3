package content

import (
	"context"
	"fmt"
	"time"

	"github.com/kp2mi/lindung/figures"
)

// A Book is the figures of a release that reports are written from, read once: looking a figure
// up asks no database. It also has what the release says beside them.
type Book struct {
	Release  *figures.Release
	Previous *figures.Release // the release before; nil: this is the first
	Newest   *figures.Release // of a month that is frozen in Release: what is known now; else nil
	Targets  []figures.Target

	figures map[key]*figures.Figure
	members map[key][]*figures.Figure // of a breakdown in a period, by member; key without member
	names   map[string]map[string]figures.Text
}

// A key is a figure's address within a release.
type key struct{ kpi, measure, period, breakdown, member string }

// OpenBook reads the figures of periods that begin between two days, both inclusive. A zero day
// is no bound.
func OpenBook(ctx context.Context, release, previous, newest *figures.Release, from, to time.Time) (*Book, error) {
	b := &Book{Release: release, Previous: previous, Newest: newest,
		figures: map[key]*figures.Figure{}, members: map[key][]*figures.Figure{}, names: map[string]map[string]figures.Text{}}
	list, err := release.List(ctx, figures.Filter{From: from, To: to})
	if err != nil {
		return nil, fmt.Errorf("reading release %s for reports: %w", release.ID, err)
	}
	for i := range list {
		f := &list[i]
		k := key{f.Address.KPI, f.Address.Measure, f.Address.Period, f.Address.Breakdown, f.Address.Member}
		b.figures[k] = f
		if k.member = ""; k.breakdown != "" {
			b.members[k] = append(b.members[k], f)
		}
	}
	if b.Targets, err = release.Targets(ctx); err != nil {
		return nil, err
	}
	for _, breakdown := range []string{"country", "province", "regency", "occupation", "category", "unit", "partner"} {
		if b.names[breakdown], err = release.Names(ctx, breakdown); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// Total is the figure of a measure for the whole country; nil where the release has none. Without
// a measure the KPI's own is meant.
func (b *Book) Total(kpi, measure string, period figures.Period) *figures.Figure {
	return b.Member(kpi, measure, period, "", "")
}

// Member is a measure's figure of one member of a breakdown; nil where the release has none.
func (b *Book) Member(kpi, measure string, period figures.Period, breakdown, member string) *figures.Figure {
	d, err := b.Release.Define(kpi, measure)
	if err != nil {
		return nil
	}
	return b.figures[key{kpi, d.Measure, period.String(), breakdown, member}]
}

// Members are a measure's figures by a breakdown, in the order of the members' codes.
func (b *Book) Members(kpi, measure string, period figures.Period, breakdown string) []*figures.Figure {
	d, err := b.Release.Define(kpi, measure)
	if err != nil {
		return nil
	}
	return b.members[key{kpi, d.Measure, period.String(), breakdown, ""}]
}

// Name is a member's name, or its code where no list has it.
func (b *Book) Name(breakdown, member, lang string) string {
	if name := b.names[breakdown][member].In(lang); name != "" {
		return name
	}
	return member
}
