package content

import (
	"slices"
	"strings"

	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/reports/charts"
	"github.com/kp2mi/lindung/reports/document"
)

// barsShown is how many members a ranking draws.
const barsShown = 10

// draw draws a KPI in one form; nil where there is nothing to draw.
func (w *writer) draw(form string, d figures.Definition, s *kpiSettings) *document.Chart {
	st := w.standing(d)
	by := ""
	if len(s.By) > 0 {
		by = s.By[0]
	}
	switch form {
	case "line", "years":
		return w.line(st, form == "years")
	case "bars":
		return w.bars(d, st.shown(), by)
	case "tiles":
		return w.tiles(d, st.shown())
	case "flow":
		return w.flow(d, st.shown())
	case "multiples":
		return w.multiples(st, by)
	case "funnel":
		return w.funnel(d, st.shown(), s)
	case "cohort":
		return w.cohort(d, s.Measures)
	}
	return w.committed(d, st.shown(), by)
}

// frame is what a chart says of itself. The page around it says that data are sample data; a chart over the
// whole width of a page, which people copy out, says so itself.
func (w *writer) frame(title, description string) charts.Frame {
	return charts.Frame{Title: title, Description: description}
}

func (w *writer) copied(title, description string) charts.Frame {
	f := w.frame(title, description)
	f.Sample = w.doc.Sample
	return f
}

func (w *writer) axis(unit string) charts.Axis {
	return charts.Axis{Lang: string(w.Language), Format: format(unit)}
}

// point is a figure in a chart.
func (p pen) point(f *figures.Figure) charts.Point {
	point := charts.Point{Label: p.figure(f)}
	if hasValue(f) {
		point.Value, point.Provisional = f.Value, f.Status == figures.Provisional
	}
	return point
}

func (p pen) points(list []*figures.Figure) []charts.Point {
	points := make([]charts.Point, len(list))
	for i, f := range list {
		points[i] = p.point(f)
	}
	return points
}

func anyValue(list []*figures.Figure) bool { return slices.ContainsFunc(list, hasValue) }

// line is a measure over time: the last 13 months, or eight quarters, or five years. With years
// it is the last twelve months, or four quarters, beside the same of the year before.
func (w *writer) line(st *standing, years bool) *document.Chart {
	d, last := st.definition, st.shown()
	n := map[string]int{"month": 13, "quarter": 8, "year": 5}[last.Type]
	if years = years && last.Type != "year"; years {
		n = 12 / last.Months()
	}
	now, then := w.book.series(w.subject, d, last, n), w.book.series(w.subject, d, last.Shift(-12), n)
	if !anyValue(now) {
		return nil
	}
	table := &document.Table{ID: d.KPI + "-t", Title: w.in(d.MeasureText), Columns: []document.Column{{Name: "period", Title: w.say("period")},
		{Name: "value", Title: w.say("value"), Unit: w.Unit(d.Unit), Numeric: true}}}
	native := &document.Native{Kind: "line", Label: 0, Columns: []int{1}}
	drawing := &charts.Line{Axis: w.axis(d.Unit), Points: w.points(now)}
	if years {
		table.Columns = append(table.Columns, document.Column{Name: "year_ago", Title: w.say("year_ago"), Unit: w.Unit(d.Unit), Numeric: true})
		native.Columns = append(native.Columns, 2)
		drawing.YearAgo, drawing.Name, drawing.YearAgoName = w.points(then), w.say("these_months"), w.say("year_before")
	}
	drawing.Frame = w.frame(w.in(d.MeasureText), w.in(d.MeasureText)+", "+w.Period(last.Shift(-last.Months()*(n-1)).String())+" – "+w.Period(last.String()))
	for i := range now {
		p := last.Shift(-last.Months() * (n - 1 - i))
		drawing.Months = append(drawing.Months, w.short(p))
		cells := []document.Cell{{Text: document.Say(w.Period(p.String()))}, w.cell(w.figure(now[i]))}
		if years {
			cells = append(cells, w.cell(w.figure(then[i])))
		}
		table.Rows = append(table.Rows, document.Row{Cells: cells})
	}
	return &document.Chart{ID: "line-" + d.KPI, Title: w.heading(st), Subtitle: w.subtitle(d), Description: drawing.Description,
		Drawing: drawing, Native: native, Table: table}
}

