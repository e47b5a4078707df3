package charts

import (
	"math"
	"strings"
	"testing"

	"github.com/kp2mi/lindung/reports/document"
	"golang.org/x/image/font/sfnt"
	"pgregory.net/rapid"
)

// rects are the rectangles of a drawing that have a class.
func rects(t *testing.T, svg, class string) []element {
	t.Helper()
	all, err := parse(svg)
	if err != nil {
		t.Fatal(err)
	}
	var found []element
	for _, e := range all {
		if e.name == "rect" && e.is(class) {
			found = append(found, e)
		}
	}
	return found
}

// A bar twice as long is twice the value.
func TestBarsAreAsLongAsTheirValues(t *testing.T) {
	values := []float64{400, 200, 100, 1, 0}
	var b Bars
	var p Pyramid
	var s SmallMultiples
	panel := Panel{}
	for _, v := range values {
		b.Bars = append(b.Bars, Bar{Name: "x", Now: num(v, "")})
		p.Bands = append(p.Bands, Band{"x", num(v, ""), num(v/2, "")})
		panel.Points = append(panel.Points, num(v, ""))
		s.Months = append(s.Months, "x")
	}
	s.Bars, s.Panels = true, []Panel{panel}
	for _, width := range []float64{phone, laptop} {
		for name, got := range map[string][]element{"bars": rects(t, b.SVG("x", width), "bar"), "multiples": rects(t, s.SVG("x", width), "bar")} {
			if len(got) != len(values) {
				t.Fatalf("%s: %d bars", name, len(got))
			}
			side := map[string]string{"bars": "width", "multiples": "height"}[name]
			for i, e := range got {
				want := got[0].number(side) * values[i] / values[0]
				if math.Abs(e.number(side)-want) > 0.15 {
					t.Errorf("%s at %v: %v is %v long, not %v", name, width, values[i], e.number(side), want)
				}
			}
		}
		bands := rects(t, p.SVG("x", width), "bar")
		if left, right := bands[0].number("width"), bands[1].number("width"); math.Abs(left-2*right) > 0.2 {
			t.Errorf("both sides of a pyramid are on one scale: 400 is %v long and 200 %v", left, right)
		}
	}
}

// What is kept back or not there is a sign or a mark, never a bar of no length.
func TestWhatIsNotThereIsNotZero(t *testing.T) {
	for name, at := range map[string]func(p Point) drawing{
		"bars":    func(p Point) drawing { return Bars{Bars: []Bar{{Name: "x", Now: p}}} },
		"pairs":   func(p Point) drawing { return Pairs{Pairs: []Pair{{"x", p, p}}} },
		"pyramid": func(p Point) drawing { return Pyramid{Bands: []Band{{"x", p, p}}} },
		"bullet":  func(p Point) drawing { return Bullet{Value: p} },
		"multiples": func(p Point) drawing {
			return SmallMultiples{Bars: true, Months: []string{"x"}, Panels: []Panel{{Points: []Point{p}}}}
		},
		"funnel":  func(p Point) drawing { return Funnel{Ways: []Way{{Stages: []Stage{{Name: "x", Count: p}}}}} },
		"flow":    func(p Point) drawing { return Flow{Destinations: []Destination{{"x", p}}} },
		"line":    func(p Point) drawing { return Line{Months: []string{"x"}, Points: []Point{p}} },
		"cohort":  func(p Point) drawing { return Cohort{Ages: []string{"x"}, Rows: []CohortRow{{Shares: []Point{p}}}} },
		"tilemap": func(p Point) drawing { return TileMap{Values: map[string]Point{"11": p}} },
	} {
		for mark, p := range map[string]Point{"[c]": suppressed, "[x]": absent} {
			svg := at(p).SVG("x", laptop)
			if len(rects(t, svg, "bar")) > 0 || strings.Contains(svg, `class="dot"`) || strings.Contains(svg, `class="ribbon"`) {
				t.Errorf("%s draws %s as a value", name, mark)
			}
			if !strings.Contains(svg, mark+"</text>") {
				t.Errorf("%s does not say %s", name, mark)
			}
			if mark == "[c]" && !strings.Contains(svg, `fill="url(#x-hatch)"`) {
				t.Errorf("%s does not hatch what is suppressed", name)
			}
		}
		if zero := at(num(0, "")).SVG("x", laptop); !strings.Contains(zero, ">0<") && name != "cohort" {
			t.Errorf("%s does not say 0 of a value that is zero", name)
		}
	}
}

