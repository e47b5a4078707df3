package sql

import (
	"strings"
	"testing"
)

func TestTwentyQuestions(t *testing.T) {
	all, err := Questions()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 20 {
		t.Errorf("%d questions, want 20", len(all))
	}
	for _, q := range all {
		if !strings.HasSuffix(q.Text.ID, "?") || !strings.HasSuffix(q.Text.EN, "?") {
			t.Errorf("%s is no question in both languages: %q, %q", q.Name, q.Text.ID, q.Text.EN)
		}
		if !strings.Contains(strings.ToLower(q.SQL), "order by") && q.Name != "open_cases_by_age" {
			t.Errorf("%s gives its rows in no order", q.Name)
		}
	}
}

func TestWhatIsNoQuestion(t *testing.T) {
	const good = "\n-- name: a\n-- id: Apa?\n-- en: What?\nselect 1;\n"
	for file, want := range map[string]string{
		"-- about the file\n" + good: "",
		good + good:                  `two questions are called "a"`,
		"\n-- name: a\n-- en: What?\n-- id: Apa?\nselect 1;\n":    `question "a": its name is followed by "-- id: …" and "-- en: …"`,
		"\n-- name: a\n-- id: Apa?\n-- en: What?\nselect 1\n":     `question "a": one query, ended by one semicolon`,
		"\n-- name: a\n-- id: Apa?\n-- en: What?\nselect 1; x;\n": `question "a": one query, ended by one semicolon`,
		"\n-- name: a\n-- id: Apa?\n":                             `question "a" has no text or no query`,
	} {
		all, err := parseQuestions(file)
		if want == "" {
			if err != nil || len(all) != 1 || all[0] != (Question{"a", Text{"Apa?", "What?"}, "select 1"}) {
				t.Errorf("%q: %+v, %v", file, all, err)
			}
			continue
		}
		if err == nil || err.Error() != "questions.sql: "+want {
			t.Errorf("%q: %v, want %s", file, err, want)
		}
	}
}
