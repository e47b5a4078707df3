package verify

import (
	"fmt"
	"strings"

	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/reports/document"
)

// A result is what a reference computes to.
type result struct {
	value float64
	unit  string   // the figure's; "%" where the operation makes a share
	mark  unitMark // what it is to be marked as, where it is marked
	plain bool     // a count, which may be of anything: nothing says its unit
}

// An operand is a fact whose value is there.
type operand struct {
	value float64
	unit  string
}

// compute computes a number again from what is known.
func (k *known) compute(ref document.Reference) (result, error) {
	kind, facts := "figure", k.Figures
	if counted(ref) {
		kind, facts = "count", k.Counts
	}
	names, targets := ref.Operands()
	ownFacts, otherFacts, otherKind := facts, facts, kind
	switch ref.Op {
	case document.OpTarget:
		kind, ownFacts = "target", k.Targets
	case document.OpAttainment, document.OpGap:
		otherKind, otherFacts = "target", k.Targets
	case document.OpZero:
		if _, knows := facts[ref.Figure]; knows {
			return result{}, fmt.Errorf("figure %s is there, and is printed as not counted", ref.Figure)
		}
		names = nil
	}
	unit := ""
	read := func(kind string, names []string, facts map[string]Fact) (values []float64, err error) {
		for _, name := range names {
			o, err := k.operand(kind, name, facts)
			if err != nil {
				return nil, err
			}
			if unit == "" {
				unit = o.unit
			}
			values = append(values, o.in(unit))
		}
		return values, nil
	}
	own, err := read(kind, names, ownFacts)
	if err != nil {
		return result{}, err
	}
	against, err := read(otherKind, targets, otherFacts)
	if err != nil {
		return result{}, err
	}
	value, ok := document.Compute(ref.Op, own, against)
	if !ok {
		return result{}, fmt.Errorf("%q of %d and %d figures computes to nothing: the operation is not known, or has another number of them, or what a share is taken of is 0", ref.Op, len(own), len(against))
	}
	switch r := valued(value, unit); ref.Op {
	case document.OpCount:
		r.plain = true
		return r, nil
	case document.OpChangePercent, document.OpShare, document.OpAttainment, document.OpCountShare, document.OpSumChangePercent, document.OpSumShare:
		return valued(value, "%"), nil
	case document.OpChange, document.OpGap:
		if r.mark == perCent {
			r.mark = perPoints
		}
		return r, nil
	default:
		return r, nil
	}
}

func valued(value float64, unit string) result {
	r := result{value: value, unit: unit}
	if unit == "%" || unit == "percent" {
		r.mark = perCent
	}
	return r
}

// errUnknown is an operand that no source has.
type errUnknown struct{ what string }

// Error says what nobody knows.
func (e errUnknown) Error() string { return e.what + " is in no release and no edition here" }

func (k *known) operand(kind, name string, facts map[string]Fact) (operand, error) {
	fact, knows := facts[name]
	switch {
	case name == "":
		return operand{}, fmt.Errorf("the reference names no %s", kind)
	case !knows:
		return operand{}, errUnknown{kind + " " + name}
	case fact.Value == nil:
		return operand{}, fmt.Errorf("%s %s has no value (%s)", kind, name, strings.ReplaceAll(fact.Status, "_", " "))
	}
	return operand{*fact.Value, fact.Unit}, nil
}

// in gives money in the unit of other money: a target may be printed in trillions, and its figure
// be in single rupiah.
func (o operand) in(unit string) float64 {
	_, own, money := figures.Amount(o.unit, 1)
	_, other, both := figures.Amount(unit, 1)
	if !money || !both || own == other {
		return o.value
	}
	return o.value * own / other
}

// amount is the value as it is printed: money in single dollars or rupiah.
func (r result) amount() float64 {
	if _, amount, money := figures.Amount(r.unit, r.value); money {
		return amount
	}
	return r.value
}
