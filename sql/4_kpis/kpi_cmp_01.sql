/* One row: cases received in one cell and period.
   Why: CMP-01. A case belongs to the Jakarta day on which it was received. More cases are neither good
   nor bad: they also show that people dare to complain. */
with periods as (
    select * from mart_available_periods where dataset = 'cases'
)

select
    'received' as measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(counts.breakdown, 'total') as breakdown,
    coalesce(counts.member, '') as member,
    cast(if(periods.is_loaded, coalesce(counts.received, 0), null) as double) as numerator,
    cast(null as double) as denominator,
    numerator as value,
    periods.status
from periods
left join mart_case_counts as counts using (period_type, period)
order by measure, periods.period_type, periods.period_start, breakdown, member
