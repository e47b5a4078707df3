/* One row: deported workers of one period and cell; the point is where they came in.
   Why: RET-04. Deportations come through few ports and border posts, which have to be ready for them. */
with periods as (
    select * from mart_available_periods where dataset = 'returns'
),

counts as (
    select period_type, period, breakdown, member, deported
    from mart_return_counts
    where breakdown in ('total', 'country', 'province', 'sex', 'unit', 'point')
)

select
    'deported' as measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(counts.breakdown, 'total') as breakdown,
    coalesce(counts.member, '') as member,
    cast(if(periods.is_loaded, coalesce(counts.deported, 0), null) as double) as numerator,
    cast(null as double) as denominator,
    numerator as value,
    periods.status
from periods
left join counts using (period_type, period)
order by measure, periods.period_type, periods.period_start, breakdown, member
