/* One row: complaints about charges above the cost structure (K06) per 10,000 placement services of one period and cell.
   Why: BFR-05. Placing must not cost the worker more than the rules allow. Who complains was seldom placed in the same
   period, so it is a ratio of two flows and no risk. */
with periods as (
    select
        cases.period_type,
        cases.period,
        cases.period_start,
        cases.is_loaded and placements.is_loaded as is_loaded,
        if('provisional' in (cases.status, placements.status), 'provisional', 'reported') as status
    from mart_available_periods as cases
    inner join mart_available_periods as placements
        on cases.period_type = placements.period_type and cases.period = placements.period
    where cases.dataset = 'cases' and placements.dataset = 'placements'
),

cells as (
    select
        period_type,
        period,
        breakdown,
        member,
        coalesce(cases.overcharged, 0) as overcharged,
        coalesce(placements.services, 0) as services
    from mart_case_counts as cases
    full join mart_placement_counts as placements using (period_type, period, breakdown, member)
    where breakdown in ('total', 'country', 'province')
)

select
    'per_10000_services' as measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(cells.breakdown, 'total') as breakdown,
    coalesce(cells.member, '') as member,
    cast(if(periods.is_loaded, cells.overcharged, null) as double) as numerator,
    cast(if(periods.is_loaded, cells.services, null) as double) as denominator,
    10000 * numerator / nullif(denominator, 0) as value,
    if(value is null, 'not_available', periods.status) as status
from periods
left join cells using (period_type, period)
order by measure, periods.period_type, periods.period_start, breakdown, member
