/* One row: persons who slept in a shelter in one period and cell, or the share of its beds' nights that
   they occupied.
   Why: SHL-01. Persons say how many needed it, occupancy whether there is room; above 100 percent a
   shelter is overcrowded. Beds have a place but no sex, so occupancy is by kind of shelter only. */
with periods as (
    select * from mart_available_periods where dataset = 'shelter_stays'
),

counts as (
    select
        'residents' as measure, period_type, period, breakdown, member,
        residents as counted, cast(null as bigint) as out_of
    from mart_shelter_counts
    where residents > 0
    union all
    select 'occupancy', period_type, period, breakdown, member, occupied_nights, bed_nights
    from mart_shelter_counts
    where bed_nights > 0
),

filled as (
    select
        measures.measure,
        periods.*,
        coalesce(counts.breakdown, 'total') as breakdown,
        coalesce(counts.member, '') as member,
        cast(if(periods.is_loaded, coalesce(counts.counted, 0), null) as double) as numerator,
        cast(if(periods.is_loaded, counts.out_of, null) as double) as denominator
    from periods
    cross join (values ('residents'), ('occupancy')) as measures (measure)
    left join counts
        on measures.measure = counts.measure
        and periods.period_type = counts.period_type
        and periods.period = counts.period
)

select
    measure,
    period_type,
    period,
    period_start,
    breakdown,
    member,
    numerator,
    denominator,
    if(measure = 'residents', numerator, 100 * numerator / nullif(denominator, 0)) as value,
    if(value is null, 'not_available', status) as status
from filled
order by measure, period_type, period_start, breakdown, member
