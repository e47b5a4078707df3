package figures

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"
)

// A series store holds the measures of the KPIs that published figures
// stand for, so that hundreds of questions cost one query per release.
type store struct {
	release *Release
	points  map[seriesKey]map[pointKey]point
	covered map[seriesKey]map[pointKey]bool // by measure and breakdown (no member): the periods that have rows
	members map[seriesKey][]string
}

// A subject is one measure of one KPI; without a measure it is the default one.
type subject struct{ kpi, measure string }

type seriesKey struct {
	subject
	breakdown, member string
}

type pointKey struct {
	periodType string
	start      string // day
}

type point struct {
	value  *float64
	status string
}

// value of a computation: a number, or the code of what stands in its way.
type outcome struct {
	value     float64
	reason    string
	addresses []Address // the figures it was computed from, the wanted one first
}

func loadStore(ctx context.Context, r *Release) (*store, error) {
	s := &store{release: r, points: map[seriesKey]map[pointKey]point{}, covered: map[seriesKey]map[pointKey]bool{}, members: map[seriesKey][]string{}}
	wanted := map[subject]bool{}
	for _, rule := range rules {
		about := subject{rule.kpi, rule.of}
		if rule.kpi == "" || rule.method == target || wanted[about] {
			continue
		}
		wanted[about] = true
		definition, err := r.Define(rule.kpi, rule.of)
		if err != nil {
			continue // a release from before this KPI
		}
		list, err := r.List(ctx, Filter{KPI: rule.kpi, Measure: definition.Measure})
		if err != nil {
			return nil, err
		}
		for _, figure := range list {
			s.add(about, figure)
		}
	}
	return s, nil
}

func (s *store) add(about subject, f Figure) {
	period, err := ParsePeriod(f.Address.Period)
	if err != nil {
		return // a kind of period that no published figure is compared with
	}
	whole := seriesKey{about, breakdownName(f.Address.Breakdown), ""}
	key, at := whole, pointKey{period.Type, day(period.Start)}
	key.member = f.Address.Member
	if s.points[key] == nil {
		s.points[key] = map[pointKey]point{}
		s.members[whole] = append(s.members[whole], key.member)
	}
	if s.covered[whole] == nil {
		s.covered[whole] = map[pointKey]bool{}
	}
	s.points[key][at] = point{f.Value, f.Status}
	s.covered[whole][at] = true
}

// sum adds a member up over a period: from the period's own row where there is one,
// else from the months, quarters or years that fill it without a gap. A member
// without a row in a period that others have rows in counts zero there: nothing was
// recorded for it. A period without any row is outside the data, never zero. The
// measures that rules name are flows (services, cases, amounts), whose months add up,
// or stocks and scores, which are only asked for in periods that have their own row.
func (s *store) sum(about subject, breakdown, member string, period Period) outcome {
	whole := seriesKey{about, breakdown, ""}
	if s.covered[seriesKey{about, "total", ""}] == nil {
		return outcome{reason: noKPI}
	}
	if _, found := s.tiles(seriesKey{about, "total", ""}, period); !found {
		return outcome{reason: outsideData}
	}
	if s.covered[whole] == nil {
		return outcome{reason: noBreakdown}
	}
	tiles, found := s.tiles(whole, period)
	if !found {
		return outcome{reason: outsideData}
	}
	definition, err := s.release.Define(about.kpi, about.measure)
	if err != nil {
		return outcome{reason: noKPI}
	}
	var result outcome
	for _, tile := range tiles {
		p, known := s.points[seriesKey{about, breakdown, member}][pointKey{tile.Type, day(tile.Start)}]
		if known && p.value == nil {
			return outcome{reason: withheld}
		}
		if known {
			result.value += *p.value
		}
		result.addresses = append(result.addresses, s.address(about.kpi, definition.Measure, breakdown, member, tile))
	}
	return result
}

