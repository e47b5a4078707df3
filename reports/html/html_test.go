package html_test

import (
	"bytes"
	"flag"
	"fmt"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kp2mi/lindung/reports/charts"
	"github.com/kp2mi/lindung/reports/document"
	"github.com/kp2mi/lindung/reports/document/documenttest"
	"github.com/kp2mi/lindung/reports/html"
)

var update = flag.Bool("update", false, "write the golden files anew")

func written(t testing.TB, documents ...*document.Document) string {
	t.Helper()
	var b bytes.Buffer
	if err := html.Write(&b, documents...); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func both(of func(string) *document.Document) []*document.Document {
	return []*document.Document{of("id"), of("en")}
}

func onPaper(t testing.TB, d *document.Document) string {
	t.Helper()
	var b bytes.Buffer
	if err := html.WritePaper(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var fontFile = regexp.MustCompile(`base64,[A-Za-z0-9+/=]+`)

func TestThePages(t *testing.T) {
	for path, write := range map[string]func() string{
		"testdata/screen.html": func() string { return written(t, both(documenttest.Small)...) },
		"testdata/paper.html":  func() string { return onPaper(t, documenttest.Small("en")) },
	} {
		whole := write()
		// the font and the charts' style sheet are looked at where they are made
		got := strings.Replace(fontFile.ReplaceAllString(whole, "base64,…"), strings.TrimSpace(charts.CSS), "/* style sheet of the charts */", 1)
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("the page differs from %s; look at it and run go test -update", path)
		}
		if write() != whole {
			t.Errorf("%s: the same documents give other bytes", path)
		}
	}
}

// drawn is a document with real charts in the place of its drawings: lines, a ranking, the tiles of
// the provinces.
func drawn(d *document.Document) *document.Document {
	months := strings.Fields("Des Jan Feb Mar Apr Mei Jun Jul Agu Sep Okt Nov Des")
	point := func(value float64) charts.Point {
		return charts.Point{Value: &value, Label: document.Number{Text: fmt.Sprintf("%.0f", value), Value: &value, Ref: document.Reference{Figure: "PLC-01/2025-12/country=HKG@R"}}}
	}
	var points []charts.Point
	for i := range months {
		points = append(points, point(float64(20100+i*i%7*280)))
	}
	points[12].Provisional, points[12].Label.Mark = true, "[p]"
	frame := charts.Frame{Title: "Penempatan per bulan", Description: "Tiga belas bulan.", Sample: d.Sample}
	ranking := charts.Bars{Frame: frame, MarkName: "Des 2024"}
	for i, name := range []string{"Hong Kong", "Taiwan", "Persemakmuran Kepulauan Mariana Utara", "Jepang"} {
		ranking.Bars = append(ranking.Bars, charts.Bar{Name: name, Now: points[12-i], Mark: point(9000)})
	}
	tiles := charts.TileMap{Frame: frame, Axis: charts.Axis{Lang: d.Lang}, Values: map[string]charts.Point{"35": points[0], "33": points[1], "95": {Label: document.Number{Mark: "[c]"}}}}
	kinds := []document.Drawing{charts.Line{Frame: frame, Axis: charts.Axis{Lang: d.Lang}, Months: months, Points: points, Name: "2025"}, ranking, tiles}
	figures := 0
	if len(d.Sections) > 20 { // a large report draws mostly lines
		kinds = kinds[:1]
	}
	for _, s := range d.Sections {
		for _, b := range s.Blocks {
			switch b := b.(type) {
			case *document.Chart:
				b.Drawing = kinds[figures%len(kinds)]
				figures++
			case *document.Cards:
				for _, card := range b.Cards {
					if card.Drawing != nil {
						card.Drawing.Drawing = charts.Sparkline{Frame: frame, Points: points}
					}
				}
			}
		}
	}
	return d
}

// withCharts is the small report with all kinds of charts that drawn has.
func withCharts(lang string) *document.Document {
	d := documenttest.Small(lang)
	for i := range d.Sections {
		if s := &d.Sections[i]; s.ID == "K-PLC-01" {
			for _, id := range []string{"ranking", "provinces"} {
				s.Blocks = append(s.Blocks, &document.Chart{ID: id, Title: document.Say("Taiwan, Jepang"), Subtitle: "Layanan, Desember 2025"})
			}
		}
	}
	return drawn(d)
}

func TestThePageFetchesNothing(t *testing.T) {
	for _, text := range []string{written(t, both(documenttest.Small)...), onPaper(t, documenttest.Small("id"))} {
		text = strings.ToLower(text)
		for _, banned := range []string{"http:", "https:", "//www", "<script", "javascript:", "@import", "<link", "src=", "<iframe", "<img", " onload", " onclick", " style="} {
			if strings.Contains(text, banned) {
				t.Errorf("the page contains %q", banned)
			}
		}
		for _, href := range regexp.MustCompile(`href="[^"]*"`).FindAllString(text, -1) {
			if !strings.HasPrefix(href, `href="#`) {
				t.Errorf("the page refers to %s", href)
			}
		}
		if !strings.Contains(text, "default-src 'none'") {
			t.Error("the page does not forbid the browser what it does not need")
		}
	}
}

func TestTheFontIsThatOfTheCharts(t *testing.T) {
	text := written(t, documenttest.Small("id"))
	if strings.Count(text, `@font-face { font-family: "`+charts.FontFamily+`"; font-weight: `) != 2 || !strings.Contains(text, `--face: "`+charts.FontFamily+`", `) || !strings.Contains(text, charts.CSS) {
		t.Error("the page is not set in the font that its charts are measured in, or lacks their style sheet")
	}
}

// A program that verifies a file finds its release by these.
func TestTheFileSaysWhatItIs(t *testing.T) {
	d := documenttest.Small("en")
	for _, text := range []string{written(t, d), onPaper(t, d)} {
		for _, m := range d.Metas() {
			if want := fmt.Sprintf("<meta name=%q content=%q>\n", m.Name, m.Content); !strings.Contains(text, want) {
				t.Errorf("the page lacks %s", want)
			}
		}
	}
}

// Every number of the documents stands in the page with its reference; a program finds it there.
func TestNumbersCarryTheirReferences(t *testing.T) {
	packed := written(t, both(documenttest.Small)...)
	if strings.Contains(packed, "data-figure") {
		t.Error("a reference stands in the page at its number: references are packed")
	}
	unpacked, err := document.UnpackReferences([]byte(packed))
	if err != nil {
		t.Fatal(err)
	}
	text := string(unpacked)
	for _, want := range []string{
		`<span data-figure="PLC-01/2025-12">23.465</span>`,
		`<span data-figure="PLC-01/2025-12">23,465</span>`,
		`<span data-figure="PLC-01/2025-12" data-base="PLC-01/2024-12" data-op="change_percent">8,4%</span>`,
		"<td data-figure=\"PLC-01/12\">23.460\u00a0<i>[p]</i>",
		`<td class="r"><i>[c]</i>`,
		`<span class="light near">▲ hampir tercapai</span> 91,3%`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}

func TestBothLanguagesHaveTheSameForm(t *testing.T) {
	articles := regexp.MustCompile(`(?s)<article lang="(..)".*?</article>`).FindAllString(written(t, both(documenttest.Small)...), -1)
	tags := regexp.MustCompile(`<[a-z][a-z0-9]*`)
	if id, en := tags.FindAllString(articles[0], -1), tags.FindAllString(articles[1], -1); len(articles) != 2 || fmt.Sprint(id) != fmt.Sprint(en) {
		t.Errorf("%d articles; one language says more: %d and %d elements", len(articles), len(id), len(en))
	}
	for _, id := range regexp.MustCompile(` id="([^"]*)"`).FindAllStringSubmatch(strings.Join(articles, ""), -1) {
		if n := strings.Count(strings.Join(articles, ""), id[0]); n != 1 {
			t.Errorf("%d elements have the ID %s", n, id[1])
		}
	}
}

// Paper has no use for what opens on demand: it stands in an annex, with where it comes from.
func TestPaperHasAnAnnex(t *testing.T) {
	text := onPaper(t, documenttest.Small("en"))
	_, annex, found := strings.Cut(text, `<section class="new-page annex">`)
	if !found || strings.Contains(text, "<details") || strings.Contains(text, "Click a heading") {
		t.Fatal("there is no annex, or something is left that opens on demand, or for screens alone")
	}
	for _, want := range []string{`<a href="#en-figure-PLC-01">Figure 1. Placements have fallen since October</a>`, "Table behind-PLC-01", "How is it computed? PLC-01", "from fct_placement"} {
		if !strings.Contains(annex, want) {
			t.Errorf("the annex lacks %q", want)
		}
	}
	if !strings.Contains(text, `@bottom-right { content: "Page " counter(page) " of " counter(pages); }`) {
		t.Error("sheets have no numbers")
	}
}

// What opens within what opens is lost on neither.
func TestWhatOpensWithinWhatOpens(t *testing.T) {
	words := func(text string) []document.Block {
		return []document.Block{&document.Paragraph{Text: document.Say(text)}}
	}
	d := &document.Document{Lang: "en", Title: "T", Sections: []document.Section{{ID: "a", Level: 1, Title: document.Say("A"), Blocks: []document.Block{
		&document.Disclosure{Summary: "outer", Blocks: append(words("first"), &document.Disclosure{Summary: "inner", Blocks: words("second")})}}}}}
	for _, text := range []string{written(t, d), onPaper(t, d)} {
		for _, want := range []string{"outer", "<p>first</p>", "inner", "<p>second</p>"} {
			if strings.Count(text, want) != 1 {
				t.Errorf("%q stands %d times in the page", want, strings.Count(text, want))
			}
		}
	}
}

func TestSampleDataSaySo(t *testing.T) {
	text := written(t, both(documenttest.Small)...)
	if strings.Count(text, `<p class="sample">`+documenttest.Mark) != 2 || strings.Count(text, `<p class="sample print-only">`+documenttest.Mark) != 2 || strings.Count(text, `@top-center { content: "`+documenttest.Mark) != 4 {
		t.Error("the mark does not stand above, below and on every sheet")
	}
	d := documenttest.Small("id")
	d.Sample = ""
	if strings.Contains(written(t, d), `class="sample`) {
		t.Error("real data carry the mark")
	}
}

// What a document says cannot become a part of the page's own text.
func TestTextsStayTexts(t *testing.T) {
	d := documenttest.Small("id")
	evil := `</style><script>alert(1)</script>"\ & '`
	d.Title, d.Publisher, d.Status, d.Sample, d.Release.ID, d.Release.Program = evil, evil, evil, evil, evil, evil
	d.Sections[0].Title = document.Say(evil)
	for _, text := range []string{written(t, d), onPaper(t, d)} {
		if strings.Contains(text, "<script") || strings.Count(text, "</style>") != 1 {
			t.Error("a text of the document broke out")
		}
	}
}

type unknown struct{ document.Block }

func TestWhatCannotBeWritten(t *testing.T) {
	section := func(blocks ...document.Block) document.Section {
		return document.Section{ID: "a", Level: 1, Title: document.Say("A"), Blocks: blocks}
	}
	value := 1.0
	column := []document.Column{{Name: "a", Title: "A"}}
	for _, c := range []struct {
		sections []document.Section
		want     string
	}{
		{[]document.Section{section(unknown{})}, `section "a": the block html_test.unknown has no form in HTML`},
		{[]document.Section{section(), section()}, `two things have the ID "a"`},
		{[]document.Section{{ID: "a b", Level: 1}}, `"a b" cannot be an ID`},
		{[]document.Section{{ID: "a", Level: 2}}, `section "a" has the level 2; want 1, or 2 after a section of level 1`},
		{[]document.Section{section(&document.Paragraph{Text: document.Phrase{{Text: "x", Link: "nowhere"}}})}, `there is a link to "nowhere"`},
		{[]document.Section{section(&document.List{Role: "finding"})}, `a list with the role "finding"`},
		{[]document.Section{section(&document.Cards{Cards: []document.Card{{KPI: "K", Light: &document.Light{Class: "green"}}}})}, `card K: a light of class "green"`},
		{[]document.Section{section(&document.Table{ID: "T", Columns: column, Rows: []document.Row{{}}})}, "table T: row 1 has 0 cells for 1 columns"},
		{[]document.Section{section(&document.Table{ID: "T", Columns: column, Rows: []document.Row{{Cells: []document.Cell{{Number: &document.Number{Value: &value}}}}}})}, "table T, row 1, column a: the cell is empty"},
		{[]document.Section{section(&document.Chart{ID: "C"})}, `the chart "C" has no drawing`},
		{[]document.Section{section(&document.Chart{ID: "C", Drawing: mute{}})}, `the drawing of the chart "C" has no role="img"`},
	} {
		err := html.Write(&bytes.Buffer{}, &document.Document{Lang: "id", Title: "T", Sections: c.sections})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
	id := &document.Document{Lang: "id", Title: "T"}
	for want, documents := range map[string][]*document.Document{
		"no document was given": nil, "two documents in the language id": {id, id}, `the language "su" is not known`: {{Lang: "su"}},
	} {
		if err := html.Write(&bytes.Buffer{}, documents...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

type mute struct{}

func (mute) SVG(string, float64) string { return "<svg></svg>" }

func TestAFullReportIsSmallAndQuick(t *testing.T) {
	documents := both(documenttest.Large)
	for i, d := range documents {
		d.Sample = ""
		documents[i] = drawn(d)
	}
	start := time.Now()
	size := len(written(t, documents...))
	took := time.Since(start)
	t.Logf("%d bytes in %v", size, took)
	if size > 1_500_000 {
		t.Errorf("a report with 70 KPIs, 50 charts and 30 tables in two languages has %d bytes; want less than 1.5 MB", size)
	}
	if took > 500*time.Millisecond {
		t.Errorf("writing it took %v; want less than half a second", took)
	}
}

// Texts need a contrast of 4.5, lines and marks one of 3, in both themes.
func TestContrast(t *testing.T) {
	sheet, err := os.ReadFile("page.css")
	if err != nil {
		t.Fatal(err)
	}
	themes := regexp.MustCompile(`(?s):root[^{]*\{(.*?)\}`).FindAllStringSubmatch(string(sheet), -1)
	if len(themes) != 2 {
		t.Fatalf("%d themes", len(themes))
	}
	for _, theme := range themes {
		color := map[string]float64{}
		for _, c := range regexp.MustCompile(`--([a-z-]+): #([0-9a-f]{6});`).FindAllStringSubmatch(theme[1], -1) {
			color[c[1]] = luminance(c[2])
		}
		for _, pair := range []struct {
			ink, paper string
			least      float64
		}{{"ink", "paper", 4.5}, {"ink", "panel", 4.5}, {"ink", "warn-paper", 4.5}, {"soft", "paper", 4.5}, {"soft", "panel", 4.5}, {"main", "paper", 4.5}, {"main", "panel", 4.5}, {"main", "warn-paper", 4.5},
			{"warn", "warn-paper", 4.5}, {"met", "panel", 4.5}, {"near", "panel", 4.5}, {"missed", "panel", 4.5}, {"near", "paper", 4.5}, {"edge", "paper", 3}, {"focus", "paper", 3}, {"focus", "panel", 3}} {
			a, b := color[pair.ink]+0.05, color[pair.paper]+0.05
			if ratio := math.Max(a/b, b/a); color[pair.ink] == 0 || ratio < pair.least {
				t.Errorf("%s on %s has a contrast of %.1f, want %v", pair.ink, pair.paper, ratio, pair.least)
			}
		}
	}
}

func luminance(hex string) float64 {
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, _ := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
