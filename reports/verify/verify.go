package verify

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/reports/document"
)

// The kinds of findings.
const (
	Differs      = "differs"      // it reads otherwise than it computes
	Unknown      = "unknown"      // what it is made of is not known here
	Unreferenced = "unreferenced" // it is marked as a number and names no figure
	Unreadable   = "unreadable"   // it is no number, or its reference makes no sense
	Conflict     = "conflict"     // two sources tell what it is made of differently
	OtherRelease = "other_release"
	ChangedFile  = "changed_file" // a file of an edition is not what it was
)

// A Finding is one thing that is wrong with a finished report.
type Finding struct {
	Kind       string `json:"kind"`
	Place      string `json:"place,omitempty"`
	Printed    string `json:"printed,omitempty"`
	Recomputed string `json:"recomputed,omitempty"`
	Reference  string `json:"reference,omitempty"`
	Why        string `json:"why,omitempty"`
}

// A From says how many figures, targets and counts came from a source.
type From struct {
	Source string `json:"source"`
	Facts  int    `json:"facts"`
}

// A Result is the judgement on a finished report.
type Result struct {
	File      string    `json:"file"`
	Kind      string    `json:"report,omitempty"`
	Subject   string    `json:"subject,omitempty"`
	Release   string    `json:"release"`
	Edition   string    `json:"edition,omitempty"`
	Content   string    `json:"content,omitempty"`
	Identical bool      `json:"identical"`
	Numbers   int       `json:"numbers"` // that name what they are made of
	From      []From    `json:"from"`
	Findings  []Finding `json:"findings"`
}

// File reads a finished report and computes its numbers again from what the sources know, of
// which the first that knows a fact counts.
func File(ctx context.Context, name string, content []byte, sources ...Source) (*Result, error) {
	report, err := Read(name, content)
	if err != nil {
		return nil, err
	}
	return report.Verify(ctx, name, sources...)
}

// Verify computes the numbers of a report again.
func (r *Report) Verify(ctx context.Context, name string, sources ...Source) (*Result, error) {
	k, err := gather(ctx, r.Needs(), sources)
	if err != nil {
		return nil, fmt.Errorf("verifying %s: %w", name, err)
	}
	result := &Result{File: name, Kind: r.Meta[document.MetaKind], Subject: r.Meta[document.MetaSubject],
		Release: r.Release(), Content: r.Meta[document.MetaContent], From: k.bySource(), Findings: []Finding{}}
	for _, c := range k.conflicts {
		result.Findings = append(result.Findings, Finding{Kind: Conflict, Reference: c.name, Why: c.first + " and " + c.second + " do not tell the same"})
	}
	for _, n := range r.Numbers {
		if !n.Bare {
			result.Numbers++
		}
		if f := k.judge(n); f != nil {
			f.Place, f.Printed, f.Reference = n.Place, n.shown(), strings.TrimSpace(n.Ref.Attributes())
			result.Findings = append(result.Findings, *f)
		}
	}
	result.Identical = len(result.Findings) == 0
	return result, nil
}

// judge gives what is wrong with a number; nil where nothing is.
func (k *known) judge(n Number) *Finding {
	if n.Bare {
		return &Finding{Kind: Unreferenced, Why: "it is marked as a number and does not say what it is made of"}
	}
	if slices.Contains(marks, n.Text) && n.Value == nil {
		return k.judgeMark(n)
	}
	want, err := k.compute(n.Ref)
	var unknown errUnknown
	switch {
	case errors.As(err, &unknown):
		return &Finding{Kind: Unknown, Why: err.Error()}
	case err != nil:
		return &Finding{Kind: Unreadable, Why: err.Error()}
	case n.Value != nil:
		if f := want.judgeValue(*n.Value); f != nil || n.Text == "" {
			return f
		}
	}
	p, err := parse(n.Lang, n.Text)
	if err != nil {
		return &Finding{Kind: Unreadable, Why: err.Error()}
	}
	return want.judgeText(p, n.Ref.Unsigned)
}

