package content

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/reports/document"
)

// howComputed is where a figure comes from: formula, SQL, inputs with what was rejected of them,
// and the values that earlier releases gave.
func (w *writer) howComputed(st *standing) document.Block {
	d := st.definition
	out := &document.Disclosure{Summary: w.say("how")}
	add := func(blocks ...document.Block) { out.Blocks = append(out.Blocks, blocks...) }
	if terms := w.terms(d, "numerator", "denominator"); len(terms) > 0 {
		add(&document.Definitions{Items: terms})
	}
	about := document.Say(document.Piece{Text: w.say("definition_whole"), Link: definitionOf(d)})
	if inputs := w.inputsOf(d); inputs != nil {
		about = append(about, document.Say(". "+w.say("inputs")+": ", inputs)...)
	}
	if earlier := w.earlier(d); earlier != nil {
		about = append(about, document.Say(". "+w.say("earlier_values")+": ", earlier)...)
	}
	if f := withValue(st.now); f != nil {
		about = append(about, document.Say(". "+w.say("explain")+"lindung explain "+f.Address.String())...)
	}
	add(&document.Paragraph{Text: append(about, document.Say(".")...), Note: true})
	if m := w.book.models[d.Model]; m.sql != "" {
		add(&document.Code{Name: d.Model + ".sql", SHA256: m.sha256, Language: "sql", Text: m.sql})
	}
	return out
}

// definitionOf is where a report defines a measure.
func definitionOf(d figures.Definition) string { return "def-" + d.KPI + "-" + d.Measure }

// terms are parts of a definition, as far as it has them.
func (w *writer) terms(d figures.Definition, names ...string) (items []document.Definition) {
	for _, name := range names {
		var text document.Phrase
		switch name {
		case "numerator":
			text = document.Say(w.in(d.Numerator))
		case "denominator":
			text = document.Say(w.in(d.Denominator))
		case "exclusions":
			text = document.Say(w.in(d.Exclusions))
		case "maturity":
			text = document.Say(w.in(d.Maturity))
		case "basis":
			text = document.Say(w.in(d.Basis))
		case "owner":
			text = document.Say(d.Owner)
		case "threshold":
			text = w.usually(d)
		}
		if len(text) > 0 {
			items = append(items, document.Definition{Term: document.Say(w.say(name)), Text: []document.Phrase{text}})
		}
	}
	return items
}

// usually says by how much a measure must change to be said to rise or fall.
func (w *writer) usually(d figures.Definition) document.Phrase {
	name := d.KPI + "." + d.Measure
	u := w.book.usual[measureKey{d.KPI, d.Measure}]
	size := w.Number(u.threshold, 1) + "%"
	if percent(d.Unit) {
		size = w.Number(u.threshold, 1) + " " + w.say("points")
	}
	limit := document.Number{Text: size, Value: &u.threshold, Format: document.Format{Decimals: 1}, Ref: document.Reference{Op: document.OpCount, Figure: "threshold." + name}}
	text, releases := "threshold_usual", w.count("revisions."+name, float64(u.releases))
	if u.releases < enoughRevisions {
		text, releases = "threshold_default", w.count("revisions.enough", enoughRevisions)
	}
	return fill(w.say(text), limit, releases)
}

// fill puts numbers into a text at its %s.
func fill(text string, numbers ...document.Number) document.Phrase {
	var parts []any
	for _, n := range numbers {
		before, after, _ := strings.Cut(text, "%s")
		parts, text = append(parts, before, n), after
	}
	return document.Say(append(parts, text)...)
}

