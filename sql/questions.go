package sql

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed questions.sql
var questionsFile string

// A Question is one that analysts ask, with the query that answers it.
type Question struct {
	Name string
	Text Text
	SQL  string // one SELECT, without a closing semicolon
}

// Questions returns the shipped questions, in the order of their file.
func Questions() ([]Question, error) { return parseQuestions(questionsFile) }

// parseQuestions reads blocks that begin with "-- name:", go on with "-- id:" and "-- en:", and end with a semicolon.
func parseQuestions(file string) (all []Question, err error) {
	seen := map[string]bool{}
	_, file, _ = strings.Cut(file, "\n-- name: ") // what comes before is about the file
	for block := range strings.SplitSeq(file, "\n-- name: ") {
		lines := strings.SplitN(block, "\n", 4)
		if len(lines) < 4 {
			return nil, fmt.Errorf("questions.sql: question %q has no text or no query", lines[0])
		}
		q := Question{Name: strings.TrimSpace(lines[0])}
		var hasID, hasEN, ended bool
		q.Text.ID, hasID = strings.CutPrefix(lines[1], "-- id: ")
		q.Text.EN, hasEN = strings.CutPrefix(lines[2], "-- en: ")
		q.SQL, ended = strings.CutSuffix(strings.TrimSpace(lines[3]), ";")
		switch {
		case !hasID || !hasEN:
			return nil, fmt.Errorf("questions.sql: question %q: its name is followed by \"-- id: …\" and \"-- en: …\"", q.Name)
		case !ended || strings.Contains(q.SQL, ";"):
			return nil, fmt.Errorf("questions.sql: question %q: one query, ended by one semicolon", q.Name)
		case seen[q.Name]:
			return nil, fmt.Errorf("questions.sql: two questions are called %q", q.Name)
		}
		seen[q.Name] = true
		all = append(all, q)
	}
	return all, nil
}
