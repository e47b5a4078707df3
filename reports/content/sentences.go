package content

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/reports/document"
	"github.com/kp2mi/lindung/reports/words"
)

// marked is a figure with its unit and its mark, as it stands in a sentence.
func (p pen) marked(f *figures.Figure) document.Phrase {
	n := p.figure(f)
	if n.Value == nil {
		return document.Say(n)
	}
	unit := ""
	if name := p.UnitOf(f.Unit, *n.Value); name != "" {
		unit = " " + name
	}
	if n.Mark != "" {
		unit += "\u00a0" + n.Mark
	}
	return document.Say(n, unit)
}

// difference is how a figure moved against another, in a sentence: as change says, but of counts
// too small for a percentage in whole things.
func (p pen) difference(now, then *figures.Figure) document.Number {
	if hasValue(then) && hasValue(now) && few(then) {
		return p.absolute(now, then)
	}
	return p.change(now, then)
}

// absolute is the difference of two figures in their unit.
func (p pen) absolute(now, then *figures.Figure) document.Number {
	by := *now.Value - *then.Value
	return document.Number{Text: p.Change(now.Unit, by), Value: &by, Format: signed(now.Unit), Ref: refer(document.OpChange, now, then)}
}

func signed(unit string) document.Format {
	f := format(unit)
	f.Signed = true
	if f.Suffix == "%" {
		f.Suffix = " pp"
	}
	return f
}

// unitsOfRatios are the units of what counts nothing: of it changes are told in per cent, however
// small it is.
var unitsOfRatios = []string{"index", "kali", "per 10.000", "per 100.000"}

// few says whether a count is too small for changes in per cent.
func few(f *figures.Figure) bool {
	_, _, money := figures.Amount(f.Unit, 0)
	return !money && !percent(f.Unit) && !slices.Contains(unitsOfRatios, f.Unit) && math.Abs(*f.Value) < leastComparable
}

// A movement is how a figure stands to an earlier one.
type movement struct {
	move words.Move
	then *figures.Figure
	by   document.Number
}

// movements are how a standing's figure stands to those it is compared with, as far as there are any.
func (p pen) movements(st *standing) (all []movement) {
	for _, then := range []*figures.Figure{st.before, st.yearAgo} {
		if n := p.difference(st.now, then); n.Text != "" {
			all = append(all, movement{words.MoveBy(*n.Value, threshold(st, then)), then, n})
		}
	}
	return all
}

// movedBy is a movement in words: naik dari November 2025 (+5,2%). After another of the same kind
// the verb is not said again.
func (p pen) movedBy(m movement, after words.Move) document.Phrase {
	moved := p.Moved(m.move)
	if m.move == after {
		moved = p.Again(m.move)
	}
	if moved != "" {
		moved += " "
	}
	moved += p.Period(m.then.Address.Period)
	if m.move == words.Same {
		return document.Say(moved)
	}
	return document.Say(moved+" (", m.by, ")")
}

// threshold is what a change against a figure has to exceed.
func threshold(st *standing, then *figures.Figure) float64 {
	if few(then) {
		return st.usual.threshold / 100 * math.Abs(*then.Value)
	}
	return st.usual.threshold
}

// stands says where a measure stands: its value, and how it moved.
func (w *writer) stands(title string, st *standing) document.Phrase {
	switch {
	case hasValue(st.now):
		say := document.Say(title+" "+w.In(st.now.Address.Period)+": ", w.marked(st.now))
		after := words.Move("")
		for i, m := range w.movements(st) {
			separator := ", "
			if i > 0 {
				separator = w.And(false)
			}
			say = append(say, document.Say(separator, w.movedBy(m, after))...)
			after = m.move
		}
		if st.running {
			say = append(say, document.Say(" ("+w.say("period_runs")+")")...)
		}
		return append(say, document.Say(".")...)
	case st.now != nil && st.now.Status == figures.Suppressed:
		return document.Say(title+" "+w.In(st.period.String())+": "+w.say("suppressed")+" ", w.figure(st.now), ".")
	}
	say := document.Say(title + " " + w.In(st.period.String()) + ": " + w.say("not_available") + " [x]")
	if st.latest != nil {
		say = append(say, document.Say("; "+w.say("latest"), w.marked(st.latest), " ("+w.Period(st.latest.Address.Period)+")")...)
	}
	return append(say, document.Say(".")...)
}

