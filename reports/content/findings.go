package content

import (
	"cmp"
	"math"
	"slices"

	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/reports/document"
)

// How findings are ranked. A finding weighs the sum of what is remarkable about it; one that
// weighs nothing is not told.
//
//	a target missed, or nearly met       weightMissed, weightNear
//	a target met                         weightMet
//	the highest or lowest of its series  weightRecord
//	a change on the year, or else on     how many times it exceeds what is usual, up to
//	the period before                    weightChange
//	the report leads with it             weightHeadline, added to one of the above
//
// Counts under leastComparable, and shares of fewer, weigh nothing; and at most perFamily findings come from
// the KPIs of one family (PLC, CMP, …), so that one large change does not fill the page.
const (
	weightMissed   = 100
	weightNear     = 60
	weightMet      = 40
	weightRecord   = 30
	weightChange   = 50
	weightHeadline = 20
	perFamily      = 2
)

type findingsSettings struct {
	AtMost int      `yaml:"at_most" min:"1" max:"9" doc:"How many are told at most; left out: 5."`
	KPIs   []string `yaml:"kpis" like:"measure" doc:"What they are chosen from. Left out: the KPIs of the report."`
}

// A finding is a measure that something remarkable can be said of.
type finding struct {
	standing *standing
	weight   float64
	place    int
}

// writeFindings tells the weightiest findings, the weightiest first.
func writeFindings(w *writer, s *findingsSettings) error {
	var candidates []figures.Definition
	for _, text := range w.candidates(s.KPIs) {
		if d, known := w.measure(text); known {
			candidates = append(candidates, d)
		}
	}
	w.paragraph(document.Say(document.Piece{Text: w.say("findings"), Strong: true}), false)
	list := &document.List{Role: "findings", Ordered: true}
	for _, f := range w.rank(candidates, cmp.Or(s.AtMost, 5)) {
		list.Items = append(list.Items, w.find(f.standing))
	}
	if len(list.Items) == 0 {
		list.Items = append(list.Items, document.Say(w.say("findings_none")))
	}
	w.add(list)
	return nil
}

// candidates are what findings are chosen from: what the block names, or the KPIs of the report
// after those that it leads with.
func (w *writer) candidates(named []string) []string {
	if len(named) > 0 {
		return named
	}
	return append(w.headlines(), w.kpis...)
}

// headlines are the measures on the report's cards.
func (w *writer) headlines() (all []string) {
	for _, section := range w.report.Sections {
		for _, block := range section.Blocks {
			var s cardsSettings
			if block.Kind == "cards" && block.Decode(&s) == nil {
				all = append(all, s.KPIs...)
			}
		}
	}
	return all
}

// rank weighs the candidates and keeps the weightiest, one for a KPI.
func (w *writer) rank(candidates []figures.Definition, most int) []finding {
	leads := map[string]bool{}
	for _, text := range w.headlines() {
		kpi, _ := split(text)
		leads[kpi] = true
	}
	var all []finding
	for i, d := range candidates {
		st := w.standing(d)
		weight := w.weigh(st)
		if weight > 0 && leads[d.KPI] {
			weight += weightHeadline
		}
		if weight > 0 {
			all = append(all, finding{st, weight, i})
		}
	}
	slices.SortStableFunc(all, func(a, b finding) int { return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.place, b.place)) })
	var kept []finding
	told, family := map[string]bool{}, map[string]int{}
	for _, f := range all {
		kpi := f.standing.definition.KPI
		if len(kept) == most || told[kpi] || family[kpi[:3]] == perFamily {
			continue
		}
		told[kpi] = true
		family[kpi[:3]]++
		kept = append(kept, f)
	}
	return kept
}

func (w *writer) weigh(st *standing) float64 {
	if !hasValue(st.now) || st.running || ofFew(st.now) {
		return 0
	}
	weight := map[string]float64{"missed": weightMissed, "near": weightNear, "met": weightMet}[st.judged()]
	if w.record(st) != "" {
		weight += weightRecord
	}
	then := cmp.Or(st.yearAgo, st.before)
	if change, ok := changeOf(st.now, then); ok && !ofFew(then) && st.usual.threshold > 0 {
		if times := math.Abs(change) / st.usual.threshold; times > 1 {
			weight += math.Min(weightChange, times)
		}
	}
	return weight
}

// ofFew says whether a figure counts few, or is a share of few: its changes are chance.
func ofFew(f *figures.Figure) bool {
	return few(f) && f.Denominator == nil || percent(f.Unit) && f.Denominator != nil && *f.Denominator < leastComparable
}

// changeOf is a change in per cent, of shares in percentage points.
func changeOf(now, then *figures.Figure) (float64, bool) {
	switch {
	case !hasValue(now) || !hasValue(then):
		return 0, false
	case percent(now.Unit):
		return *now.Value - *then.Value, true
	case *then.Value == 0:
		return 0, false
	}
	return 100 * (*now.Value / *then.Value - 1), true
}

// find is a finding as a sentence or two, with a link to what tells more.
func (w *writer) find(st *standing) document.Phrase {
	say := w.stands(w.in(st.definition.MeasureText), st)
	if record := w.record(st); record != "" {
		say[len(say)-1].Text = ", " + record + "."
	}
	if c := st.judged(); c != "" {
		n := w.attained(st.year, *st.target)
		say = append(say, document.Say(" "+w.say("target")+" "+st.target.Period+" "+w.say(c)+": ", n, ".")...)
	}
	return append(say, w.more(st.definition.KPI)...)
}
