package content

import (
	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/reports/charts"
	"github.com/kp2mi/lindung/reports/document"
)

// multiples is the members of a breakdown over time, side by side on one scale, with the table of
// all of them.
func (w *writer) multiples(st *standing, by string) *document.Chart {
	d, last := st.definition, st.shown()
	r := w.book.rank(d, last, by, 6)
	if len(r.named) == 0 || w.subject.Member != "" {
		return nil
	}
	n := 12 / last.Months()
	title := w.largest(d, r, by, last)
	drawing := &charts.SmallMultiples{Frame: w.frame(title.String(), w.in(d.MeasureText)+", "+w.byWhat(by)), Axis: w.axis(d.Unit)}
	table := &document.Table{ID: d.KPI + "-m", Title: w.in(d.MeasureText) + ", " + w.byWhat(by), Columns: []document.Column{{Name: "period", Title: w.say("period")}}}
	table.Rows = make([]document.Row, n)
	for i := range n {
		p := last.Shift(-last.Months() * (n - 1 - i))
		drawing.Months = append(drawing.Months, w.short(p))
		table.Rows[i].Cells = []document.Cell{{Text: document.Say(w.Period(p.String()))}}
	}
	for _, f := range r.named {
		member := f.Address.Member
		panel := charts.Panel{Name: w.name(by, member)}
		for i := range n {
			at := guard(w.book.Member(d.KPI, d.Measure, last.Shift(-last.Months()*(n-1-i)), by, member))
			panel.Points = append(panel.Points, w.point(at))
			table.Rows[i].Cells = append(table.Rows[i].Cells, w.cell(w.figure(at)))
		}
		table.Columns = append(table.Columns, document.Column{Name: columnName(member), Title: w.name(by, member), Unit: w.Unit(d.Unit), Numeric: true})
		drawing.Panels = append(drawing.Panels, panel)
	}
	return &document.Chart{ID: "multiples-" + d.KPI, Title: title, Subtitle: w.subtitle(d), Description: drawing.Description, Drawing: drawing, Table: table}
}

// funnel is the measures of a KPI as stages, for each member of a breakdown that has any.
func (w *writer) funnel(d figures.Definition, period figures.Period, s *kpiSettings) *document.Chart {
	if len(s.By) == 0 || w.subject.Member != "" {
		return nil
	}
	by, year, stages := s.By[0], containing(period, "year"), w.ordered(d.KPI, s.Measures)
	table := &document.Table{ID: d.KPI + "-f", Title: w.in(d.Title) + ", " + w.Period(year.String()), Columns: []document.Column{{Name: by, Title: w.what(by)}}}
	for _, stage := range stages {
		table.Columns = append(table.Columns, document.Column{Name: stage.Measure, Title: w.in(stage.MeasureText), Unit: w.Unit(stage.Unit), Numeric: true})
	}
	drawing := &charts.Funnel{ShareWords: w.say("of_stage_before")}
	r := w.book.rank(d, year, by, 3)
	for _, first := range r.named {
		member := first.Address.Member
		way, row := charts.Way{Name: w.name(by, member)}, document.Row{Cells: []document.Cell{{Text: document.Say(w.name(by, member))}}}
		var before *figures.Figure
		for _, stage := range stages {
			f := guard(w.book.Member(stage.KPI, stage.Measure, year, by, member))
			part := charts.Stage{Name: w.in(stage.MeasureText), Count: w.point(f)}
			if n := w.share(f, before); n.Text != "" {
				part.Share = charts.Point{Value: n.Value, Label: n}
			}
			way.Stages, before = append(way.Stages, part), f
			row.Cells = append(row.Cells, w.cell(w.figure(f)))
		}
		drawing.Ways, table.Rows = append(drawing.Ways, way), append(table.Rows, row)
	}
	if len(drawing.Ways) == 0 {
		return nil
	}
	title := w.largest(d, r, by, year)
	drawing.Frame = w.frame(title.String(), w.in(d.Title)+", "+w.byWhat(by))
	return &document.Chart{ID: "funnel-" + d.KPI, Title: title, Subtitle: w.in(d.Title) + ", " + w.Period(year.String()), Description: drawing.Description, Drawing: drawing, Table: table}
}

