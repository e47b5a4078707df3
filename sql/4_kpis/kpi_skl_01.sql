/* One row: placement services to Germany in the government-to-government scheme, or the persons placed, of one period and cell.
   Why: SKL-01. Scheme and country together are in no count of placements, and the numbers are small enough to count here. */
with periods as (
    select * from mart_available_periods where dataset = 'placements'
),

placed as (
    select
        steps.period_type, cast(date_trunc(steps.period_type, placed_on) as date) as period_start,
        coalesce(cast(person_token as varchar), source || '|' || row_key) as person,
        coalesce(province_kemendagri, 'UNKNOWN') as province, coalesce(sex, 'UNKNOWN') as sex,
        coalesce(occupation, 'UNKNOWN') as occupation
    from fct_placements
    cross join (values ('month'), ('quarter'), ('year')) as steps (period_type)
    where scheme = 'GTG' and country = 'DEU' and status = 'completed'
),

cells as (
    select
        period_type, period_start,
        case
            when province is not null then 'province' when sex is not null then 'sex'
            when occupation is not null then 'occupation' else 'total'
        end as breakdown,
        coalesce(province, sex, occupation, '') as member,
        count(*) as services,
        count(distinct person) as persons
    from placed
    group by grouping sets ((period_type, period_start)), grouping sets ((), (province), (sex), (occupation))
)

select
    measures.measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(cells.breakdown, 'total') as breakdown,
    coalesce(cells.member, '') as member,
    cast(if(
        periods.is_loaded, coalesce(if(measures.measure = 'services', cells.services, cells.persons), 0), null
    ) as double) as numerator,
    cast(null as double) as denominator,
    numerator as value,
    periods.status
from periods
cross join (values ('services'), ('persons')) as measures (measure)
left join cells using (period_type, period_start)
order by measures.measure, periods.period_type, periods.period_start, breakdown, member