// heading is a finding in few words: what a measure did on the year, or else on the period before.
func (w *writer) heading(st *standing) document.Phrase {
	title := w.in(st.definition.MeasureText)
	if all := w.movements(st); len(all) > 0 {
		m := all[len(all)-1]
		return document.Say(title + ": " + w.Moved(m.move) + " " + w.Period(m.then.Address.Period))
	}
	return document.Say(title + ", " + w.Period(st.shown().String()))
}

// subtitle is what a chart shows: measure, unit, place.
func (w *writer) subtitle(d figures.Definition) string {
	place := "Indonesia"
	if w.subject.Member != "" {
		place = w.name(w.subject.Breakdown, w.subject.Member)
	}
	return strings.Join([]string{w.in(d.MeasureText), w.unitShown(d.Unit), place}, ", ")
}

// short is a period as a chart has room for.
func (w *writer) short(p figures.Period) string {
	if p.Type == "month" {
		return w.ShortMonth(p.Start)
	}
	return p.String()
}

// bullet is a year against its target; nil where there is no target in force, or nothing to hold
// against it. The sentence before it has its numbers.
func (w *writer) bullet(st *standing) *document.Chart {
	if w.subject.Member != "" || st.target == nil || !hasValue(st.year) || !st.yearOver {
		return nil
	}
	d := st.definition
	goal := w.target(d.Unit, *st.target)
	title := w.in(d.MeasureText) + " " + w.In(st.target.Period) + ": " + w.say("against_target")
	return &document.Chart{ID: "target-" + d.KPI + "-" + d.Measure, Title: document.Say(title), Subtitle: w.subtitle(d) + ", " + st.target.Period, Description: w.aimed(st).String(),
		Drawing: &charts.Bullet{Frame: w.frame(title, w.aimed(st).String()), Value: w.point(st.year), Target: charts.Point{Value: goal.Value, Label: goal}, TargetName: strings.ToLower(w.say("target"))}}
}

// spark is the trend on a card; nil where there are too few values for one. The card that it stands
// on is part of a page, which carries the mark of sample data.
func (w *writer) spark(st *standing) *document.Chart {
	d, last := st.definition, st.shown()
	n := max(4, sparkMonths/last.Months())
	points := w.book.series(w.subject, d, last, n)
	known := 0
	for _, f := range points {
		if hasValue(f) {
			known++
		}
	}
	if known < 3 {
		return nil
	}
	title := w.in(d.MeasureText)
	description := title + ", " + w.Period(last.Shift(-last.Months()*(n-1)).String()) + " – " + w.Period(last.String())
	return &document.Chart{ID: "spark-" + d.KPI + "-" + d.Measure, Title: document.Say(title), Description: description,
		Drawing: &charts.Sparkline{Frame: charts.Frame{Title: title, Description: description}, Points: w.points(points)}}
}

// bars is the largest members of a breakdown, with a mark for the year before. The table beside it
// has its numbers.
func (w *writer) bars(d figures.Definition, period figures.Period, by string) *document.Chart {
	r := w.book.rank(d, period, by, barsShown)
	if len(r.named) == 0 || w.subject.Member != "" {
		return nil
	}
	title := w.largest(d, r, by, period)
	drawing := &charts.Bars{Frame: w.frame(title.String(), w.in(d.MeasureText)+", "+w.byWhat(by)), MarkName: w.Period(period.Shift(-12).String())}
	for _, f := range r.named {
		then := guard(w.book.Member(d.KPI, d.Measure, period.Shift(-12), by, f.Address.Member))
		drawing.Bars = append(drawing.Bars, charts.Bar{Name: w.name(by, f.Address.Member), Now: w.point(f), Mark: w.point(then)})
	}
	if rest := w.rest(r); rest.Text != "" {
		drawing.Rest = &charts.Bar{Name: w.say("rest"), Now: charts.Point{Value: rest.Value, Label: rest}}
	}
	return &document.Chart{ID: "bars-" + d.KPI, Title: title, Subtitle: w.subtitle(d) + ", " + w.Period(period.String()), Description: drawing.Description, Drawing: drawing}
}

