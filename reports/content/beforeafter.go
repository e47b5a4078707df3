package content

import (
	"fmt"
	"strings"
	"time"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/reports/charts"
	"github.com/kp2mi/lindung/reports/document"
)

type beforeAfterSettings struct {
	Since  string       `yaml:"since" need:"yes" like:"month" doc:"The month of the day that parts the two; it is in neither."`
	Months int          `yaml:"months" min:"1" max:"36" doc:"How many months there are on each side. Left out: 12."`
	Themes []sinceTheme `yaml:"themes" need:"yes" doc:"The themes, in their order."`
}

type sinceTheme struct {
	Title configs.Label `yaml:"title" need:"yes" doc:"What the theme is called."`
	KPIs  []string      `yaml:"kpis" need:"yes" like:"measure" doc:"Its measures, in their order."`
	Chart string        `yaml:"chart" like:"measure" doc:"The measure that is drawn over the months on both sides. Left out: none."`
}

// sides are the months on the two sides of a month. Where the months after are not all over, they
// are compared with the same months of the year before: a part of a year against a whole one says
// nothing.
type sides struct {
	before, after []figures.Period
	whole         bool // there are as many after as before
}

func sidesOf(since time.Time, months int, until time.Time) sides {
	month := figures.Period{Type: "month", Start: since, End: since.AddDate(0, 1, 0)}
	s := sides{whole: true}
	for i := 1; i <= months; i++ {
		p := month.Shift(i)
		if p.End.After(until) {
			s.whole = false
			break
		}
		s.after = append(s.after, p)
	}
	for i := months; i >= 1; i-- {
		p := month.Shift(-i)
		if s.whole || len(s.after) > 0 && !p.Start.Before(s.after[0].Start.AddDate(-1, 0, 0)) && !p.Start.After(s.after[len(s.after)-1].Start.AddDate(-1, 0, 0)) {
			s.before = append(s.before, p)
		}
	}
	return s
}

// writeBeforeAfter puts the months before and after a day side by side. It says what was measured
// and nothing of why.
func writeBeforeAfter(w *writer, s *beforeAfterSettings) error {
	since, err := time.Parse("2006-01", s.Since)
	if err != nil {
		return fmt.Errorf("since: %w", err)
	}
	months := s.Months
	if months == 0 {
		months = 12
	}
	parts := sidesOf(since, months, w.subject.Period.End)
	if len(parts.after) == 0 {
		w.paragraph(document.Say(w.say("since_none")), false)
		return nil
	}
	w.paragraph(document.Say(w.say("since_note")), true)
	if !parts.whole {
		w.paragraph(document.Say(w.say("since_running")), true)
	}
	for i, theme := range s.Themes {
		title := w.in(figures.Text(theme.Title))
		w.section(fmt.Sprintf("since-%d", i+1), title, 2, false)
		table := &document.Table{ID: fmt.Sprintf("SINCE-%d", i+1), Title: title + ": " + w.say("since_title"), Columns: []document.Column{
			{Name: "measure", Title: w.say("measure")}, {Name: "unit", Title: w.say("unit")}, {Name: "before", Title: w.span(parts.before), Numeric: true},
			{Name: "after", Title: w.span(parts.after), Numeric: true}, {Name: "difference", Title: w.say("difference"), Numeric: true}, {Name: "how", Title: w.say("since_how")}}}
		for _, text := range theme.KPIs {
			if d, known := w.measure(text); known {
				table.Rows = append(table.Rows, w.beforeAfter(d, parts))
			}
		}
		if len(table.Rows) > 0 {
			w.add(table)
		}
		if chart := w.sinceChart(table.ID, title, theme.Chart, since, months); chart != nil {
			w.add(chart)
		}
	}
	return nil
}

// span is a run of months in words.
func (w *writer) span(months []figures.Period) string {
	return w.Month(months[0].Start) + " – " + w.Month(months[len(months)-1].Start)
}

// beforeAfter is one measure on both sides: its sum where months add up, its newest value on each
// side where they do not.
func (w *writer) beforeAfter(d figures.Definition, parts sides) document.Row {
	cells := []document.Cell{{Text: document.Say(w.in(d.MeasureText))}, {Text: document.Say(w.unitShown(d.Unit))}}
	how := w.say("since_last")
	if d.OverTime {
		how = w.say("since_sum")
	}
	if told := w.toldOf(d, parts); len(told.after) < len(parts.after) {
		parts = told
		how += ", " + w.span(parts.before) + ", " + w.span(parts.after)
	}
	var before, after document.Number
	if d.OverTime {
		before, after = w.sum(d, parts.before), w.sum(d, parts.after)
	} else {
		last := func(list []figures.Period) *figures.Figure {
			return guard(w.book.Member(d.KPI, d.Measure, w.sameKind(d, list[len(list)-1]), w.subject.Breakdown, w.subject.Member))
		}
		before, after = w.figure(last(parts.before)), w.figure(last(parts.after))
	}
	cells = append(cells, w.cell(before), w.cell(after), w.cell(w.between(d, before, after)))
	return document.Row{Cells: append(cells, document.Cell{Text: document.Say(how)})}
}

