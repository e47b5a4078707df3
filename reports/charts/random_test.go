package charts

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kp2mi/lindung/reports/document"
	"pgregory.net/rapid"
)

var names = rapid.OneOf(
	rapid.SampledFrom([]string{"", "Qatar", "Taiwan", "Persemakmuran Dominika", "Kepulauan Georgia Selatan dan Kepulauan Sandwich Selatan",
		"Badan Pelindungan Pekerja Migran Indonesia & <mitra>", "Penyalahgunaanwewenangdalampenempatanpekerjamigranperseorangan", "Åland", "日本"}),
	rapid.StringOfN(rapid.RuneFrom([]rune("abcdefghijklmnop WMil-.")), 0, 60, -1),
)

// points are whatever data may bring: nothing, zero, tiny, huge, withheld, and numbers that are none.
func points(size float64) *rapid.Generator[Point] {
	return rapid.Custom(func(t *rapid.T) Point {
		var p Point
		switch rapid.IntRange(0, 9).Draw(t, "kind") {
		case 0:
			return suppressed
		case 1:
			return absent
		case 2:
			return Point{}
		case 3:
			p = num(0, "PLC-01/2026-10@r")
		case 4:
			p = num(size*rapid.Float64Range(0, 0.001).Draw(t, "tiny"), "")
		default:
			p = num(size*rapid.Float64Range(0, 1).Draw(t, "value"), "PLC-01/2026-10@r")
		}
		if rapid.Bool().Draw(t, "provisional") {
			p = provisional(p)
		}
		if rapid.IntRange(0, 3).Draw(t, "money") == 0 {
			p.Label.Text = "Rp" + p.Label.Text + " juta"
		}
		return p
	})
}

func slice(t *rapid.T, size float64, low, high int, name string) []Point {
	return rapid.SliceOfN(points(size), low, high).Draw(t, name)
}

func axis(t *rapid.T) Axis {
	return Axis{Lang: rapid.SampledFrom([]string{"id", "en"}).Draw(t, "language"), Format: document.Format{
		Decimals: rapid.IntRange(0, 2).Draw(t, "decimals"), Prefix: rapid.SampledFrom([]string{"", "Rp"}).Draw(t, "prefix"), Suffix: rapid.SampledFrom([]string{"", "%"}).Draw(t, "suffix")}}
}

// generators make every kind of chart of random data; size is the order of its values.
var generators = map[string]func(t *rapid.T, f Frame, size float64) drawing{
	"sparkline": func(t *rapid.T, f Frame, size float64) drawing {
		return Sparkline{f, slice(t, size, 0, 30, "points")}
	},
	"bullet": func(t *rapid.T, f Frame, size float64) drawing {
		return Bullet{f, points(size).Draw(t, "value"), points(size).Draw(t, "target"), names.Draw(t, "name")}
	},
	"line": func(t *rapid.T, f Frame, size float64) drawing {
		l := Line{Frame: f, Axis: axis(t), Points: slice(t, size, 0, 40, "points"), Name: rapid.SampledFrom([]string{"", "2026"}).Draw(t, "name")}
		l.Months = months(len(l.Points) + rapid.SampledFrom([]int{0, 0, 1, 5}).Draw(t, "months to come"))
		if rapid.Bool().Draw(t, "with last year") {
			l.YearAgo, l.YearAgoName = slice(t, size, len(l.Months), len(l.Months), "year ago"), "2025"
		}
		return l
	},
	"bars": func(t *rapid.T, f Frame, size float64) drawing {
		b := Bars{Frame: f, MarkName: rapid.SampledFrom([]string{"", "Okt 2025", "Oktober tahun sebelumnya"}).Draw(t, "mark name")}
		for range rapid.IntRange(0, 45).Draw(t, "bars") {
			b.Bars = append(b.Bars, Bar{names.Draw(t, "name"), points(size).Draw(t, "now"), points(size).Draw(t, "mark")})
		}
		if rapid.Bool().Draw(t, "with a rest") {
			b.Rest = &Bar{Name: "Lainnya (42)", Now: points(size*10).Draw(t, "rest")}
		}
		return b
	},
	"multiples": func(t *rapid.T, f Frame, size float64) drawing {
		s := SmallMultiples{Frame: f, Axis: axis(t), Months: months(rapid.IntRange(0, 24).Draw(t, "months")), Bars: rapid.Bool().Draw(t, "as bars")}
		for range rapid.IntRange(0, 12).Draw(t, "panels") {
			s.Panels = append(s.Panels, Panel{names.Draw(t, "name"), slice(t, size, len(s.Months), len(s.Months), "points"), slice(t, size, 0, len(s.Months), "year ago")})
		}
		return s
	},
	"tilemap": func(t *rapid.T, f Frame, size float64) drawing {
		m := TileMap{Frame: f, Axis: axis(t), Values: map[string]Point{}}
		for _, tile := range tiles {
			if rapid.IntRange(0, 5).Draw(t, "there") > 0 {
				m.Values[tile.code] = points(size).Draw(t, "value")
			}
		}
		return m
	},
	"flow": func(t *rapid.T, f Frame, size float64) drawing {
		flow := Flow{Frame: f, Origin: names.Draw(t, "origin")}
		for range rapid.IntRange(0, 15).Draw(t, "destinations") {
			flow.Destinations = append(flow.Destinations, Destination{names.Draw(t, "name"), points(size).Draw(t, "value")})
		}
		if rapid.Bool().Draw(t, "with a rest") {
			flow.Rest = &Destination{"Lainnya (42)", points(size).Draw(t, "rest")}
		}
		return flow
	},
	"cohort": func(t *rapid.T, f Frame, size float64) drawing {
		h := Cohort{Frame: f, Whole: size}
		for i := range rapid.IntRange(0, 9).Draw(t, "ages") {
			h.Ages = append(h.Ages, fmt.Sprintf("%d hari", 30*(i+1)))
		}
		for range rapid.IntRange(0, 15).Draw(t, "rows") {
			h.Rows = append(h.Rows, CohortRow{names.Draw(t, "name"), points(1e5).Draw(t, "size"), slice(t, size, 0, len(h.Ages), "shares")})
		}
		return h
	},
	"funnel": func(t *rapid.T, f Frame, size float64) drawing {
		funnel := Funnel{Frame: f, ShareWords: names.Draw(t, "words")}
		for range rapid.IntRange(0, 4).Draw(t, "ways") {
			way := Way{Name: names.Draw(t, "way")}
			for range rapid.IntRange(0, 6).Draw(t, "stages") {
				way.Stages = append(way.Stages, Stage{names.Draw(t, "stage"), points(size).Draw(t, "count"), points(100).Draw(t, "share")})
			}
			funnel.Ways = append(funnel.Ways, way)
		}
		return funnel
	},
	"pyramid": func(t *rapid.T, f Frame, size float64) drawing {
		p := Pyramid{Frame: f, LeftName: names.Draw(t, "left"), RightName: names.Draw(t, "right")}
		for range rapid.IntRange(0, 15).Draw(t, "bands") {
			p.Bands = append(p.Bands, Band{names.Draw(t, "name"), points(size).Draw(t, "left"), points(size).Draw(t, "right")})
		}
		return p
	},
	"pairs": func(t *rapid.T, f Frame, size float64) drawing {
		p := Pairs{Frame: f, FirstName: names.Draw(t, "first"), SecondName: names.Draw(t, "second")}
		for range rapid.IntRange(0, 12).Draw(t, "pairs") {
			p.Pairs = append(p.Pairs, Pair{names.Draw(t, "name"), points(size).Draw(t, "first value"), points(size).Draw(t, "second value")})
		}
		return p
	},
}