// cohort is the measures of a KPI as ages of the cohorts of each month: which share of what was
// received in a month was done at each age.
func (w *writer) cohort(d figures.Definition, measures []string) *document.Chart {
	last := containing(w.subject.Period, "month")
	drawing := &charts.Cohort{Whole: 100}
	table := &document.Table{ID: d.KPI + "-c", Title: w.in(d.Title), Columns: []document.Column{{Name: "month", Title: w.say("period")}}}
	ages := w.ordered(d.KPI, measures)
	for _, age := range ages {
		drawing.Ages = append(drawing.Ages, w.in(age.MeasureText))
		table.Columns = append(table.Columns, document.Column{Name: age.Measure, Title: w.in(age.MeasureText), Unit: "%", Numeric: true})
	}
	known := false
	for back := 11; back >= 0; back-- {
		p := last.Shift(-back)
		cohort := charts.CohortRow{Name: w.short(p)}
		row := document.Row{Cells: []document.Cell{{Text: document.Say(w.Period(p.String()))}}}
		for _, age := range ages {
			f := guard(w.book.Member(age.KPI, age.Measure, p, w.subject.Breakdown, w.subject.Member))
			row.Cells = append(row.Cells, w.cell(w.figure(f)))
			if hasValue(f) && len(cohort.Shares) == len(row.Cells)-2 { // it has the ages that it has reached, without a gap
				cohort.Shares, known = append(cohort.Shares, w.point(f)), true
			}
		}
		drawing.Rows, table.Rows = append(drawing.Rows, cohort), append(table.Rows, row)
	}
	if !known {
		return nil
	}
	title := w.heading(w.standing(d))
	drawing.Frame = w.frame(title.String(), w.in(d.Title))
	return &document.Chart{ID: "cohort-" + d.KPI, Title: title, Subtitle: w.in(d.Title), Description: drawing.Description, Drawing: drawing, Table: table}
}

// committed is what each partner committed and disbursed in a year, and the share between the two.
func (w *writer) committed(d figures.Definition, period figures.Period, by string) *document.Chart {
	const promised, paid = "committed_usd_million", "disbursed_usd_million"
	first, err := w.book.Release.Define(d.KPI, promised)
	second, err2 := w.book.Release.Define(d.KPI, paid)
	if err != nil || err2 != nil || w.subject.Member != "" {
		return nil
	}
	year := containing(period, "year")
	drawing := &charts.Pairs{FirstName: w.in(first.MeasureText), SecondName: w.in(second.MeasureText)}
	table := &document.Table{ID: d.KPI + "-p", Title: w.in(d.Title) + ", " + w.Period(year.String()), Columns: []document.Column{{Name: by, Title: w.what(by)},
		{Name: promised, Title: w.in(first.MeasureText), Numeric: true}, {Name: paid, Title: w.in(second.MeasureText), Numeric: true}, {Name: "share", Title: w.say("share"), Unit: "%", Numeric: true}}}
	r := w.book.rank(first, year, by, 10)
	for _, f := range r.named {
		out := w.book.Member(d.KPI, paid, year, by, f.Address.Member)
		drawing.Pairs = append(drawing.Pairs, charts.Pair{Name: w.name(by, f.Address.Member), First: w.point(f), Second: w.point(out)})
		table.Rows = append(table.Rows, document.Row{Cells: []document.Cell{{Text: document.Say(w.name(by, f.Address.Member))}, w.cell(w.figure(f)), w.cell(w.figure(out)), w.cell(w.share(out, f))}})
	}
	if len(drawing.Pairs) == 0 {
		return nil
	}
	title := w.heading(w.standing(d))
	drawing.Frame = w.frame(title.String(), w.in(first.MeasureText)+" – "+w.in(second.MeasureText)+", "+w.byWhat(by))
	return &document.Chart{ID: "committed-" + d.KPI, Title: title, Subtitle: w.in(d.Title) + ", " + w.Period(year.String()), Description: drawing.Description, Drawing: drawing,
		Native: &document.Native{Kind: "bars", Label: 0, Columns: []int{1, 2}}, Table: table}
}
