/* One row: persons reached with the help of partners in one period: by theme, by sex, or in all.
   Why: COP-02. A person counts once in each cell, so themes do not add up. Whom nobody can tell apart counts as one person
   each, as placements do. Empowerment with a partner is of the first theme, a course that a partner paid of skilled placement. */
with periods as (
    select
        events.period_type, events.period, events.period_start,
        events.is_loaded and courses.is_loaded as is_loaded,
        if('provisional' in (events.status, courses.status), 'provisional', 'reported') as status
    from mart_available_periods as events
    inner join mart_available_periods as courses using (period_type, period)
    where events.dataset = 'empowerment_events' and courses.dataset = 'trainings'
),

reached as (
    select held_on as reached_on, 'EKONOMI' as theme, sex, coalesce(cast(person_token as varchar), source || row_key) as person
    from fct_empowerment_events
    where partner is not null
    union all
    select started_on, 'PENEMPATAN', sex, coalesce(cast(person_token as varchar), source || row_key)
    from fct_trainings
    where funder is not null
),

cells as (
    select
        steps.period_type, cast(date_trunc(steps.period_type, reached_on) as date) as period_start,
        case when theme is not null then 'theme' when sex is not null then 'sex' else 'total' end as breakdown,
        coalesce(theme, sex, '') as member,
        count(distinct person) as persons
    from (select reached_on, theme, coalesce(sex, 'UNKNOWN') as sex, person from reached cross join run where reached_on <= run.as_of)
    cross join (values ('month'), ('quarter'), ('year')) as steps (period_type)
    group by steps.period_type, date_trunc(steps.period_type, reached_on), grouping sets ((), (theme), (sex))
)

select
    'persons' as measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(cells.breakdown, 'total') as breakdown,
    coalesce(cells.member, '') as member,
    cast(if(periods.is_loaded, coalesce(cells.persons, 0), null) as double) as numerator,
    cast(null as double) as denominator,
    numerator as value,
    if(value is null, 'not_available', periods.status) as status
from periods
left join cells using (period_type, period_start)
order by measure, periods.period_type, periods.period_start, breakdown, member
