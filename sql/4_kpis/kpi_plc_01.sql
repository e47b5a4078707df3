/* One row: services, persons or departures of one cell and period.
   Why: PLC-01, the ministry's best known number, is three numbers; they never share a name. Of the services, those between
   governments and those through companies are told again, by country and by company, as the bulletin does. */
with measures as (
    select *
    from (values
        ('services', 'placements'), ('persons', 'placements'), ('departures', 'departures'),
        ('services_g2g', 'placements'), ('services_p3mi', 'placements')
    ) as measures (measure, dataset)
),

counted as (
    select period_type, period, breakdown, member, unnest([
        {'measure': 'services', 'counted': services},
        {'measure': 'persons', 'counted': persons},
        {'measure': 'departures', 'counted': departures}
    ], recursive := true)
    from mart_placement_counts
),

-- Persons of regencies do not add up and few come twice within a month: they are told by the year.
told as (
    select * from counted where measure <> 'persons' or breakdown <> 'regency' or period_type = 'year'
    union all by name
    select measure, period_type, period, breakdown, member, services as counted from mart_bulletin_counts
)

select
    measures.measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(told.breakdown, 'total') as breakdown,
    coalesce(told.member, '') as member,
    cast(if(periods.is_loaded, coalesce(told.counted, 0), null) as double) as numerator,
    cast(null as double) as denominator,
    numerator as value,
    periods.status
from measures
inner join mart_available_periods as periods on measures.dataset = periods.dataset
left join told
    on measures.measure = told.measure
    and periods.period_type = told.period_type
    and periods.period = told.period
where measures.measure <> 'services_p3mi' or periods.period_type = 'year'
order by measures.measure, periods.period_type, periods.period_start, breakdown, member
