package producers

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/transforms"
)

// A Column is a column of a source as it was found.
type Column struct {
	Name string
	Look *transforms.Profile
	Gone bool // the newest object no longer has it
}

// A Match says which column a field probably reads, and how sure that is.
type Match struct {
	Input  transforms.Input
	Column int // index of the columns; -1 when none fits
	Score  float64
	Why    string // what is uncertain; "" when nothing is
}

// What a score means.
const (
	probable = 0.45 // worth proposing
	sure     = 0.8  // needs no question
)

// What comes with the program is read once.
var (
	headerWords = sync.OnceValue(configs.Headers)
	definitions = sync.OnceValue(configs.Datasets)
)

// A Matcher finds columns for the fields of one dataset.
type Matcher struct {
	inputs []transforms.Input
	lists  *transforms.Lists
	words  configs.HeaderWords
	keys   int          // how many fields make up the key
	names  [][][]string // per input: the ways in which its column may be called, as words
}

// NewMatcher prepares the fields of a dataset.
func NewMatcher(dataset transforms.Dataset, lists *transforms.Lists) *Matcher {
	m := &Matcher{inputs: dataset.DescribeInputs(), lists: lists, words: headerWords()}
	described := map[string]configs.ColumnDefinition{}
	for _, d := range definitions() {
		if d.Name == dataset.Name() {
			for _, c := range d.Columns {
				described[c.Name] = c
			}
		}
	}
	for _, in := range m.inputs {
		called := append([]string{in.Name}, m.words.Of(dataset.Name(), in.Name)...)
		if c, ok := described[in.Name]; ok {
			called = append(called, firstWords(c.ID), firstWords(c.EN))
		}
		var names [][]string
		for _, name := range called {
			if words := m.split(name); len(words) > 0 {
				names = append(names, words)
			}
		}
		m.names = append(m.names, names)
		if in.Key {
			m.keys++
		}
	}
	return m
}

// firstWords is what a definition begins with: the name of the thing, before it is explained.
func firstWords(definition string) string {
	if i := strings.IndexAny(definition, ".,;:("); i >= 0 {
		definition = definition[:i]
	}
	if len(strings.Fields(definition)) > 4 {
		return ""
	}
	return definition
}

// split parts a name into its words, without case, with abbreviations written out and fillers
// left out (unless nothing else is there).
func (m *Matcher) split(name string) []string {
	var words, fillers []string
	var word strings.Builder
	end := func() {
		w := word.String()
		word.Reset()
		if w == "" {
			return
		}
		if m.words.Fillers[w] {
			fillers = append(fillers, w)
			return
		}
		if full, ok := m.words.Short[w]; ok {
			words = append(words, strings.Fields(full)...)
			return
		}
		words = append(words, w)
	}
	lower := false
	for _, r := range name {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			end()
			lower = false
			continue
		case unicode.IsUpper(r) && lower: // tanggalMasuk
			end()
		}
		lower = unicode.IsLower(r)
		word.WriteRune(unicode.ToLower(r))
	}
	end()
	if len(words) == 0 {
		return fillers
	}
	return words
}

// nameScore says how well a column's name fits a field, from 0 to 1.
func (m *Matcher) nameScore(column []string, input int) float64 {
	best := 0.0
	joined := strings.Join(column, "")
	for _, name := range m.names[input] {
		other := strings.Join(name, "")
		if joined == other {
			return 1
		}
		shared, telling := 0, false
		for _, w := range name {
			if slices.Contains(column, w) {
				shared++
				telling = telling || !m.words.Generic[w]
			}
		}
		if !telling {
			shared = 0
		}
		best = max(best, 0.85*2*float64(shared)/float64(len(name)+len(column)))
		if misspelt(joined, other) {
			best = max(best, 0.75)
		}
	}
	if best < 0.5 {
		return 0
	}
	return best
}

// misspelt says that two names differ by a slip of the pen: a letter of a short word, two of a
// long one.
func misspelt(a, b string) bool {
	if min(len(a), len(b)) < 5 || max(len(a), len(b))-min(len(a), len(b)) > 2 {
		return false
	}
	limit := 1
	if min(len(a), len(b)) >= 9 {
		limit = 2
	}
	return configs.Distance(a, b) <= limit
}

