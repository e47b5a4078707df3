package verify

import (
	"context"
	"fmt"
	"html"
	"slices"
	"strings"
	"testing"

	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/figures/figurestest"
	"github.com/kp2mi/lindung/reports/document"
)

func number(v float64) *float64 { return &v }

// told is a source of a few facts.
func told() Source {
	facts := &Facts{
		Figures: map[string]Fact{
			"PLC-01.services/2025-12@r1":             {Value: number(23465), Unit: "services"},
			"PLC-01.services/2025-11@r1":             {Value: number(24648), Unit: "services"},
			"PLC-01.services/2025-12/country=HKG@r1": {Value: number(8000), Unit: "services"},
			"PLC-01.services/2025-12/country=TWN@r1": {Value: number(7000), Unit: "services"},
			"PLC-01.services/2025@r1":                {Value: number(296948), Unit: "services"},
			"PLC-04.share/2025-12@r1":                {Value: number(55.04), Unit: "%"},
			"PLC-04.share/2025-11@r1":                {Value: number(54.4), Unit: "%"},
			"REM-01.amount/2025@r1":                  {Value: number(15712.34), Unit: "juta USD"},
			"REM-02.amount/2025@r1":                  {Value: number(253e12), Unit: "IDR"},
			"REM-02.amount/2024@r1":                  {Value: number(254.25e12), Unit: "IDR"},
			"PLC-09.nothing/2025@r1":                 {Value: number(0), Unit: "services"},
			"CMP-02.median/2025-12@r1":               {Status: figures.Suppressed, Unit: "days"},
		},
		Targets: map[string]Fact{
			"PLC-01.services/2025@S61": {Value: number(259000), Unit: "services"},
			"PLC-04.share/2025@S61":    {Value: number(60), Unit: "%"},
			"REM-02.amount/2025@S49":   {Value: number(349.4), Unit: "triliun IDR"},
		},
		Counts: map[string]Fact{"placements.in": {Value: number(3092)}, "quality.PLC-01.passed": {Value: number(5)}, "quality.PLC-01.run": {Value: number(6)}},
	}
	return Source{Name: "a table", Know: func(context.Context, Needs) (*Facts, error) { return facts, nil }}
}

const (
	december = "PLC-01.services/2025-12@r1"
	november = "PLC-01.services/2025-11@r1"
	year     = "PLC-01.services/2025@r1"
	share    = "PLC-04.share/2025-12@r1"
	before   = "PLC-04.share/2025-11@r1"
	hongkong = "PLC-01.services/2025-12/country=HKG@r1"
	taiwan   = "PLC-01.services/2025-12/country=TWN@r1"
)