// said are the names and values that a chart must show at any width.
func said(d drawing) (names []string, values []Point) {
	add := func(name string, points ...Point) {
		names, values = append(names, name), append(values, points...)
	}
	switch d := d.(type) {
	case Bullet:
		add(d.TargetName, d.Value)
		if d.Target.empty() {
			names = nil
		} else {
			values = append(values, d.Target)
		}
	case Line:
		if last := newest(d.Points); last >= 0 {
			add(d.Name, d.Points[last])
		}
		if n := len(d.YearAgo); n > 0 {
			add(d.YearAgoName, d.YearAgo[n-1])
		}
	case Bars:
		for _, b := range d.Bars {
			add(b.Name, b.Now)
		}
		if d.Rest != nil {
			add(d.Rest.Name, d.Rest.Now)
		}
	case SmallMultiples:
		for _, p := range d.Panels {
			add(p.Name, p.last())
		}
	case Flow:
		add(d.Origin)
		for _, to := range d.Destinations {
			add(to.Name, to.Value)
		}
	case Cohort:
		for _, r := range d.Rows {
			if len(r.Shares) > 0 {
				add(r.Name, r.Shares...)
			}
		}
	case Funnel:
		for _, way := range d.Ways {
			for _, s := range way.Stages {
				add(s.Name, s.Count)
				if !s.Share.empty() {
					add(d.ShareWords, s.Share)
				}
			}
		}
	case Pyramid:
		add(d.LeftName)
		add(d.RightName)
		for _, b := range d.Bands {
			add(b.Name, b.Left, b.Right)
		}
	case Pairs:
		for i, p := range d.Pairs {
			add(p.Name, p.First, p.Second)
			if i == 0 {
				add(d.FirstName)
				add(d.SecondName)
			}
		}
	case TileMap:
		for _, t := range tiles {
			add(t.short)
		}
	}
	return names, values
}

// unsaid is a name or value that the drawing should show and does not; empty if there is none.
func unsaid(d drawing, svg string) string {
	all, _ := parse(svg)
	whole := ""
	written := map[string]int{}
	for _, e := range all {
		if e.name == "text" {
			whole += strings.ReplaceAll(e.text, " ", "")
			written[e.text]++
		}
	}
	names, values := said(d)
	for _, name := range names {
		if !strings.Contains(whole, strings.Join(strings.Fields(name), "")) {
			return name
		}
	}
	for _, value := range values {
		if written[value.text()]--; written[value.text()] < 0 {
			return value.text()
		}
	}
	return ""
}

// Whatever the data and the width: no text lies on another, none is cut or left out, every bar
// begins at zero, and the same data give the same bytes.
func TestRandomDrawingsCanBeRead(t *testing.T) {
	for kind, generate := range generators {
		t.Run(kind, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				f := Frame{Title: names.Draw(t, "title"), Description: "d", Sample: rapid.SampledFrom([]string{"", sampleMark}).Draw(t, "sample mark")}
				d := generate(t, f, rapid.SampledFrom([]float64{1, 100, 3e4, 1e8, 3e13}).Draw(t, "size"))
				width := rapid.SampledFrom([]float64{240, 320, phone, 412, 519, 520, laptop, 1000}).Draw(t, "width")
				svg := d.SVG("x", width)
				if err := checkLayout(svg); err != nil {
					t.Fatalf("%v wide: %v", width, err)
				}
				if missing := unsaid(d, svg); missing != "" {
					t.Fatalf("%v wide: %q is not said", width, missing)
				}
				if d.SVG("x", width) != svg {
					t.Fatal("the same data give other bytes")
				}
			})
		})
	}
}
