package content

import (
	"cmp"
	"maps"
	"slices"

	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/reports/document"
)

type revisionsSettings struct {
	AtMost int `yaml:"at_most" min:"1" max:"1000" doc:"How many are in the table; the others are counted. Left out: 25."`
}

// writeRevisions lists the totals that have another value than in the release before: years first,
// then what changed most for its size.
func writeRevisions(w *writer, s *revisionsSettings) error {
	if w.book.Previous == nil {
		w.paragraph(document.Say(w.say("changed_first")), false)
		return nil
	}
	old := w.book.Previous.Info
	if len(w.book.restated) == 0 {
		w.paragraph(document.Say(w.say("restated_none")+old.ID+" ("+w.Date(old.AsOf)+")."), false)
		return nil
	}
	w.paragraph(document.Say(w.say("restated_against")+old.ID+" ("+w.Date(old.AsOf)+"): ", w.count("restated", float64(len(w.book.restated))), w.say("restated_count")), false)
	list := slices.Clone(w.book.restated)
	slices.SortStableFunc(list, func(a, b figures.Restatement) int {
		return cmp.Or(cmp.Compare(len(a.Address.Period), len(b.Address.Period)), cmp.Compare(sizeOf(b), sizeOf(a)), cmp.Compare(a.Address.String(), b.Address.String()))
	})
	w.add(w.restatements("REV", w.say("changed_since")+old.ID, w.say("was"), w.say("is"), list[:min(len(list), cmp.Or(s.AtMost, 25))], old.ID, w.book.Release.ID))
	return nil
}

// restatements is a table of figures that two releases give differently.
func (w *writer) restatements(id, title, was, is string, list []figures.Restatement, older, newer string) *document.Table {
	table := &document.Table{ID: id, Title: title, Columns: []document.Column{{Name: "figure", Title: w.say("figure")}, {Name: "period", Title: w.say("period")},
		{Name: "was", Title: was, Numeric: true}, {Name: "now", Title: is, Numeric: true}, {Name: "change", Title: w.say("change"), Numeric: true}, {Name: "reason", Title: w.say("reason")}}}
	for _, r := range list {
		d, _ := w.book.Release.Define(r.Address.KPI, r.Address.Measure)
		cells := []document.Cell{{Text: document.Say(d.KPI + " " + w.in(d.MeasureText))}, {Text: document.Say(w.Period(r.Address.Period))}, w.cell(w.at(r.Address, older, d.Unit, *r.Old))}
		if r.New == nil {
			cells = append(cells, w.cell(document.Number{}), w.cell(document.Number{}))
		} else {
			then, now := figures.Figure{Address: r.Address, Value: r.Old, Unit: d.Unit}, figures.Figure{Address: r.Address, Value: r.New, Unit: d.Unit}
			then.Address.Release, now.Address.Release = older, newer
			cells = append(cells, w.cell(w.at(r.Address, newer, d.Unit, *r.New)), w.cell(w.change(&now, &then)))
		}
		table.Rows = append(table.Rows, document.Row{Cells: append(cells, document.Cell{Text: append(document.Say(w.in(r.Why)), w.mainly(r, older, newer)...)})})
	}
	return table
}

// mainly names the destination that mainly explains what a total changed by since the release before.
func (w *writer) mainly(r figures.Restatement, older, newer string) document.Phrase {
	part, known := w.book.mainly[measurePeriod{r.Address.KPI, r.Address.Measure, r.Address.Period}]
	if !known || newer != w.book.Release.ID {
		return nil
	}
	then, now := figures.Figure{Address: part.Address, Value: &part.Old, Unit: r.Unit}, figures.Figure{Address: part.Address, Value: &part.New, Unit: r.Unit}
	then.Address.Release, now.Address.Release = older, newer
	return document.Say(" "+w.say("mainly")+w.name(part.Address.Breakdown, part.Address.Member)+" (", w.absolute(&now, &then), ").")
}

// writeGaps lists the measures without a value in the report's period, and why.
func writeGaps(w *writer, _ *nothing) error {
	table := &document.Table{ID: "GAP", Title: w.say("gaps"), Columns: []document.Column{{Name: "kpi", Title: "KPI"}, {Name: "measure", Title: w.say("measure")},
		{Name: "period", Title: w.say("period")}, {Name: "reason", Title: w.say("gap_reason")}, {Name: "latest", Title: w.say("latest_column")}}}
	for _, d := range w.book.Release.Definitions() {
		st := w.standing(d)
		if hasValue(st.now) || w.book.told[measurePeriod{d.KPI, d.Measure, st.period.String()}] {
			continue
		}
		latest := document.Say(w.say("not_available") + " [x]")
		if st.latest != nil {
			latest = document.Say(w.marked(st.latest), " ("+w.Period(st.latest.Address.Period)+")")
		}
		table.Rows = append(table.Rows, document.Row{Cells: []document.Cell{{Text: document.Say(d.KPI)}, {Text: document.Say(w.in(d.MeasureText))},
			{Text: document.Say(w.Period(st.period.String()))}, {Text: document.Say(w.whyMissing(st))}, {Text: latest}}})
	}
	if len(table.Rows) == 0 {
		w.paragraph(document.Say(w.say("gaps_none")), false)
		return nil
	}
	w.add(table)
	return nil
}

