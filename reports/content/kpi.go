package content

import (
	"fmt"
	"slices"

	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/reports/document"
)

type kpiSettings struct {
	KPI      string   `yaml:"kpi" need:"yes" like:"measure" doc:"The KPI; with a measure, that measure leads instead of the KPI's own."`
	Charts   []string `yaml:"charts" one:"line|years|bars|tiles|flow|multiples|funnel|cohort|committed" doc:"What is drawn: line over time, the year beside the year before, the largest members of the first breakdown as bars or as a flow, provinces as tiles, small multiples of the first breakdown, the measures as a funnel, cohorts, committed against disbursed."`
	Measures []string `yaml:"measures" like:"name" doc:"Its measures in their order, where a funnel or cohorts need one. Left out: all."`
	By       []string `yaml:"by" like:"name" doc:"Breakdowns that a table is given for."`
	Top      int      `yaml:"top" min:"1" max:"600" doc:"How many members a table names; the others are together. Left out: all."`
}

// writeKPI tells all of one KPI: the finding, charts, its measures, tables, how it is defined and
// computed, and what changed. One that the release does not define says so.
func writeKPI(w *writer, s *kpiSettings) error {
	kpi, _ := split(s.KPI)
	d, known := w.measure(s.KPI)
	if !known {
		w.section(sectionOf(kpi), kpi, 2, false)
		w.paragraph(document.Say(kpi+": "+w.say("no_kpi")+" [x]."), false)
		return nil
	}
	if slices.Contains(nationalThemes, d.Theme) && len(s.By) > 0 {
		return fmt.Errorf("%s is shown for the whole country only: a small count of complaints points at a person; take \"by\" out", d.KPI)
	}
	w.section(sectionOf(kpi), kpi+" "+w.in(d.Title), 2, false)
	st := w.standing(d)
	say := w.stands(w.in(d.MeasureText), st)
	if len(w.book.kinds[measureKey{d.KPI, d.Measure}]) == 0 && len(s.By) > 0 { // it is told by members alone
		if r := w.book.rank(d, st.period, s.By[0], 0); len(r.named) > 0 {
			say = append(document.Say(w.in(d.MeasureText)+", "), append(w.largest(d, r, s.By[0], st.period), document.Say(".")...)...)
		}
	}
	if hasValue(st.now) && !st.running && !ofFew(st.now) {
		if record := w.record(st); record != "" {
			say[len(say)-1].Text = ", " + record + "."
		}
	}
	w.paragraph(say, false)
	w.paragraph(w.judgement(st), false)
	if chart := w.bullet(st); chart != nil {
		w.add(chart)
	}
	for _, form := range s.Charts {
		if chart := w.draw(form, d, s); chart != nil {
			w.add(chart)
		}
	}
	if table := w.measures(kpi, s.Measures); table != nil {
		w.add(table)
	}
	if w.subject.Member == "" {
		for i, breakdown := range s.By {
			if table := w.breakdown(d, st.shown(), breakdown, s.Top); table != nil {
				table.Annex = i > 0
				w.add(table)
			}
		}
	}
	w.paragraph(w.changed(kpi), true)
	w.paragraph(document.Say(document.Piece{Text: w.say("definition") + ": ", Strong: true}, w.in(d.Definition)), true)
	w.add(w.howComputed(st))
	return nil
}

// shown is the newest period that a measure has a value for, up to the report's.
func (st *standing) shown() figures.Period {
	if !hasValue(st.now) && st.latest != nil {
		if p, err := figures.ParsePeriod(st.latest.Address.Period); err == nil {
			return p
		}
	}
	return st.period
}

// judgement is what is said of the target, the light before it.
func (w *writer) judgement(st *standing) document.Phrase {
	if w.subject.Member != "" {
		return nil // targets are the country's
	}
	say := sentence(w.aimed(st))
	if light := w.lightOf(st); light != nil {
		say = append(append(document.Phrase{{Text: light.Word, Strong: true}, {Text: ", "}}, light.Text...), append(document.Say(". "), say...)...)
	}
	return append(say, document.Say(".")...)
}

// measures is a table of the measures of a KPI; nil where it has one only, of which the sentence
// says it all.
func (w *writer) measures(kpi string, names []string) *document.Table {
	table := &document.Table{ID: kpi, Title: w.say("measures_of") + ": " + kpi, Columns: []document.Column{
		{Name: "measure", Title: w.say("measure")}, {Name: "period", Title: w.say("period")},
		{Name: "value", Title: w.say("value"), Numeric: true}, {Name: "unit", Title: w.say("unit")},
		{Name: "before", Title: w.say("before"), Numeric: true}, {Name: "change", Title: w.say("on_before"), Numeric: true},
		{Name: "year_ago", Title: w.say("year_ago"), Numeric: true}, {Name: "change_year", Title: w.say("on_year"), Numeric: true}}}
	for _, d := range w.ordered(kpi, names) {
		st := w.standing(d)
		table.Rows = append(table.Rows, document.Row{Cells: []document.Cell{
			{Text: document.Say(w.in(d.MeasureText))}, {Text: document.Say(w.Period(st.period.String()))},
			w.cell(w.figure(st.now)), {Text: document.Say(w.unitShown(d.Unit))},
			w.compared(st.before, st.noBefore()), w.moveCell(st, st.before, st.noBefore()),
			w.compared(st.yearAgo, st.running), w.moveCell(st, st.yearAgo, st.running)}})
	}
	if len(table.Rows) < 2 {
		return nil
	}
	return table
}

// unitShown is a unit for a column of its own, in which nothing is empty.
func (w *writer) unitShown(unit string) string {
	if name := w.Unit(unit); name != "" {
		return name
	}
	if percent(unit) {
		return "%"
	}
	currency, _, _ := figures.Amount(unit, 0)
	return currency
}

// cell is a number in a table. What is not there has its mark alone.
func (w *writer) cell(n document.Number) document.Cell {
	if n.Value == nil {
		n.Text = ""
		if n.Mark == "" {
			n.Mark = "[x]"
		}
	}
	return document.Cell{Number: &n}
}

// noBefore says that a standing has no period before it to compare with: it still runs, or is a
// year, of which the year before is the year ago.
func (st *standing) noBefore() bool { return st.running || st.period.Months() >= 12 }

// compared is a figure to compare with, where there can be one.
func (w *writer) compared(f *figures.Figure, none bool) document.Cell {
	if f == nil {
		return w.notApplicable(none)
	}
	return w.cell(w.figure(f))
}

func (w *writer) moveCell(st *standing, then *figures.Figure, none bool) document.Cell {
	if n := w.difference(st.now, then); n.Text != "" {
		return w.cell(n)
	}
	return w.notApplicable(none)
}

// notApplicable marks a cell that nothing stands in: [z] where nothing can.
func (w *writer) notApplicable(none bool) document.Cell {
	mark := "[x]"
	if none {
		mark = "[z]"
	}
	return w.cell(document.Number{Mark: mark})
}

// ordered are the definitions of a KPI's measures: those named in their order, or all of them.
func (w *writer) ordered(kpi string, measures []string) (all []figures.Definition) {
	for _, name := range measures {
		if d, err := w.book.Release.Define(kpi, name); err == nil {
			all = append(all, d)
		}
	}
	if len(measures) > 0 {
		return all
	}
	for _, d := range w.book.Release.Definitions() {
		if d.KPI == kpi {
			all = append(all, d)
		}
	}
	return all
}
