package content

import (
	"fmt"
	"slices"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/reports/document"
)

// writeStatus says which release the report is written from, and what every reader must know.
func writeStatus(w *writer, _ *nothing) error {
	info := w.book.Release.Info
	w.paragraph(document.Say(fmt.Sprintf(w.say("status"), w.Date(info.AsOf), info.ID)), true)
	w.paragraph(document.Say(w.say("placement_note")+" "+w.say("national_note")), true)
	return w.frozen()
}

// frozen says of a frozen month what has become known of it since. The report keeps the figures
// that were printed.
func (w *writer) frozen() error {
	if w.book.Newest == nil {
		return nil
	}
	newest := w.book.Newest.Info
	of := []figures.Restatement{}
	for _, r := range w.book.revised {
		if r.Address.Period == w.subject.Period.String() {
			of = append(of, r)
		}
	}
	against := w.say("frozen_against") + newest.ID + " (" + w.Date(newest.AsOf) + ") "
	if len(of) == 0 {
		w.paragraph(document.Say(against+w.say("frozen_none")), false)
		return nil
	}
	w.paragraph(document.Say(against, w.count("revised", float64(len(of))), " "+w.say("figure")+": "+w.say("frozen_some")), false)
	w.add(w.restatements("frozen", w.say("known_now"), w.say("printed"), w.say("known_now"), of[:min(25, len(of))], w.book.Release.ID, newest.ID))
	return nil
}

type cardsSettings struct {
	KPIs []string `yaml:"kpis" need:"yes" like:"measure" doc:"The measures, in their order."`
}

// sparkMonths is the length of the trend on a card.
const sparkMonths = 25

// writeCards puts headline KPIs side by side. One that the release does not define is left out.
func writeCards(w *writer, s *cardsSettings) error {
	cards := &document.Cards{}
	for _, text := range s.KPIs {
		if d, known := w.measure(text); known {
			cards.Cards = append(cards.Cards, w.card(d))
		}
	}
	w.add(cards)
	return nil
}

func (w *writer) card(d figures.Definition) document.Card {
	st := w.standing(d)
	card := document.Card{KPI: d.KPI, Title: w.in(d.MeasureText), Period: w.Period(st.period.String()), Value: w.figure(st.now), Unit: w.Unit(d.Unit),
		Target: w.aimed(st), Light: w.lightOf(st), Quality: w.qualityOf(d.KPI, w.scoreOf(d.KPI)), Drawing: w.spark(st), Link: w.linkTo(d.KPI)}
	if card.Value.Value == nil {
		card.Value.Text = ""
		if st.latest != nil {
			card.Instead = document.Say(w.say("latest"), w.marked(st.latest), " ("+w.Period(st.latest.Address.Period)+")")
		}
		return card
	}
	for _, m := range w.movements(st) {
		card.Changes = append(card.Changes, w.movedBy(m, ""))
	}
	if st.running {
		card.Changes = append(card.Changes, document.Say(w.say("period_runs")))
	}
	return card
}

// linkTo is the section that tells more of a KPI, where the report has one.
func (w *writer) linkTo(kpi string) string {
	if slices.Contains(w.kpis, kpi) {
		return sectionOf(kpi)
	}
	return ""
}

// more is a link to what tells more of a KPI, where the report has it.
func (w *writer) more(kpi string) document.Phrase {
	if link := w.linkTo(kpi); link != "" {
		return document.Phrase{{Text: " "}, {Text: kpi, Link: link}}
	}
	return nil
}

// kpisOf are the KPIs that a report has a block for, in its order.
func kpisOf(report configs.Report) (all []string) {
	for _, section := range report.Sections {
		for _, block := range section.Blocks {
			var s kpiSettings
			if block.Kind == "kpi" && block.Decode(&s) == nil {
				kpi, _ := split(s.KPI)
				all = append(all, kpi)
			}
		}
	}
	return all
}

func (w *writer) scoreOf(kpi string) figures.Score {
	if w.book.quality == nil {
		return figures.Score{}
	}
	return w.book.quality.KPIs[kpi]
}

// qualityOf judges a score as targets are judged: all rules passed, nine of ten, or fewer. Without
// rules there is none.
func (w *writer) qualityOf(name string, s figures.Score) *document.Light {
	if s.Run == 0 {
		return nil
	}
	c := class(s.Percent())
	return &document.Light{Class: c, Word: w.say("quality_" + c), Text: document.Say(w.scorePercent(name, s), " (", w.count("quality."+name+".passed", float64(s.Passed)), " "+w.say("rules_of")+" ",
		w.count("quality."+name+".run", float64(s.Run)), " "+w.say("rules_passed")+")")}
}

func (p pen) scorePercent(name string, s figures.Score) document.Number {
	share := s.Percent()
	return document.Number{Text: p.Number(share, 1) + "%", Value: &share, Format: document.Format{Decimals: 1, Suffix: "%"},
		Ref: document.Reference{Op: document.OpCountShare, Figure: "quality." + name + ".passed", Bases: []string{"quality." + name + ".run"}}}
}
