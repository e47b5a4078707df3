package configs

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Error is one mistake in a configuration file: where it is, and what to do about it.
type Error struct {
	File    string // as people know it, relative to the project folder
	Line    int    // 0: the file as a whole
	Column  int    // 0: the line as a whole
	Message string
}

// Error says "file:line:column: message".
func (e Error) Error() string {
	switch {
	case e.Line == 0:
		return fmt.Sprintf("%s: %s", e.File, e.Message)
	case e.Column == 0:
		return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Message)
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
}

// Errors are all mistakes that were found, in the order of their places.
type Errors []Error

// Error has one line per mistake.
func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i, one := range e {
		lines[i] = one.Error()
	}
	return strings.Join(lines, "\n")
}

// ordered returns the mistakes by place, each once, as an error that is nil when there is none.
func (e Errors) ordered() error {
	if len(e) == 0 {
		return nil
	}
	all := slices.Clone(e)
	slices.SortStableFunc(all, func(a, b Error) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Message, b.Message))
	})
	return slices.Compact(all)
}

// AsErrors returns the mistakes inside err. An error that has no place of its own gets the one
// given, so that a check made outside this package reads like one made here.
func AsErrors(err error, file string, line int) Errors {
	if err == nil {
		return nil
	}
	var many Errors
	if errors.As(err, &many) {
		return many
	}
	var one Error
	if errors.As(err, &one) {
		return Errors{one}
	}
	return Errors{{File: file, Line: line, Message: err.Error()}}
}

// Suggest returns the known word that was probably meant, or "" when none is near.
func Suggest(word string, known []string) string {
	word = strings.ToLower(word)
	best, bestCost := "", 0
	for _, k := range known {
		low := strings.ToLower(k)
		cost := distance(word, low)
		if len(word) >= 4 && len(low) >= 4 && (strings.HasPrefix(low, word) || strings.HasPrefix(word, low)) {
			cost = min(cost, 2)
		}
		if limit := max(1, min(len(word), len(low))/3); cost > limit {
			continue
		}
		if best == "" || cost < bestCost {
			best, bestCost = k, cost
		}
	}
	return best
}

// meant ends a message about an unknown word: with the nearest known one, else with all of them.
func meant(what, word string, known []string) string {
	if s := Suggest(word, known); s != "" {
		return fmt.Sprintf("; did you mean %q?", s)
	}
	if len(known) == 0 {
		return ""
	}
	return fmt.Sprintf("; known %s: %s", what, strings.Join(known, ", "))
}

// Distance counts the insertions, deletions, substitutions and swaps of neighbours between two words.
func Distance(a, b string) int { return distance(a, b) }

// distance counts the insertions, deletions, substitutions and swaps of neighbours between a and b.
func distance(a, b string) int {
	if len(a) > 64 || len(b) > 64 { // no key is that long, and the cost grows with both
		return len(a) + len(b)
	}
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