// inputsOf names the datasets that a KPI counts, each with a link to its files in the annex; nil
// where none of them has any.
func (w *writer) inputsOf(d figures.Definition) (say document.Phrase) {
	for _, dataset := range d.Sources {
		in, known := w.book.inputs[dataset]
		if !known {
			continue
		}
		if say != nil {
			say = append(say, document.Say(", ")...)
		}
		say = append(say, document.Say(dataset+" (SHA-256 "+in.sha256[:16]+", ", w.count("input."+dataset+".files", float64(in.files)), " "+strings.ToLower(w.say("files")))...)
		if c, told := w.accountOf(dataset); told {
			say = append(say, document.Say(", ", w.count(dataset+".quarantined", float64(c.Quarantined)), " "+w.say("rows_rejected"))...)
		}
		say = append(say, document.Say(")")...)
	}
	return say
}

func (w *writer) accountOf(dataset string) (figures.Conservation, bool) {
	for _, c := range w.book.conservation {
		if c.Dataset == dataset {
			return c, true
		}
	}
	return figures.Conservation{}, false
}

// earlierTold is how many values of earlier releases are told of one measure.
const earlierTold = 2

// earlier is what earlier releases gave for periods that were restated, whole years first, then
// the newest; nil where none was.
func (w *writer) earlier(d figures.Definition) (say document.Phrase) {
	var of []revision
	for _, r := range w.book.past {
		if r.of == (measureKey{d.KPI, d.Measure}) && !r.withdrawn {
			of = append(of, r)
		}
	}
	slices.SortStableFunc(of, func(x, y revision) int {
		return cmp.Or(cmp.Compare(len(x.period), len(y.period)), cmp.Compare(y.period, x.period), cmp.Compare(y.new, x.new))
	})
	for i, r := range of[:min(earlierTold, len(of))] {
		if i > 0 {
			say = append(say, document.Say("; ")...)
		}
		a := figures.Address{KPI: d.KPI, Measure: d.Measure, Period: r.period}
		say = append(say, document.Say(w.Period(r.period)+" ", w.at(a, r.old, d.Unit, r.oldValue), " ("+r.old+") → ", w.at(a, r.new, d.Unit, r.newValue), " ("+r.new+")")...)
	}
	return say
}

// changed says what changed of a KPI since the release before.
func (w *writer) changed(kpi string) document.Phrase {
	if w.book.Previous == nil {
		return document.Say(w.say("changed_first"))
	}
	var of []figures.Restatement
	for _, r := range w.book.restated {
		if r.Address.KPI == kpi {
			of = append(of, r)
		}
	}
	since := w.say("changed_since") + w.book.Previous.ID + ": "
	if len(of) == 0 {
		return document.Say(since + w.say("changed_none") + ".")
	}
	say := document.Say(since, w.count("restated."+kpi, float64(len(of))), " "+w.say("changed_count"))
	first := largestOf(of)
	d, _ := w.book.Release.Define(first.Address.KPI, first.Address.Measure)
	say = append(say, document.Say(w.in(d.MeasureText)+" "+w.Period(first.Address.Period)+" "+w.say("changed_from")+" ", w.at(first.Address, w.book.Previous.ID, d.Unit, *first.Old))...)
	if first.New == nil {
		return append(say, document.Say(", "+w.say("withdrawn")+".")...)
	}
	return append(say, document.Say(", "+w.say("changed_to")+" ", w.at(first.Address, w.book.Release.ID, d.Unit, *first.New), ". "+w.in(first.Why))...)
}

// largestOf is the restatement that changed most for its size; a withdrawn figure changed most.
func largestOf(list []figures.Restatement) figures.Restatement {
	return slices.MaxFunc(list, func(a, b figures.Restatement) int { return cmp.Compare(sizeOf(a), sizeOf(b)) })
}

func sizeOf(r figures.Restatement) float64 {
	switch {
	case r.New == nil:
		return math.Inf(1)
	case r.Share == nil:
		return 0
	}
	return math.Abs(*r.Share)
}

// at is a figure of a release that may be another than the report's.
func (p pen) at(a figures.Address, release, unit string, value float64) document.Number {
	a.Release = release
	return document.Number{Text: p.Value(unit, value), Value: &value, Format: format(unit), Ref: document.Reference{Op: document.OpValue, Figure: a.String()}}
}
