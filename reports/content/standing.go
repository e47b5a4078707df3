package content

import (
	"slices"

	"github.com/kp2mi/lindung/figures"
)

// lookBack is how many months back the newest value is searched of a measure without one for
// the period.
const lookBack = 36

// A Subject is what one report is about: a period, of the whole country or of one member of a
// breakdown.
type Subject struct {
	Period    figures.Period
	Breakdown string // province, country or partner; empty: the whole country
	Member    string
}

// String tells the report from others of its kind: 2025-12, 2025-12-33.
func (s Subject) String() string {
	if s.Member == "" {
		return s.Period.String()
	}
	return s.Period.String() + "-" + s.Member
}

type standingKey struct {
	subject      Subject
	kpi, measure string
}

// A standing is where a measure stands in the period of a report.
type standing struct {
	definition figures.Definition
	period     figures.Period
	running    bool             // the period goes on after the report's; nothing is compared
	now        *figures.Figure  // nil: the release has no such figure
	before     *figures.Figure  // the month, quarter before
	yearAgo    *figures.Figure  // the same period of the year before
	latest     *figures.Figure  // the newest value there is, where now has none
	target     *figures.Target  // in force
	former     []figures.Target // superseded ones of the same year
	foreign    *figures.Target  // a target of another measure, which cannot be compared
	year       *figures.Figure  // what the target is compared with
	yearOver   bool
	usual      revised
}

// standing finds where a measure stands; both languages of a report ask for the same.
func (b *Book) standing(s Subject, d figures.Definition) *standing {
	k := standingKey{subject: s, kpi: d.KPI, measure: d.Measure}
	if known := b.standings[k]; known != nil {
		return known
	}
	st := &standing{definition: d, usual: b.usual[measureKey{d.KPI, d.Measure}]}
	st.period = b.periodFor(s, d)
	st.running = st.period.End.After(s.Period.End)
	at := func(p figures.Period) *figures.Figure {
		return guard(b.Member(d.KPI, d.Measure, p, s.Breakdown, s.Member))
	}
	st.now = at(st.period)
	step := st.period.Months()
	if hasValue(st.now) {
		if !st.running {
			if step < 12 {
				st.before = withValue(at(st.period.Shift(-step)))
			}
			st.yearAgo = withValue(at(st.period.Shift(-12)))
		}
	} else {
		for back := step; back <= lookBack && st.latest == nil; back += step {
			st.latest = withValue(at(st.period.Shift(-back)))
		}
	}
	b.aim(s, st)
	b.standings[k] = st
	return st
}

// periodFor is the kind of period nearest to the report's that the measure has totals for, and
// the one of them that the report's period lies in.
func (b *Book) periodFor(s Subject, d figures.Definition) figures.Period {
	kinds := b.kinds[measureKey{d.KPI, d.Measure}]
	order := []string{"month", "quarter", "year"}
	if s.Period.Type == "year" {
		order = []string{"year"}
	}
	for _, kind := range order {
		if slices.Contains(kinds, kind) {
			return containing(s.Period, kind)
		}
	}
	return s.Period
}

// containing is the period of a kind that a period begins in, or the last one of that kind in it.
func containing(p figures.Period, kind string) figures.Period {
	start := p.End.AddDate(0, -1, 0)
	switch kind {
	case "year":
		start = start.AddDate(0, 1-int(start.Month()), 0)
		return figures.Period{Type: kind, Start: start, End: start.AddDate(1, 0, 0)}
	case "quarter":
		start = start.AddDate(0, -(int(start.Month())-1)%3, 0)
		return figures.Period{Type: kind, Start: start, End: start.AddDate(0, 3, 0)}
	}
	return figures.Period{Type: "month", Start: start, End: start.AddDate(0, 1, 0)}
}

// aim finds the target in force for the year of a standing.
func (b *Book) aim(s Subject, st *standing) {
	if s.Member != "" {
		return // targets are the country's
	}
	year := containing(s.Period, "year")
	st.yearOver = !year.End.After(s.Period.End)
	d := st.definition
	for i, t := range b.Targets {
		if t.KPI != d.KPI || t.Period != year.String() {
			continue
		}
		own := t.Measure == d.Measure || t.Measure == "" && d.Default
		switch {
		case own && t.Status == "in force":
			st.target, st.year = &b.Targets[i], b.Total(d.KPI, d.Measure, year)
		case own && t.Status == "superseded":
			st.former = append(st.former, t)
		case d.Default && t.Status == "in force":
			st.foreign = &b.Targets[i]
		}
	}
}

// judged is the class of a standing's light; empty: no light. Half a year is no failure: a target
// is judged when its year is over.
func (st *standing) judged() string {
	if st.target == nil || !hasValue(st.year) || !st.yearOver {
		return ""
	}
	share, ok := attainment(st.definition.Direction, *st.year.Value, st.target.Value)
	if !ok {
		return ""
	}
	return class(share)
}

// attainment is how much of a target was reached, in per cent. Where lower is better it is what
// was allowed over what there was.
func attainment(direction string, value, target float64) (share float64, ok bool) {
	switch {
	case direction == "context" || target == 0:
		return 0, false
	case direction == "down" && value == 0:
		return 100, true
	case direction == "down":
		return 100 * target / value, true
	}
	return 100 * value / target, true
}

// class judges an attainment; near is within a tenth of the target.
func class(share float64) string {
	switch {
	case share >= 100:
		return "met"
	case share >= 90:
		return "near"
	}
	return "missed"
}

// series is a measure's last n periods up to the report's, oldest first; a nil figure is a gap.
func (b *Book) series(s Subject, d figures.Definition, last figures.Period, n int) []*figures.Figure {
	points := make([]*figures.Figure, n)
	for i := range points {
		points[i] = guard(b.Member(d.KPI, d.Measure, last.Shift(-last.Months()*(n-1-i)), s.Breakdown, s.Member))
	}
	return points
}

func withValue(f *figures.Figure) *figures.Figure {
	if hasValue(f) {
		return f
	}
	return nil
}
