/* One row: persons freed from the death penalty in one year, or still facing it at its end: by the
   ministry's legal aid, or as the foreign ministry counts all citizens at the missions.
   Why: LEG-04. A death-penalty case is restricted: national totals only, and nothing below ten, not even
   none. Ended years only, because a month that is withheld could be computed from the others, and a part of
   a year from two releases. */
with periods as (
    select *
    from mart_available_periods
    where dataset in ('legal_aid', 'mission_cases') and period_type = 'year' and has_ended
),

measures as (
    select *
    from (values
        ('freed', 'legal_aid'), ('missions_freed', 'mission_cases'), ('missions_open', 'mission_cases')
    ) as measures (measure, dataset)
),

counts as (
    select
        'freed' as measure,
        cast(date_trunc('year', ended_on) as date) as period_start,
        count(distinct person_token) + count(*) filter (person_token is null) as persons
    from fct_legal_aid
    where result = 'BEBAS_HUKUMAN_MATI'
    group by all
    union all
    select unnest(['missions_freed', 'missions_open']), period_start, unnest([sum(death_penalty_freed), sum(death_penalty_open)])
    from fct_mission_cases
    where month_no is null and topic is null and country is null
    group by period_start
),

judged as (
    select
        measures.measure,
        periods.*,
        if(periods.is_loaded, coalesce(counts.persons, if(measures.measure = 'freed', 0, null)), null) as persons
    from periods
    inner join measures using (dataset)
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
