package warehouse

import (
	"fmt"
	"slices"
	"strings"

	models "github.com/kp2mi/lindung/sql"
)

// addUpTolerance is the noise of floating point in sums of money, relative to the value; counts are exact.
const addUpTolerance = "0.000000001"

// rollUpChecks prove what the measures say about themselves: where a YAML declares that values add up, the figures
// of this build do, for every period and every breakdown.
func (b *build) rollUpChecks() (checks []checkQuery) {
	var overMembers, overTime, overPlaces []string
	for _, m := range b.builtModels() {
		if m.Layer != models.KPIs {
			continue
		}
		for _, ms := range m.Meta.Measures {
			name := fmt.Sprintf("(%s, %s)", quoteText(m.Meta.ID), quoteText(ms.Name))
			if ms.Additive.OverMembers() {
				overMembers = append(overMembers, name)
				if slices.Contains(m.Meta.Breakdowns, "regency") && slices.Contains(m.Meta.Breakdowns, "province") {
					overPlaces = append(overPlaces, name)
				}
			}
			if ms.Additive.OverTime() {
				overTime = append(overTime, name)
			}
		}
	}
	result := CheckResult{
		Severity: SeverityError, Dimension: "consistency", Checked: b.rows[figuresTable],
		Remedy: models.Text{ID: "Perbaiki model KPI, atau kunci additive pada YAML-nya bila memang tidak berjumlah.",
			EN: "Fix the KPI model, or the key additive in its YAML where the values are not meant to add up."},
	}
	if len(overMembers) > 0 {
		result.Name = "figures_add_up_over_members"
		result.Title = models.Text{ID: "Anggota rincian berjumlah menjadi total", EN: "Members of a breakdown add up to the total"}
		q := membersQuery(overMembers)
		if len(overPlaces) > 0 {
			q += "\nunion all\n" + placesQuery(overPlaces)
		}
		checks = append(checks, checkQuery{q, result})
	}
	if len(overTime) > 0 {
		result.Name = "figures_add_up_over_time"
		result.Title = models.Text{ID: "Bulan berjumlah menjadi triwulan dan tahun", EN: "Months add up to quarters and years"}
		checks = append(checks, checkQuery{timeQuery(overTime), result})
	}
	return checks
}

// membersQuery finds totals that are not the sum of their members: also where a breakdown that the measure has in
// other periods lost all of them, and where members are told of a total that is not.
func membersQuery(measures []string) string {
	return fmt.Sprintf(`with told as (select * from figures where (kpi, measure) in (%s)),
breakdowns as (select distinct kpi, measure, breakdown from told where breakdown <> 'total'),
totals as (select kpi, measure, period_type, period, breakdowns.breakdown, value from told inner join breakdowns using (kpi, measure) where told.breakdown = 'total'),
sums as (select kpi, measure, period_type, period, breakdown, sum(value) as sum_of_members from told where breakdown <> 'total' group by all)
select kpi, measure, period, breakdown, totals.value, sum_of_members
from totals full join sums using (kpi, measure, period_type, period, breakdown)
where (totals.value is null and sum_of_members <> 0)
	or abs(totals.value - coalesce(sum_of_members, 0)) > %s * greatest(1, abs(totals.value))`, strings.Join(measures, ", "), addUpTolerance)
}

// placesQuery finds provinces that are not the sum of their regencies. A regency's code begins with its province's, and so
// does that of the member for whom the regency is not known. A measure without any regency is not judged.
func placesQuery(measures []string) string {
	return fmt.Sprintf(`select kpi, measure, period, 'regency of ' || coalesce(provinces.member, regencies.member) as breakdown, provinces.value, sum_of_members
from (
	select kpi, measure, period_type, period, member, value from figures where breakdown = 'province'
	and (kpi, measure) in (select (kpi, measure) from figures where breakdown = 'regency' and (kpi, measure) in (%[1]s))
) as provinces
full join (
	select kpi, measure, period_type, period, if(member = 'UNKNOWN', member, left(member, 2)) as member, sum(value) as sum_of_members
	from figures where breakdown = 'regency' and (kpi, measure) in (%[1]s) group by all
) as regencies using (kpi, measure, period_type, period, member)
where abs(coalesce(provinces.value, 0) - coalesce(sum_of_members, 0)) > %[2]s * greatest(1, abs(provinces.value))`, strings.Join(measures, ", "), addUpTolerance)
}

// timeQuery finds quarters and years that are not the sum of their months or quarters: also those of a member that
// has shorter periods and no longer one at all, in a period that is told; one that says it is not available may stand.
// A measure without months begins with quarters.
func timeQuery(measures []string) string {
	return fmt.Sprintf(`with told as (select * from figures where (kpi, measure) in (%s)),
steps as (select * from (values ('month', 'quarter'), ('month', 'year'), ('quarter', 'year')) as steps (part, whole)),
sums as (
	select kpi, measure, part, whole as period_type, cast(date_trunc(whole, period_start) as date) as period_start, breakdown, member, sum(value) as sum_of_parts
	from told inner join steps on period_type = part group by all
),
wholes as (
	select kpi, measure, part, period_type, period_start, breakdown, member, value, true as is_there
	from told inner join steps on period_type = whole semi join sums using (kpi, measure, part)
),
available as (select kpi, measure, period_type, period_start from told where breakdown = 'total' and value is not null)
select kpi, measure, period_type, period_start, part, breakdown, member, wholes.value, sum_of_parts
from wholes full join sums using (kpi, measure, part, period_type, period_start, breakdown, member)
left join available using (kpi, measure, period_type, period_start)
where (wholes.is_there is null and sum_of_parts <> 0 and available.kpi is not null)
	or abs(wholes.value - coalesce(sum_of_parts, 0)) > %s * greatest(1, abs(wholes.value))`, strings.Join(measures, ", "), addUpTolerance)
}
