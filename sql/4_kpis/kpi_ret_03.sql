/* One row: workers who came home ill, of one period and cell.
   Why: RET-03. It is health seen from the returns: who was treated abroad and stayed there is not in it. */
with periods as (
    select * from mart_available_periods where dataset = 'returns'
),

counts as (
    select period_type, period, breakdown, member, ill
    from mart_return_counts
    where breakdown in ('total', 'country', 'province', 'sex', 'unit')
)

select
    'ill' as measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(counts.breakdown, 'total') as breakdown,
    coalesce(counts.member, '') as member,
    cast(if(periods.is_loaded, coalesce(counts.ill, 0), null) as double) as numerator,
    cast(null as double) as denominator,
    numerator as value,
    periods.status
from periods
left join counts using (period_type, period)
order by measure, periods.period_type, periods.period_start, breakdown, member
