/* One row: concentration of placement services on few destinations, in one period.
   Why: PLC-08. A crisis in one destination hits harder the fewer there are: the Herfindahl-Hirschman
   index (0 to 1) and the share of the five greatest. Rows without a country are left out of both. */
with periods as (
    select * from mart_available_periods where dataset = 'placements'
),

countries as (
    select
        period_type,
        period,
        services,
        row_number() over (partition by period_type, period order by services desc, member) as place
    from mart_placement_counts
    where breakdown = 'country' and member <> 'UNKNOWN' and services > 0
),

concentration as (
    select
        period_type,
        period,
        cast(sum(services) as double) as services,
        cast(sum(services) filter (place <= 5) as double) as services_top_5,
        sum(cast(services as double) * services) as squared_services
    from countries
    group by period_type, period
),

measured as (
    select period_type, period, 'hhi' as measure, 1 as scale, squared_services as numerator, services * services as denominator
    from concentration
    union all
    select period_type, period, 'top5', 100, services_top_5, services
    from concentration
)

select
    measures.measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    'total' as breakdown,
    '' as member,
    if(periods.is_loaded, measured.numerator, null) as numerator,
    if(periods.is_loaded, measured.denominator, null) as denominator,
    measured.scale * (if(periods.is_loaded, measured.numerator, null) / nullif(measured.denominator, 0)) as value,
    if(value is null, 'not_available', periods.status) as status
from periods
cross join (values ('hhi'), ('top5')) as measures (measure)
left join measured
    on measures.measure = measured.measure
    and periods.period_type = measured.period_type
    and periods.period = measured.period
order by measures.measure, periods.period_type, periods.period_start
