/* One row: departures outside the procedure that were prevented, of one period and cell.
   Why: BFR-03. It is no return and is added to none. The country is where somebody was bound for, which
   mostly nobody wrote down, and is no breakdown. */
with periods as (
    select * from mart_available_periods where dataset = 'returns'
),

counts as (
    select period_type, period, breakdown, member, prevented
    from mart_return_counts
    where breakdown in ('total', 'province', 'sex', 'unit', 'point')
)

select
    'prevented' as measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(counts.breakdown, 'total') as breakdown,
    coalesce(counts.member, '') as member,
    cast(if(periods.is_loaded, coalesce(counts.prevented, 0), null) as double) as numerator,
    cast(null as double) as denominator,
    numerator as value,
    periods.status
from periods
left join counts using (period_type, period)
order by measure, periods.period_type, periods.period_start, breakdown, member
