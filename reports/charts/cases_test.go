package charts

import (
	"fmt"
	"strings"

	"github.com/kp2mi/lindung/reports/document"
)

const sampleMark = "DATA CONTOH, bukan angka resmi / SAMPLE DATA, not official figures"

// A drawing is what documents hold.
type drawing = document.Drawing

// num is a known value with a label and a reference, as what a report says gives it.
func num(value float64, address string) Point {
	text := Axis{Lang: "id"}.digits(value, 0)
	return Point{Value: &value, Label: document.Number{Text: text, Value: &value, Ref: document.Reference{Op: document.OpValue, Figure: address}}}
}

func percent(value float64) Point {
	return Point{Value: &value, Label: document.Number{Text: Axis{Lang: "id"}.digits(value, 1) + "%", Value: &value}}
}

func provisional(p Point) Point {
	p.Provisional, p.Label.Mark = true, "[p]"
	return p
}

var (
	suppressed = Point{Label: document.Number{Mark: "[c]"}}
	absent     = Point{Label: document.Number{Mark: "[x]"}}
)

func frame(title string) Frame {
	return Frame{Title: title, Description: "Uraian: " + title + " & <apa> yang terlihat.", Sample: sampleMark}
}

var monthNames = []string{"Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"}

// series is a year or more of plausible months.
func series(values ...float64) []Point {
	var points []Point
	for i, v := range values {
		points = append(points, num(v, fmt.Sprintf("PLC-01/2026-%02d@r", i%12+1)))
	}
	return points
}

func months(n int) []string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf("%s %d", monthNames[i%12], 2025+i/12))
	}
	return all
}

var (
	thisYear = []float64{23100, 22410, 24877, 21930, 25112, 26400, 27015, 26233, 26120, 28760}
	lastYear = []float64{21200, 21950, 23010, 20400, 24100, 24300, 25800, 25010, 24744, 27338}
)

func lineCase() Line {
	now := series(thisYear...)
	now[4] = suppressed
	now[9], now[8] = provisional(now[9]), provisional(now[8])
	return Line{Frame: frame("Penempatan per bulan"), Axis: Axis{Lang: "id"}, Months: monthNames[:10], Points: now, Name: "2026", YearAgo: series(lastYear...), YearAgoName: "2025"}
}

// openYearCase is a calendar year of which two months are still to come.
func openYearCase() Line {
	l := lineCase()
	l.Points[4] = num(25112, "")
	l.Months, l.YearAgo = monthNames, series(append(append([]float64{}, lastYear...), 23990, 21410)...)
	return l
}

func longLineCase() Line {
	points := series(append(append([]float64{}, lastYear...), append([]float64{25000, 26000}, thisYear...)...)...)
	points[15] = absent
	points[21] = provisional(points[21])
	return Line{Frame: frame("Penempatan sejak 2025"), Axis: Axis{Lang: "id"}, Months: months(22), Points: points}
}

func barsCase() Bars {
	bars := []Bar{
		{"Taiwan", num(8120, "PLC-01/2026-10/country=TWN@r"), num(7420, "")},
		{"Hong Kong", num(7211, ""), num(7550, "")},
		{"Malaysia", num(4410, ""), num(5930, "")},
		{"Jepang", num(3420, ""), num(2110, "")},
		{"Kepulauan Georgia Selatan dan Kepulauan Sandwich Selatan", num(1210, ""), Point{}},
		{"Korea Selatan", provisional(num(988, "")), num(1000, "")},
		{"Arab Saudi", suppressed, num(120, "")},
		{"Italia", absent, Point{}},
		{"Polandia", num(0, ""), num(40, "")},
	}
	return Bars{Frame: frame("Penempatan menurut negara"), Bars: bars, Rest: &Bar{"Lainnya (42)", num(2210, ""), num(1990, "")}, MarkName: "Okt 2025"}
}

func multiplesCase(bars bool) SmallMultiples {
	s := SmallMultiples{Frame: frame("Per provinsi"), Axis: Axis{Lang: "id"}, Months: monthNames[:10], Bars: bars}
	for i, name := range []string{"Jawa Timur", "Jawa Tengah", "Jawa Barat", "Nusa Tenggara Barat", "Lampung", "Kepulauan Bangka Belitung", "Bali"} {
		p := Panel{Name: name}
		for m := range 10 {
			p.Points = append(p.Points, num(float64(int(thisYear[m]*0.3)/(i+1)), ""))
			p.YearAgo = append(p.YearAgo, num(float64(int(lastYear[m]*0.31)/(i+1)), ""))
		}
		p.Points[9] = provisional(p.Points[9])
		if i == 3 {
			p.Points[5] = absent
		}
		if i == 4 {
			p.Points[7] = suppressed
		}
		s.Panels = append(s.Panels, p)
	}
	return s
}

