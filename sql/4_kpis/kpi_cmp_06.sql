/* One row: share of the cases closed in one period and cell that were closed without being resolved:
   by the reasons of the rule in all, or by handing over alone.
   Why: CMP-06. Counting such closures as resolved is how a resolution rate becomes too good. */
with periods as (
    select * from mart_available_periods where dataset = 'case_outcomes'
),

closures as (
    select period_type, period, breakdown, member, closed, unnest([
        {'measure': 'share', 'cases': closed_by_administration + handed_over},
        {'measure': 'share_handed_over', 'cases': handed_over}
    ], recursive := true)
    from mart_case_closures
    where closed > 0
)

select
    measures.measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(closures.breakdown, 'total') as breakdown,
    coalesce(closures.member, '') as member,
    cast(if(periods.is_loaded, closures.cases, null) as double) as numerator,
    cast(if(periods.is_loaded, closures.closed, null) as double) as denominator,
    100 * numerator / nullif(denominator, 0) as value,
    if(value is null, 'not_available', periods.status) as status
from periods
cross join (values ('share'), ('share_handed_over')) as measures (measure)
left join closures
    on measures.measure = closures.measure
    and periods.period_type = closures.period_type
    and periods.period = closures.period
order by measures.measure, periods.period_type, periods.period_start, breakdown, member
