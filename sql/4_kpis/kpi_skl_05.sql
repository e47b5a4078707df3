/* One row: share of the vacancies opened in one period and cell for which a worker with the matching skills was found.
   Why: SKL-05. Vacancies are delivered; which of them were matched by skills is not, and that a vacancy was filled does not
   say so. So the numerator is empty and the share not available until a source tells it. */
with periods as (
    select * from mart_available_periods where dataset = 'vacancies'
),

vacancies as (
    select
        steps.period_type, cast(date_trunc(steps.period_type, opened_on) as date) as period_start, quota,
        coalesce(country, 'UNKNOWN') as country, coalesce(occupation, 'UNKNOWN') as occupation
    from fct_vacancies
    cross join run
    cross join (values ('month'), ('quarter'), ('year')) as steps (period_type)
    where opened_on <= run.as_of
),

cells as (
    select
        period_type,
        period_start,
        case when country is not null then 'country' when occupation is not null then 'occupation' else 'total' end as breakdown,
        coalesce(country, occupation, '') as member,
        sum(quota) as vacancies
    from vacancies
    group by grouping sets ((period_type, period_start)), grouping sets ((), (country), (occupation))
)

select
    'share' as measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(cells.breakdown, 'total') as breakdown,
    coalesce(cells.member, '') as member,
    cast(null as double) as numerator,
    cast(if(periods.is_loaded, cells.vacancies, null) as double) as denominator,
    100 * numerator / nullif(denominator, 0) as value,
    'not_available' as status
from periods
left join cells using (period_type, period_start)
order by measure, periods.period_type, periods.period_start, breakdown, member
