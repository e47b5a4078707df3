package reports

import (
	"context"
	"html"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/kp2mi/lindung/figures"
)

var (
	articles   = regexp.MustCompile(`(?s)<article lang="(..)">(.*?)</article>`)
	referenced = regexp.MustCompile(`<(?:span|text)([^>]*\sdata-(?:figure|count|target)="[^>]*)>([^<]*)</(?:span|text)>`)
	attribute  = regexp.MustCompile(`data-([a-z]+)="([^"]*)"`)
)

// recount computes the numbers of a page again, from its addresses alone.
type recount struct {
	t        *testing.T
	releases figures.History
	targets  []figures.Target
	counts   map[string]float64
}

func (r recount) figure(text string) (float64, string) {
	r.t.Helper()
	a, err := figures.ParseAddress(text)
	if err != nil {
		r.t.Fatal(err)
	}
	release, err := r.releases.Release(a.Release)
	if err != nil {
		r.t.Fatal(err)
	}
	f, err := release.Value(context.Background(), a)
	if err != nil || f.Value == nil {
		r.t.Fatalf("%s: %+v, %v", text, f, err)
	}
	return *f.Value, f.Unit
}

func (r recount) target(name string) figures.Target {
	for _, t := range r.targets {
		if targetName(t) == name {
			return t
		}
	}
	r.t.Fatalf("target %q is not on record", name)
	return figures.Target{}
}

// want is the text that a number with these attributes must have.
func (r recount) want(l language, at map[string]string) string {
	switch at["op"] {
	case opTarget:
		t := r.target(at["target"])
		return l.value(t.Unit, t.Value)
	case opAttainment:
		value, _ := r.figure(at["figure"])
		return l.number(100*value/r.target(at["target"]).Value, 1) + "%"
	}
	if name, counted := at["count"]; counted && at["op"] == opCountShare {
		return l.number(100*r.counts[name]/r.counts[at["base"]], 1) + "%"
	} else if counted {
		return l.number(r.counts[name], 0)
	}
	value, unit := r.figure(at["figure"])
	var bases []float64
	for base := range strings.FieldsSeq(at["base"]) {
		b, _ := r.figure(base)
		bases = append(bases, b)
	}
	switch at["op"] {
	case opChangePercent:
		return l.percentChange(100 * (value/bases[0] - 1))
	case opChange:
		return l.change(unit, value-bases[0])
	case opShare:
		return l.number(100*value/bases[0], 1) + "%"
	case opRest:
		for _, b := range bases {
			value -= b
		}
	}
	return l.value(unit, value)
}

func TestEveryNumberIsAFigure(t *testing.T) {
	late, early := releases(t)
	t.Run("newest month", func(t *testing.T) { everyNumberIsAFigure(t, late, early, nil, december, 150) })
	frozen := december.AddDate(-2, 0, 0)
	t.Run("frozen month", func(t *testing.T) { everyNumberIsAFigure(t, early, nil, late, frozen, 100) })
}

func everyNumberIsAFigure(t *testing.T, release, previous, newest *figures.Release, at time.Time, atLeast int) {
	text := writeFrozen(t, release, previous, newest, at)
	m, err := collect(context.Background(), release, previous, newest, at)
	if err != nil {
		t.Fatal(err)
	}
	known := figures.NewHistory(release)
	for _, other := range []*figures.Release{previous, newest} {
		if other != nil {
			known = figures.NewHistory(append(known, other)...)
		}
	}
	targets, err := release.Targets(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	r := recount{t, known, targets, map[string]float64{"restated": float64(len(m.restated)),
		"revised_more": float64(len(m.revised) - restatedRows)}}
	for _, c := range m.conservation {
		for name, n := range map[string]int64{"in": c.In, "accepted": c.Accepted, "quarantined": c.Quarantined, "superseded": c.Superseded,
			"duplicates": c.Duplicates, "tombstoned": c.Tombstoned, "current": c.Current} {
			r.counts[c.Dataset+"."+name] = float64(n)
		}
	}
	countQuality(m.quality, r.counts)
	for _, article := range articles.FindAllStringSubmatch(text, -1) {
		numbers := referenced.FindAllStringSubmatch(article[2], -1)
		if len(numbers) < atLeast {
			t.Errorf("only %d numbers in %s", len(numbers), article[1])
		}
		for _, n := range numbers {
			at := map[string]string{}
			for _, a := range attribute.FindAllStringSubmatch(n[1], -1) {
				at[a[1]] = html.UnescapeString(a[2])
			}
			shown := strings.TrimSuffix(html.UnescapeString(n[2]), " [p]")
			if want := r.want(language(article[1]), at); shown != want {
				t.Errorf("%s: %v reads %q, computes %q", article[1], at, shown, want)
			}
		}
	}
}

// A number that carries no reference cannot be checked, so there must be none.
func TestNoNumberStandsAlone(t *testing.T) {
	late, early := releases(t)
	text := write(t, late, early, december)
	_, text, _ = strings.Cut(text, "<main>")
	text = referenced.ReplaceAllString(text, "")
	text = regexp.MustCompile(`<text class="axis"[^>]*>[^<]*</text>`).ReplaceAllString(text, "")
	text = regexp.MustCompile(`<(?:code|dd|li)>.*?</(?:code|dd|li)>`).ReplaceAllString(text, "") // definitions, codes, reasons
	text = regexp.MustCompile(`<[^>]*>`).ReplaceAllString(text, " ")
	if found := regexp.MustCompile(`\d[.,]\d+|\d+ ?%|[+−]\d|Rp\d|\$\d`).FindAllString(text, 5); found != nil {
		t.Errorf("numbers without a reference: %q", found)
	}
}

func TestCasesAreNationalOnly(t *testing.T) {
	late, early := releases(t)
	text := write(t, late, early, december)
	if found := regexp.MustCompile(`CMP-\d\d[^" ]*/[^" ]*=[^" ]*`).FindString(text); found != "" {
		t.Errorf("the page breaks cases down: %s", found)
	}
}
