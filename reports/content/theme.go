package content

import (
	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/reports/document"
)

type themeSettings struct {
	Card string `yaml:"card" need:"yes" like:"text" doc:"The card's code in theme_card.csv."`
}

// writeTheme is a theme's card: the lines that the release says to show. A line whose KPI the
// release does not define stays, and says so.
func writeTheme(w *writer, s *themeSettings) error {
	table := &document.Table{ID: s.Card, Columns: []document.Column{
		{Name: "part", Title: w.say("part")}, {Name: "measure", Title: w.say("measure")}, {Name: "period", Title: w.say("period")},
		{Name: "value", Title: w.say("value"), Numeric: true}, {Name: "unit", Title: w.say("unit")},
		{Name: "change", Title: w.say("on_before"), Numeric: true}, {Name: "change_year", Title: w.say("on_year"), Numeric: true}, {Name: "light", Title: w.say("target")}},
		Notes: []document.Phrase{document.Say(w.say("card_note"))}}
	for _, line := range w.book.themes {
		if line.Card != s.Card {
			continue
		}
		table.Title = w.in(line.CardName)
		table.Rows = append(table.Rows, w.themeLine(line))
	}
	if len(table.Rows) > 0 {
		w.add(table)
	}
	return nil
}

func (w *writer) themeLine(line figures.ThemeLine) document.Row {
	words := func(text string) document.Cell { return document.Cell{Text: document.Say(text)} }
	missing := w.cell(document.Number{})
	d, err := w.book.Release.Define(line.Address.KPI, line.Address.Measure)
	if err != nil {
		return document.Row{Cells: []document.Cell{words(w.in(line.Part)), words(line.Address.KPI + ": " + w.say("no_kpi")), words(w.Period(containing(w.subject.Period, line.PeriodType).String())),
			missing, words("[x]"), missing, missing, words(w.say("no_target"))}}
	}
	st := w.themeStanding(line, d)
	title := w.in(d.MeasureText)
	if line.Address.Breakdown != "" {
		title += ", " + w.name(line.Address.Breakdown, line.Address.Member)
	}
	value := w.cell(w.figure(st.now))
	if total := w.book.Total(d.KPI, d.Measure, st.period); st.now == nil && line.Address.Breakdown != "" && hasValue(total) {
		title += " (" + w.say("unrecorded") + ")"
		if d.Additive {
			value = w.cell(w.zero(total, line.Address))
		}
	}
	target := words(w.say("no_target"))
	if line.Address.Breakdown == "" && st.target != nil {
		target = document.Cell{Text: w.aimed(st)}
		if judged := w.lightOf(st); judged != nil {
			target = document.Cell{Light: judged}
		}
	}
	return document.Row{Cells: []document.Cell{words(w.in(line.Part)), words(title), words(w.Period(st.period.String())), value, words(w.unitShown(d.Unit)),
		w.moveCell(st, st.before, st.noBefore()), w.moveCell(st, st.yearAgo, st.running), target}}
}

// themeStanding is a standing in the kind of period that a line of a card says, of one member
// perhaps. A period that goes on after the report's is not compared: part of a year against a
// whole one says nothing.
func (w *writer) themeStanding(line figures.ThemeLine, d figures.Definition) *standing {
	st := &standing{definition: d, period: containing(w.subject.Period, line.PeriodType), usual: w.book.usual[measureKey{d.KPI, d.Measure}]}
	st.running = st.period.End.After(w.subject.Period.End)
	at := func(p figures.Period) *figures.Figure {
		return guard(w.book.Member(d.KPI, d.Measure, p, line.Address.Breakdown, line.Address.Member))
	}
	st.now = at(st.period)
	if hasValue(st.now) && !st.running {
		if st.period.Months() < 12 {
			st.before = withValue(at(st.period.Shift(-st.period.Months())))
		}
		st.yearAgo = withValue(at(st.period.Shift(-12)))
	}
	w.book.aim(w.subject, st)
	return st
}

// zero is what nothing was counted of: a total is told, and of the member there is nothing.
func (p pen) zero(total *figures.Figure, of figures.Address) document.Number {
	none := 0.0
	a := total.Address
	a.Breakdown, a.Member = of.Breakdown, of.Member
	return document.Number{Text: p.Value(total.Unit, none), Value: &none, Format: format(total.Unit), Mark: mark(total.Status),
		Ref: document.Reference{Op: document.OpZero, Figure: a.String(), Bases: []string{total.Address.String()}}}
}
