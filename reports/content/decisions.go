package content

import (
	"slices"
	"strings"

	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/reports/document"
)

type decisionsSettings struct {
	Clocks []string `yaml:"clocks" like:"measure" doc:"Measures of how many kept a legal time limit, in per cent."`
}

// writeDecisions tells what needs a decision, by three rules, and whose it is:
//
//   - a target was not met in the last two years that are over;
//   - of those whose legal clock ran in the newest period, not all were within it;
//   - a source that figures come from has not delivered as its calendar says.
func writeDecisions(w *writer, s *decisionsSettings) error {
	w.paragraph(document.Say(document.Piece{Text: w.say("decisions"), Strong: true}), false)
	list := &document.List{Role: "decisions"}
	list.Items = append(list.Items, w.missedTwice()...)
	for _, text := range s.Clocks {
		if d, known := w.measure(text); known {
			list.Items = append(list.Items, w.clock(d)...)
		}
	}
	list.Items = append(list.Items, w.silent()...)
	if len(list.Items) == 0 {
		list.Items = append(list.Items, document.Say(w.say("decisions_none")))
	}
	w.add(list)
	return nil
}

// missedTwice finds the measures whose target was not met in the last two years that are over.
func (w *writer) missedTwice() (items []document.Phrase) {
	if w.subject.Member != "" {
		return nil // targets are the country's
	}
	last := containing(w.subject.Period, "year")
	if last.End.After(w.subject.Period.End) {
		last = last.Shift(-12)
	}
	for _, d := range w.book.Release.Definitions() {
		then, now := w.judgeYear(d, last.Shift(-12)), w.judgeYear(d, last)
		if then == nil || now == nil {
			continue
		}
		items = append(items, w.decide(d, document.Say(w.in(d.MeasureText)+": "+w.say("missed_twice")+last.Shift(-12).String()+" (", *then, "), "+last.String()+" (", *now, ")")))
	}
	return items
}

// judgeYear is the attainment of a year's target that was not met; nil where it was, or where
// there is none to judge.
func (w *writer) judgeYear(d figures.Definition, year figures.Period) *document.Number {
	for _, t := range w.book.Targets {
		if t.KPI != d.KPI || t.Period != year.String() || t.Status != "in force" || t.Measure != d.Measure && !(t.Measure == "" && d.Default) {
			continue
		}
		f := w.book.Total(d.KPI, d.Measure, year)
		if !hasValue(f) {
			return nil
		}
		if share, ok := attainment(d.Direction, *f.Value, t.Value); !ok || share >= 100 {
			return nil
		}
		n := w.attained(f, t)
		return &n
	}
	return nil
}

// clock tells of a measure of a legal clock that was overrun in the newest period that it is
// known of.
func (w *writer) clock(d figures.Definition) []document.Phrase {
	st := w.standing(d)
	f := st.latest
	if hasValue(st.now) {
		f = st.now
	}
	if !hasValue(f) || *f.Value >= 100 {
		return nil
	}
	say := document.Say(w.in(d.Title)+", "+w.Period(f.Address.Period)+": ", w.marked(f), " "+w.say("clock_overrun"))
	if basis := w.in(d.Basis); basis != "" {
		say = append(say, document.Say(". "+w.say("basis")+": "+strings.Split(basis, ";")[0])...)
	}
	return []document.Phrase{w.decide(d, say)}
}

// silent tells of the sources that have not delivered as their calendars say, and who needs them.
func (w *writer) silent() (items []document.Phrase) {
	for _, f := range w.book.feeds {
		if f.state != "late" {
			continue
		}
		say := document.Say(f.source+" ("+f.name+") "+w.say("silent")+": ", w.count("feed."+f.name+".days_late", float64(f.daysLate)), " "+w.say("days_late"))
		var kpis, owners []string
		for _, d := range w.book.Release.Definitions() {
			if !slices.Contains(d.Sources, f.dataset) {
				continue
			}
			if !slices.Contains(kpis, d.KPI) {
				kpis = append(kpis, d.KPI)
			}
			if d.Owner != "" && !slices.Contains(owners, d.Owner) {
				owners = append(owners, d.Owner)
			}
		}
		if len(kpis) > 0 {
			say = append(say, document.Say("; "+w.say("needed_by")+w.List(kpis))...)
		}
		if f.producer != "" {
			owners = append([]string{f.producer}, owners...)
		}
		items = append(items, w.owed(say, owners))
	}
	return items
}

func (w *writer) decide(d figures.Definition, say document.Phrase) document.Phrase {
	var owners []string
	if d.Owner != "" {
		owners = []string{d.Owner}
	}
	return w.owed(append(say, w.more(d.KPI)...), owners)
}

// owed adds the units that a decision is owed by.
func (w *writer) owed(say document.Phrase, owners []string) document.Phrase {
	say = append(say, document.Say(".")...)
	if len(owners) == 0 {
		return say
	}
	return append(say, document.Piece{Text: " " + w.say("decides") + w.List(owners) + ".", Strong: true})
}
