/* One row: days from registration to E-PMI, of those who got it in one period and cell: the median, or the time
   within which nine of ten were through.
   Why: PLC-10. Counted by the period of the E-PMI: who is still waiting has no duration yet, and a finished period
   never changes because of them. A negative duration is left out. */
with periods as (
    select * from mart_available_periods where dataset = 'registrations'
),

durations as (
    select period_type, period, breakdown, member, unnest([
        {'measure': 'median_days', 'days': median_days_to_epmi},
        {'measure': 'p90_days', 'days': p90_days_to_epmi}
    ], recursive := true)
    from mart_registrations
    where completed > 0
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
