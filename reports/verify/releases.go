package verify

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/reports/document"
)

// OfRelease is the source of one open release. A release of which only the figures are left
// knows neither targets nor the account of its rows.
func OfRelease(r *figures.Release) Source {
	name := "release " + r.ID
	if !r.Whole() {
		name = "the figures that are left of release " + r.ID
	}
	return Source{Name: name, Release: r.ID, Know: func(ctx context.Context, n Needs) (*Facts, error) {
		facts := noFacts()
		if err := readFigures(ctx, r, n, facts); err != nil {
			return nil, err
		}
		if r.ID != n.Release || !r.Whole() {
			return facts, nil
		}
		if err := readTargets(ctx, r, facts); err != nil {
			return nil, err
		}
		if len(n.Counts) == 0 {
			return facts, nil
		}
		return facts, readCounts(ctx, r, n, facts)
	}}
}

// A slice is the part of a release that one query reads.
type slice struct{ kpi, measure, periodType, breakdown string }

// readFigures reads the figures of this release, many at a time: a report has thousands.
func readFigures(ctx context.Context, r *figures.Release, n Needs, into *Facts) error {
	wanted := map[slice]map[figures.Address][]string{} // the addresses as the report has them
	bounds := map[slice][2]time.Time{}
	for _, text := range n.Figures {
		a, err := figures.ParseAddress(text)
		if err != nil || a.Release != r.ID && (a.Release != "" || n.Release != r.ID) {
			continue // of another release, or no address: whoever computes it says so
		}
		if a, err = r.Canonical(a); err != nil {
			continue // the release does not define it
		}
		p, err := figures.ParsePeriod(a.Period)
		if err != nil {
			continue
		}
		s := slice{a.KPI, a.Measure, p.Type, a.Breakdown}
		if wanted[s] == nil {
			wanted[s] = map[figures.Address][]string{}
			bounds[s] = [2]time.Time{p.Start, p.Start}
		}
		wanted[s][a] = append(wanted[s][a], text)
		b := bounds[s]
		if p.Start.Before(b[0]) {
			b[0] = p.Start
		}
		if p.Start.After(b[1]) {
			b[1] = p.Start
		}
		bounds[s] = b
	}
	for s, addresses := range wanted {
		breakdown := s.breakdown
		if breakdown == "" {
			breakdown = "total"
		}
		list, err := r.List(ctx, figures.Filter{KPI: s.kpi, Measure: s.measure, PeriodType: s.periodType, Breakdown: breakdown, From: bounds[s][0], To: bounds[s][1]})
		if err != nil {
			return err
		}
		for _, f := range list {
			for _, text := range addresses[f.Address] {
				into.Figures[text] = Fact{Value: f.Value, Unit: f.Unit, Status: f.Status}
			}
		}
	}
	return nil
}

func readTargets(ctx context.Context, r *figures.Release, into *Facts) error {
	targets, err := r.Targets(ctx)
	if err != nil {
		return err
	}
	for _, t := range targets {
		if _, told := into.Targets[t.Name()]; told && t.Status != "in force" {
			continue // of two that one publication printed for a year, the one in force is meant
		}
		unit := t.Unit
		if d, err := r.Define(t.KPI, t.Measure); err == nil && unit == "" {
			unit = d.Unit
		}
		into.Targets[t.Name()] = Fact{Value: &t.Value, Unit: unit}
	}
	return nil
}

// reconciled begins the names of counts of published figures, by what became of them.
const reconciled = "reconciled."

// readCounts reads the account of rows, the scores of quality and the reconciliation with what was
// published, under the names that reports give them.
func readCounts(ctx context.Context, r *figures.Release, n Needs, into *Facts) error {
	add := func(name string, n int64) {
		value := float64(n)
		into.Counts[name] = Fact{Value: &value}
	}
	account, err := r.Conservation(ctx)
	if err != nil {
		return err
	}
	for _, c := range account {
		for name, n := range map[string]int64{"in": c.In, "accepted": c.Accepted, "quarantined": c.Quarantined, "superseded": c.Superseded,
			"duplicates": c.Duplicates, "tombstoned": c.Tombstoned, "current": c.Current} {
			add(c.Dataset+"."+name, n)
		}
	}
	quality, err := r.Quality(ctx)
	if err != nil {
		return err
	}
	if quality != nil {
		addQuality(quality, add)
	}
	if !slices.ContainsFunc(n.Counts, func(name string) bool { return strings.HasPrefix(name, reconciled) }) {
		return nil
	}
	published, err := r.PublishedFigures(ctx)
	if err != nil || len(published) == 0 {
		return err
	}
	verdicts, err := figures.Reconcile(ctx, r, nil, published)
	if err != nil {
		return err
	}
	for _, class := range figures.Classes {
		add(reconciled+string(class), int64(verdicts.Count(class, "")))
	}
	return nil
}

func addQuality(q *figures.Quality, add func(string, int64)) {
	score := func(name string, s figures.Score) {
		add("quality."+name+".passed", s.Passed)
		add("quality."+name+".run", s.Run)
	}
	score("release", q.Release)
	for kpi, s := range q.KPIs {
		score(kpi, s)
	}
	for _, s := range q.Sources {
		score(s.Source, s.Score)
		add(s.Source+".days_late", s.DaysLate)
		for state, n := range s.Freshness {
			add(s.Source+".freshness."+state, n)
		}
		for state, n := range s.Volume {
			add(s.Source+".volume."+state, n)
		}
	}
}

// A Stamp is what a release says of itself.
type Stamp struct{ ID, Content, Log string }

// Checks compares what the report says of its release with what the release says of itself: the
// same name in another project means other data.
func (r *Report) Checks(s Stamp) *Finding {
	for _, pair := range []struct{ what, meta, own string }{{"content", document.MetaContent, s.Content}, {"commit log", document.MetaLog, s.Log}} {
		printed := r.Meta[pair.meta]
		if printed != "" && pair.own != "" && printed != pair.own {
			return &Finding{Kind: OtherRelease, Printed: printed, Recomputed: pair.own,
				Why: fmt.Sprintf("the report was made from another release %s than the one here: their %s differs", s.ID, pair.what)}
		}
	}
	return nil
}

// Find adds a finding to a result.
func (r *Result) Find(f Finding) {
	r.Findings = slices.Insert(r.Findings, 0, f)
	r.Identical = false
}
