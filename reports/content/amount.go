package content

import (
	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/reports/document"
)

// An amount is a count as it stands in a cell: one figure, the sum of several, or a sum less another.
// Where the release tells a total and nothing of a member, nothing was counted of it: zero.
type amount struct {
	known       bool
	value       float64
	unit        string
	parts       []*figures.Figure // that are added up
	less        []*figures.Figure // that are taken off again
	zero        string            // address of what was not counted, where there are no parts
	totals      []*figures.Figure // of the periods: what says that nothing was counted
	provisional bool
	status      string // of one that is not known; empty: the release has no such figure
}

// sum adds up a measure of one member, or of all (no breakdown), over periods that do not overlap.
func (b *Book) sum(kpi, measure string, periods []figures.Period, breakdown string, members ...string) amount {
	d, err := b.Release.Define(kpi, measure)
	if err != nil || len(periods) == 0 {
		return amount{}
	}
	if breakdown != "" && !b.spreads[spreadKey{kpi, d.Measure, breakdown}] {
		return amount{} // nothing is told by it: a member without a figure is not zero
	}
	a := amount{known: true, unit: d.Unit}
	if len(members) == 0 {
		members = []string{""}
	}
	for _, period := range periods {
		total := b.Total(kpi, measure, period)
		if !hasValue(total) {
			return unknown(total)
		}
		a.totals = append(a.totals, total)
		for _, member := range members {
			f := b.Member(kpi, measure, period, breakdown, member)
			switch {
			case f == nil: // nothing of it in a period that is told
			case f.Value == nil:
				return unknown(f)
			default:
				a.parts = append(a.parts, f)
				a.value += *f.Value
				a.provisional = a.provisional || f.Status == figures.Provisional
			}
		}
	}
	if len(a.parts) == 0 {
		a.zero = figures.Address{KPI: d.KPI, Measure: d.Measure, Period: periods[0].String(), Breakdown: breakdown, Member: members[0], Release: b.Release.ID}.String()
		a.provisional = a.totals[0].Status == figures.Provisional
	}
	return a
}

func unknown(f *figures.Figure) amount {
	if f == nil {
		return amount{}
	}
	return amount{status: f.Status, totals: []*figures.Figure{f}}
}

// without is an amount less others, of which the release need not name what is left.
func (a amount) without(others []amount) amount {
	if !a.known {
		return a
	}
	for _, o := range others {
		if !o.known {
			return o
		}
		a.value -= o.value
		a.less = append(a.less, o.parts...)
	}
	return a
}

// simple says that the amount is one figure as it stands.
func (a amount) simple() bool { return a.known && len(a.parts) == 1 && len(a.less) == 0 }

func addresses(list []*figures.Figure) []string {
	var all []string
	for _, f := range list {
		all = append(all, f.Address.String())
	}
	return all
}

// ref is a reference whose sum is the amount's parts.
func (a amount) ref(op string) document.Reference {
	if len(a.parts) == 0 {
		return document.Reference{Op: op}
	}
	return refer(op, a.parts[0], a.parts[1:]...)
}

// amount writes an amount down; what is not known is its mark alone.
func (p pen) amount(a amount) document.Number {
	if !a.known {
		n := document.Number{Text: "[x]", Mark: "[x]"}
		if len(a.totals) > 0 {
			n.Text = mark(a.status)
			n.Mark, n.Ref = n.Text, refer(document.OpValue, a.totals[0])
		}
		return n
	}
	if a.simple() {
		return p.figure(a.parts[0])
	}
	value := a.value
	n := document.Number{Text: p.Value(a.unit, value), Value: &value, Format: format(a.unit)}
	if a.provisional {
		n.Mark = mark(figures.Provisional)
	}
	switch {
	case len(a.less) > 0:
		n.Ref = a.ref(document.OpSumRest)
		n.Ref.Against = addresses(a.less)
	case len(a.parts) == 0:
		n.Ref = document.Reference{Op: document.OpZero, Figure: a.zero, Bases: addresses(a.totals)}
	default:
		n.Ref = a.ref(document.OpSum)
	}
	return n
}

// The marks of what is no number.
const (
	notThere      = "[x]"
	notApplicable = "[z]" // nothing to compare with: the base is zero, or a rest of other members
)

// missing is the mark of what is made of amounts that are not all known: withheld where one of them is.
func missing(amounts ...amount) string {
	for _, a := range amounts {
		if !a.known && a.status == figures.Suppressed {
			return mark(figures.Suppressed)
		}
	}
	return notThere
}

func marked(text string) document.Number { return document.Number{Text: text, Mark: text} }

// moved is how an amount moved against another in per cent, or the mark that says why there is nothing to say.
func (p pen) moved(now, then amount) document.Number {
	switch {
	case !now.known || !then.known:
		return marked(missing(now, then))
	case then.value == 0 && !percent(then.unit) || len(now.less)+len(then.less) > 0:
		return marked(notApplicable)
	case now.simple() && then.simple():
		return p.change(now.parts[0], then.parts[0])
	}
	by := 100 * (now.value/then.value - 1)
	ref := now.ref(document.OpSumChangePercent)
	ref.Against = addresses(then.parts)
	return document.Number{Text: p.PercentChange(by), Value: &by, Format: document.Format{Decimals: 1, Suffix: "%", Signed: true}, Ref: ref}
}

// part is an amount as a share of another.
func (p pen) part(of, whole amount) document.Number {
	switch {
	case !of.known || !whole.known:
		return marked(missing(of, whole))
	case whole.value == 0 || len(of.less)+len(whole.less) > 0:
		return marked(notApplicable)
	case of.simple() && whole.simple():
		return p.share(of.parts[0], whole.parts[0])
	}
	share := 100 * of.value / whole.value
	ref := of.ref(document.OpSumShare)
	ref.Against = addresses(whole.parts)
	return document.Number{Text: p.Number(share, 1) + "%", Value: &share, Format: document.Format{Decimals: 1, Suffix: "%"}, Ref: ref}
}
