package formats

import (
	"fmt"
	"math/big"
)

// settleGroups turns a group without rows of its own into what it then is: a row
// like a country's.
func (t *sekiTable) settleGroups() {
	for i := range t.rows {
		if t.rows[i].kind == sekiGroup && (i+1 == len(t.rows) || t.rows[i+1].group != t.rows[i].label) {
			t.rows[i].kind = sekiCountry
		}
	}
}

// checkCopies holds the English half against the Indonesian one.
func (t *sekiTable) checkCopies() error {
	at := map[[2]int]int{}
	for i, c := range t.columns {
		at[[2]int{c.year, c.quarter}] = i
	}
	for _, c := range t.copies {
		i, known := at[[2]int{c.year, c.quarter}]
		for _, r := range t.rows {
			v, ok := t.value(r.row, c.col)
			switch {
			case ok && v.number == nil:
			case !known:
				return fmt.Errorf("cell %s: the right half holds a period that the left half does not have: correct year_row and period_row", cellName(t.yearRow, c.col))
			case !ok:
				return fmt.Errorf("cell %s holds no number, where the left half has one: ask for the table again", cellName(r.row, c.col))
			case r.values[i].number == nil || r.values[i].number.Cmp(v.number) != 0:
				return fmt.Errorf("cell %s and cell %s should be the same figure in both halves and differ: ask for the table again", cellName(r.row, c.col), cellName(r.row, t.columns[i].col))
			}
		}
	}
	return nil
}

// checkSums holds every total against what it is the total of.
func (t *sekiTable) checkSums() error {
	fixed, err := t.settings.tolerance()
	if err != nil {
		return err
	}
	for i, c := range t.columns {
		var all, part sekiSum
		var total *sekiRow
		var open *sekiRow // the group that is being added up
		closeGroup := func() error {
			if open == nil {
				return nil
			}
			err := part.check(open, i, c, fixed)
			open, part = nil, sekiSum{}
			return err
		}
		for k := range t.rows {
			r := &t.rows[k]
			if r.kind != sekiCountry || r.group == "" || open != nil && r.group != open.label {
				if err := closeGroup(); err != nil {
					return err
				}
			}
			switch r.kind {
			case sekiTotal:
				total = r
			case sekiGroup:
				open = r
			default:
				all.add(r.values[i])
				part.add(r.values[i])
			}
		}
		if err := closeGroup(); err != nil {
			return err
		}
		if err := all.check(total, i, c, fixed); err != nil {
			return err
		}
	}
	return nil
}

// A sekiSum adds figures up and knows how far rounding may have taken them.
type sekiSum struct {
	sum      big.Rat
	count    int
	decimals int
}

func (s *sekiSum) add(v sekiValue) {
	if v.number == nil {
		return
	}
	s.count++
	s.sum.Add(&s.sum, v.number)
	s.decimals = max(s.decimals, v.decimals)
}

// check compares a sum with the total of its column. A total whose parts are not
// given is no sum; parts without their total are suspicious.
func (s *sekiSum) check(total *sekiRow, i int, c sekiColumn, fixed *big.Rat) error {
	v := total.values[i]
	if s.count == 0 {
		return nil
	}
	at := cellName(total.row, c.col)
	if v.number == nil {
		return fmt.Errorf("cell %s: the total is missing, although there are figures to add up: ask for the table again", at)
	}
	off := new(big.Rat).Sub(v.number, &s.sum)
	off.Abs(off)
	allowed := fixed
	if allowed == nil {
		allowed = new(big.Rat)
		if decimals := max(s.decimals, v.decimals); decimals > 0 {
			unit := new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(decimals)), nil))
			allowed.Mul(unit, big.NewRat(int64(s.count+1), 2))
		}
	}
	if off.Cmp(allowed) > 0 {
		return fmt.Errorf("cell %s: the rows add up to %s, not to the %s that stands there: a column is shifted, a row is left out or counted twice "+
			"(name sums under groups), or the figures are rounded (set tolerance)", at, s.sum.FloatString(max(s.decimals, v.decimals)), v.number.FloatString(v.decimals))
	}
	return nil
}
