/* One row: persons reached with the help of partners in one period: by theme, by partner, by sex, or in all.
   Why: COP-02. A person counts once in each cell, so neither themes nor partners add up. Whom nobody can tell apart counts as
   one person each, as placements do. Empowerment with a partner is of the first theme, a course that a partner paid of skilled
   placement. An event names its programme by number or title, and the register of programmes knows whose it is; where it does
   not, the partner is the one that the record writes, and UNKNOWN when no list has that spelling. */
with periods as (
    select
        events.period_type, events.period, events.period_start,
        events.is_loaded and courses.is_loaded as is_loaded,
        if('provisional' in (events.status, courses.status), 'provisional', 'reported') as status
    from mart_available_periods as events
    inner join mart_available_periods as courses using (period_type, period)
    where events.dataset = 'empowerment_events' and courses.dataset = 'trainings'
),

programmes as (
    select regexp_replace(lower(strip_accents(name)), '[^a-z0-9]', '', 'g') as name, min(partner) as partner
    from (
        select programme_id as name, partner from fct_partner_programmes
        union all
        select title, partner from fct_partner_programmes
    )
    group by all
    having count(distinct partner) = 1
),

taken_part as (
    select
        held_on as reached_on, 'EKONOMI' as theme, coalesce(sex, 'UNKNOWN') as sex, programme, partner as written,
        coalesce(cast(person_token as varchar), source || row_key) as person
    from fct_empowerment_events
    union all
    select started_on, 'PENEMPATAN', coalesce(sex, 'UNKNOWN'), null, funder, coalesce(cast(person_token as varchar), source || row_key)
    from fct_trainings
),

reached as (
    select reached_on, theme, sex, person, coalesce(programmes.partner, dim_partner_name.partner, 'UNKNOWN') as partner
    from taken_part
    cross join run
    left join programmes on programmes.name = regexp_replace(lower(strip_accents(programme)), '[^a-z0-9]', '', 'g')
    left join dim_partner_name on dim_partner_name.name = regexp_replace(lower(strip_accents(written)), '[^a-z0-9]', '', 'g')
    where reached_on <= run.as_of and (written is not null or programmes.partner is not null)
),

cells as (
    select
        steps.period_type, cast(date_trunc(steps.period_type, reached_on) as date) as period_start,
        case when theme is not null then 'theme' when partner is not null then 'partner' when sex is not null then 'sex' else 'total' end as breakdown,
        coalesce(theme, partner, sex, '') as member,
        count(distinct person) as persons
    from reached
    cross join (values ('month'), ('quarter'), ('year')) as steps (period_type)
    group by steps.period_type, date_trunc(steps.period_type, reached_on), grouping sets ((), (theme), (partner), (sex))
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
