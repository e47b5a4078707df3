package transforms

import (
	"strings"
	"time"
)

// Fields reads the record at hand, column by column, and collects every problem instead of
// stopping at the first. A dataset's normaliser calls one method per column, always all of them
// and in the same order: the reader remembers that order, so that looking a column up by its name
// costs next to nothing, and Bind learns the dataset's columns by running the normaliser once.
type Fields struct {
	env     *Env
	units   Units
	zone    *time.Location
	amounts amountRules

	batch     Records
	row       int
	slots     []slot
	byName    map[string]int
	cursor    int
	tour      bool // the first run, which only takes down the columns
	tokenised bool // some column is a direct identifier

	problems []Problem

	months        map[int]string
	spans         map[string]span
	lastMonth     int
	lastMonthText string
	titles        memo // job titles by occupation

	texts    slab[string]
	numbers  slab[int32]
	tokens   slab[Token]
	longs    slab[int64]
	bytes    textSlab
	yes      bool
	no       bool
	pair     []byte
	observed *int64 // the delivery's time, for rows without a version
}

// A slot is one input column: where its text is found and what is known about it.
type slot struct {
	name     string
	kind     InputKind
	listName string
	required bool
	class    string // how personal the column is, where no column of the dataset says so
	list     *list
	codes    map[string]string // the feed's own codes, by folded text
	col      int               // column of the batch; -1 when it has none
	constant string
	fixed    bool // the text is constant
	memo     *memo
}

const noColumn = -1

// slot finds an input column. Calls come in the same order for every record, so the column is
// nearly always the next one.
func (f *Fields) slot(name string) *slot {
	if i := f.cursor; i < len(f.slots) && f.slots[i].name == name {
		f.cursor = i + 1
		return &f.slots[i]
	}
	i, ok := f.byName[name]
	if !ok {
		i = len(f.slots)
		f.byName[name] = i
		f.slots = append(f.slots, slot{name: name, col: noColumn, memo: new(memo)})
	}
	f.cursor = i + 1
	return &f.slots[i]
}

// declare takes down what the first run learns about a column.
func (f *Fields) declare(s *slot, listName string, required bool) {
	s.required = s.required || required
	if listName != "" {
		s.kind, s.listName = CodeInput, listName
	}
	if listName != "" && f.env != nil {
		s.list = f.env.Lists.byName[listName]
		if s.list == nil {
			panic("transforms: column " + s.name + " names code list " + listName + ", which does not exist")
		}
	}
}

// raw is a column's text without surrounding blanks.
func (f *Fields) raw(s *slot) string {
	if s.col >= 0 {
		return trim(f.batch.Cell(f.row, s.col))
	}
	if s.fixed {
		return s.constant
	}
	return ""
}

// begin turns to a record of the batch.
func (f *Fields) begin(row int) {
	f.row, f.cursor = row, 0
	f.problems = f.problems[:0]
}

// report adds a problem of a column.
func (f *Fields) report(s *slot, code, message string) {
	f.problems = append(f.problems, Problem{Code: code, Column: s.name, Message: message})
}

// missing reports a required column without a text.
func (f *Fields) missing(s *slot) {
	f.report(s, MissingRequired, s.name+": empty; fill it in at the source or give a constant under fields:")
}

// recall gives the outcome of a column's text, working it out when it is seen for the first time.
func (f *Fields) recall(s *slot, work func(text string) outcome) *outcome {
	text := f.raw(s)
	if o := s.memo.find(text); o != nil {
		return o
	}
	clean := text
	if ours, ok := s.codes[strings.ToLower(text)]; ok && text != "" {
		clean = ours
	}
	if isNothing(clean) {
		clean = ""
	}
	return s.memo.keep(text, work(clean))
}

// settle reports the problem of an outcome, if it has one, and says whether there is a value.
func (f *Fields) settle(s *slot, o *outcome) bool {
	if o.code == "" {
		return true
	}
	f.report(s, o.code, o.message)
	return false
}

// trim cuts blanks and no-break spaces off both ends.
func trim(text string) string {
	if text == "" {
		return text
	}
	if first, last := text[0], text[len(text)-1]; first > ' ' && last > ' ' && first < 0x80 && last < 0x80 {
		return text
	}
	return strings.Trim(text, " \t\r\n\u00a0\ufeff\u200b")
}

// cutPrefix and cutSuffix cut an ASCII word off a text in any case. They look at bytes: changing the
// case of a whole text first may change its length.
func cutPrefix(text, word string) (rest string, ok bool) {
	if len(text) >= len(word) && strings.EqualFold(text[:len(word)], word) {
		return text[len(word):], true
	}
	return text, false
}

func cutSuffix(text, word string) (rest string, ok bool) {
	at := len(text) - len(word)
	if at >= 0 && strings.EqualFold(text[at:], word) {
		return text[:at], true
	}
	return text, false
}

// isNothing says whether a text stands for "no value" in the files that people fill in.
func isNothing(text string) bool {
	if len(text) > 7 {
		return false
	}
	switch strings.ToLower(text) {
	case "", "-", "--", "---", "null", "nil", "none", "nan", "n/a", "na", "#n/a", "kosong", "unknow", "unknown", "?":
		return true
	}
	return false
}

// quoted shows a text in a message. A text that resembles nothing known may have come from a
// shifted column that holds a name or a number of a person, so then only a short single word with
// few digits is shown.
func quoted(text string, resembles bool) string {
	if resembles && len(text) <= 48 || len(text) <= 12 && !strings.Contains(text, " ") && digitsIn(text) < 6 {
		return `"` + text + `"`
	}
	return notShown(text)
}

func notShown(text string) string {
	return "(a text of " + plural(len([]rune(text)), "character") + ", not shown)"
}

func digitsIn(text string) int {
	n := 0
	for i := 0; i < len(text); i++ {
		if text[i] >= '0' && text[i] <= '9' {
			n++
		}
	}
	return n
}

// shown shows a code in a message, if it is short enough to be one.
func shown(code string) string { return quoted(code, false) }

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return decimalText(int64(n), 0) + " " + word + "s"
}
