/* One row: days from receipt to resolution, of the cases resolved in one period and cell: the median,
   or the time within which nine of ten were resolved.
   Why: CMP-04. Counted by the period of resolution, so that a finished period never changes because a
   case is still open. Durations come from events; a negative one is left out and listed by a check. */
with periods as (
    select * from mart_available_periods where dataset = 'case_outcomes'
),

durations as (
    select period_type, period, breakdown, member, unnest([
        {'measure': 'median_days', 'days': median_days_to_resolution},
        {'measure': 'p90_days', 'days': p90_days_to_resolution}
    ], recursive := true)
    from mart_case_closures
    where resolved > 0
)

select
    measures.measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(durations.breakdown, 'total') as breakdown,
    coalesce(durations.member, '') as member,
    cast(if(periods.is_loaded, durations.days, null) as double) as numerator,
    cast(null as double) as denominator,
    numerator as value,
    if(value is null, 'not_available', periods.status) as status
from periods
cross join (values ('median_days'), ('p90_days')) as measures (measure)
left join durations
    on measures.measure = durations.measure
    and periods.period_type = durations.period_type
    and periods.period = durations.period
order by measures.measure, periods.period_type, periods.period_start, breakdown, member
