package lint

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/kp2mi/lindung/figures/arithmetic"
)

// A fact is one thing with its value: what is measured, of when, where.
type fact struct {
	key   string
	value figure
	line  int
	table string // where it stands in one
}

var (
	targetWord = regexp.MustCompile(`(?i)\b(?:di|me)?[tn]arget(?:kan|nya|s|ed)?\b`)
	// Words that say that a value has been replaced or is not exact.
	notTheValue = regexp.MustCompile(`(?i)\b(?:semula|sebelumnya|direvisi|revisi|awalnya|lama|bukan|dari|realisasi|capaian|actual|achieved|of\s+the\s+target|hingga|sampai|lebih|kurang|sekitar|hampir|minimal|maksimal|rata-rata|earlier|revised|previous(?:ly)?|former(?:ly)?|original(?:ly)?|until|about|nearly|more|less|at\s+least|up\s+to|instead|versus|vs)\b`)
	scopeWords  = regexp.MustCompile(`(?:\b(?i:ke|di|untuk|dari|provinsi|negara|to|in|for|from)\s+)((?:\p{Lu}[\pL-]+\s?)+)`)
	stemWord    = regexp.MustCompile(`[\pL]{3,}`)
)

// measures are the things that the ministry counts, by the stems of their words.
var measures = []struct{ name, stems string }{
	{"placement", `penempat|ditempatkan|placement|placed|diberangkatkan|kirim|berangkat`},
	{"complaint", `pengadu|aduan|complaint`},
	{"case", `kasus|\bcases?\b`},
	{"remittance", `remit|devisa`},
	{"return", `pemulang|dipulangkan|kepulang|deport|repatriat`},
	{"death", `jenazah|meninggal|death`},
	{"training", `pelatih|dilatih|train`},
	{"loan", `\bkur\b|kredit|loan`},
	{"funding", `anggar|dana|budget`},
}

var measurePatterns = func() (all []*regexp.Regexp) {
	for _, m := range measures {
		all = append(all, regexp.MustCompile(`(?i)`+m.stems))
	}
	return all
}()

// qualifiers narrow a measure; two facts with different ones are different facts.
var qualifiers = regexp.MustCompile(`(?i)\b(?:perempuan|wanita|laki-laki|laki|pria|formal|informal|prosedural|nonprosedural|selesai|proses|perawat|terampil|skilled|women|men|female|male|resolved|semester|triwulan|kuartal|quarter|bulanan|harian|i|ii|iii|iv|januari|februari|maret|april|mei|juni|juli|agustus|september|oktober|november|desember|january|february|march|may|june|july|august|october|december)\b`)

// targetKey names what a target is of: measure, year, scope. Actors and verbs are left out,
// because they differ between two statements of the same target.
func targetKey(text string, year int, u unit) (string, bool) {
	if !targetWord.MatchString(text) || notTheValue.MatchString(text) {
		return "", false
	}
	var parts []string
	for i, p := range measurePatterns {
		if p.MatchString(text) {
			parts = append(parts, measures[i].name)
		}
	}
	for _, q := range qualifiers.FindAllString(text, -1) {
		parts = append(parts, strings.ToLower(q))
	}
	for _, m := range scopeWords.FindAllStringSubmatch(text, -1) {
		if scope := strings.ToLower(strings.TrimSpace(m[1])); scope != "indonesia" && months[scope] == 0 {
			parts = append(parts, "in "+scope)
		}
	}
	slices.Sort(parts)
	kind := "count"
	if !u.whole() && u != "" {
		kind = string(u)
	}
	return fmt.Sprintf("target %s %d %s", strings.Join(slices.Compact(parts), " "), year, kind), true
}

// statementKey names a plain statement by all its words; only the value may differ.
func statementKey(c *sentence) string {
	var words []string
	for _, w := range stemWord.FindAllString(strings.ToLower(c.text), -1) {
		if languageWords[w] == unknown || months[w] > 0 || qualifiers.MatchString(w) {
			words = append(words, w)
		}
	}
	slices.Sort(words)
	return strings.Join(slices.Compact(words), " ") + fmt.Sprint(c.years)
}

