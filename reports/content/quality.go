package content

import (
	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/reports/document"
)

// writeQuality is the statement on data quality: the score of all data, and every source's score
// and deliveries.
func writeQuality(w *writer, _ *nothing) error {
	q := w.book.quality
	if q == nil {
		w.paragraph(document.Say(w.say("quality")+": "+w.say("not_available")+" [x]."), false)
		return nil
	}
	if all := w.qualityOf("release", q.Release); all != nil {
		w.paragraph(append(document.Say(document.Piece{Text: all.Word, Strong: true}, ". "+w.say("all_sources")+": "), append(all.Text, document.Say(".")...)...), false)
	}
	w.paragraph(document.Say(w.say("quality_note")), true)
	table := &document.Table{ID: "Q1", Title: w.say("quality_by_source"), Columns: []document.Column{{Name: "source", Title: w.say("source")},
		{Name: "judgement", Title: w.say("light")}, {Name: "score", Title: w.say("score"), Unit: "%", Numeric: true},
		{Name: "passed", Title: w.say("rules_passed_column"), Numeric: true}, {Name: "run", Title: w.say("rules_run"), Numeric: true},
		{Name: "freshness", Title: w.say("freshness")}, {Name: "volume", Title: w.say("volume")}}}
	for _, s := range q.Sources {
		row := document.Row{Cells: []document.Cell{{Text: document.Say(s.Source)}}}
		if light := w.qualityOf(s.Source, s.Score); light != nil {
			row.Cells = append(row.Cells, document.Cell{Light: light}, w.cell(w.scorePercent(s.Source, s.Score)),
				w.cell(w.count("quality."+s.Source+".passed", float64(s.Score.Passed))), w.cell(w.count("quality."+s.Source+".run", float64(s.Score.Run))))
		} else {
			nothing := w.cell(document.Number{})
			row.Cells = append(row.Cells, document.Cell{Text: document.Say("–")}, nothing, nothing, nothing)
		}
		fresh := w.states(s.Source, "freshness", s.Freshness, "on_time", "never", "no_calendar", "late")
		if s.DaysLate > 0 && s.Freshness["late"] > 0 { // which stand last
			fresh = append(fresh, document.Say(" (", w.count(s.Source+".days_late", float64(s.DaysLate)), " "+w.say("days")+")")...)
		}
		row.Cells = append(row.Cells, document.Cell{Text: fresh}, document.Cell{Text: w.states(s.Source, "volume", s.Volume, "within", "low", "high", "never", "no_band")})
		table.Rows = append(table.Rows, row)
	}
	w.add(table)
	return nil
}

// states counts the feeds of a source in each state, in a fixed order.
func (w *writer) states(source, what string, feeds map[string]int64, order ...string) (say document.Phrase) {
	for _, state := range order {
		n := feeds[state]
		if n == 0 {
			continue
		}
		if len(say) > 0 {
			say = append(say, document.Say(", ")...)
		}
		say = append(say, document.Say(w.count(source+"."+what+"."+state, float64(n)), " "+w.say("feed_"+state))...)
	}
	return say
}

// writeReconciliation says how many published figures the release gives again.
func writeReconciliation(w *writer, _ *nothing) error {
	say := document.Say(w.say("reconciled") + ": ")
	if w.book.reconciled == nil {
		w.paragraph(append(say, document.Say(w.say("not_available")+" [x].")...), false)
		return nil
	}
	for i, class := range figures.Classes {
		if i > 0 {
			say = append(say, document.Say(", ")...)
		}
		say = append(say, document.Say(w.count("reconciled."+string(class), float64(w.book.reconciled[class])), " "+w.say(string(class)))...)
	}
	w.paragraph(append(say, document.Say(".")...), false)
	return nil
}
