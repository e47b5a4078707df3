/* One row: share of those who got their E-PMI in one period and cell that had been briefed (OPP) by then, or the number briefed in it.
   Why: BFR-01. Everybody has to be briefed before leaving; who was briefed afterwards was not briefed in time.
   The number briefed is counted by the day of the briefing, as the service units report it. */
with periods as (
    select * from mart_available_periods where dataset = 'registrations'
),

measured as (
    select period_type, period, breakdown, member, unnest([
        {'measure': 'coverage', 'part': completed_briefed, 'whole': completed},
        {'measure': 'briefed', 'part': briefed, 'whole': null}
    ], recursive := true)
    from mart_registrations
)

select
    measures.measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(measured.breakdown, 'total') as breakdown,
    coalesce(measured.member, '') as member,
    cast(case
        when periods.is_loaded and measures.measure = 'briefed' then coalesce(measured.part, 0)
        when periods.is_loaded then measured.part
    end as double) as numerator,
    cast(if(periods.is_loaded, measured.whole, null) as double) as denominator,
    if(measures.measure = 'coverage', 100 * numerator / nullif(denominator, 0), numerator) as value,
    if(value is null, 'not_available', periods.status) as status
from periods
cross join (values ('coverage'), ('briefed')) as measures (measure)
left join measured
    on measures.measure = measured.measure
    and periods.period_type = measured.period_type
    and periods.period = measured.period
order by measures.measure, periods.period_type, periods.period_start, breakdown, member
