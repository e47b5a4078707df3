package reports

import (
	"context"
	"flag"
	"fmt"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/figures/figurestest"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestThePage(t *testing.T) {
	late, early := releases(t)
	got := write(t, late, early, december)
	const path = "testdata/month.html"
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
		t.Error("the page differs from testdata/month.html; look at it and run go test -update")
	}
	if again := write(t, late, early, december); again != got {
		t.Error("the same releases give other bytes")
	}
}

func TestThePageFetchesNothing(t *testing.T) {
	late, early := releases(t)
	text := write(t, late, early, december)
	for _, banned := range []string{"http://", "https://", "<script", "javascript:", "url(", "@import", "<link", "src=", "href=", "<iframe", " onload", " onclick"} {
		if strings.Contains(strings.ToLower(text), banned) {
			t.Errorf("the page contains %q", banned)
		}
	}
}

func TestBothLanguagesAreComplete(t *testing.T) {
	for name, text := range words {
		if text.ID == "" || text.EN == "" {
			t.Errorf("%s: %q / %q", name, text.ID, text.EN)
		}
	}
	late, early := releases(t)
	found := articles.FindAllStringSubmatch(write(t, late, early, december), -1)
	if len(found) != 2 || found[0][1] != "id" || found[1][1] != "en" {
		t.Fatalf("%d articles", len(found))
	}
	tags := regexp.MustCompile(`<[a-z][a-z0-9]*`)
	if id, en := tags.FindAllString(found[0][2], -1), tags.FindAllString(found[1][2], -1); fmt.Sprint(id) != fmt.Sprint(en) {
		t.Errorf("one language says more: %d and %d elements", len(id), len(en))
	}
	for _, want := range []string{"23.465", "target belum ditetapkan", "Target 2025", "poin persen", "US$4,20 miliar", "Hong Kong +22.251", "Selesai dalam 90 hari"} {
		if !strings.Contains(regexp.MustCompile(`</?span[^>]*>`).ReplaceAllString(found[0][2], ""), want) {
			t.Errorf("the Indonesian page lacks %q", want)
		}
	}
	for _, want := range []string{"23,465", "no target set", "percentage points", "US$4.20 billion", "Hong Kong +22,251", "not available", "(S49), not compared"} {
		if !strings.Contains(regexp.MustCompile(`</?span[^>]*>`).ReplaceAllString(found[1][2], ""), want) {
			t.Errorf("the English page lacks %q", want)
		}
	}
}

func TestSampleDataSaySo(t *testing.T) {
	late, early := releases(t)
	text := write(t, late, early, december)
	mark := `role="note">` + figures.SampleMark
	if strings.Count(text, mark) != 2 || strings.Index(text, mark) > strings.Index(text, "<main>") || strings.LastIndex(text, mark) < strings.Index(text, "</main>") {
		t.Error("the mark does not stand above and below the page")
	}
	late.Origin = "real"
	if strings.Contains(write(t, late, early, december), "CONTOH") {
		t.Error("real data carry the sample mark")
	}
}

func TestAMonthWithoutDataSaysSo(t *testing.T) {
	late, early := releases(t)
	for _, at := range []time.Time{december.AddDate(0, 2, 0), december.AddDate(-9, 0, 0)} {
		text := write(t, late, early, at)
		if !strings.Contains(text, "tidak tersedia [x]") || strings.Contains(text, "NaN") || strings.Contains(text, ">Inf") || strings.Contains(text, "+Inf") {
			t.Errorf("%v: the page does not say that figures are missing", at)
		}
	}
}

func TestTheFirstReleaseHasNothingToCompare(t *testing.T) {
	late, _ := releases(t)
	if text := write(t, late, nil, december); !strings.Contains(text, words["restated_first"].ID) || !strings.Contains(text, words["restated_first"].EN) {
		t.Error("the page does not say that there is no earlier release")
	}
}

