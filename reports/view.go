package reports

import (
	"html"
	"html/template"
	"math"
	"strings"
	"time"

	"github.com/kp2mi/lindung/figures"
)

// A view is the page in one language: everything in words, nothing left to decide
// for the template.
type view struct {
	Lang                 string
	Mark                 string
	Month, AsOf, Release string
	MonthYearAgo         string
	Cards                []cardView
	Trends               []trendView
	WideBars, NarrowBars template.HTML
	Top                  []topRow
	Themes               []themeView
	Gaps                 []gapView
	HasPrevious          bool
	PreviousRelease      string
	PreviousAsOf         string
	RestatedCount        number
	Restated             []restatedRow
	Frozen               *frozenView // nil: the month is not frozen
	Definitions          []definitionView
	Info                 figures.Info
	Origin, LogHead      string
	Quality              *qualityView // of all data
	Sources              []sourceView
	Conservation         []accountRow
	l                    language
	m                    *month
}

type cardView struct {
	KPI, Title, Period, Unit, Mark string
	Value                          number
	Latest                         template.HTML
	Comparisons                    []template.HTML
	Target                         template.HTML
	Light, LightWord               string
	Quality                        *qualityView
}

type trendView struct {
	Heading      template.HTML
	Title        string
	Wide, Narrow template.HTML
	Rows         []trendRow
}

type trendRow struct {
	Month string
	Value number
	Mark  string
}

type gapView struct{ KPI, Title, Reason string }

type definitionView struct {
	KPI, Title, Text, Numerator, Denominator, Exclusions, Maturity string
}

// render puts a month into words.
func (m *month) render(l language) *view {
	info := m.release.Info
	v := &view{Lang: string(l), l: l, m: m, Month: l.month(m.period.Start), MonthYearAgo: l.month(m.period.Start.AddDate(-1, 0, 0)),
		AsOf: l.date(info.AsOf), Release: info.ID, Info: info, Origin: l.word("origin_real")}
	if info.Sample() {
		v.Mark, v.Origin = figures.SampleMark, l.word("origin_sample")
	}
	for _, c := range m.cards {
		v.Cards = append(v.Cards, v.card(c))
	}
	for _, t := range m.trends {
		v.Trends = append(v.Trends, v.trend(t))
	}
	v.ranking()
	v.themeCards()
	for _, g := range m.gaps {
		v.Gaps = append(v.Gaps, gapView{g.definition.KPI, g.definition.MeasureText.In(v.Lang), v.whyMissing(g)})
	}
	v.restatements()
	v.frozen()
	for _, d := range m.release.Definitions() {
		v.Definitions = append(v.Definitions, definitionView{d.KPI, d.MeasureText.In(v.Lang), d.Definition.In(v.Lang),
			d.Numerator.In(v.Lang), d.Denominator.In(v.Lang), d.Exclusions.In(v.Lang), d.Maturity.In(v.Lang)})
	}
	v.qualityOfSources()
	v.account()
	return v
}

// T is a sentence of the page, for the template.
func (v *view) T(name string) (string, error) { return v.l.say(name) }

func (v *view) whyMissing(g gap) string {
	switch {
	case g.status == figures.Suppressed:
		return v.l.word("gap_suppressed")
	case g.definition.Maturity.In(v.Lang) != "":
		return g.definition.Maturity.In(v.Lang)
	case g.status == figures.NotAvailable:
		return v.l.word("gap_no_data")
	}
	return v.l.word("gap_no_row")
}

// phrase joins words and numbers.
func phrase(parts ...any) template.HTML {
	var b strings.Builder
	for _, part := range parts {
		switch p := part.(type) {
		case number:
			b.WriteString(string(p.HTML()))
		case string:
			b.WriteString(html.EscapeString(p))
		}
	}
	return template.HTML(b.String())
}

func (v *view) figure(d figures.Definition, f *figures.Figure) number {
	return number{v.l.value(d.Unit, *f.Value), refer(opValue, f.Address)}
}

