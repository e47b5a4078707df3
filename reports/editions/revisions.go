package editions

import (
	"fmt"
	"strings"

	"github.com/kp2mi/lindung/figures"
)

// Revised is what changed between two editions of a subject.
type Revised struct {
	Mark      string                `json:"mark,omitempty"`
	Edition   string                `json:"edition"`
	After     string                `json:"after"`
	Release   string                `json:"release"` // the newest that the edition knows of
	Revisions []figures.Restatement `json:"revisions"`
}

func revised(e *Edition, list []figures.Restatement) Revised {
	r := Revised{Edition: e.ID, After: e.After, Release: e.Release.Newest, Revisions: list}
	if list == nil {
		r.Revisions = []figures.Restatement{}
	}
	if e.Sample {
		r.Mark = figures.SampleMark
	}
	return r
}

// revisedText says the same for people, in both languages.
func revisedText(e *Edition, list []figures.Restatement) string {
	var b strings.Builder
	if e.Sample {
		fmt.Fprintf(&b, "%s\n\n", figures.SampleMark)
	}
	for _, lang := range []string{"id", "en"} {
		in := func(id, en string) string { return figures.Text{ID: id, EN: en}.In(lang) }
		if lang == "en" {
			b.WriteString("\n--- English ---\n\n")
		}
		fmt.Fprintf(&b, in("CATATAN REVISI\n%s, edisi %d, sesudah %s; menurut rilis %s.\n\n", "REVISION NOTES\n%s, edition %d, after %s; by release %s.\n\n"),
			e.Title.In(lang), e.No, e.After, e.Release.Newest)
		if len(list) == 0 {
			b.WriteString(in("Tidak ada angka tercetak yang berubah.\n", "No printed figure changed.\n"))
		}
		for _, r := range list {
			fmt.Fprintf(&b, "%s: %s\n", r.Address, change(lang, r))
			if why := r.Why.In(lang); why != "" {
				fmt.Fprintf(&b, "    %s\n", why)
			}
		}
	}
	return b.String()
}

func change(lang string, r figures.Restatement) string {
	shown := func(v float64) string { return figures.Number(lang, v, min(2, figures.Decimals(v))) }
	if r.New == nil {
		return shown(*r.Old) + " → [x]"
	}
	return shown(*r.Old) + " → " + shown(*r.New)
}
