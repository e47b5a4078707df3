/* One row: growth of placement services of one cell against the same period a year before (yoy) or the
   month before (mtm).
   Why: PLC-03. Growth is recomputed here, never copied; only ended periods compare, and a start of
   nothing has no growth rate. Of most regencies a month or a quarter is a handful, so they have years only. */
with periods as (
    select * from mart_available_periods where dataset = 'placements'
),

steps as (
    select *
    from (values
        ('yoy', 'month', 12), ('yoy', 'quarter', 12), ('yoy', 'year', 12), ('mtm', 'month', 1)
    ) as steps (measure, period_type, months_back)
),

services as (
    select period_type, period_start, breakdown, member, services
    from mart_placement_counts
    where breakdown <> 'regency' or period_type = 'year'
),

pairs as (
    select steps.measure, services.period_type, services.period_start, breakdown, member, services, 0 as services_before
    from services
    inner join steps using (period_type)
    union all
    select
        steps.measure, services.period_type,
        cast(services.period_start + to_months(steps.months_back) as date),
        breakdown, member, 0, services
    from services
    inner join steps using (period_type)
),

cells as (
    select
        measure, period_type, period_start, breakdown, member,
        sum(services) as services,
        sum(services_before) as services_before
    from pairs
    group by all
),

compared as (
    select
        steps.measure,
        periods.*,
        periods.is_loaded and periods.has_ended and coalesce(before.is_loaded, false) as is_comparable,
        coalesce(cells.breakdown, 'total') as breakdown,
        coalesce(cells.member, '') as member,
        cells.services,
        cells.services_before
    from periods
    inner join steps using (period_type)
    left join periods as before
        on periods.period_type = before.period_type
        and before.period_start = cast(periods.period_start - to_months(steps.months_back) as date)
    left join cells
        on steps.measure = cells.measure
        and periods.period_type = cells.period_type
        and periods.period_start = cells.period_start
)

select
    measure,
    period_type,
    period,
    period_start,
    breakdown,
    member,
    cast(if(is_comparable, services - services_before, null) as double) as numerator,
    cast(if(is_comparable, services_before, null) as double) as denominator,
    100 * numerator / nullif(denominator, 0) as value,
    if(value is null, 'not_available', status) as status
from compared
order by measure, period_type, period_start, breakdown, member
