package content

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/reports/charts"
	"github.com/kp2mi/lindung/reports/document"
)

// inChart is how many bars or ribbons stand in a chart; the table behind it has them all.
const inChart = 10

// frame is what a chart says of itself to somebody who does not see it.
func (s desk) frame(c *document.Chart) charts.Frame {
	return charts.Frame{Title: c.Title.String(), Description: c.Description, Sample: s.sample}
}

// point is a number as charts draw it.
func point(n document.Number) charts.Point {
	return charts.Point{Value: n.Value, Label: n, Provisional: n.Mark == mark(figures.Provisional)}
}

func (s desk) axis(unit string) charts.Axis {
	return charts.Axis{Lang: s.lang(), Format: format(unit)}
}

// ranked writes a table of counts with its bars, tiles and ribbons.
func (s desk) ranked(t countTable) []document.Block {
	c := s.count(t)
	table := s.set(c)
	if !c.drawable() {
		return []document.Block{table}
	}
	blocks := []document.Block{s.bars(c, table, s.largest(c))}
	switch t.code {
	case "P6":
		blocks = append(blocks, s.flow(c, table))
	case "P8":
		blocks = []document.Block{s.tiles(c, table, s.largest(c)), s.bars(c, nil, s.largest(c))}
	}
	return blocks
}

// largest is the finding of a ranking: its largest member, its share, and how it moved.
func (s desk) largest(c counted) document.Phrase {
	rows := slices.Clone(c.rows)
	rows = slices.DeleteFunc(rows, func(r countRow) bool { return r.rest || r.unknown || !r.newest().known })
	if len(rows) == 0 {
		return document.Say(s.titleOf(c.countTable))
	}
	first := rows[0]
	for _, r := range rows {
		if r.newest().value > first.newest().value {
			first = r
		}
	}
	last := len(first.years) - 1
	p := document.Say(first.name+": ", s.amount(first.newest()), " ("+s.yearName(c.countTable, c.years[last]))
	if share := s.part(first.newest(), c.total.newest()); share.Value != nil {
		p = document.Say(p, ", ", share, s.say(" dari jumlah", " of the total"))
	}
	if by := s.moved(first.newest(), first.years[last-1]); by.Value != nil {
		p = document.Say(p, ", ", by, s.say(" dari ", " on ")+s.yearName(c.countTable, c.years[last-1]))
	}
	return document.Say(p, ")")
}

// bars are a ranking with last year's marks. The table, where given, stands behind them.
func (s desk) bars(c counted, table *document.Table, finding document.Phrase) *document.Chart {
	last := len(c.years) - 1
	chart := &document.Chart{ID: "bars-" + c.code, Title: finding, Table: table,
		Subtitle: fmt.Sprintf("%s; %s", s.titleOf(c.countTable), s.say("garis: ", "marks: ")+s.yearName(c.countTable, c.years[last-1]))}
	bars := charts.Bars{MarkName: s.yearName(c.countTable, c.years[last-1])}
	var told []string
	var shown, rest []countRow
	for i, row := range c.rows {
		if row.rest || row.unknown || i >= inChart && row.code != s.subject.member {
			rest = append(rest, row)
			continue
		}
		bar := s.bar(row)
		bars.Bars, shown = append(bars.Bars, bar), append(shown, row)
		told = append(told, bar.Name+" "+bar.Now.Label.Text)
	}
	switch len(rest) {
	case 0:
	case 1:
		bar := s.bar(rest[0])
		bars.Rest = &bar
	default:
		bar := s.bar(s.rest(c, shown, rest))
		bars.Rest = &bar
	}
	chart.Description = strings.Join(told, "; ")
	bars.Frame = s.frame(chart)
	chart.Drawing = bars
	if table != nil {
		chart.Native = &document.Native{Kind: "bars", Label: 0, Columns: []int{last, last + 1}, Rows: min(inChart, len(c.rows))}
	}
	return chart
}

func (s desk) bar(row countRow) charts.Bar {
	last := len(row.years) - 1
	return charts.Bar{Name: row.name, Now: point(s.amount(row.years[last])), Mark: point(s.amount(row.years[last-1]))}
}

