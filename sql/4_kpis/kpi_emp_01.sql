/* One row: returned workers and family members whom empowerment reached in one period and cell.
   Why: EMP-01. A person counts once per cell and period, so neither months nor kinds of events add up; participations do. */
with periods as (
    select * from mart_available_periods where dataset = 'empowerment_events'
),

counts as (
    select period_type, period_start, breakdown, member, unnest([
        {'measure': 'persons', 'reached': persons},
        {'measure': 'trained_or_mentored', 'reached': persons_trained_or_mentored},
        {'measure': 'participations', 'reached': participations}
    ], recursive := true)
    from mart_empowerment_counts
    where participations > 0
)

select
    measures.measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(counts.breakdown, 'total') as breakdown,
    coalesce(counts.member, '') as member,
    cast(if(periods.is_loaded, coalesce(counts.reached, 0), null) as double) as numerator,
    cast(null as double) as denominator,
    numerator as value,
    periods.status
from periods
cross join (values ('persons'), ('trained_or_mentored'), ('participations')) as measures (measure)
left join counts
    on measures.measure = counts.measure
    and periods.period_type = counts.period_type
    and periods.period_start = counts.period_start
order by measures.measure, periods.period_type, periods.period_start, breakdown, member
