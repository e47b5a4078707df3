package content

import (
	"strings"

	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/reports/document"
	"github.com/kp2mi/lindung/reports/words"
)

// A pen writes figures down in one language, each with its reference.
type pen struct {
	words.Language
	restated map[figures.Address]bool // without a release: they have another value than in the release before
}

// figure is a figure as it stands; without a value it is its mark alone.
func (p pen) figure(f *figures.Figure) document.Number {
	switch {
	case f == nil:
		return document.Number{Text: "[x]", Mark: "[x]"}
	case f.Value == nil:
		return document.Number{Text: mark(f.Status), Mark: mark(f.Status), Ref: refer(document.OpValue, f)}
	}
	return document.Number{Text: p.Value(f.Unit, *f.Value), Value: f.Value, Format: format(f.Unit), Mark: p.markOf(f), Ref: refer(document.OpValue, f)}
}

// markOf is the marks of a figure with a value: [p] provisional, [r] revised since the release before.
func (p pen) markOf(f *figures.Figure) string {
	marks := mark(f.Status)
	a := f.Address
	a.Release = ""
	if p.restated[a] {
		marks = strings.TrimSpace(marks + " [r]")
	}
	return marks
}

// change is how a figure moved against another: in percentage points for shares, in per cent for
// everything else. It has no text where nothing can be compared.
func (p pen) change(now, then *figures.Figure) document.Number {
	switch {
	case !hasValue(now) || !hasValue(then):
		return document.Number{}
	case percent(now.Unit):
		by := *now.Value - *then.Value
		return document.Number{Text: p.Points(by), Value: &by, Format: document.Format{Decimals: 1, Suffix: " pp", Signed: true}, Ref: refer(document.OpChange, now, then)}
	case *then.Value == 0:
		return document.Number{}
	}
	by := 100 * (*now.Value / *then.Value - 1)
	return document.Number{Text: p.PercentChange(by), Value: &by, Format: document.Format{Decimals: 1, Suffix: "%", Signed: true}, Ref: refer(document.OpChangePercent, now, then)}
}

// share is a part of a whole in per cent.
func (p pen) share(part, whole *figures.Figure) document.Number {
	if !hasValue(part) || !hasValue(whole) || *whole.Value == 0 {
		return document.Number{}
	}
	share := 100 * *part.Value / *whole.Value
	return document.Number{Text: p.Number(share, 1) + "%", Value: &share, Format: document.Format{Decimals: 1, Suffix: "%"}, Ref: refer(document.OpShare, part, whole)}
}

func refer(op string, f *figures.Figure, bases ...*figures.Figure) document.Reference {
	r := document.Reference{Op: op, Figure: f.Address.String()}
	for _, base := range bases {
		r.Bases = append(r.Bases, base.Address.String())
	}
	return r
}

func hasValue(f *figures.Figure) bool { return f != nil && f.Value != nil }

func percent(unit string) bool { return strings.HasPrefix(unit, "%") || unit == "percent" }

func format(unit string) document.Format {
	if _, _, money := figures.Amount(unit, 0); money {
		return document.Format{}
	}
	if percent(unit) {
		return document.Format{Decimals: 1, Suffix: "%"}
	}
	return document.Format{}
}

// mark is the shorthand for a value status.
func mark(status string) string {
	switch status {
	case figures.Provisional:
		return "[p]"
	case figures.Suppressed:
		return "[c]"
	case figures.NotAvailable:
		return "[x]"
	}
	return ""
}