func (s *store) address(kpi, measure, breakdown, member string, p Period) Address {
	a := Address{KPI: kpi, Measure: measure, Period: p.String(), Release: s.release.ID}
	if breakdown != "total" {
		a.Breakdown, a.Member = breakdown, member
	}
	return a
}

// tiles cuts a period into the fewest kinds of periods that the data have.
func (s *store) tiles(whole seriesKey, period Period) ([]Period, bool) {
	has := s.covered[whole]
	if has[pointKey{period.Type, day(period.Start)}] {
		return []Period{period}, true
	}
	for _, step := range []struct {
		name   string
		months int
	}{{"month", 1}, {"quarter", 3}, {"year", 12}} {
		if period.Months() <= 0 || period.Months()%step.months != 0 {
			continue
		}
		var tiles []Period
		for at := period.Start; at.Before(period.End) && has[pointKey{step.name, day(at)}]; at = at.AddDate(0, step.months, 0) {
			tiles = append(tiles, Period{step.name, at, at.AddDate(0, step.months, 0)})
		}
		if len(tiles)*step.months == period.Months() {
			return tiles, true
		}
	}
	return nil, false
}

// compute answers a published figure from the store.
func (s *store) compute(how method, about subject, breakdown, member string, period Period) outcome {
	part := s.sum(about, breakdown, member, period)
	if how == top5 {
		return s.largest(about, breakdown, period, 5)
	}
	if how == own && len(part.addresses) > 1 {
		return outcome{reason: outsideData} // only its parts are there
	}
	if part.reason != "" || how == count || how == own {
		return part
	}
	other := s.sum(about, "total", "", period)
	if how == growth {
		other = s.sum(about, breakdown, member, period.Shift(-12))
	}
	if other.reason != "" {
		return other
	}
	if other.value == 0 {
		return outcome{reason: withheld}
	}
	part.addresses = append(part.addresses, other.addresses...)
	part.value = 100 * part.value / other.value
	if how == growth {
		part.value -= 100
	}
	return part
}

// largest sums the n largest members of a breakdown.
func (s *store) largest(about subject, breakdown string, period Period, n int) outcome {
	var parts []outcome
	for _, member := range s.members[seriesKey{about, breakdown, ""}] {
		if part := s.sum(about, breakdown, member, period); part.reason == "" && member != "UNKNOWN" {
			parts = append(parts, part)
		}
	}
	if len(parts) == 0 {
		return s.sum(about, breakdown, "", period)
	}
	slices.SortStableFunc(parts, func(a, b outcome) int {
		if c := cmp.Compare(b.value, a.value); c != 0 {
			return c
		}
		return cmp.Compare(fmt.Sprint(a.addresses), fmt.Sprint(b.addresses))
	})
	var result outcome
	for _, part := range parts[:min(n, len(parts))] {
		result.value += part.value
		result.addresses = append(result.addresses, part.addresses...)
	}
	return result
}

// months is the period of whole months that a published figure covers; it reports
// false for one that begins or ends within a month.
func (p Published) months() (Period, bool) {
	start, end := p.Start, p.End.AddDate(0, 0, 1)
	if start.Day() != 1 || end.Day() != 1 || !start.Before(end) {
		return Period{}, false
	}
	start = time.Date(start.Year(), start.Month(), 1, 0, 0, 0, 0, time.UTC)
	end = time.Date(end.Year(), end.Month(), 1, 0, 0, 0, 0, time.UTC)
	return periodOf(start, end), true
}

// period is the period of whole months that a published figure stands for: the one
// it names, cut where only the words of its breakdown say until when, or of a moment
// at the end of a month that month.
func (r rule) period(p Published) (Period, bool) {
	if r.method == own && p.Kind == "instant" {
		p.Start = p.Start.AddDate(0, 0, 1-p.Start.Day())
	}
	period, whole := p.months()
	if whole && r.until > 0 {
		period = periodOf(period.Start, period.Start.AddDate(0, r.until, 0))
	}
	return period, whole
}