// toldOf is the sides as far as a measure is told after the day: to its last month with a value,
// beside the same months of the year before. Where it is told of none the sides stay.
func (w *writer) toldOf(d figures.Definition, parts sides) sides {
	after := parts.after
	for len(after) > 0 && !hasValue(w.book.Member(d.KPI, d.Measure, w.sameKind(d, after[len(after)-1]), w.subject.Breakdown, w.subject.Member)) {
		after = after[:len(after)-1]
	}
	if len(after) == 0 || len(after) == len(parts.after) {
		return parts
	}
	told := sides{after: after}
	for _, p := range after {
		told.before = append(told.before, p.Shift(-12))
	}
	return told
}

// sameKind is the period of a kind that a measure has, which ends with a month or in it.
func (w *writer) sameKind(d figures.Definition, month figures.Period) figures.Period {
	return w.book.periodFor(Subject{Period: month}, d)
}

// sum adds the months of one side up; it has no text where one of them is missing. Where there are
// quarters only, it adds the quarters that lie within.
func (w *writer) sum(d figures.Definition, months []figures.Period) document.Number {
	total, n := 0.0, document.Number{Format: format(d.Unit)}
	n.Ref.Op = document.OpSum
	tiles := w.tilesOf(d, months)
	for _, p := range tiles {
		f := guard(w.book.Member(d.KPI, d.Measure, p, w.subject.Breakdown, w.subject.Member))
		if !hasValue(f) {
			return document.Number{}
		}
		total += *f.Value
		if f.Status == figures.Provisional {
			n.Mark = mark(figures.Provisional)
		}
		if n.Ref.Figure == "" {
			n.Ref.Figure = f.Address.String()
		} else {
			n.Ref.Bases = append(n.Ref.Bases, f.Address.String())
		}
	}
	if len(tiles) == 0 {
		return document.Number{}
	}
	n.Value, n.Text = &total, w.Value(d.Unit, total)
	return n
}

// tilesOf are the periods of the kind that a measure has which lie within a run of months.
func (w *writer) tilesOf(d figures.Definition, months []figures.Period) (tiles []figures.Period) {
	start, end := months[0].Start, months[len(months)-1].End
	for _, month := range months {
		p := w.sameKind(d, month)
		if p.Start.Before(start) || p.End.After(end) || len(tiles) > 0 && tiles[len(tiles)-1] == p {
			continue
		}
		tiles = append(tiles, p)
	}
	return tiles
}

// between is what lies between the two sides: of shares and of sums that both are there.
func (w *writer) between(d figures.Definition, before, after document.Number) document.Number {
	if before.Value == nil || after.Value == nil {
		return document.Number{}
	}
	n := document.Number{Format: signed(d.Unit), Ref: document.Reference{Op: document.OpChange, Figure: after.Ref.Figure, Bases: []string{before.Ref.Figure}}}
	by := *after.Value - *before.Value
	n.Value, n.Text = &by, w.Change(d.Unit, by)
	if d.OverTime {
		if *before.Value == 0 {
			return document.Number{}
		}
		n.Ref = after.Ref
		n.Ref.Op, n.Ref.Against = document.OpSumChangePercent, append([]string{before.Ref.Figure}, before.Ref.Bases...)
		by = 100 * (*after.Value / *before.Value - 1)
		n.Text, n.Format = w.PercentChange(by), document.Format{Decimals: 1, Suffix: "%", Signed: true}
	}
	return n
}

// sinceChart is a measure over the months on both sides and the one between them; nil where it
// has none.
func (w *writer) sinceChart(id, title, measure string, since time.Time, months int) *document.Chart {
	d, known := w.measure(measure)
	if !known || w.book.periodFor(w.subject, d).Type != "month" {
		return nil
	}
	drawing := &charts.Line{Axis: w.axis(d.Unit)}
	table := &document.Table{ID: id + "-M", Title: title + ", " + w.say("since_months"), Annex: true, Columns: []document.Column{{Name: "period", Title: w.say("period")},
		{Name: columnName(d.KPI + "_" + d.Measure), Title: w.in(d.MeasureText), Unit: w.Unit(d.Unit), Numeric: true}}}
	first := figures.Period{Type: "month", Start: since.AddDate(0, -months, 0), End: since.AddDate(0, 1-months, 0)}
	var shown []*figures.Figure
	for p := first; !p.Start.After(since.AddDate(0, months, 0)) && !p.End.After(w.subject.Period.End); p = p.Shift(1) {
		f := guard(w.book.Member(d.KPI, d.Measure, p, w.subject.Breakdown, w.subject.Member))
		drawing.Months, drawing.Points, shown = append(drawing.Months, w.short(p)), append(drawing.Points, w.point(f)), append(shown, f)
		table.Rows = append(table.Rows, document.Row{Cells: []document.Cell{{Text: document.Say(w.Period(p.String()))}, w.cell(w.figure(f))}})
	}
	if !anyValue(shown) {
		return nil
	}
	about := w.in(d.MeasureText) + ", " + table.Rows[0].Cells[0].Text.String() + " – " + table.Rows[len(table.Rows)-1].Cells[0].Text.String()
	drawing.Frame = w.frame(about, w.say("since_months"))
	return &document.Chart{ID: strings.ToLower(id), Title: document.Say(about), Subtitle: w.subtitle(d), Description: w.say("since_months"), Drawing: drawing,
		Native: &document.Native{Kind: "line", Label: 0, Columns: []int{1}}, Table: table}
}

// columnName makes a name for programs of a code.
func columnName(code string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, strings.ToLower(code))
}
