package reports

import (
	"fmt"
	"html/template"
	"strconv"

	"github.com/kp2mi/lindung/figures"
)

// restatedRows is how many restatements the page shows; the rest is counted.
const restatedRows = 10

type topRow struct {
	Rank                        string
	Country                     string
	Now, YearAgo, Change, Share number
	Mark                        string
}

type restatedRow struct {
	Title, Period string
	Old, New      number
	Change, Share number
	Mainly        template.HTML
}

type accountRow struct {
	Dataset string
	Counts  []number
}

func (v *view) trend(t trend) trendView {
	d := t.definition
	out := trendView{Title: d.MeasureText.In(v.Lang)}
	last, yearAgo := t.points[len(t.points)-1], t.points[len(t.points)-13]
	heading := []any{out.Title + " " + v.Month + ": "}
	if last == nil {
		heading = append(heading, v.l.word("not_available")+" [x]")
	} else {
		heading = append(heading, v.figure(d, last))
		if n := v.change(d, last, yearAgo); n.text != "" {
			heading = append(heading, " (", n, " "+v.l.word("from")+" "+v.MonthYearAgo+")")
		}
	}
	out.Heading = phrase(heading...)
	description := out.Title + ", " + v.l.word("trend_sub")
	for i, p := range t.points {
		row := trendRow{Month: v.l.month(t.start.AddDate(0, i, 0)), Mark: "[x]"}
		if p != nil {
			row.Value, row.Mark = v.figure(d, p), mark(p.Status)
		}
		out.Rows = append(out.Rows, row)
	}
	chart := lineChart{id: "trend-" + d.KPI + "-" + v.Lang, title: out.Title + ", " + v.Month, description: description,
		lang: v.l, unit: d.Unit, start: t.start, points: t.points, footnote: v.Mark}
	out.Wide, out.Narrow = chart.draw("wide", 1000, 280), chart.draw("narrow", 350, 240)
	return out
}

// ranking is the largest destinations as bars and as a table that adds up: what is
// not named is the rest.
func (v *view) ranking() {
	if len(v.m.top) == 0 || !hasValue(v.m.total) {
		return
	}
	total := v.m.total
	chart := barChart{id: "top-" + v.Lang, title: v.l.word("top") + ", " + v.Month, lang: v.l, unit: total.Unit, footnote: v.Mark,
		description: v.l.word("top_sub") + " " + v.MonthYearAgo}
	rest, bases := *total.Value, []figures.Address{}
	definition := figures.Definition{Unit: total.Unit}
	for i, t := range v.m.top {
		name := v.m.countries[t.now.Address.Member].In(v.Lang)
		if name == "" {
			name = t.now.Address.Member
		}
		chart.bars = append(chart.bars, bar{name, *t.now, t.yearAgo})
		row := topRow{Rank: strconv.Itoa(i + 1), Country: name, Now: v.figure(definition, t.now), Mark: mark(t.now.Status),
			Change: v.change(definition, t.now, t.yearAgo), Share: v.share(t.now, total)}
		if t.yearAgo != nil {
			row.YearAgo = v.figure(definition, t.yearAgo)
		}
		v.Top = append(v.Top, row)
		rest -= *t.now.Value
		bases = append(bases, t.now.Address)
	}
	v.Top = append(v.Top,
		topRow{Country: v.l.word("rest"), Now: number{v.l.value(total.Unit, rest), refer(opRest, total.Address, bases...)}},
		topRow{Country: v.l.word("all"), Now: v.figure(definition, total), Mark: mark(total.Status)})
	v.WideBars, v.NarrowBars = chart.draw("wide", 1000, false), chart.draw("narrow", 350, true)
}

func (v *view) share(part, whole *figures.Figure) number {
	if *whole.Value == 0 {
		return number{}
	}
	return number{v.l.number(100**part.Value / *whole.Value, 1) + "%", refer(opShare, part.Address, whole.Address)}
}

func (v *view) restatements() {
	if v.m.previous == nil {
		return
	}
	old, now := v.m.previous.Info, v.m.release.Info
	v.HasPrevious, v.PreviousRelease, v.PreviousAsOf = true, old.ID, v.l.date(old.AsOf)
	v.RestatedCount = number{v.l.number(float64(len(v.m.restated)), 0), reference{op: opCount, figure: "restated"}}
	for _, r := range v.m.restated[:min(restatedRows, len(v.m.restated))] {
		v.Restated = append(v.Restated, v.restated(r, old.ID, now.ID))
	}
}

func (v *view) restated(r figures.Restatement, older, newer string) restatedRow {
	d, _ := v.m.release.Define(r.Address.KPI, r.Address.Measure)
	was, is := r.Address, r.Address
	was.Release, is.Release = older, newer
	row := restatedRow{Title: d.MeasureText.In(v.Lang), Period: v.l.period(r.Address.Period),
		Old: number{v.l.value(d.Unit, *r.Old), refer(opValue, was)}}
	if r.New == nil {
		row.Mainly = phrase(v.l.word("withdrawn"))
		return row
	}
	row.New = number{v.l.value(d.Unit, *r.New), refer(opValue, is)}
	row.Change = number{v.l.change(d.Unit, *r.Delta), refer(opChange, is, was)}
	if r.Share != nil && !d.Percent() {
		row.Share = number{v.l.percentChange(*r.Share), refer(opChangePercent, is, was)}
	}
	row.Mainly = v.mainly(d, r, older, newer)
	return row
}

// mainly names the destination that explains a restated total of placements. Cases
// are never broken down here: a restated case would point at a person.
func (v *view) mainly(d figures.Definition, r figures.Restatement, older, newer string) template.HTML {
	if len(r.Parts) == 0 || r.Parts[0].Address.Breakdown != "country" || d.KPI != "PLC-01" {
		return ""
	}
	part := r.Parts[0]
	if min(part.Old, part.New) < smallCell || part.Address.Member == "UNKNOWN" {
		return ""
	}
	was, is := part.Address, part.Address
	was.Release, is.Release = older, newer
	return phrase(v.m.countries[part.Address.Member].In(v.Lang)+" ", number{v.l.change(d.Unit, part.Delta), refer(opChange, is, was)})
}

func (v *view) account() {
	v.LogHead = strconv.FormatInt(v.m.release.LogHead, 10)
	for _, c := range v.m.conservation {
		row := accountRow{Dataset: c.Dataset}
		for _, count := range []struct {
			name  string
			value int64
		}{{"in", c.In}, {"accepted", c.Accepted}, {"quarantined", c.Quarantined}, {"superseded", c.Superseded},
			{"duplicates", c.Duplicates}, {"tombstoned", c.Tombstoned}, {"current", c.Current}} {
			row.Counts = append(row.Counts, number{v.l.number(float64(count.value), 0),
				reference{op: opCount, figure: fmt.Sprintf("%s.%s", c.Dataset, count.name)}})
		}
		v.Conservation = append(v.Conservation, row)
	}
}