// record says that a value is the highest or the lowest of its series, by more than it is usually
// revised; empty where it is not, or the series is too short to say so.
func (w *writer) record(st *standing) string {
	var highest, lowest *figures.Figure
	first, n, step := "", 0, st.period.Months()
	for back := step; ; back += step {
		f := w.book.Member(st.definition.KPI, st.definition.Measure, st.period.Shift(-back), w.subject.Breakdown, w.subject.Member)
		if !hasValue(f) {
			break
		}
		if highest == nil || *f.Value > *highest.Value {
			highest = f
		}
		if lowest == nil || *f.Value < *lowest.Value {
			lowest = f
		}
		first, n = f.Address.Period, n+1
	}
	if n < max(4, periodsForRecord/step) {
		return ""
	}
	above, _ := changeOf(st.now, highest)
	below, _ := changeOf(st.now, lowest)
	switch {
	case above > st.usual.threshold:
		return w.say("record_high") + w.Period(first)
	case below < -st.usual.threshold:
		return w.say("record_low") + w.Period(first)
	}
	return ""
}

// aimed is what is said of a target. Where two were set the one in force counts, the other
// stands after it.
func (w *writer) aimed(st *standing) document.Phrase {
	d := st.definition
	if t := st.foreign; st.target == nil && t != nil {
		return document.Say(w.say("target")+" "+t.Period+": ", w.target(t.Unit, *t), " ("+t.Source+"), "+w.say("not_comparable"))
	}
	t := st.target
	if t == nil {
		say := w.say("no_target")
		if d.Owner != "" {
			say += " (" + w.say("sets_target") + d.Owner + ")"
		}
		return document.Say(say)
	}
	say := document.Say(w.say("target")+" "+t.Period+": ", w.target(d.Unit, *t), " ("+t.Source+")")
	if st.yearOver && hasValue(st.year) {
		say = append(say, document.Say(". "+w.say("actual")+" "+t.Period+": ", w.marked(st.year))...)
	}
	if !st.yearOver {
		say = append(say, w.soFar(st)...)
	}
	for _, old := range st.former {
		say = append(say, document.Say(". "+w.say("former_target")+" ", w.target(d.Unit, old), " ("+old.Source+")")...)
	}
	return say
}

// target is a target itself.
func (p pen) target(unit string, t figures.Target) document.Number {
	return document.Number{Text: p.Value(unit, t.Value), Value: &t.Value, Format: format(unit), Ref: document.Reference{Op: document.OpTarget, Target: targetName(t)}}
}

// soFar is what a year that still runs has come to: of what adds up over time the sum of its
// months up to the report's, and what that is of the target; it is not judged.
func (w *writer) soFar(st *standing) document.Phrase {
	d, year := st.definition, containing(w.subject.Period, "year")
	note := document.Say(" (" + w.say("running") + ")")
	if !d.OverTime {
		return note
	}
	var months []figures.Period
	for p := containing(figures.Period{End: year.Start.AddDate(0, 1, 0)}, "month"); !p.End.After(w.subject.Period.End); p = p.Shift(1) {
		months = append(months, p)
	}
	n := w.sum(d, months)
	if n.Text == "" {
		return note
	}
	share := 100 * *n.Value / st.target.Value
	attained := document.Number{Text: w.Number(share, 1) + "%", Value: &share, Format: document.Format{Decimals: 1, Suffix: "%"}, Ref: n.Ref}
	attained.Ref.Op, attained.Ref.Target = document.OpAttainment, targetName(*st.target)
	return append(document.Say(". "+w.span(months)+": ", n, ", ", attained, " "+w.say("of_target")), note...)
}

// attained is a figure as a share of its target; it has no text where there is none.
func (p pen) attained(f *figures.Figure, t figures.Target) document.Number {
	if !hasValue(f) || t.Value == 0 {
		return document.Number{}
	}
	share := 100 * *f.Value / t.Value
	ref := refer(document.OpAttainment, f)
	ref.Target = targetName(t)
	return document.Number{Text: p.Number(share, 1) + "%", Value: &share, Format: document.Format{Decimals: 1, Suffix: "%"}, Ref: ref}
}

func targetName(t figures.Target) string {
	return fmt.Sprintf("%s.%s/%s@%s", t.KPI, t.Measure, t.Period, t.Source)
}

// lightOf is the judgement of a standing in shape and word; nil where there is none to give.
func (w *writer) lightOf(st *standing) *document.Light {
	c := st.judged()
	if c == "" {
		return nil
	}
	return &document.Light{Class: c, Word: w.say(c), Text: document.Say(w.attained(st.year, *st.target), " "+w.say("of_target"))}
}

// count is a count of the release's account.
func (p pen) count(name string, n float64) document.Number {
	return document.Number{Text: p.Number(n, 0), Value: &n, Ref: document.Reference{Op: document.OpCount, Figure: name}}
}

// sentence makes a phrase begin with a capital.
func sentence(p document.Phrase) document.Phrase {
	if len(p) > 0 && p[0].Number == nil && strings.TrimSpace(p[0].Text) != "" {
		p[0].Text = words.Capital(p[0].Text)
	}
	return p
}