// Every way in which a number comes out of figures, as it is printed, and what is printed wrongly.
func TestEveryOperation(t *testing.T) {
	ref := func(op, figure string, bases ...string) document.Reference {
		return document.Reference{Op: op, Figure: figure, Bases: bases}
	}
	aimed := func(op, figure, target string) document.Reference {
		return document.Reference{Op: op, Figure: figure, Target: target}
	}
	sums := func(op string, bases []string, against ...string) document.Reference {
		return document.Reference{Op: op, Bases: bases, Against: against}
	}
	unsigned := func(r document.Reference) document.Reference { r.Unsigned = true; return r }
	for name, c := range map[string]struct {
		ref   document.Reference
		lang  string
		right []string
		wrong []string
	}{
		"value":                      {ref("value", december), "id", []string{"23.465", "23.465 [p]", "23,5 ribu", "23.465 layanan"}, []string{"23.466", "23,465", "23465", "2.3465", "−23.465", "23.465%", "Rp23.465", "23,465 ribu layanan 1", "23,4 ribu"}},
		"value in English":           {ref("value", december), "en", []string{"23,465", "23.5 thousand", "23,465 [p]"}, []string{"23.465", "23,465 million", "23,455"}},
		"share as value":             {ref("value", share), "id", []string{"55,0%", "55,04%", "55,0"}, []string{"55.0%", "55,1%", "55,0 poin persen", "55,0 juta%"}},
		"money in millions":          {ref("value", "REM-01.amount/2025@r1"), "id", []string{"US$15,71 miliar", "US$15.712,34 juta", "15.712,34 juta"}, []string{"US$15,71 juta", "Rp15,71 miliar", "US$15,72 miliar", "US$15,71 triliun"}},
		"money in English":           {ref("value", "REM-02.amount/2025@r1"), "en", []string{"Rp253.00 trillion", "Rp253 trillion"}, []string{"Rp253,00 trillion", "Rp253.00 billion", "Rp253.01 trillion"}},
		"change":                     {ref("change", december, november), "id", []string{"−1.183"}, []string{"+1.183", "1.183", "−1.184", "-1.183"}},
		"change of money":            {ref("change", "REM-02.amount/2025@r1", "REM-02.amount/2024@r1"), "id", []string{"Rp−1,25 triliun", "−Rp1,25 triliun"}, []string{"Rp1,25 triliun", "Rp−1,26 triliun"}},
		"change of a share":          {ref("change", share, before), "id", []string{"+0,6 poin persen", "0,64 poin persen", "+0,6"}, []string{"+0,6%", "−0,6 poin persen", "+0,7 poin persen"}},
		"change of a share, English": {ref("change", share, before), "en", []string{"+0.6 percentage points", "+0.64 pp"}, []string{"+0.6%"}},
		"change in per cent":         {ref("change_percent", december, november), "id", []string{"−4,8%", "−4,80%"}, []string{"−4,9%", "4,8%", "+4,8%", "−4,8 poin persen"}},
		"a fall that words say":      {unsigned(ref("change_percent", december, november)), "id", []string{"4,8%"}, []string{"−4,8%", "4,9%", "+4,8%"}},
		"part":                       {ref("share", hongkong, december), "en", []string{"34.1%"}, []string{"34.2%", "43.1%", "34.1 percentage points"}},
		"rest":                       {ref("rest", december, hongkong, taiwan), "id", []string{"8.465"}, []string{"8.466", "38.465"}},
		"sum":                        {ref("sum", hongkong, taiwan), "id", []string{"15.000"}, []string{"15.001", "1.000"}},
		"sum as a share of a sum":    {sums("sum_share", []string{hongkong, taiwan}, december), "id", []string{"63,9%"}, []string{"63,8%", "63,9 poin persen"}},
		"sum less a sum":             {sums("sum_rest", []string{december}, hongkong, taiwan), "id", []string{"8.465"}, []string{"8.464"}},
		"sum against a sum":          {sums("sum_change_percent", []string{hongkong, taiwan}, november), "id", []string{"−39,1%"}, []string{"39,1%", "−39,2%"}},
		"all of a sum is gone":       {sums("sum_change_percent", nil, november), "id", []string{"−100,0%"}, []string{"−99,9%"}},
		"nothing counted":            {ref("zero", "PLC-01.services/2025-12/country=DEU@r1", december), "id", []string{"0"}, []string{"1"}},
		"target":                     {aimed("target", "", "PLC-01.services/2025@S61"), "id", []string{"259.000"}, []string{"259.001", "259.000%"}},
		"attainment":                 {aimed("attainment", year, "PLC-01.services/2025@S61"), "id", []string{"114,7%"}, []string{"114,8%", "1.147%"}},
		"attainment of money":        {aimed("attainment", "REM-02.amount/2025@r1", "REM-02.amount/2025@S49"), "id", []string{"72,4%"}, []string{"72,5%"}},
		"gap":                        {aimed("gap", year, "PLC-01.services/2025@S61"), "id", []string{"+37.948", "37.948"}, []string{"−37.948", "37.949"}},
		"gap of a share":             {aimed("gap", share, "PLC-04.share/2025@S61"), "id", []string{"−5,0 poin persen"}, []string{"−5,0%", "5,0 poin persen"}},
		"count":                      {ref("count", "placements.in"), "id", []string{"3.092"}, []string{"3.093", "3092"}},
		"count of a count":           {ref("count_share", "quality.PLC-01.passed", "quality.PLC-01.run"), "id", []string{"83,3%"}, []string{"83,4%", "83,3 poin persen"}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, text := range c.right {
				if r := verified(t, Number{Lang: c.lang, Text: text, Ref: c.ref}); !r.Identical {
					t.Errorf("%q: %s", text, r.Findings[0])
				}
			}
			for _, text := range c.wrong {
				if r := verified(t, Number{Lang: c.lang, Text: text, Ref: c.ref}); r.Identical {
					t.Errorf("%q is taken for right", text)
				}
			}
		})
	}
}

