package lint

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// A Severity says whether a publication must stop.
type Severity string

// An error is a contradiction that arithmetic proves. A warning is what a reader
// will take wrongly, or what is probably wrong.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// A Finding is one place where figures contradict themselves.
type Finding struct {
	Rule       string   `json:"rule"`
	Severity   Severity `json:"severity"`
	File       string   `json:"file"`
	Line       int      `json:"line"` // of the file; of a workbook, the row of the sheet
	Table      string   `json:"table,omitempty"`
	Row        string   `json:"row,omitempty"`
	Column     string   `json:"column,omitempty"`
	Message    string   `json:"message"`
	Arithmetic string   `json:"arithmetic,omitempty"`
	Figures    []string `json:"figures"` // the numbers concerned, as they are written
	Remedy     string   `json:"remedy"`
}

// longDigits are numbers of persons: identity, telephone and account numbers are never
// shown again, even where they stand in the place of a label.
var longDigits = regexp.MustCompile(`\d{10,}`)

// quote gives words of the document as they stand there, shortened.
func quote(text string) string {
	text = strings.Join(strings.Fields(longDigits.ReplaceAllString(text, "…")), " ")
	if short := []rune(text); len(short) > 80 {
		text = string(short[:79]) + "…"
	}
	return "“" + text + "”"
}

// place is where in its file a finding stands.
func (f Finding) place() string {
	var parts []string
	for _, p := range []struct{ name, text string }{{"table", f.Table}, {"row", f.Row}, {"column", f.Column}} {
		if p.text != "" {
			parts = append(parts, p.name+" "+quote(p.text))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, ", ") + ": "
}

// WriteText writes findings for people: place, what is wrong, the arithmetic, what to do.
func WriteText(w io.Writer, findings []Finding) error {
	var b strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&b, "%s:%d: %s %s: %s%s\n", f.File, f.Line, f.Severity, f.Rule, f.place(), f.Message)
		if f.Arithmetic != "" {
			fmt.Fprintf(&b, "    %s\n", f.Arithmetic)
		}
		fmt.Fprintf(&b, "    → %s\n", f.Remedy)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// WriteJSON writes findings for programs: always an array.
func WriteJSON(w io.Writer, findings []Finding) error {
	if findings == nil {
		findings = []Finding{}
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(findings)
}

// Errors counts the findings that must stop a publication.
func Errors(findings []Finding) int {
	n := 0
	for _, f := range findings {
		if f.Severity == Error {
			n++
		}
	}
	return n
}

// report collects findings of one document.
type report struct {
	file     string
	findings []Finding
}

func (r *report) add(f Finding) {
	f.File = r.file
	if rule, known := ruleOf(f.Rule); known && f.Remedy == "" {
		f.Remedy = rule.Remedy
	}
	if f.Severity == "" {
		f.Severity = Error
	}
	if f.Figures == nil {
		f.Figures = []string{}
	}
	f.Table, f.Row, f.Column = clean(f.Table), clean(f.Row), clean(f.Column)
	r.findings = append(r.findings, f)
}

// clean is a label without numbers of persons.
func clean(label string) string { return longDigits.ReplaceAllString(label, "…") }

func (r *report) sorted() []Finding {
	slices.SortStableFunc(r.findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Column, b.Column))
	})
	return slices.CompactFunc(r.findings, func(a, b Finding) bool {
		return a.Line == b.Line && a.Rule == b.Rule && a.Message == b.Message && a.Column == b.Column && a.Row == b.Row
	})
}