// A frozen month is reported as it was published; what is known now stands beside it.
func TestAFrozenMonthKeepsItsFigures(t *testing.T) {
	late, early := releases(t)
	frozen := december.AddDate(-2, 0, 0)
	text := writeFrozen(t, early, nil, late, frozen)
	printed := write(t, early, nil, frozen)
	for _, lang := range []string{words["frozen_text"].ID, words["frozen_text"].EN, late.ID} {
		if !strings.Contains(text, lang) || strings.Contains(printed, words["frozen_text"].EN) {
			t.Errorf("the page of a frozen month lacks %q, or another has it", lang)
		}
	}
	before, _, _ := strings.Cut(text, words["frozen"].ID)
	if same, _, _ := strings.Cut(printed, "<h2>"+words["restated"].ID); !strings.HasPrefix(same, strings.TrimSuffix(before, "<section>\n<h2>")) {
		t.Error("what stands above the revisions is not what was published")
	}
	if unchanged := writeFrozen(t, late, early, late, december); !strings.Contains(unchanged, words["frozen_none"].EN) {
		t.Error("a month frozen in the newest release has revisions")
	}
}

func TestHalfAYearIsNotJudged(t *testing.T) {
	late, early := releases(t)
	text := write(t, late, early, time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC))
	if strings.Contains(text, `class="light`) || !strings.Contains(text, words["running"].EN) {
		t.Error("a light in June")
	}
}

func TestSmallDestinationsAreNotNamed(t *testing.T) {
	db := figurestest.Late(t)
	if _, err := db.Exec(`update figures set value = 7 where breakdown = 'country' and member = 'TUR' and period = '2025-12'`); err != nil {
		t.Fatal(err)
	}
	release, err := figures.Open(context.Background(), db)
	if err != nil {
		t.Fatal(err)
	}
	if text := write(t, release, nil, december); strings.Contains(text, "2025-12/country=TUR") {
		t.Error("a destination with 7 services is named")
	}
}

func TestLights(t *testing.T) {
	for _, c := range []struct {
		direction string
		share     float64
		want      string
	}{{"up", 100, "met"}, {"up", 114.7, "met"}, {"up", 99.9, "near"}, {"up", 89.9, "missed"}, {"down", 80, "met"}, {"down", 105, "near"}, {"down", 150, "missed"}, {"context", 120, ""}} {
		if got := light(c.direction, c.share); got != c.want {
			t.Errorf("%s %v%% is %q, want %q", c.direction, c.share, got, c.want)
		}
	}
}

func TestValuesInWords(t *testing.T) {
	for _, c := range []struct {
		unit   string
		value  float64
		id, en string
	}{
		{"services", 297108, "297.108", "297,108"},
		{"%", 63.129, "63,1%", "63.1%"},
		{"percent", -1.25, "−1,2%", "−1.2%"},
		{"USD million", 15700, "US$15,70 miliar", "US$15.70 billion"},
		{"IDR", 349.4e12, "Rp349,40 triliun", "Rp349.40 trillion"},
		{"index", 0.2137, "0,214", "0.214"},
		{"days", 6.25, "6,2", "6.2"},
	} {
		if id, en := indonesian.value(c.unit, c.value), english.value(c.unit, c.value); id != c.id || en != c.en {
			t.Errorf("%v %s reads %q and %q, want %q and %q", c.value, c.unit, id, en, c.id, c.en)
		}
	}
	if got := english.points(1.25) + " " + indonesian.percentChange(0) + " " + english.percentChange(-0.01); got != "+1.2 percentage points 0,0% 0.0%" {
		t.Errorf("changes read %q", got)
	}
}

// Texts need a contrast of 4.5, lines and marks one of 3, in both themes.
func TestContrast(t *testing.T) {
	for _, theme := range regexp.MustCompile(`(?s):root \{(.*?)\}`).FindAllStringSubmatch(pageStyle, -1) {
		color := map[string]float64{}
		for _, c := range regexp.MustCompile(`--([a-z-]+): #([0-9a-f]{6});`).FindAllStringSubmatch(theme[1], -1) {
			color[c[1]] = luminance(c[2])
		}
		for _, pair := range []struct {
			ink, paper string
			least      float64
		}{{"ink", "paper", 4.5}, {"ink", "panel", 4.5}, {"soft", "paper", 4.5}, {"soft", "panel", 4.5}, {"main", "paper", 4.5}, {"warn", "warn-paper", 4.5}, {"warn", "paper", 4.5},
			{"met", "panel", 4.5}, {"near", "panel", 4.5}, {"missed", "panel", 4.5}, {"then", "paper", 3}} {
			a, b := color[pair.ink]+0.05, color[pair.paper]+0.05
			if ratio := math.Max(a/b, b/a); ratio < pair.least {
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