// judgeMark compares the mark that stands in a value's place with why there is none.
func (k *known) judgeMark(n Number) *Finding {
	fact, knows := k.Figures[n.Ref.Figure]
	switch {
	case !knows:
		return &Finding{Kind: Unknown, Why: errUnknown{"figure " + n.Ref.Figure}.Error()}
	case fact.Value != nil && n.Text == statusMarks[figures.Suppressed]:
		return nil // a report may withhold what its release holds
	case fact.Value != nil:
		return &Finding{Kind: Differs, Why: "the figure has a value"}
	case statusMarks[fact.Status] != n.Text:
		return &Finding{Kind: Differs, Recomputed: statusMarks[fact.Status]}
	}
	return nil
}

// judgeText compares what is printed with how the value would be printed in the same form.
func (r result) judgeText(p printed, unsigned bool) *Finding {
	if why := r.wrongUnit(p); why != "" {
		return &Finding{Kind: Differs, Recomputed: p.as(r.amount(), unsigned).text(), Why: why}
	}
	want := p.as(r.amount(), unsigned).text()
	if want == p.text() {
		return nil
	}
	return &Finding{Kind: Differs, Recomputed: want}
}

// wrongUnit says what about a printed number's unit is not its figure's.
func (r result) wrongUnit(p printed) string {
	currency, _, money := figures.Amount(r.unit, 0)
	sign, before := "", strings.TrimSpace(p.before)
	if money {
		sign = map[string]string{"USD": "US$", "IDR": "Rp"}[currency]
	}
	switch {
	case r.plain:
	case before != "" && before != sign:
		return fmt.Sprintf("%q stands before it, and its unit is %q", before, r.unit)
	case p.mark != unmarked && p.scale != 1:
		return "a percentage is counted in ones"
	case p.mark != unmarked && p.mark != r.mark && r.mark == perPoints:
		return "it is a difference of two percentages, and is given in per cent"
	case p.mark != unmarked && p.mark != r.mark:
		return fmt.Sprintf("%q stands behind it, and its unit is %q", strings.TrimSpace(p.after), r.unit)
	}
	return ""
}

// judgeValue compares a value that a file holds itself, such as a spreadsheet's: money may be in the
// figure's unit or in single dollars or rupiah.
func (r result) judgeValue(value float64) *Finding {
	for _, want := range []float64{r.value, r.amount()} {
		if math.Abs(value-want) <= 1e-9*math.Abs(want) {
			return nil
		}
	}
	return &Finding{Kind: Differs, Recomputed: strconv.FormatFloat(r.value, 'g', -1, 64)}
}

func (n Number) shown() string {
	if n.Text == "" && n.Value != nil {
		return strconv.FormatFloat(*n.Value, 'g', -1, 64)
	}
	return n.Text
}

// shownFindings is how many findings are written for people; JSON has all.
const shownFindings = 20

// WriteText says for people whether the report is identical, and what differs.
func (r *Result) WriteText(w io.Writer) error {
	var b strings.Builder
	if r.Identical {
		fmt.Fprintf(&b, "%s: identical. All %d numbers are what release %s computes.\n", r.File, r.Numbers, r.Release)
	} else {
		fmt.Fprintf(&b, "%s: not identical. %d of %d numbers stand as release %s computes them.\n", r.File, r.Numbers-r.wrong(), r.Numbers, r.Release)
	}
	for _, f := range r.From {
		fmt.Fprintf(&b, "  %d figures, targets and counts from %s\n", f.Facts, f.Source)
	}
	for i, f := range r.Findings {
		if i == shownFindings {
			fmt.Fprintf(&b, "  … and %d more; --output json lists all\n", len(r.Findings)-i)
			break
		}
		b.WriteString("  " + f.String() + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// wrong counts the numbers, and not the releases and figures as such, that something is wrong with.
func (r *Result) wrong() (n int) {
	for _, f := range r.Findings {
		if f.Kind == Differs || f.Kind == Unknown || f.Kind == Unreadable {
			n++
		}
	}
	return n
}

// String says what is wrong, where, and by what.
func (f Finding) String() string {
	parts := []string{f.Kind}
	if f.Place != "" {
		parts = append(parts, f.Place)
	}
	if f.Printed != "" {
		parts = append(parts, fmt.Sprintf("printed %q", f.Printed))
	}
	if f.Recomputed != "" {
		parts = append(parts, fmt.Sprintf("computes %q", f.Recomputed))
	}
	if f.Why != "" {
		parts = append(parts, f.Why)
	}
	text := strings.Join(parts, ": ")
	if f.Reference != "" {
		text += " [" + f.Reference + "]"
	}
	return text
}
