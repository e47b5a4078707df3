/* One row: persons in financial education of one period and cell, or their mean gain in score.
   Why: EMP-07. Whoever is taught counts, also workers about to leave. A gain needs a test before and one after; who took
   only one is on neither side of the mean. */
with periods as (
    select * from mart_available_periods where dataset = 'empowerment_events'
),

counts as (
    select period_type, period_start, breakdown, member, unnest([
        {'measure': 'participants', 'part': cast(learners as double), 'whole': cast(null as double)},
        {'measure': 'mean_gain', 'part': score_gained, 'whole': cast(learners_tested_twice as double)}
    ], recursive := true)
    from mart_empowerment_counts
    where learners > 0 and breakdown <> 'empowerment_type'
)

select
    measures.measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(counts.breakdown, 'total') as breakdown,
    coalesce(counts.member, '') as member,
    if(periods.is_loaded, coalesce(counts.part, 0), null) as numerator,
    if(periods.is_loaded, counts.whole, null) as denominator,
    if(measures.measure = 'participants', numerator, numerator / nullif(denominator, 0)) as value,
    if(value is null, 'not_available', periods.status) as status
from periods
cross join (values ('participants'), ('mean_gain')) as measures (measure)
left join counts
    on measures.measure = counts.measure
    and periods.period_type = counts.period_type
    and periods.period_start = counts.period_start
order by measures.measure, periods.period_type, periods.period_start, breakdown, member