func (w *writer) whyMissing(st *standing) string {
	maturity := w.in(st.definition.Maturity)
	switch {
	case st.now == nil && maturity == "":
		return w.say("gap_no_row")
	case st.now != nil && st.now.Status == figures.Suppressed:
		return w.say("gap_suppressed")
	case maturity != "":
		return maturity
	}
	return w.say("gap_no_data")
}

// writeDefinitions lists every measure as it is defined. What holds for a KPI as a whole stands at
// its first measure.
func writeDefinitions(w *writer, _ *nothing) error {
	all := &document.Definitions{}
	before := ""
	for _, d := range w.book.Release.Definitions() {
		item := document.Definition{ID: definitionOf(d), Term: document.Say(d.KPI + " " + w.in(d.MeasureText)), Text: []document.Phrase{document.Say(w.in(d.Definition))}}
		parts := w.terms(d, "numerator", "denominator", "threshold")
		if d.KPI != before {
			parts, before = append(parts, w.terms(d, "exclusions", "maturity", "basis", "owner")...), d.KPI
		}
		for _, part := range parts {
			item.Text = append(item.Text, append(document.Say(document.Piece{Text: part.Term.String() + ": ", Strong: true}), part.Text[0]...))
		}
		all.Items = append(all.Items, item)
	}
	w.add(all)
	return nil
}

// writeKey says what the marks mean.
func writeKey(w *writer, _ *nothing) error {
	key := &document.Definitions{}
	for _, item := range []struct{ term, text string }{{"[p]", "key_p"}, {"[r]", "key_r"}, {"[c]", "key_c"}, {"[x]", "key_x"}, {"[z]", "key_z"},
		{w.say("points"), "key_points"}, {w.say("lights"), "key_lights"}, {w.say("address"), "key_how"}} {
		key.Items = append(key.Items, document.Definition{Term: document.Say(item.term), Text: []document.Phrase{document.Say(w.say(item.text))}})
	}
	w.add(key)
	return nil
}

type textSettings struct {
	ID   string `yaml:"id" need:"yes" like:"text" doc:"In Indonesian."`
	EN   string `yaml:"en" need:"yes" like:"text" doc:"In English."`
	Note bool   `yaml:"note" doc:"Small print."`
}

// writeText is words that no figure changes.
func writeText(w *writer, s *textSettings) error {
	w.paragraph(document.Say(w.in(figures.Text{ID: s.ID, EN: s.EN})), s.Note)
	return nil
}

// writeProvenance says which release the report was made of, and what became of all rows.
func writeProvenance(w *writer, _ *nothing) error {
	info := w.book.Release.Info
	origin := w.say("origin_real")
	if info.Sample() {
		origin = w.say("origin_sample")
	}
	facts := &document.Definitions{}
	for _, fact := range []struct {
		term, text string
		code       bool
	}{{"subject", w.about(), false}, {"release", info.ID, true}, {"as_of", w.Date(info.AsOf), false}, {"origin", origin, false},
		{"log", w.Number(float64(info.LogHead), 0) + " · " + info.LogHash, true}, {"program", info.CodeVersion, true}} {
		facts.Items = append(facts.Items, document.Definition{Term: document.Say(w.say(fact.term)), Text: []document.Phrase{document.Say(fact.text)}, Code: fact.code})
	}
	w.add(facts)
	table := &document.Table{ID: "ROWS", Title: w.say("account"), Columns: []document.Column{{Name: "dataset", Title: w.say("dataset")}}}
	columns := []string{"in", "accepted", "quarantined", "superseded", "duplicates", "tombstoned", "current"}
	for _, name := range columns {
		table.Columns = append(table.Columns, document.Column{Name: name, Title: w.say("rows_" + name), Numeric: true})
	}
	for _, c := range w.book.conservation {
		row := document.Row{Cells: []document.Cell{{Text: document.Say(c.Dataset)}}}
		for i, n := range []int64{c.In, c.Accepted, c.Quarantined, c.Superseded, c.Duplicates, c.Tombstoned, c.Current} {
			row.Cells = append(row.Cells, w.cell(w.count(c.Dataset+"."+columns[i], float64(n))))
		}
		table.Rows = append(table.Rows, row)
	}
	w.add(table)
	w.add(w.inputs())
	return nil
}

// inputs is the files of every dataset, with one hash over all of theirs.
func (w *writer) inputs() *document.Table {
	table := &document.Table{ID: "INPUTS", Title: w.say("inputs"), Columns: []document.Column{{Name: "dataset", Title: w.say("dataset")},
		{Name: "files", Title: w.say("files"), Numeric: true}, {Name: "rows", Title: w.say("rows"), Numeric: true}, {Name: "sha256", Title: w.say("input_hash")}}}
	for _, dataset := range slices.Sorted(maps.Keys(w.book.inputs)) {
		in := w.book.inputs[dataset]
		table.Rows = append(table.Rows, document.Row{Cells: []document.Cell{{Text: document.Say(dataset)}, w.cell(w.count("input."+dataset+".files", float64(in.files))),
			w.cell(w.count("input."+dataset+".rows", float64(in.rows))), {Text: document.Say(in.sha256)}}})
	}
	return table
}
