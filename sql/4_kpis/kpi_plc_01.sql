/* One row: services, persons or departures of one cell and period.
   Why: PLC-01, the ministry's best known number, is three numbers; they never share a name. */
with measures as (
    select *
    from (values
        ('services', 'placements'), ('persons', 'placements'), ('departures', 'departures')
    ) as measures (measure, dataset)
),

counted as (
    select period_type, period, breakdown, member, unnest([
        {'measure': 'services', 'counted': services},
        {'measure': 'persons', 'counted': persons},
        {'measure': 'departures', 'counted': departures}
    ], recursive := true)
    from mart_placement_counts
)

select
    measures.measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(counted.breakdown, 'total') as breakdown,
    coalesce(counted.member, '') as member,
    cast(if(periods.is_loaded, coalesce(counted.counted, 0), null) as double) as numerator,
    cast(null as double) as denominator,
    numerator as value,
    periods.status
from measures
inner join mart_available_periods as periods on measures.dataset = periods.dataset
left join counted
    on measures.measure = counted.measure
    and periods.period_type = counted.period_type
    and periods.period = counted.period
order by measures.measure, periods.period_type, periods.period_start, breakdown, member
