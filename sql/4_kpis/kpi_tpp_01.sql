/* One row: victims of trafficking who came home in one year, or who were named in the complaints of it.
   Why: TPP-01. Trafficking is restricted: national totals only, and nothing below ten, not even none. Ended
   years only, because a month that is withheld could be computed from the others, and a part of a year from
   two releases. A category in a record is what the officer saw and no verdict. Returns and complaints may be
   about one person and are not added. */
with periods as (
    select if(dataset = 'returns', 'repatriated', 'identified') as measure, *
    from mart_available_periods
    where dataset in ('returns', 'cases') and period_type = 'year' and has_ended
),

victims as (
    select 'repatriated' as measure, returned_on as happened_on, person_token
    from fct_returns
    where category = 'K19' and is_return
    union all
    select 'identified', received_on, person_token
    from fct_cases
    where category = 'K19'
),

counts as (
    select
        measure,
        cast(date_trunc('year', happened_on) as date) as period_start,
        count(distinct person_token) + count(*) filter (person_token is null) as persons
    from victims
    group by all
),

judged as (
    select periods.*, if(periods.is_loaded, coalesce(counts.persons, 0), null) as persons
    from periods
    left join counts using (measure, period_start)
)

select
    measure,
    period_type,
    period,
    period_start,
    'total' as breakdown,
    '' as member,
    cast(if(persons < 10, null, persons) as double) as numerator,
    cast(null as double) as denominator,
    numerator as value,
    case when persons is null then 'not_available' when persons < 10 then 'suppressed' else status end as status
from judged
order by measure, period_type, period_start, breakdown, member
