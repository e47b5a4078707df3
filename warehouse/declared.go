package warehouse

import (
	"context"
	"fmt"
	"slices"
	"strings"

	models "github.com/kp2mi/lindung/sql"
)

// undeclaredQuery finds figures of kinds that their KPI's YAML does not declare: of a period that the measure is not
// said to have, withheld where no SQL is said to withhold, or told although persons are too few. It judges groups of
// figures, because what is declared holds for all of them.
func (b *build) undeclaredQuery() string {
	var periods, withholding, small []string
	for _, m := range b.builtModels() {
		if m.Layer != models.KPIs {
			continue
		}
		s := m.Meta.Suppression
		if s.Withheld == models.WithheldBySQL {
			withholding = append(withholding, quoteText(m.Meta.ID))
		}
		for _, ms := range m.Meta.Measures {
			for _, kind := range m.Meta.PeriodsOf(ms) {
				periods = append(periods, fmt.Sprintf("(%s, %s, %s)", quoteText(m.Meta.ID), quoteText(ms.Name), quoteText(kind)))
			}
			if s.Withheld == models.WithheldBySQL && countsPersons(ms) {
				small = append(small, fmt.Sprintf("when kpi = %s and measure = %s and smallest < %d then 'fewer than declared are told'",
					quoteText(m.Meta.ID), quoteText(ms.Name), s.Below))
			}
		}
	}
	withheld := "status = 'suppressed'"
	if len(withholding) > 0 {
		withheld += " and kpi not in (" + strings.Join(withholding, ", ") + ")"
	}
	return fmt.Sprintf(`select kpi, measure, period_type, null as period, null as breakdown, null as member, status, case
	when (kpi, measure, period_type) not in (from (values %s)) then 'kind of period is not declared'
	when %s then 'suppression by the SQL is not declared'
	%s
	end as problem
from (select kpi, measure, period_type, status, min(value) as smallest from figures group by all)
where problem is not null`, strings.Join(periods, ", "), withheld, strings.Join(small, "\n\t"))
}

// countsPersons reports whether a measure's value is a number of persons or cases, which is what a threshold is about.
func countsPersons(ms models.Measure) bool {
	return ms.Denominator.Empty() && slices.Contains([]string{"persons", "cases", "orang", "kasus"}, ms.Unit)
}

// A kind is what declarations speak of: the kind of period of a figure, and whether it is withheld.
type kind struct {
	measure, periodType string
	suppressed          bool
}

// kindsOf runs a KPI's model and says which kinds of figures came out.
func (b *build) kindsOf(ctx context.Context, m models.Model) (kinds []kind, err error) {
	rows, err := b.s.conn.QueryContext(ctx, "select distinct measure, period_type, status = 'suppressed' from ("+m.SQL+") order by all")
	if err != nil {
		return nil, fmt.Errorf("running %s: %w", m.Path, err)
	}
	defer rows.Close()
	for rows.Next() {
		var k kind
		if err := rows.Scan(&k.measure, &k.periodType, &k.suppressed); err != nil {
			return nil, fmt.Errorf("running %s: %w", m.Path, err)
		}
		kinds = append(kinds, k)
	}
	return kinds, rows.Err()
}

// undeclared says which kinds of figures a KPI's YAML does not declare.
func undeclared(m models.Meta, kinds []kind) (problems []string) {
	for _, k := range kinds {
		ms, known := m.Measures.Get(k.measure)
		switch {
		case !known:
			problems = append(problems, "measure "+k.measure+" is not declared")
		case !slices.Contains(m.PeriodsOf(ms), k.periodType):
			problems = append(problems, fmt.Sprintf("measure %s gives periods of kind %s; declare it in periods", k.measure, k.periodType))
		case k.suppressed && m.Suppression.Withheld != models.WithheldBySQL:
			problems = append(problems, fmt.Sprintf("measure %s gives the status suppressed; declare suppression: {withheld: sql}", k.measure))
		}
	}
	return problems
}

// unshown says which declared kinds of figures came out of none of a KPI's tests.
func unshown(m models.Meta, kinds []kind) (problems []string) {
	for _, ms := range m.Measures {
		for _, periodType := range m.PeriodsOf(ms) {
			if !slices.ContainsFunc(kinds, func(k kind) bool { return k.measure == ms.Name && k.periodType == periodType }) {
				problems = append(problems, fmt.Sprintf("measure %s declares periods of kind %s, and no test's rows give one", ms.Name, periodType))
			}
		}
	}
	if m.Suppression.Withheld == models.WithheldBySQL && !slices.ContainsFunc(kinds, func(k kind) bool { return k.suppressed }) {
		problems = append(problems, "the SQL is declared to withhold numbers, and no test's rows show it")
	}
	return problems
}