// Where a figure has no value its mark stands, and no other.
func TestMarks(t *testing.T) {
	suppressed := document.Reference{Op: "value", Figure: "CMP-02.median/2025-12@r1"}
	for name, c := range map[string]struct {
		number Number
		kind   string
	}{
		"suppressed":             {Number{Text: "[c]", Ref: suppressed}, ""},
		"not as it is":           {Number{Text: "[x]", Ref: suppressed}, Differs},
		"a value is there":       {Number{Text: "[x]", Ref: document.Reference{Op: "value", Figure: december}}, Differs},
		"withheld by the report": {Number{Text: "[c]", Ref: document.Reference{Op: "value", Figure: december}}, ""},
		"of an unknown figure":   {Number{Text: "[x]", Ref: document.Reference{Op: "value", Figure: "PLC-01/1999@r1"}}, Unknown},
	} {
		c.number.Lang = "id"
		r := verified(t, c.number)
		if got := strings.Join(kinds(r), " "); got != c.kind {
			t.Errorf("%s: %s", name, got)
		}
	}
	page := `<p lang="id"><span class="n">[x]</span> <span class="n"></span> <span class="n">17</span> <span class="n" data-figure="PLC-01/2025@r1">1</span></p>`
	if r, err := Read("a.html", []byte(page)); err != nil || len(r.Numbers) != 2 || !r.Numbers[0].Bare || r.Numbers[1].Bare {
		t.Errorf("%v, %+v", err, r)
	}
}

// HTML lets many an end be left out, and numbers stand in drawings as well.
func TestPagesWithoutEnds(t *testing.T) {
	page := `<!doctype html><html lang=id><body><h2>Tabel <em>satu</em></h2><table><tr><td><span class=n data-figure="PLC-01/2025@r1">1</span><td>x<tr><th>y<td><b class="n k" data-figure="PLC-01/2024@r1">2</b></table>
<p lang="en">a<p lang="en">b <svg><text data-figure="PLC-01/2023@r1" data-unsigned=""><tspan>3</tspan><tspan>,4</tspan></text></svg></body>`
	r, err := Read("a.html", []byte(page))
	if err != nil || len(r.Numbers) != 3 {
		t.Fatalf("%v, %+v", err, r)
	}
	for i, want := range []Number{{Place: "line 1 (id, Tabel satu)", Lang: "id", Text: "1"}, {Place: "line 1 (id, Tabel satu)", Lang: "id", Text: "2"}, {Place: "line 2 (en)", Lang: "en", Text: "3,4"}} {
		if n := r.Numbers[i]; n.Place != want.Place || n.Lang != want.Lang || n.Text != want.Text || n.Ref.Unsigned != (i == 2) {
			t.Errorf("%d: %+v", i, n)
		}
	}
}

func kinds(r *Result) (all []string) {
	for _, f := range r.Findings {
		all = append(all, f.Kind)
	}
	return all
}

