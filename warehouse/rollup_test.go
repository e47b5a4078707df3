package warehouse

import (
	"context"
	"strings"
	"testing"

	models "github.com/kp2mi/lindung/sql"
)

// TestFiguresAddUpAsDeclared gives figures by hand to the checks that every build runs and says what they find.
func TestFiguresAddUpAsDeclared(t *testing.T) {
	b := &build{BuildSpec: BuildSpec{Models: []models.Model{{Layer: models.KPIs, Meta: models.Meta{ID: "K", Breakdowns: []string{"province", "regency"}, Measures: models.Measures{
		{Name: "flow", Additive: models.AddsBoth}, {Name: "stock", Additive: models.AddsMembers},
		{Name: "partial", Additive: models.AddsTime}, {Name: "persons", Additive: models.AddsNone}}}}}}}
	const months = "('$', 'month', '2024-01', '2024-01-01', 'total', '', 3), ('$', 'month', '2024-02', '2024-02-01', 'total', '', 4), ('$', 'month', '2024-03', '2024-03-01', 'total', '', 0)"
	const nation = "('flow', 'month', '2024-01', '2024-01-01', 'total', '', 7)"
	const provinces = "('flow', 'month', '2024-01', '2024-01-01', 'province', '32', 3), ('flow', 'month', '2024-01', '2024-01-01', 'province', '33', 3), ('flow', 'month', '2024-01', '2024-01-01', 'province', 'UNKNOWN', 1)"
	of := func(measure string) string { return strings.ReplaceAll(months, "$", measure) }
	for name, tc := range map[string]struct{ figures, members, time string }{
		"months that are a quarter and a year": {of("flow") + ", ('flow', 'quarter', '2024-Q1', '2024-01-01', 'total', '', 7), ('flow', 'year', '2024', '2024-01-01', 'total', '', 7)", "", ""},
		"a quarter that is not its months":     {of("flow") + ", ('flow', 'quarter', '2024-Q1', '2024-01-01', 'total', '', 8)", "", "quarter|month|total||8|7"},
		"a year that is not its quarters": {"('flow', 'quarter', '2024-Q1', '2024-01-01', 'total', '', 7), ('flow', 'year', '2024', '2024-01-01', 'total', '', 8)",
			"", "year|quarter|total||8|7"},
		"a quarter that is not available":                   {of("flow") + ", ('flow', 'quarter', '2024-Q1', '2024-01-01', 'total', '', null)", "", ""},
		"stocks, persons and shares need not add over time": {of("stock") + ", " + of("persons") + ", ('stock', 'quarter', '2024-Q1', '2024-01-01', 'total', '', 4), ('persons', 'quarter', '2024-Q1', '2024-01-01', 'total', '', 5)", "", ""},
		"a member that its quarter lost": {of("flow") + ", ('flow', 'quarter', '2024-Q1', '2024-01-01', 'total', '', 7), ('flow', 'month', '2024-01', '2024-01-01', 'sex', 'P', 3), ('flow', 'month', '2024-02', '2024-02-01', 'sex', 'P', 4)",
			"quarter|sex|7|", "quarter|month|sex|P||7"},
		"a member whose quarter says that it is not available": {of("partial") + ", ('partial', 'quarter', '2024-Q1', '2024-01-01', 'total', '', 7), ('partial', 'month', '2024-01', '2024-01-01', 'country', 'HKG', 2), ('partial', 'quarter', '2024-Q1', '2024-01-01', 'country', 'HKG', null)",
			"", ""},
		"a member of a quarter that no month has": {of("partial") + ", ('partial', 'quarter', '2024-Q1', '2024-01-01', 'total', '', 7), ('partial', 'quarter', '2024-Q1', '2024-01-01', 'country', 'HKG', 2)",
			"", "quarter|month|country|HKG|2|"},
		"members that are the total": {"('flow', 'month', '2024-01', '2024-01-01', 'total', '', 3), ('flow', 'month', '2024-01', '2024-01-01', 'sex', 'P', 2), ('flow', 'month', '2024-01', '2024-01-01', 'sex', 'UNKNOWN', 1)", "", ""},
		"a breakdown that lost somebody": {"('stock', 'month', '2024-01', '2024-01-01', 'total', '', 3), ('stock', 'month', '2024-01', '2024-01-01', 'sex', 'P', 2), ('stock', 'month', '2024-01', '2024-01-01', 'province', '32', 3)",
			"month|sex|3|2", ""},
		"members of a total that is not told":   {"('flow', 'month', '2024-01', '2024-01-01', 'total', '', null), ('flow', 'month', '2024-01', '2024-01-01', 'sex', 'P', 2)", "month|sex||2", ""},
		"members that the source tells in part": {"('partial', 'month', '2024-01', '2024-01-01', 'total', '', 3), ('partial', 'month', '2024-01', '2024-01-01', 'country', 'HKG', 2)", "", ""},
		"regencies that are their provinces, some not known": {nation + ", " + provinces + ", ('flow', 'month', '2024-01', '2024-01-01', 'regency', '3212', 2), ('flow', 'month', '2024-01', '2024-01-01', 'regency', '32-UNKNOWN', 1), ('flow', 'month', '2024-01', '2024-01-01', 'regency', '3301', 3), ('flow', 'month', '2024-01', '2024-01-01', 'regency', 'UNKNOWN', 1)",
			"", ""},
		"a regency counted in another province": {nation + ", " + provinces + ", ('flow', 'month', '2024-01', '2024-01-01', 'regency', '3212', 3), ('flow', 'month', '2024-01', '2024-01-01', 'regency', '3301', 4)",
			"month|regency of 33|3|4\nmonth|regency of UNKNOWN|1|", ""},
		"a province that lost its regencies": {nation + ", " + provinces + ", ('flow', 'month', '2024-01', '2024-01-01', 'regency', '3212', 3), ('flow', 'month', '2024-01', '2024-01-01', 'regency', 'UNKNOWN', 4)",
			"month|regency of 33|3|\nmonth|regency of UNKNOWN|1|4", ""},
		"a regency of no province": {nation + ", " + provinces + ", ('flow', 'month', '2024-01', '2024-01-01', 'regency', '3212', 3), ('flow', 'month', '2024-01', '2024-01-01', 'regency', '3301', 3), ('flow', 'month', '2024-01', '2024-01-01', 'regency', '9971', 1)",
			"month|regency of 99||1\nmonth|regency of UNKNOWN|1|", ""},
		"rounding in sums of money is no mistake":  {"('flow', 'month', '2024-01', '2024-01-01', 'total', '', 0.3), ('flow', 'month', '2024-01', '2024-01-01', 'sex', 'P', 0.1), ('flow', 'month', '2024-01', '2024-01-01', 'sex', 'L', 0.2)", "", ""},
		"one service too many in a million is one": {"('flow', 'month', '2024-01', '2024-01-01', 'total', '', 1000000), ('flow', 'month', '2024-01', '2024-01-01', 'sex', 'P', 1000001)", "month|sex|1000000|1000001", ""},
	} {
		t.Run(name, func(t *testing.T) {
			ctx := context.Background()
			s, err := openSession(ctx, limits{threads: 1, memory: "256MB"})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { s.Close() })
			err = s.exec(ctx, "create table figures as select 'K' as kpi, measure, period_type, period, period_start::date as period_start, breakdown, member, value::double as value from (values "+
				tc.figures+") as t(measure, period_type, period, period_start, breakdown, member, value)")
			if err != nil {
				t.Fatal(err)
			}
			checks := b.rollUpChecks()
			if len(checks) != 2 {
				t.Fatalf("%d checks, want one over members and one over time", len(checks))
			}
			for i, shown := range []struct{ columns, want string }{
				{"case when period like '%Q%' then 'quarter' else 'month' end, breakdown, value, sum_of_members", tc.members},
				{"period_type, part, breakdown, member, value, sum_of_parts", tc.time},
			} {
				var found []string
				err := s.each(ctx, "select columns(*)::varchar from (select "+shown.columns+" from ("+checks[i].sql+")) order by all", func(row []*string) error {
					cells := make([]string, len(row))
					for j, cell := range row {
						if cell != nil {
							cells[j] = strings.TrimSuffix(*cell, ".0")
						}
					}
					found = append(found, strings.Join(cells, "|"))
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
				if got := strings.Join(found, "\n"); got != shown.want {
					t.Errorf("%s finds %q, want %q", checks[i].result.Name, got, shown.want)
				}
			}
		})
	}
}

// TestEveryBuildProvesAdditivity lets one breakdown of a flow lose its rows of one country, and the gate stops it.
func TestEveryBuildProvesAdditivity(t *testing.T) {
	w := newWorld(t).deliver("2025-01-01", placementRows(0, 50, "2025-01-01", ""), 0)
	_, got := gateOf(t, w, withModel("kpi_plc_01", "from mart_placement_counts", "from (from mart_placement_counts where member <> 'HKG')"))
	if got != "figures_add_up_over_members" {
		t.Errorf("stopped by %q, want figures_add_up_over_members", got)
	}
}
