package charts

import (
	"bytes"
	"encoding/csv"
	"math"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/kp2mi/lindung/reports/document"
)

// luminance is the relative luminance of a colour, as WCAG 2.2 defines it.
func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	rgb, err := strconv.ParseUint(strings.TrimPrefix(colour, "#"), 16, 32)
	if err != nil || len(colour) != 7 {
		t.Fatalf("%q is no colour", colour)
	}
	total := 0.0
	for i, weight := range []float64{0.0722, 0.7152, 0.2126} {
		c := float64(rgb>>(8*i)&0xff) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		total += weight * c
	}
	return total
}

func contrast(t *testing.T, a, b string) float64 {
	la, lb := luminance(t, a), luminance(t, b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

// themes are the colours of the style sheet: first the light theme, then the dark.
func themes(t *testing.T) map[string]map[string]string {
	light, dark, found := strings.Cut(CSS, "@media screen and (prefers-color-scheme: dark)")
	if !found {
		t.Fatal("the style sheet has no dark theme")
	}
	all := map[string]map[string]string{}
	for name, text := range map[string]string{"light": light, "dark": dark} {
		all[name] = map[string]string{}
		for _, m := range regexp.MustCompile(`--chart-([a-z0-9-]+): (#[0-9a-f]{6});`).FindAllStringSubmatch(text, -1) {
			all[name][m[1]] = m[2]
		}
	}
	if len(all["light"]) != len(all["dark"]) {
		t.Fatalf("the light theme has %d colours, the dark %d", len(all["light"]), len(all["dark"]))
	}
	return all
}

func TestTextAndShapesStandOut(t *testing.T) {
	for name, theme := range themes(t) {
		for _, pair := range []struct {
			front, back string
			least       float64
		}{
			{"ink", "paper", 4.5}, {"soft", "paper", 4.5}, {"sample", "paper", 4.5},
			{"on-1", "1", 4.5}, {"on-2", "2", 4.5}, {"on-3", "3", 4.5}, {"on-4", "4", 4.5}, {"on-5", "5", 4.5},
			{"main", "paper", 3}, {"then", "paper", 3}, {"other", "paper", 3}, {"soft", "paper", 3},
			{"main", "flow", 3}, // a provisional bar's edge on its own ground
		} {
			if got := contrast(t, theme[pair.front], theme[pair.back]); got < pair.least {
				t.Errorf("%s theme: %s on %s has a contrast of %.2f, less than %v", name, pair.front, pair.back, got, pair.least)
			}
		}
		// the five shades go one way, so that they are told apart without colour as well
		for n := 1; n < 5; n++ {
			this, next := theme[strconv.Itoa(n)], theme[strconv.Itoa(n+1)]
			if contrast(t, next, theme["paper"]) <= contrast(t, this, theme["paper"]) || contrast(t, this, next) < 1.2 {
				t.Errorf("%s theme: shade %d does not stand out from shade %d", name, n+1, n)
			}
		}
	}
	if got := contrast(t, "#000000", "#ffffff"); math.Abs(got-21) > 1e-9 {
		t.Errorf("black on white has a contrast of %v, not 21", got)
	}
}

// Colours come from the style sheet alone, so that a chart follows its reader's theme; and the style
// sheet touches nothing but charts.
func TestColoursComeByClass(t *testing.T) {
	for _, c := range cases {
		svg := c.SVG(c.name, laptop)
		if m := regexp.MustCompile(`#[0-9a-fA-F]{3,8}[";]|rgb\(|style=|(fill|stroke)="[^u]`).FindString(svg); m != "" {
			t.Errorf("%s carries a colour of its own: %s", c.name, m)
		}
		for _, m := range regexp.MustCompile(`class="([^"]+)"`).FindAllStringSubmatch(svg, -1) {
			for _, class := range strings.Fields(m[1]) {
				if !slices.Contains([]string{"tile", "label"}, class) && !strings.HasPrefix(m[1], "chart ") && !regexp.MustCompile(`\.`+class+`\b`).MatchString(CSS) {
					t.Errorf("%s: the style sheet does not know the class %s", c.name, class)
				}
			}
		}
	}
	for _, selector := range regexp.MustCompile(`(?m)([^{}]+)\{`).FindAllStringSubmatch(CSS, -1) {
		if s := strings.TrimSpace(selector[1]); !strings.HasPrefix(s, "svg.chart") && !strings.HasPrefix(s, "@media ") || strings.Contains(s, ",") {
			t.Errorf("the rule %q reaches beyond charts", s)
		}
	}
}

// A reader who does not see a chart is told what it is; each chart's names are its own.
func TestChartsAreNamedAndDescribed(t *testing.T) {
	for _, c := range cases {
		svg := c.SVG("x&1", phone)
		all, err := parse(svg)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		root := all[0].attributes
		if root["role"] != "img" || root["aria-labelledby"] != "x&1-title x&1-desc" {
			t.Errorf("%s: %v", c.name, root)
		}
		if all[1].name != "title" || all[1].attributes["id"] != "x&1-title" || all[1].text == "" {
			t.Errorf("%s has no title: %+v", c.name, all[1])
		}
		if all[2].name != "desc" || all[2].attributes["id"] != "x&1-desc" || !strings.Contains(all[2].text, "& <apa>") {
			t.Errorf("%s has no description: %+v", c.name, all[2])
		}
		for _, part := range strings.Split(sampleMark, " / ") {
			if !strings.Contains(svg, part) {
				t.Errorf("%s of sample data does not say %q", c.name, part)
			}
		}
		for _, e := range all {
			for _, name := range []string{"href", "src", "onload"} {
				if _, there := e.attributes[name]; there || e.name == "script" || e.name == "image" {
					t.Errorf("%s reaches out of itself: <%s>", c.name, e.name)
				}
			}
			if id := e.attributes["id"]; id != "" && !strings.HasPrefix(id, "x&1-") {
				t.Errorf("%s: the name %s may stand twice on a page", c.name, id)
			}
		}
	}
}

func TestNumbersCarryTheirReferences(t *testing.T) {
	for _, c := range []drawing{barsCase(), lineCase(), tileCase()} {
		svg := c.SVG("x", laptop)
		if !regexp.MustCompile(`<text [^>]*data-figure="PLC-01/2026-10[^"]*@r"[^>]*>[\d.]+( \[p\])?</text>`).MatchString(svg) {
			t.Errorf("%T: no number says which figure it is", c)
		}
	}
	share := Point{Value: new(float64), Label: document.Number{Text: "12,5%", Ref: document.Reference{Op: document.OpShare, Figure: "A@r", Bases: []string{"B@r"}}}}
	svg := Bullet{Frame: frame("x"), Value: share}.SVG("x", phone)
	if !strings.Contains(svg, ` data-figure="A@r" data-base="B@r" data-op="share"`) {
		t.Errorf("a share does not say what it is of: %s", svg)
	}
}

func TestEveryProvinceHasOneTile(t *testing.T) {
	file, err := os.ReadFile("../../configs/reference/province.csv")
	if err != nil {
		t.Fatal(err)
	}
	reader := csv.NewReader(bytes.NewReader(file))
	reader.Comment = '#'
	rows, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, row := range rows[1:] {
		if row[4] == "" { // in force
			want = append(want, row[0])
		}
	}
	got := Provinces()
	slices.Sort(got)
	slices.Sort(want)
	if len(want) != 38 || !slices.Equal(got, want) {
		t.Errorf("tiles for %v, provinces %v", got, want)
	}
	places, shorts := map[[2]int]string{}, map[string]bool{}
	for _, tile := range tiles {
		place := [2]int{tile.column, tile.row}
		if other := places[place]; other != "" || tile.column >= tileColumns || tile.row >= tileRows {
			t.Errorf("%s has the place of %s, or none", tile.short, other)
		}
		if shorts[tile.short] || len(tile.short) != 2 {
			t.Errorf("%s is no short name of its own", tile.short)
		}
		places[place], shorts[tile.short] = tile.short, true
	}
	for _, width := range []float64{phone, laptop} {
		svg := tileCase().SVG("x", width)
		for _, code := range want {
			if n := strings.Count(svg, `data-province="`+code+`"`); n != 1 {
				t.Errorf("the province %s stands %d times on the map", code, n)
			}
		}
	}
}