// largest says which members are the largest, and what they are together where that adds up.
func (w *writer) largest(d figures.Definition, r ranking, by string, period figures.Period) document.Phrase {
	first := r.named[0]
	say := document.Say(w.name(by, first.Address.Member)+": ", w.marked(first))
	if n := w.share(first, r.total); r.adds && n.Text != "" {
		say = append(say, document.Say(" (", n, " "+w.say("of_all")+")")...)
	}
	return append(say, document.Say(", "+w.Period(period.String()))...)
}

// together is what the named members of a ranking come to, as a share of all.
func (p pen) together(r ranking) document.Number {
	if !r.adds || !hasValue(r.total) || *r.total.Value == 0 {
		return document.Number{}
	}
	share := 0.0
	for _, f := range r.named {
		share += 100 * *f.Value / *r.total.Value
	}
	ref := refer(document.OpSumShare, r.named[0], r.named[1:]...)
	ref.Against = []string{r.total.Address.String()}
	return document.Number{Text: p.Number(share, 1) + "%", Value: &share, Format: document.Format{Decimals: 1, Suffix: "%"}, Ref: ref}
}

// tiles is a measure by province as squares of equal size.
func (w *writer) tiles(d figures.Definition, period figures.Period) *document.Chart {
	members := w.book.Members(d.KPI, d.Measure, period, "province")
	if len(members) == 0 || w.subject.Member != "" {
		return nil
	}
	r := w.book.rank(d, period, "province", 0)
	if len(r.named) == 0 {
		return nil
	}
	title := w.largest(d, r, "province", period)
	drawing := &charts.TileMap{Frame: w.copied(title.String(), w.in(d.MeasureText)+", "+w.byWhat("province")), Axis: w.axis(d.Unit), Values: map[string]charts.Point{}, Names: map[string]string{}}
	named := map[string]bool{}
	for _, f := range r.named {
		named[f.Address.Member] = true
	}
	for _, f := range members {
		if f.Address.Member == "UNKNOWN" {
			continue
		}
		shown := guard(f)
		if hasValue(f) && !named[f.Address.Member] { // what the rest keeps is kept here too
			hidden := *f
			hidden.Value, hidden.Status = nil, figures.Suppressed
			shown = &hidden
		}
		drawing.Values[f.Address.Member], drawing.Names[f.Address.Member] = w.point(shown), w.name("province", f.Address.Member)
	}
	return &document.Chart{ID: "tiles-" + d.KPI, Wide: true, Title: title, Subtitle: w.subtitle(d) + ", " + w.Period(period.String()), Description: drawing.Description, Drawing: drawing}
}

// flow is where the placements of a period go: the largest destinations and all the others.
func (w *writer) flow(d figures.Definition, period figures.Period) *document.Chart {
	r := w.book.rank(d, period, "country", 8)
	if len(r.named) == 0 || !r.adds || w.subject.Member != "" {
		return nil
	}
	title := document.Say(w.say("largest_together"), w.together(r), ", "+w.Period(period.String()))
	drawing := &charts.Flow{Frame: w.copied(title.String(), w.in(d.MeasureText)+", "+w.byWhat("country")), Origin: "Indonesia"}
	for _, f := range r.named {
		drawing.Destinations = append(drawing.Destinations, charts.Destination{Name: w.name("country", f.Address.Member), Value: w.point(f)})
	}
	if rest := w.rest(r); rest.Text != "" {
		drawing.Rest = &charts.Destination{Name: w.say("rest"), Value: charts.Point{Value: rest.Value, Label: rest}}
	}
	return &document.Chart{ID: "flow-" + d.KPI, Wide: true, Title: title, Subtitle: w.subtitle(d) + ", " + w.Period(period.String()), Description: drawing.Description, Drawing: drawing}
}
