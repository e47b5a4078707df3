/* One row: median wage in the contracts of one period and cell, in rupiah, or in relation to the minimum wage of the origin.
   Why: WEL-01. Medians, because a few high wages move a mean. A median of fewer than five wages may tell somebody's wage and
   is suppressed. Minimum wages are delivered for some regencies only: both medians of the relation are those of the same
   workers, and where none has one it is not available. */
with periods as (
    select * from mart_available_periods where dataset = 'placements'
),

cells as (
    select period_type, period_start, breakdown, member, unnest([
        {
            'measure': 'median_wage_idr', 'wages': wages,
            'wage_idr': median_wage_idr, 'minimum_idr': cast(null as double)
        },
        {
            'measure': 'wage_to_minimum', 'wages': wages_with_minimum,
            'wage_idr': median_wage_with_minimum_idr, 'minimum_idr': median_minimum_idr
        }
    ], recursive := true)
    from mart_contract_wages
)

select
    measures.measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(cells.breakdown, 'total') as breakdown,
    coalesce(cells.member, '') as member,
    if(periods.is_loaded and cells.wages >= 5, cells.wage_idr, null) as numerator,
    if(periods.is_loaded and cells.wages >= 5, cells.minimum_idr, null) as denominator,
    if(measures.measure = 'wage_to_minimum', numerator / nullif(denominator, 0), numerator) as value,
    case
        when periods.is_loaded and cells.wages between 1 and 4 then 'suppressed'
        when value is null then 'not_available'
        else periods.status
    end as status
from periods
cross join (values ('median_wage_idr'), ('wage_to_minimum')) as measures (measure)
left join cells
    on measures.measure = cells.measure
    and periods.period_type = cells.period_type
    and periods.period_start = cells.period_start
order by measures.measure, periods.period_type, periods.period_start, breakdown, member