func verified(t *testing.T, n ...Number) *Result {
	t.Helper()
	r, err := (&Report{Numbers: n}).Verify(t.Context(), "report.html", told())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// What cannot be computed is said, and is never taken for identical.
func TestWhatCannotBeComputed(t *testing.T) {
	for name, c := range map[string]struct {
		number Number
		kind   string
		why    string
	}{
		"a figure that nobody has": {Number{Text: "1", Ref: document.Reference{Op: "value", Figure: "PLC-01.services/1999@r1"}}, Unknown, "figure PLC-01.services/1999@r1 is in no release"},
		"a count that nobody has":  {Number{Text: "1", Ref: document.Reference{Op: "count", Figure: "restated"}}, Unknown, "count restated is in no release"},
		"a suppressed figure":      {Number{Text: "4", Ref: document.Reference{Op: "value", Figure: "CMP-02.median/2025-12@r1"}}, Unreadable, "has no value (suppressed)"},
		"a share of nothing":       {Number{Text: "4%", Ref: document.Reference{Op: "share", Figure: year, Bases: []string{"PLC-09.nothing/2025@r1"}}}, Unreadable, "what a share is taken of is 0"},
		"no base":                  {Number{Text: "4%", Ref: document.Reference{Op: "share", Figure: year}}, Unreadable, "1 and 0 figures computes to nothing"},
		"no target":                {Number{Text: "4%", Ref: document.Reference{Op: "attainment", Figure: year}}, Unreadable, "names no target"},
		"an unknown operation":     {Number{Text: "4%", Ref: document.Reference{Op: "average", Figure: year}}, Unreadable, `"average" of 1 and 0 figures`},
		"no number":                {Number{Text: "banyak", Ref: document.Reference{Op: "value", Figure: year}}, Unreadable, "no number"},
		"no language":              {Number{Lang: "fr", Text: "1", Ref: document.Reference{Op: "value", Figure: year}}, Unreadable, "language"},
		"no reference":             {Number{Text: "17", Bare: true}, Unreferenced, "does not say what it is made of"},
	} {
		t.Run(name, func(t *testing.T) {
			if c.number.Lang == "" {
				c.number.Lang = "id"
			}
			r := verified(t, c.number)
			if r.Identical || len(r.Findings) != 1 || r.Findings[0].Kind != c.kind || !strings.Contains(r.Findings[0].Why, c.why) {
				t.Errorf("%+v", r)
			}
		})
	}
}

// A file that holds values instead of texts, such as a spreadsheet, is compared by its values.
func TestValues(t *testing.T) {
	for name, c := range map[string]struct {
		ref   document.Reference
		value float64
		right bool
		text  string // beside the value
	}{
		"as computed":       {document.Reference{Op: "change_percent", Figure: december, Bases: []string{november}}, 100 * (23465.0/24648 - 1), true, ""},
		"with its text":     {document.Reference{Op: "value", Figure: december}, 23465, true, "23.465"},
		"with another text": {document.Reference{Op: "value", Figure: december}, 23465, false, "23.466"},
		"and another value": {document.Reference{Op: "value", Figure: december}, 23466, false, "23.465"},
		"rounded":           {document.Reference{Op: "change_percent", Figure: december, Bases: []string{november}}, -4.8, false, ""},
		"money in its unit": {document.Reference{Op: "value", Figure: "REM-01.amount/2025@r1"}, 15712.34, true, ""},
		"money in dollars":  {document.Reference{Op: "value", Figure: "REM-01.amount/2025@r1"}, 15712340000, true, ""},
		"another":           {document.Reference{Op: "value", Figure: "REM-01.amount/2025@r1"}, 15712.35, false, ""},
	} {
		if r := verified(t, Number{Lang: "id", Text: c.text, Value: &c.value, Ref: c.ref}); r.Identical != c.right {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

func releases(t *testing.T) (late, early *figures.Release) {
	t.Helper()
	var err error
	if late, err = figures.Open(t.Context(), figurestest.Late(t)); err == nil {
		early, err = figures.Open(t.Context(), figurestest.Early(t))
	}
	if err != nil {
		t.Fatal(err)
	}
	return late, early
}

// span writes a number as a page has it, by a plain computation of its own.
func span(lang string, d figures.Definition, op string, f figures.Figure, base *figures.Figure) string {
	ref := document.Reference{Op: op, Figure: f.Address.String()}
	text, unit := "", d.Unit
	value := *f.Value
	if base != nil {
		ref.Bases = []string{base.Address.String()}
	}
	switch op {
	case document.OpChangePercent:
		value, unit = 100*(value/(*base.Value)-1), "%"
	case document.OpChange:
		value -= *base.Value
	case document.OpShare:
		value, unit = 100*value/(*base.Value), "%"
	}
	_, amount, money := figures.Amount(unit, value)
	switch {
	case money:
		text = "US$" + figures.Number(lang, amount/1e9, 2) + map[string]string{"id": " miliar", "en": " billion"}[lang]
	case unit == "%" && op == document.OpChange:
		text = figures.Number(lang, value, 1) + map[string]string{"id": " poin persen", "en": " percentage points"}[lang]
	case unit == "%":
		text = figures.Number(lang, value, 1) + "%"
	default:
		text = figures.Number(lang, value, 0)
	}
	return fmt.Sprintf("<p>Teks <span class=\"n\"%s>%s</span> lagi</p>\n", ref.Attributes(), html.EscapeString(text))
}

// page is a page with numbers of every kind, in both languages, from the newest release and the one before.
func page(t *testing.T, late, early *figures.Release) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("<!doctype html>\n<html lang=\"id\"><head><meta name=\"lindung-release\" content=\"" + late.ID + "\"><title>5</title></head>\n<body>\n")
	for _, lang := range []string{"id", "en"} {
		fmt.Fprintf(&b, "<article lang=\"%s\"><h2>Bagian <b>satu</b></h2><br>\n", lang)
		for _, release := range []*figures.Release{late, early} {
			for _, d := range release.Definitions() {
				list, err := release.List(t.Context(), figures.Filter{KPI: d.KPI, Measure: d.Measure})
				if err != nil {
					t.Fatal(err)
				}
				list = slices.DeleteFunc(list, func(f figures.Figure) bool { return f.Value == nil || *f.Value == 0 })
				if len(list) > 9 {
					list = list[len(list)-9:]
				}
				for i, f := range list {
					ops := []string{document.OpChangePercent, document.OpChange, document.OpShare}
					b.WriteString(span(lang, d, document.OpValue, f, nil))
					b.WriteString(span(lang, d, ops[i%3], f, &list[(i+1)%len(list)]))
				}
			}
		}
		b.WriteString("<svg><title>Judul 7</title><text class=\"axis\">100</text><text x=\"1\" data-count=\"placements.in\">" +
			figures.Number(lang, 3092, 0) + "</text></svg></article>\n")
	}
	return b.String() + "</body></html>\n"
}

func TestAPageIsIdentical(t *testing.T) {
	late, early := releases(t)
	r, err := File(t.Context(), "laporan.html", []byte(page(t, late, early)), OfRelease(late), OfRelease(early))
	if err != nil {
		t.Fatal(err)
	}
	if !r.Identical || r.Numbers < 200 || r.Release != late.ID {
		t.Errorf("%+v", r)
	}
	var text strings.Builder
	if err := r.WriteText(&text); err != nil || !strings.Contains(text.String(), "laporan.html: identical.") || !strings.Contains(text.String(), "from release "+early.ID) {
		t.Errorf("%v: %s", err, text.String())
	}
}

// A single changed digit in any referenced number of a page is found, and where it stands is said.
func TestEveryChangedDigitIsFound(t *testing.T) {
	late, early := releases(t)
	text := page(t, late, early)
	report, err := Read("laporan.html", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	k, err := gather(t.Context(), report.Needs(), []Source{OfRelease(late), OfRelease(early)})
	if err != nil {
		t.Fatal(err)
	}
	changed := 0
	for i, n := range report.Numbers {
		if f := k.judge(n); f != nil {
			t.Fatalf("%s: %s", n.Text, f)
		}
		for at, digit := range n.Text {
			if !isDigit(digit) {
				continue
			}
			for other := '0'; other <= '9'; other++ {
				if other == digit {
					continue
				}
				m := n
				m.Text = n.Text[:at] + string(other) + n.Text[at+1:]
				if k.judge(m) == nil {
					t.Errorf("number %d: %q is taken for %q", i, m.Text, n.Text)
				}
				changed++
			}
		}
	}
	if changed < 5000 {
		t.Errorf("only %d changed digits were tried", changed)
	}
	// The same through the whole file, for the place.
	at := strings.LastIndex(text, `">`+report.Numbers[0].Text+"<")
	tampered := strings.Replace(text, `">`+report.Numbers[0].Text+"<", `">9`+report.Numbers[0].Text+"<", 1)
	r, err := File(t.Context(), "laporan.html", []byte(tampered), OfRelease(late), OfRelease(early))
	if err != nil || at < 0 || r.Identical || len(r.Findings) != 1 {
		t.Fatalf("%v, %+v", err, r)
	}
	if f := r.Findings[0]; f.Place != "line 5 (id, Bagian satu)" || f.Printed != "9"+report.Numbers[0].Text || f.Recomputed == "" {
		t.Errorf("%+v", f)
	}
}

// What an edition kept answers like the release that it was made from, and more.
func TestWhatAnEditionKept(t *testing.T) {
	late, early := releases(t)
	text := strings.Replace(page(t, late, early), "</article>", `<p><b class="n" data-count="restated">1.234</b> <b class="n" data-count="own">7</b></p></article>`, 1)
	report, err := Read("laporan.html", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := report.Keep(t.Context(), nil, OfRelease(late)); err == nil || !strings.Contains(err.Error(), "which no release has") {
		t.Errorf("without the release before: %v", err)
	}
	facts, err := report.Keep(t.Context(), map[string]float64{"own": 7, "not printed": 3}, OfRelease(late), OfRelease(early))
	if err != nil {
		t.Fatal(err)
	}
	if *facts.Counts["restated"].Value != 1234 || facts.Counts["restated"].From != FromDocument || facts.Counts["own"].From != FromWriter || len(facts.Counts) != 3 {
		t.Errorf("%+v", facts.Counts)
	}
	content, err := facts.MarshalIndent()
	if err != nil {
		t.Fatal(err)
	}
	kept, err := Kept("edition monthly-2025-12-1", content)
	if err != nil {
		t.Fatal(err)
	}
	if r, err := File(t.Context(), "laporan.html", []byte(text), kept); err != nil || !r.Identical || len(r.From) != 1 || r.From[0].Source != "edition monthly-2025-12-1" {
		t.Errorf("by what was kept alone: %v, %+v", err, r)
	}
	if r, err := File(t.Context(), "laporan.html", []byte(text), OfRelease(late), OfRelease(early), kept); err != nil || !r.Identical || len(r.From) != 3 {
		t.Errorf("together: %v, %+v", err, r)
	}
	// A kept file that tells something else than the release is noticed.
	value := facts.Counts["placements.in"]
	facts.Counts["placements.in"] = Fact{Value: number(3093)}
	content, _ = facts.MarshalIndent()
	other, err := Kept("edition", content)
	if err != nil {
		t.Fatal(err)
	}
	r, err := File(t.Context(), "laporan.html", []byte(text), OfRelease(late), OfRelease(early), other)
	if err != nil || r.Identical || r.Findings[0].Kind != Conflict || *value.Value != 3092 {
		t.Errorf("%v, %+v", err, r)
	}
	if _, err := Kept("edition", []byte("{")); err == nil || !strings.Contains(err.Error(), "restore them from a backup") {
		t.Errorf("half a file: %v", err)
	}
}

func TestWhatIsNoReport(t *testing.T) {
	for name, want := range map[string]string{"a.docx": "cannot be read back", "a.html": "holds no number"} {
		if _, err := Read(name, []byte("<p>1</p>")); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnotherReleaseOfTheSameName(t *testing.T) {
	r := &Report{Meta: map[string]string{document.MetaRelease: "r1", document.MetaContent: "abc", document.MetaLog: "3 def"}}
	for _, c := range []struct {
		stamp Stamp
		found bool
	}{{Stamp{"r1", "abc", "3 def"}, false}, {Stamp{"r1", "", ""}, false}, {Stamp{"r1", "abd", "3 def"}, true}, {Stamp{"r1", "abc", "4 def"}, true}} {
		if f := r.Checks(c.stamp); (f != nil) != c.found {
			t.Errorf("%+v: %+v", c.stamp, f)
		}
	}
}

func FuzzReadHTML(f *testing.F) {
	f.Add([]byte(`<article lang="id"><h2>A</h2><span class="n" data-figure="PLC-01/2025" data-base="a b" data-op="rest">1.234<b>5</b></span></article>`))
	f.Add([]byte(`</p><svg/><meta name="lindung-release" content="r1"><text data-count="x"`))
	f.Fuzz(func(t *testing.T, content []byte) {
		r, err := readHTML(content)
		if err != nil {
			return
		}
		for _, n := range r.Numbers {
			if p, err := parse(n.Lang, n.Text); err == nil {
				_ = p.as(1234.5, n.Ref.Unsigned).text()
			}
		}
		r.Needs()
		r.Releases()
	})
}