// facts are the values that a clause gives: one number of one year.
func (c *sentence) facts() []fact {
	var values []mention
	for _, f := range c.figures {
		if !f.unit.relative() {
			values = append(values, f)
		}
	}
	if len(values) != 1 {
		return nil
	}
	years := slices.Compact(slices.Sorted(slices.Values(c.years)))
	if len(years) != 1 {
		return nil
	}
	f := fact{value: values[0].figure, line: c.line}
	if key, ok := targetKey(c.text, years[0], f.value.unit); ok {
		f.key = key
		if !measured(c.text) {
			f.key += " under " + c.heading // each heading has targets of its own
		}
		return []fact{f}
	}
	if !measured(c.text) || notTheValue.MatchString(c.text) || targetWord.MatchString(c.text) || len(c.figures) != 1 {
		return nil
	}
	f.key = statementKey(c)
	return []fact{f}
}

// targets are the target rows of a table.
func (g *grid) targets() (all []fact) {
	for _, row := range g.rows {
		for _, c := range g.figureColumns() {
			f := row.cells[c]
			text := row.label + " " + g.cols[c].head
			if f == nil || f.unit.relative() || !targetWord.MatchString(text) {
				continue
			}
			years := slices.Compact(slices.Sorted(slices.Values(yearsIn(text))))
			if len(years) == 0 {
				years = slices.Compact(slices.Sorted(slices.Values(yearsIn(g.title))))
			}
			if len(years) != 1 {
				continue
			}
			if rest := targetWord.ReplaceAllString(row.label, ""); len(stemWord.FindAllString(rest, -1)) > 0 && !measured(rest) {
				continue // a row of a breakdown: its target is its own
			}
			if key, ok := targetKey(text+" "+g.subject(), years[0], f.unit); ok {
				all = append(all, fact{key, *f, row.line, g.name()})
			}
		}
	}
	return all
}

func measured(text string) bool {
	return slices.ContainsFunc(measurePatterns, func(p *regexp.Regexp) bool { return p.MatchString(text) })
}

var splitBy = regexp.MustCompile(`(?i)\b(?:menurut|berdasarkan|per|by|dirinci)\b`)

// subject is what a table counts: its title before “menurut”.
func (g *grid) subject() string {
	if at := splitBy.FindStringIndex(g.title); at != nil {
		return g.title[:at[0]]
	}
	return g.title
}

// checkTwice reports one thing with two values.
func checkTwice(r *report, facts []fact) {
	first := map[string]fact{}
	told := map[string]bool{}
	for _, f := range facts {
		a, seen := first[f.key]
		if !seen {
			first[f.key] = f
			continue
		}
		if math.Abs(a.value.val-f.value.val) <= a.value.half+f.value.half+arithmetic.Slack(a.value.val) || a.value.unit != f.value.unit && a.value.unit != "" && f.value.unit != "" && !(a.value.unit.whole() && f.value.unit.whole()) {
			continue
		}
		if again := f.key + f.value.raw; !told[again] {
			told[again] = true
			what := "the same statement"
			if strings.HasPrefix(f.key, "target ") {
				what = "the same target"
			}
			r.add(Finding{Rule: twoValues, Line: f.line, Table: f.table, Figures: []string{a.value.raw, f.value.raw},
				Message: fmt.Sprintf("%s is %s here and %s in line %d", what, f.value.raw, a.value.raw, a.line)})
		}
	}
}

// checkRepeats reports a label that stands twice in a table with different values.
func (g *grid) checkRepeats(r *report) {
	published := slices.ContainsFunc(g.rows, func(l tableRow) bool { return l.kind == totalRow }) || len(g.columnYears()) > 0
	if g.long || !published {
		return
	}
	first := map[string]tableRow{}
	section := ""
	for _, row := range g.rows {
		switch row.kind {
		case sectionRow, totalRow:
			section, first = row.label, map[string]tableRow{}
			continue
		}
		key := section + "/" + strings.ToLower(row.label)
		a, seen := first[key]
		if !seen || row.label == "" {
			first[key] = row
			continue
		}
		for _, c := range g.figureColumns() {
			x, y := a.cells[c], row.cells[c]
			if x != nil && y != nil && x.val != y.val {
				r.add(Finding{Rule: twoValues, Line: row.line, Table: g.name(), Row: row.label, Column: g.cols[c].head, Figures: []string{x.raw, y.raw},
					Message: fmt.Sprintf("the row stands twice: %s here and %s in line %d", y.raw, x.raw, a.line)})
				break
			}
		}
	}
}