// score weighs a column's name against what its texts are.
func (m *Matcher) score(c Column, words []string, input int) (float64, string) {
	in := m.inputs[input]
	byName := m.nameScore(words, input)
	if byName < 0.6 && in.Key && m.keys == 1 && len(words) == 1 && m.words.Generic[words[0]] {
		return 0.6, "it may be no more than a running number of the file"
	}
	if c.Look == nil || c.Look.Filled() == 0 {
		return byName * 0.9, "the column is empty in what was looked at"
	}
	fit := c.Look.Fit(in, m.lists)
	if byName == 0 {
		return m.byTexts(c, in, fit)
	}
	why := ""
	if byName < sure {
		why = "the name fits only in part"
	}
	switch in.Kind {
	case transforms.TextInput, transforms.LabelInput, transforms.PassportInput:
	case transforms.CodeInput, transforms.YesNoInput, transforms.RegionCodeInput, transforms.RegionNameInput, transforms.QuarterInput:
		switch {
		case fit < 0.2 && byName < sure:
			return 0, ""
		case fit < 0.5:
			return byName * 0.8, "most of its texts are not known; see codes:"
		}
		byName = min(1, byName+0.1*fit)
	default:
		if fit < 0.5 {
			return byName * 0.5, "the name fits, its texts (" + c.Look.Form() + ") hardly do"
		}
		byName = min(1, byName+0.1*fit)
	}
	return byName, why
}

// byTexts matches a column whose name says nothing, where its texts say enough.
func (m *Matcher) byTexts(c Column, in transforms.Input, fit float64) (float64, string) {
	different, _ := c.Look.Different()
	switch {
	case in.Kind == transforms.NIKInput && fit >= 0.9:
		return 0.7, "by its texts alone: 16 digits"
	case in.Kind == transforms.CodeInput && fit >= 0.9 && different >= 3:
		return 0.5, "by its texts alone: they are in the " + strings.ReplaceAll(in.List, "_", " ") + " list"
	case in.Kind == transforms.RegionNameInput && fit >= 0.9 && different >= 3:
		return 0.48, "by its texts alone: they are names of regions"
	}
	return 0, ""
}

// Match gives every field its column, each column to one field: the best pairs first.
func (m *Matcher) Match(columns []Column) []Match {
	type pair struct {
		input, column int
		score         float64
		why           string
	}
	var pairs []pair
	for c, column := range columns {
		words := m.split(column.Name)
		for i := range m.inputs {
			if score, why := m.score(column, words, i); score >= probable {
				pairs = append(pairs, pair{i, c, score, why})
			}
		}
	}
	slices.SortStableFunc(pairs, func(a, b pair) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.input, b.input), cmp.Compare(a.column, b.column))
	})
	matches := make([]Match, len(m.inputs))
	for i, in := range m.inputs {
		matches[i] = Match{Input: in, Column: -1}
	}
	taken := map[int]bool{}
	for _, p := range pairs {
		if matches[p.input].Column >= 0 || taken[p.column] {
			continue
		}
		taken[p.column] = true
		matches[p.input].Column, matches[p.input].Score, matches[p.input].Why = p.column, p.score, p.why
	}
	return matches
}

// HeaderScore says how much a row of cells looks like the dataset's header: fields found by name
// weigh most, then names at all; numbers and nameless columns speak against it.
func (m *Matcher) HeaderScore(header []string) float64 {
	score := 0.0
	found := map[int]bool{}
	for _, name := range header {
		words := m.split(name)
		letters := strings.ContainsFunc(name, unicode.IsLetter)
		switch {
		case strings.HasPrefix(name, "column_") || !letters:
			score -= 2
		case len(name) > 60:
			score--
		default:
			score++
		}
		best, at := 0.0, -1
		for i := range m.inputs {
			if s := m.nameScore(words, i); s > best {
				best, at = s, i
			}
		}
		if best >= sure && !found[at] {
			found[at] = true
			score += 10
		}
	}
	return score
}
