/* One row: cases of one cell that were open at the end of one period, in all or of one age.
   Why: CMP-05. The stock and its age say more about the service than the inflow; a quarter or a year
   shows its last day, so its months must not be added up. */
with periods as (
    select * from mart_available_periods where dataset = 'case_outcomes'
),

backlog as (
    select period_type, period, breakdown, member, unnest([
        {'measure': 'open', 'cases': open_cases},
        {'measure': 'open_0_30', 'cases': open_0_30_days},
        {'measure': 'open_31_90', 'cases': open_31_90_days},
        {'measure': 'open_91_180', 'cases': open_91_180_days},
        {'measure': 'open_over_180', 'cases': open_over_180_days}
    ], recursive := true)
    from mart_case_backlog
)

select
    measures.measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(backlog.breakdown, 'total') as breakdown,
    coalesce(backlog.member, '') as member,
    cast(if(periods.is_loaded, coalesce(backlog.cases, 0), null) as double) as numerator,
    cast(null as double) as denominator,
    numerator as value,
    periods.status
from periods
cross join (values ('open'), ('open_0_30'), ('open_31_90'), ('open_91_180'), ('open_over_180')) as measures (measure)
left join backlog
    on measures.measure = backlog.measure
    and periods.period_type = backlog.period_type
    and periods.period = backlog.period
order by measures.measure, periods.period_type, periods.period_start, breakdown, member