// change is how a figure moved against another: in percentage points for shares, in
// per cent for everything else. It is empty where nothing can be compared.
func (v *view) change(d figures.Definition, now, then *figures.Figure) number {
	switch {
	case !hasValue(now) || !hasValue(then):
		return number{}
	case d.Percent():
		return number{v.l.points(*now.Value - *then.Value), refer(opChange, now.Address, then.Address)}
	case *then.Value == 0:
		return number{}
	}
	return number{v.l.percentChange(100 * (*now.Value / *then.Value - 1)), refer(opChangePercent, now.Address, then.Address)}
}

func (v *view) card(c card) cardView {
	d := c.definition
	out := cardView{KPI: d.KPI, Title: d.MeasureText.In(v.Lang), Period: v.l.period(c.period.String()), Unit: v.l.unit(d.Unit)}
	if hasValue(c.now) {
		out.Value, out.Mark = v.figure(d, c.now), mark(c.now.Status)
		for _, then := range []*figures.Figure{c.before, c.yearAgo} {
			if n := v.change(d, c.now, then); n.text != "" {
				out.Comparisons = append(out.Comparisons, phrase(n, " "+v.l.word("from")+" "+v.l.period(then.Address.Period)))
			}
		}
	} else {
		out.Mark = "[x]"
		if c.now != nil && c.now.Status == figures.Suppressed {
			out.Mark = "[c]"
		}
		if hasValue(c.latest) {
			out.Latest = phrase(v.l.word("latest")+" ", v.figure(d, c.latest), " ("+v.l.period(c.latest.Address.Period)+") "+mark(c.latest.Status))
		}
	}
	v.target(c, &out)
	if v.m.quality != nil {
		out.Quality = v.quality(d.KPI, v.m.quality.KPIs[d.KPI])
	}
	return out
}

// target fills in what a card says about its target. A light is given only where a
// target is in force and its year is over: half a year is no failure.
func (v *view) target(c card, out *cardView) {
	d := c.definition
	if t := c.foreign; c.target == nil && t != nil {
		out.Target = phrase(v.l.word("target")+" "+t.Period+": ", number{v.l.value(t.Unit, t.Value), reference{op: opTarget, target: targetName(*t)}},
			" ("+t.Source+"), "+v.l.word("not_comparable"))
		return
	}
	t := c.target
	if t == nil {
		out.Target = phrase(v.l.word("no_target"))
		return
	}
	goal := number{v.l.value(d.Unit, t.Value), reference{op: opTarget, target: targetName(*t)}}
	parts := []any{v.l.word("target") + " " + t.Period + ": ", goal, " (" + t.Source + ")"}
	if hasValue(c.year) && t.Value != 0 {
		share := 100 * *c.year.Value / t.Value
		ref := refer(opAttainment, c.year.Address)
		ref.target = targetName(*t)
		parts = append(parts, ". "+v.l.word("actual")+" "+t.Period+": ", v.figure(d, c.year), strings.TrimRight(" "+mark(c.year.Status), " ")+", ",
			number{v.l.number(share, 1) + "%", ref}, " "+v.l.word("of_target"))
		if v.m.period.Start.Month() == time.December {
			out.Light = light(d.Direction, share)
			out.LightWord = v.l.word(out.Light)
		} else {
			parts = append(parts, " ("+v.l.word("running")+")")
		}
	}
	for _, old := range c.former {
		parts = append(parts, ". "+v.l.word("former_target")+" ", number{v.l.value(d.Unit, old.Value), reference{op: opTarget, target: targetName(old)}}, " ("+old.Source+")")
	}
	out.Target = phrase(parts...)
}

// light judges an attainment; nearly is within a tenth of the target.
func light(direction string, share float64) string {
	if direction == "down" {
		share = 100 * 100 / math.Max(share, 1e-9)
	}
	switch {
	case direction == "context":
		return ""
	case share >= 100:
		return "met"
	case share >= 90:
		return "near"
	}
	return "missed"
}
