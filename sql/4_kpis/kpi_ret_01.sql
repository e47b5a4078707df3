/* One row: returns of one period and cell, or the different persons behind them.
   Why: RET-01. Whoever came home counts, in the class of the return; who was kept from leaving did not
   come home and is counted by BFR-03 alone. */
with periods as (
    select * from mart_available_periods where dataset = 'returns'
),

counts as (
    select period_type, period, breakdown, member, unnest([
        {'measure': 'returns', 'counted': returns},
        {'measure': 'persons', 'counted': persons}
    ], recursive := true)
    from mart_return_counts
    where breakdown in ('total', 'country', 'province', 'sex', 'unit', 'return_class') and returns > 0
)

select
    measures.measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(counts.breakdown, 'total') as breakdown,
    coalesce(counts.member, '') as member,
    cast(if(periods.is_loaded, coalesce(counts.counted, 0), null) as double) as numerator,
    cast(null as double) as denominator,
    numerator as value,
    periods.status
from periods
cross join (values ('returns'), ('persons')) as measures (measure)
left join counts
    on measures.measure = counts.measure
    and periods.period_type = counts.period_type
    and periods.period = counts.period
order by measures.measure, periods.period_type, periods.period_start, breakdown, member
