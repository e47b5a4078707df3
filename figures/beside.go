package figures

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// A Pair is a figure as it was printed and as it is now.
type Pair struct {
	Frozen Figure // not available where the printed release has no such figure
	Now    *float64
}

// Revision is what the figure has changed by since; nil where either is not available.
func (p Pair) Revision() *float64 {
	if p.Frozen.Value == nil || p.Now == nil {
		return nil
	}
	change := *p.Now - *p.Frozen.Value
	return &change
}

// Beside puts every figure of a month in the printed release beside the one of another, in
// the order of their addresses. Figures that are only in the other are there too.
func Beside(ctx context.Context, printed, now *Release, month string) ([]Pair, error) {
	period, err := ParsePeriod(month)
	if err != nil || period.Type != "month" {
		return nil, fmt.Errorf("comparing the frozen month %q: it is no month", month)
	}
	only := Filter{PeriodType: "month", From: period.Start, To: period.Start}
	was, err := printed.List(ctx, only)
	if err != nil {
		return nil, err
	}
	is, err := now.List(ctx, only)
	if err != nil {
		return nil, err
	}
	pairs := make([]Pair, 0, len(was))
	place := map[Address]int{}
	for _, f := range was {
		f.Address.Release = ""
		place[f.Address] = len(pairs)
		pairs = append(pairs, Pair{Frozen: f})
	}
	for _, f := range is {
		f.Address.Release = ""
		i, printed := place[f.Address]
		if !printed {
			i = len(pairs)
			pairs = append(pairs, Pair{Frozen: Figure{Address: f.Address, PeriodStart: f.PeriodStart, Status: NotAvailable, Unit: f.Unit}})
		}
		pairs[i].Now = f.Value
	}
	slices.SortFunc(pairs, func(a, b Pair) int {
		x, y := a.Frozen.Address, b.Frozen.Address
		return cmp.Or(cmp.Compare(x.KPI, y.KPI), cmp.Compare(x.Measure, y.Measure), cmp.Compare(x.Breakdown, y.Breakdown), cmp.Compare(x.Member, y.Member))
	})
	return pairs, nil
}