func TestLinesShowWhatIsProvisionalAndMissing(t *testing.T) {
	svg := longLineCase().SVG("x", laptop)
	for what, sign := range map[string]string{
		"the provisional tail":              `class="line dashed"`,
		"a cross for the month not there":   `class="absent"`,
		"the newest value":                  `>28.760 [p]</text>`,
		"the value of a year ago":           `>27.338</text>`,
		"the dot of the value of last year": `class="dot hollow"`,
	} {
		if !strings.Contains(svg, sign) {
			t.Errorf("no %s", what)
		}
	}
	if n := strings.Count(svg, `<path class="line"`); n != 2 {
		t.Errorf("%d stretches of line around one gap", n)
	}
	both := lineCase().SVG("x", phone)
	for _, text := range []string{">28.760 [p]<", ">27.338<", ">2026<", ">2025<"} {
		if !strings.Contains(both, text) {
			t.Errorf("a line beside last year's does not say %s", text)
		}
	}
}

func TestTheScaleBeginsAtZeroAndHoldsEverything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		highest, steps := rapid.Float64Range(0, 1e14).Draw(t, "highest"), rapid.IntRange(1, 6).Draw(t, "steps")
		a := axis(t)
		s := a.newScale(highest, steps)
		ticks := s.ticks()
		if ticks[0] != 0 || ticks[len(ticks)-1] < highest*(1-1e-8) || len(ticks) > steps+1 || len(ticks) < 2 {
			t.Fatalf("%v has the ticks %v", highest, ticks)
		}
		seen := map[string]bool{}
		for _, text := range a.tickTexts(s) {
			if seen[text] {
				t.Fatalf("%v: two ticks are called %s", ticks, text)
			}
			seen[text] = true
		}
	})
}

func TestTicksAreWrittenInTheLanguage(t *testing.T) {
	for _, c := range []struct {
		axis    Axis
		highest float64
		want    string
	}{
		{Axis{Lang: "id"}, 28760, "0 10.000 20.000 30.000"},
		{Axis{Lang: "en"}, 28760, "0 10,000 20,000 30,000"},
		{Axis{Lang: "id"}, 3, "0 1 2 3"},
		{Axis{Lang: "id"}, 0, "0 1"},
		{Axis{Lang: "id", Format: document.Format{Decimals: 1, Suffix: "%"}}, 6.2, "0% 2,5% 5,0% 7,5%"},
		{Axis{Lang: "id", Format: document.Format{Prefix: "Rp"}}, 4.1e12, "Rp0 Rp2 triliun Rp4 triliun Rp6 triliun"},
		{Axis{Lang: "en", Format: document.Format{Prefix: "US$"}}, 7e6, "US$0 US$2.5 million US$5.0 million US$7.5 million"},
	} {
		if got := strings.Join(c.axis.tickTexts(c.axis.newScale(c.highest, 3)), " "); got != c.want {
			t.Errorf("%v: %s, not %s", c.highest, got, c.want)
		}
	}
}

func TestLongTextBreaksAndLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, width := rapid.StringN(0, 60, -1).Draw(t, "text"), rapid.Float64Range(20, 300).Draw(t, "width")
		lines := wrap(text, rapid.Bool().Draw(t, "bold"), width)
		for _, line := range lines {
			if measure(line, false) > width {
				t.Fatalf("%q is wider than %v", line, width)
			}
		}
		if got, want := strings.Join(strings.Fields(strings.Join(lines, "")), ""), strings.Join(strings.Fields(text), ""); got != want {
			t.Fatalf("%q became %q", want, got)
		}
	})
}

// The faces are what the package says of them.
func TestFaces(t *testing.T) {
	for name, data := range map[string][]byte{"regular": Regular, "bold": Bold} {
		if len(data) > 45_000 {
			t.Errorf("%s has %d bytes; every report carries it", name, len(data))
		}
		face, err := sfnt.Parse(data)
		if err != nil {
			t.Fatal(err)
		}
		family, err := face.Name(nil, sfnt.NameIDFamily)
		if err != nil || family != FontFamily {
			t.Errorf("%s is of the family %q: %v", name, family, err)
		}
		for _, digit := range "0123456789" {
			if got := Width(string(digit), 14, name == "bold"); got != Width("0", 14, name == "bold") {
				t.Errorf("%s: %c is not as wide as 0", name, digit)
			}
		}
		for _, r := range "AZaz09.,%–—−≤≥▲●■□[]()éÅ" {
			if glyph, err := face.GlyphIndex(nil, r); err != nil || glyph == 0 {
				t.Errorf("%s has no %c", name, r)
			}
		}
	}
	if !strings.Contains(Licence, "SIL OPEN FONT LICENSE") {
		t.Error("the faces stand without their licence")
	}
	if !strings.Contains(CSS, `"`+FontFamily+`"`) {
		t.Error("the style sheet asks for another family")
	}
}