func tileCase() TileMap {
	m := TileMap{Frame: frame("Penempatan menurut provinsi asal"), Axis: Axis{Lang: "id"}, Values: map[string]Point{}, Names: map[string]string{"35": "Jawa Timur"}}
	for i, t := range tiles {
		m.Values[t.code] = num(float64((i*7919)%997*(1+i%5)), "PLC-01/2026-10/province="+t.code+"@r")
	}
	m.Values["35"], m.Values["33"], m.Values["32"] = num(28760, ""), num(21330, ""), num(19001, "")
	m.Values["95"], m.Values["93"] = suppressed, suppressed
	delete(m.Values, "96")
	return m
}

func flowCase() Flow {
	return Flow{Frame: frame("Arus ke tujuan"), Origin: "Indonesia", Destinations: []Destination{
		{"Taiwan", num(8120, "")}, {"Hong Kong", num(7211, "")}, {"Malaysia", num(4410, "")}, {"Jepang", num(3420, "")},
		{"Singapura", num(1822, "")}, {"Korea Selatan", provisional(num(988, ""))}, {"Persemakmuran Dominika", num(12, "")}, {"Arab Saudi", suppressed},
	}, Rest: &Destination{"Lainnya (42)", num(2210, "")}}
}

func cohortCase() Cohort {
	h := Cohort{Frame: frame("Pengaduan selesai menurut umur"), Ages: []string{"30 hari", "60 hari", "90 hari", "180 hari", "270 hari", "365 hari"}, Whole: 100}
	for i := range 12 {
		row := CohortRow{Name: months(12)[i], Size: num(float64(100+i*7), "")}
		for age := range min(6, 12-i) {
			row.Shares = append(row.Shares, percent(min(99.5, 12.5+float64(age)*17.3-float64(i)*0.7)))
		}
		if i == 2 {
			row.Shares[1] = suppressed
		}
		if i == 4 {
			row.Shares[0] = absent
		}
		h.Rows = append(h.Rows, row)
	}
	return h
}

func funnelCase() Funnel {
	way := func(name string, counts ...float64) Way {
		w := Way{Name: name}
		for i, stage := range []string{"Mendaftar", "Lulus seleksi dan pemeriksaan kesehatan", "Kursus bahasa", "Berangkat"} {
			s := Stage{Name: stage, Count: num(counts[i], "")}
			if i > 0 {
				s.Share = percent(100 * counts[i] / counts[i-1])
			}
			w.Stages = append(w.Stages, s)
		}
		return w
	}
	return Funnel{Frame: frame("Dari pendaftaran ke keberangkatan"), ShareWords: "dari tahap sebelumnya",
		Ways: []Way{way("Jerman", 1210, 640, 611, 310), way("Jepang", 5210, 3100, 2890, 2744), way("Korea Selatan", 9810, 7200, 5100, 4230)}}
}

func pyramidCase() Pyramid {
	p := Pyramid{Frame: frame("Umur dan jenis kelamin"), LeftName: "Laki-laki", RightName: "Perempuan"}
	for i, band := range []string{"55+", "50–54", "45–49", "40–44", "35–39", "30–34", "25–29", "20–24", "18–19"} {
		p.Bands = append(p.Bands, Band{band, num(float64(120+i*i*37), ""), num(float64(90+i*i*61), "")})
	}
	p.Bands[0].Left = suppressed
	p.Bands[1].Right = absent
	return p
}

func pairsCase() Pairs {
	money := func(millions float64) Point {
		p := num(millions, "")
		p.Label.Text = "US$ " + strings.TrimSpace(p.Label.Text) + " ribu"
		return p
	}
	return Pairs{Frame: frame("Komitmen dan pencairan"), FirstName: "dijanjikan", SecondName: "dicairkan", Pairs: []Pair{
		{"GIZ", money(12500), money(8100)}, {"DFAT", money(9100), money(9100)}, {"ILO", money(4200), money(1900)},
		{"IOM", money(2100), suppressed}, {"JICA", money(1800), absent}, {"KOICA", money(900), money(0)},
	}}
}

// cases are the drawings whose bytes are kept: every kind, and each layout that differs.
var cases = []struct {
	name string
	drawing
}{
	{"sparkline", Sparkline{frame("Tren 13 bulan"), lineCase().Points}},
	{"bullet", Bullet{frame("Capaian"), num(260675, "PLC-01@r"), num(258300, ""), "target"}},
	{"bullet_short", Bullet{frame("Capaian"), percent(71.4), percent(80), "target"}},
	{"line", lineCase()},
	{"line_open", openYearCase()},
	{"line_long", longLineCase()},
	{"bars", barsCase()},
	{"multiples", multiplesCase(false)},
	{"multiples_bars", multiplesCase(true)},
	{"tilemap", tileCase()},
	{"flow", flowCase()},
	{"cohort", cohortCase()},
	{"funnel", funnelCase()},
	{"pyramid", pyramidCase()},
	{"pairs", pairsCase()},
}

const phone, laptop = 340.0, 760.0