// highlight is the province that the report is about.
func (s desk) highlight() string {
	if s.subject.breakdown == "province" {
		return s.subject.member
	}
	return ""
}

// tiles are the provinces as squares.
func (s desk) tiles(c counted, table *document.Table, finding document.Phrase) *document.Chart {
	chart := &document.Chart{ID: "tiles-" + c.code, Wide: true, Title: finding, Table: table, Subtitle: s.titleOf(c.countTable),
		Note: document.Say(s.say("Letak kotak adalah bagan dan bukan pernyataan tentang batas wilayah.", "The places of the squares are a scheme and say nothing of boundaries."))}
	m := charts.TileMap{Values: map[string]charts.Point{}, Names: map[string]string{}, Highlight: s.highlight()}
	var told []string
	for i, row := range c.rows {
		if row.unknown || row.rest {
			continue
		}
		m.Values[row.code], m.Names[row.code] = point(s.amount(row.newest())), row.name
		if i < inChart {
			told = append(told, row.name+" "+m.Values[row.code].Label.Text)
		}
	}
	chart.Description = strings.Join(told, "; ")
	m.Axis, m.Frame = s.axis(c.total.newest().unit), s.frame(chart)
	chart.Drawing = m
	return chart
}

// flow is the way from the country to its destinations. The bars before it have the table.
func (s desk) flow(c counted, table *document.Table) *document.Chart {
	chart := &document.Chart{ID: "flow-" + c.code, Wide: true, Title: s.largest(c), Subtitle: s.titleOf(c.countTable)}
	f := charts.Flow{Origin: "Indonesia"}
	var told []string
	var rest []countRow
	for i, row := range c.rows {
		if row.rest || row.unknown || i >= inChart {
			rest = append(rest, row)
			continue
		}
		n := s.amount(row.newest())
		f.Destinations = append(f.Destinations, charts.Destination{Name: row.name, Value: point(n)})
		told = append(told, row.name+" "+n.Text)
	}
	if len(rest) > 0 {
		r := s.rest(c, nil, rest)
		f.Rest = &charts.Destination{Name: r.name, Value: point(s.amount(r.newest()))}
	}
	chart.Description = strings.Join(told, "; ")
	f.Frame = s.frame(chart)
	chart.Drawing = f
	return chart
}

// monthsLine is the last twelve months over those of the year before; nil where nothing is known of them.
func (s desk) monthsLine(m monthTable, table *document.Table) *document.Chart {
	d, err := s.Release.Define(m.kpi, m.measure)
	if err != nil {
		return nil
	}
	line := charts.Line{Axis: s.axis(d.Unit), Name: s.ShortMonth(s.month.Start), YearAgoName: s.ShortMonth(s.month.Start.AddDate(-1, 0, 0))}
	any := false
	at := func(back int) amount {
		return s.sum(m.kpi, m.measure, []figures.Period{s.month.Shift(-back)}, m.subject.breakdown, m.subject.member)
	}
	for back := 11; back >= 0; back-- {
		now, then := at(back), at(back+12)
		any = any || now.known || then.known
		line.Months = append(line.Months, s.ShortMonth(s.month.Start.AddDate(0, -back, 0)))
		line.Points = append(line.Points, point(s.amount(now)))
		line.YearAgo = append(line.YearAgo, point(s.amount(then)))
	}
	if !any {
		return nil
	}
	chart := &document.Chart{ID: "line-" + m.code, Table: table, Subtitle: table.Title,
		Title: document.Say(s.Month(s.month.Start)+": ", s.amount(at(0)))}
	if by := s.moved(at(0), at(12)); by.Value != nil {
		chart.Title = document.Say(chart.Title, " (", by, s.say(" dari ", " on ")+s.Month(s.month.Start.AddDate(-1, 0, 0)), ")")
	}
	chart.Description = s.say("Dua belas bulan terakhir di atas dua belas bulan sebelumnya.", "The last twelve months over the twelve before.")
	line.Frame = s.frame(chart)
	chart.Drawing = line
	chart.Native = &document.Native{Kind: "line", Label: 0, Columns: []int{2, 3}, Rows: 12}
	return chart
}
