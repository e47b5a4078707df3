/* One row: one year's placement services as a share of one target for it: the one in force, or the one that it replaced.
   Why: PLC-02. Two targets for one year have been announced, and a report of that time knew only the first;
   so a target counts from the day it was announced on, and both are shown. Without a target there is no row. */
with periods as (
    select * from mart_available_periods where dataset = 'placements'
),

announced as (
    select
        period_type, period, target_value,
        row_number() over (partition by period_type, period order by set_on desc nulls last, publication, target_value) as place
    from dim_target
    cross join run
    where kpi = 'PLC-01' and measure = 'services' and status in ('in force', 'superseded')
        and (set_on is null or set_on <= run.as_of)
),

targets as (
    select period_type, period, target_value, if(place = 1, 'target_in_force', 'target_superseded') as measure
    from announced
    where place <= 2
),

services as (
    select period_type, period, services from mart_placement_counts where breakdown = 'total'
)

select
    targets.measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    'total' as breakdown,
    '' as member,
    cast(if(periods.is_loaded, coalesce(services.services, 0), null) as double) as numerator,
    cast(targets.target_value as double) as denominator,
    100 * numerator / nullif(denominator, 0) as value,
    if(value is null, 'not_available', periods.status) as status
from periods
inner join targets using (period_type, period)
left join services using (period_type, period)
order by targets.measure, periods.period_type, periods.period_start
