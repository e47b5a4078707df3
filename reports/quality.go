package reports

import (
	"html/template"

	"github.com/kp2mi/lindung/figures"
)

// A qualityView is the score of some data in words: a shape and a word, so that no colour is needed to read it.
type qualityView struct {
	Class, Word        string
	Score, Passed, Run number
}

type sourceView struct {
	Source            string
	Quality           *qualityView
	Freshness, Volume template.HTML
}

// quality judges a score as targets are judged: all rules passed, nine of ten, or fewer. Without rules there is none.
func (v *view) quality(name string, s figures.Score) *qualityView {
	if s.Run == 0 {
		return nil
	}
	class := light("up", s.Percent())
	passed, run := "quality."+name+".passed", "quality."+name+".run"
	return &qualityView{Class: class, Word: v.l.word("quality_" + class),
		Score:  number{v.l.number(s.Percent(), 1) + "%", reference{op: opCountShare, figure: passed, bases: []string{run}}},
		Passed: v.count(passed, s.Passed), Run: v.count(run, s.Run)}
}

func (v *view) count(name string, n int64) number {
	return number{v.l.number(float64(n), 0), reference{op: opCount, figure: name}}
}

func (v *view) qualityOfSources() {
	q := v.m.quality
	if q == nil {
		return
	}
	v.Quality = v.quality("release", q.Release)
	for _, s := range q.Sources {
		row := sourceView{Source: s.Source, Quality: v.quality(s.Source, s.Score)}
		fresh := v.states(s.Source, "freshness", s.Freshness, "on_time", "never", "no_calendar", "late")
		if s.DaysLate > 0 && s.Freshness["late"] > 0 { // which stand last
			fresh = append(fresh, " (", v.count(s.Source+".days_late", s.DaysLate), " "+v.l.word("days_late")+")")
		}
		row.Freshness = phrase(fresh...)
		row.Volume = phrase(v.states(s.Source, "volume", s.Volume, "within", "low", "high", "never", "no_band")...)
		v.Sources = append(v.Sources, row)
	}
}

// states counts the feeds of a source in each state, in a fixed order.
func (v *view) states(source, what string, feeds map[string]int64, order ...string) (parts []any) {
	for _, state := range order {
		n := feeds[state]
		if n == 0 {
			continue
		}
		if len(parts) > 0 {
			parts = append(parts, ", ")
		}
		parts = append(parts, v.count(source+"."+what+"."+state, n), " "+v.l.word("feed_"+state))
	}
	return parts
}
