package reports

import (
	"fmt"
	"html"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kp2mi/lindung/figures"
	"pgregory.net/rapid"
)

var (
	svgs     = regexp.MustCompile(`(?s)<svg class="chart (?:wide|narrow)".*?</svg>`)
	viewBox  = regexp.MustCompile(`viewBox="0 0 ([\d.]+) ([\d.]+)"`)
	svgTexts = regexp.MustCompile(`<text class="([^"]*)" text-anchor="([a-z]+)" x="([-\d.]+)" y="([-\d.]+)"[^>]*>([^<]*)</text>`)
)

type box struct {
	text                     string
	left, right, top, bottom float64
}

// boxes are the places that the texts of a chart take, by estimate from above.
func boxes(svg string) []box {
	var all []box
	for _, m := range svgTexts.FindAllStringSubmatch(svg, -1) {
		x, _ := strconv.ParseFloat(m[3], 64)
		y, _ := strconv.ParseFloat(m[4], 64)
		text := html.UnescapeString(m[5])
		width := textWidth(text, fontSize)
		switch m[2] {
		case "middle":
			x -= width / 2
		case "end":
			x -= width
		}
		all = append(all, box{text, x, x + width, y - 0.8*fontSize, y + 0.25*fontSize})
	}
	return all
}

func checkLayout(svg string) error {
	size := viewBox.FindStringSubmatch(svg)
	width, _ := strconv.ParseFloat(size[1], 64)
	height, _ := strconv.ParseFloat(size[2], 64)
	all := boxes(svg)
	for i, a := range all {
		if a.left < -0.5 || a.right > width+0.5 || a.top < 0 || a.bottom > height {
			return fmt.Errorf("%q leaves the chart: %+v of %v x %v", a.text, a, width, height)
		}
		for _, b := range all[:i] {
			if a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom {
				return fmt.Errorf("%q lies on %q", a.text, b.text)
			}
		}
	}
	return nil
}

func TestChartsOfThePage(t *testing.T) {
	late, early := releases(t)
	all := svgs.FindAllString(write(t, late, early, december), -1)
	if len(all) != 12 {
		t.Fatalf("%d charts, want three in two widths and two languages", len(all))
	}
	ids := map[string]bool{}
	for _, svg := range all {
		if err := checkLayout(svg); err != nil {
			t.Error(err)
		}
		id := regexp.MustCompile(`aria-labelledby="([^ ]+)-t [^ ]+-d"`).FindStringSubmatch(svg)
		if id == nil || ids[id[1]] || !strings.Contains(svg, `role="img"`) ||
			!regexp.MustCompile(`<title id="`+id[1]+`-t">[^<]+</title><desc id="`+id[1]+`-d">[^<]+</desc>`).MatchString(svg) {
			t.Errorf("a chart without role, title or description of its own: %.200s", svg)
			continue
		}
		ids[id[1]] = true
		for _, half := range strings.Split(figures.SampleMark, " / ") {
			if !strings.Contains(svg, half) {
				t.Errorf("a chart of sample data does not say %q", half)
			}
		}
	}
}

// Whatever the values, no text lies on another and none leaves the chart.
func TestLineChartLayout(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		top := rapid.SampledFrom([]float64{3, 90, 1500, 40000, 9e6}).Draw(t, "top")
		points := make([]*figures.Figure, 24)
		for i := range points {
			if value := rapid.Float64Range(-top/4, top).Draw(t, "value"); value >= 0 {
				whole := float64(int(value))
				points[i] = &figures.Figure{Value: &whole, Status: rapid.SampledFrom([]string{figures.Reported, figures.Provisional}).Draw(t, "status")}
			}
		}
		l := rapid.SampledFrom([]language{indonesian, english}).Draw(t, "language")
		chart := lineChart{id: "x", title: "t", description: "d", lang: l, unit: "services", start: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), points: points, footnote: figures.SampleMark}
		for _, svg := range []string{string(chart.draw("wide", 1000, 280)), string(chart.draw("narrow", 350, 240))} {
			if err := checkLayout(svg); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestBarChartLayout(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		chart := barChart{id: "x", title: "t", description: "d", lang: indonesian, unit: "services"}
		for range rapid.IntRange(1, 10).Draw(t, "bars") {
			draw := func(name string) *figures.Figure {
				value := float64(rapid.IntRange(0, 99999).Draw(t, name))
				return &figures.Figure{Value: &value, Status: figures.Provisional}
			}
			b := bar{label: rapid.SampledFrom([]string{"Qatar", "Persemakmuran Dominika", "Kepulauan Georgia Selatan dan Kepulauan Sandwich Selatan"}).Draw(t, "label"), now: *draw("now")}
			if rapid.Bool().Draw(t, "known a year ago") {
				b.yearAgo = draw("then")
			}
			chart.bars = append(chart.bars, b)
		}
		for _, svg := range []string{string(chart.draw("wide", 1000, false)), string(chart.draw("narrow", 350, true))} {
			if err := checkLayout(svg); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestTheScaleBeginsAtZeroAndHoldsEverything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		highest := rapid.Float64Range(0, 1e12).Draw(t, "highest")
		ticks := newScale(highest, 4).ticks()
		if ticks[0] != 0 || ticks[len(ticks)-1] < highest*(1-1e-9) || len(ticks) > 6 {
			t.Fatalf("%v has the ticks %v", highest, ticks)
		}
	})
}

func TestALongNameIsCutToFit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, width := rapid.StringN(0, 40, -1).Draw(t, "text"), rapid.Float64Range(10, 300).Draw(t, "width")
		if got := fit(text, fontSize, width); textWidth(got, fontSize) > width {
			t.Fatalf("%q is cut to %q, which is wider than %v", text, got, width)
		}
	})
}
