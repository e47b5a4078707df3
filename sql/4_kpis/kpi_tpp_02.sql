/* One row: Indonesians who died or went missing on their way in one period, as far as incidents name
   Indonesia as the only origin.
   Why: TPP-02, SDG 10.7.3. It is IOM's count from reports of others and the least that is known: where
   nobody counted an incident adds nothing, and people of several origins cannot be told apart. */
with periods as (
    select * from mart_available_periods where dataset = 'missing_migrants'
),

sums as (
    select
        steps.period_type,
        cast(date_trunc(steps.period_type, incident_on) as date) as period_start,
        sum(dead_and_missing) as dead_and_missing,
        sum(dead) as dead,
        sum(missing) as missing
    from fct_missing_migrants
    cross join (values ('month'), ('quarter'), ('year')) as steps (period_type)
    where origin_country = 'IDN'
    group by all
),

cells as (
    select period_type, period_start, unnest([
        {'measure': 'dead_and_missing', 'persons': dead_and_missing},
        {'measure': 'dead', 'persons': dead},
        {'measure': 'missing', 'persons': missing}
    ], recursive := true)
    from sums
)

select
    measures.measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    'total' as breakdown,
    '' as member,
    cast(if(periods.is_loaded, coalesce(cells.persons, 0), null) as double) as numerator,
    cast(null as double) as denominator,
    numerator as value,
    periods.status
from periods
cross join (values ('dead_and_missing'), ('dead'), ('missing')) as measures (measure)
left join cells
    on measures.measure = cells.measure
    and periods.period_type = cells.period_type
    and periods.period_start = cells.period_start
order by measures.measure, periods.period_type, periods.period_start, breakdown, member
