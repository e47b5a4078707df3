package figures

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
)

// A Class is the outcome of comparing one published figure with ours.
type Class string

// The classes; every published figure gets exactly one.
const (
	Equal           Class = "equal"
	WithinTolerance Class = "within_tolerance"
	Differs         Class = "differs"
	NotComputable   Class = "not_computable"
)

// Classes lists the classes in the order of reports.
var Classes = []Class{Equal, WithinTolerance, Differs, NotComputable}

// A Verdict is what Reconcile says about one published figure. Computed and
// Difference (computed less published) are in the published unit.
type Verdict struct {
	Published
	Class      Class     `json:"class"`
	Computed   *float64  `json:"computed"`
	Difference *float64  `json:"difference"`
	ReasonCode string    `json:"reason_code,omitempty"`
	Reason     *Text     `json:"reason,omitempty"`
	Figures    []Address `json:"figures,omitempty"` // what it was computed from
	Remarks    []Remark  `json:"remarks,omitempty"` // what the print gives away about itself
}

// Subject is the KPI and measure that a published figure stands for, as far as there is one.
func (v Verdict) Subject() (kpi, measure string) {
	if len(v.Figures) > 0 {
		return v.Figures[0].KPI, v.Figures[0].Measure
	}
	r := ruleFor(v.Published)
	return r.kpi, r.of
}

// A Reconciliation is the verdicts on all published figures, by their number.
type Reconciliation struct {
	Release  Info      `json:"release"`
	Verdicts []Verdict `json:"verdicts"`
}

// Count is the number of verdicts of a class, optionally for one reason only.
func (r *Reconciliation) Count(class Class, reason string) int {
	n := 0
	for _, v := range r.Verdicts {
		if v.Class == class && (reason == "" || v.ReasonCode == reason) {
			n++
		}
	}
	return n
}

// reconciler holds what one reconciliation needs to know.
type reconciler struct {
	release   *Release
	published []Published
	store     *store
	earlier   []*store // oldest first
	targets   []Target
}

// Reconcile compares published figures with those of a release. Earlier releases,
// if any are given, show which differences are revisions.
func Reconcile(ctx context.Context, r *Release, earlier History, published []Published) (*Reconciliation, error) {
	c := &reconciler{release: r, published: published}
	var err error
	if c.store, err = loadStore(ctx, r); err != nil {
		return nil, fmt.Errorf("reconciling release %s: %w", r.ID, err)
	}
	for _, other := range earlier {
		s, err := loadStore(ctx, other)
		if err != nil {
			return nil, fmt.Errorf("reconciling release %s: %w", r.ID, err)
		}
		c.earlier = append(c.earlier, s)
	}
	if c.targets, err = r.Targets(ctx); err != nil {
		return nil, fmt.Errorf("reconciling release %s: %w", r.ID, err)
	}
	result := &Reconciliation{Release: r.Info, Verdicts: make([]Verdict, 0, len(published))}
	for _, p := range published {
		v := c.judge(p)
		v.Remarks = c.remarks(v)
		result.Verdicts = append(result.Verdicts, v)
	}
	slices.SortStableFunc(result.Verdicts, func(a, b Verdict) int { return int(a.No - b.No) })
	return result, nil
}

// judge gives one published figure its class.
func (c *reconciler) judge(p Published) Verdict {
	v := Verdict{Published: p}
	r := ruleFor(p)
	switch r.method {
	case none:
		return v.notComputable(r.reason)
	case target:
		return c.judgeTarget(v, r)
	}
	result := c.answer(c.store, p)
	if result.reason != "" {
		return v.notComputable(result.reason)
	}
	v.Figures = result.addresses
	v.settle(result.value)
	if v.Class == Differs {
		code, reason := c.explainDifference(p, result.value)
		v.ReasonCode, v.Reason = code, &reason
	}
	return v
}

func (v Verdict) notComputable(reason string) Verdict {
	sentence := sentences[reason]
	v.Class, v.ReasonCode, v.Reason = NotComputable, reason, &sentence
	return v
}

// settle compares a computed value with the printed one.
func (v *Verdict) settle(computed float64) {
	difference := computed - v.Value
	v.Computed, v.Difference = &computed, &difference
	const noise = 1e-9 // of floating point, far below any printed digit
	switch scale := math.Max(1, math.Abs(v.Value)); {
	case math.Abs(difference) <= noise*scale:
		v.Class = Equal
	case math.Abs(difference) <= v.Tolerance()+noise*scale:
		v.Class = WithinTolerance
	default:
		v.Class = Differs
	}
}

// answer computes a published figure from one release, in the published unit.
func (c *reconciler) answer(s *store, p Published) outcome {
	r := ruleFor(p)
	switch {
	case p.Kind == "cumulative" && p.Start.IsZero():
		return outcome{reason: cumulative}
	case p.Kind == "unknown" || p.Start.IsZero() || p.End.IsZero():
		return outcome{reason: periodUnclear}
	}
	breakdown, member := r.dimension, r.member
	if breakdown == "" {
		breakdown, member = p.Dimension, p.Code
	}
	if breakdown == "other" || breakdown == "" {
		return outcome{reason: noBreakdown}
	}
	factor, ok := c.factor(r, p)
	if !ok {
		return outcome{reason: otherCurrency}
	}
	period, whole := r.period(p)
	if !whole {
		return outcome{reason: partialMonth}
	}
	if total := s.sum(r.subject(), "total", "", period); total.reason != "" {
		return total
	}
	if breakdown != "total" && member == "" && r.method != top5 {
		return outcome{reason: memberUnknown}
	}
	var result outcome
	for one := range strings.SplitSeq(member, "+") {
		part := s.compute(r.method, r.subject(), breakdown, one, period)
		if part.reason != "" {
			return part
		}
		result.value += part.value / factor
		result.addresses = append(result.addresses, part.addresses...)
	}
	return result
}

// factor is how many of our units one published unit is.
func (c *reconciler) factor(r rule, p Published) (float64, bool) {
	ours, err := c.release.Define(r.kpi, r.of)
	scale := moneyScale(p.Unit)
	if err != nil || scale == 0 || r.method != count {
		return 1, true
	}
	if own := moneyScale(ours.Unit); own != 0 && currency(ours.Unit) == currency(p.Unit) {
		return scale / own, true
	}
	return 0, false
}
