package sql

import (
	"fmt"
	"slices"
	"strings"
)

// PeriodKinds are the kinds of period that a figure can be of, the shortest first.
var PeriodKinds = []string{"month", "quarter", "year"}

// What withholds a KPI's small numbers today. WithheldBySQL gives them the status suppressed, in every file;
// WithheldBreakdowns publishes totals only, whatever the cells hold; WithheldNothing publishes one breakdown as it is.
const (
	WithheldBySQL      = "sql"
	WithheldBreakdowns = "breakdowns"
	WithheldNothing    = "nothing"
)

var withholdings = []string{WithheldBySQL, WithheldBreakdowns, WithheldNothing}

// Suppression says which numbers of a KPI are too small to be told outside the ministry, and what keeps them back today.
// Cells within the ministry's own file are kept back by the SQL alone.
type Suppression struct {
	Below      int      `yaml:"below"`      // persons, cases or wages in one cell; 0: any number may be told
	Restricted int      `yaml:"restricted"` // the same for restricted categories, where the KPI tells of them
	Withheld   string   `yaml:"withheld"`   // sql, breakdowns or nothing
	Except     []string `yaml:"except"`     // where nothing is withheld: breakdowns that are, all the same
}

// String writes the declaration as its YAML has it; nothing for what is no KPI.
func (s Suppression) String() string {
	if s.Withheld == "" {
		return ""
	}
	text := fmt.Sprintf("below %d", s.Below)
	if s.Restricted != 0 {
		text += fmt.Sprintf(", restricted %d", s.Restricted)
	}
	text += ", withheld " + s.Withheld
	if len(s.Except) > 0 {
		text += ", except " + strings.Join(s.Except, " ")
	}
	return text
}

func (s Suppression) problems(breakdowns []string, complain func(format string, args ...any)) {
	switch {
	case s.Withheld == "":
		complain("suppression is missing; write suppression: {below: …, withheld: %s}", strings.Join(withholdings, ", "))
		return
	case !slices.Contains(withholdings, s.Withheld):
		complain("suppression: withheld is one of %s, not %q%s", strings.Join(withholdings, ", "), s.Withheld, didYouMean(s.Withheld, withholdings))
	case s.Below < 0 || s.Restricted < 0:
		complain("suppression: below and restricted are numbers of persons or cases, from 0 up")
	case s.Restricted != 0 && s.Restricted < s.Below:
		complain("suppression: restricted is %d and below is %d; restricted categories need at least as many", s.Restricted, s.Below)
	case s.Withheld == WithheldBySQL && s.Below == 0:
		complain("suppression: the SQL withholds numbers; say below how many")
	case s.Withheld == WithheldNothing && s.Below != 0:
		complain("suppression: nothing is withheld, so below is 0, not %d", s.Below)
	case s.Withheld != WithheldNothing && len(s.Except) > 0:
		complain("suppression: except names breakdowns that are withheld where others are not; here all are")
	}
	for _, name := range s.Except {
		if !slices.Contains(breakdowns, name) {
			complain("suppression: except names %s, which is not among the breakdowns%s", name, didYouMean(name, breakdowns))
		}
	}
}

// PeriodsOf are the kinds of period that a measure gives: its own, or those of its KPI.
func (m Meta) PeriodsOf(ms Measure) []string {
	if len(ms.Periods) > 0 {
		return ms.Periods
	}
	return m.Periods
}

// periodProblems demand the known kinds, each once and the shortest first, and that a measure keeps to its KPI's.
func (m Meta) periodProblems(complain func(format string, args ...any)) {
	inOrder := func(kinds []string) bool {
		at := -1
		for _, k := range kinds {
			next := slices.Index(PeriodKinds, k)
			if next <= at {
				return false
			}
			at = next
		}
		return len(kinds) > 0
	}
	if !inOrder(m.Periods) {
		complain("periods is a list of %s in this order, not [%s]", strings.Join(PeriodKinds, ", "), strings.Join(m.Periods, ", "))
		return
	}
	given := map[string]bool{}
	for _, ms := range m.Measures {
		if ms.Periods != nil && !inOrder(ms.Periods) {
			complain("measure %s: periods is a list of %s in this order, not [%s]", ms.Name, strings.Join(PeriodKinds, ", "), strings.Join(ms.Periods, ", "))
		}
		for _, k := range m.PeriodsOf(ms) {
			given[k] = true
			if !slices.Contains(m.Periods, k) {
				complain("measure %s gives periods of kind %s, which the KPI's periods do not name", ms.Name, k)
			}
		}
	}
	for _, k := range m.Periods {
		if !given[k] && len(m.Measures) > 0 {
			complain("periods names %s, and no measure gives it", k)
		}
	}
}
