/* One row: share of the persons whose course ended in one period and cell who were placed within 12 months of its end.
   Why: PLC-11. Courses and placements meet by the person, so who has no document cannot be judged; a cohort shows only
   once its last person has had 12 months and placements are delivered so far. A placement during the course is none of
   its results. */
with known_until as (
    select least(max(last_day(placed_on)), max(run.as_of)) as known_on
    from fct_placements
    cross join run
    where placed_on <= run.as_of
),

periods as (
    select periods.*, periods.is_loaded and periods.period_end + interval 12 month <= known_until.known_on as is_mature
    from mart_available_periods as periods
    cross join known_until
    where periods.dataset = 'trainings'
),

trained as (
    select
        person_token, ended_on, coalesce(language, 'UNKNOWN') as language,
        coalesce(programme, 'UNKNOWN') as programme, coalesce(target_group, 'UNKNOWN') as target_group,
        coalesce(province_kemendagri, 'UNKNOWN') as province, coalesce(sex, 'UNKNOWN') as sex
    from fct_trainings
    cross join run
    where person_token is not null and ended_on <= run.as_of
),

placed as (
    select person_token, placed_on
    from fct_placements
    where status = 'completed' and person_token in (select person_token from trained)
),

judged as (
    select
        steps.period_type, cast(date_trunc(steps.period_type, trained.ended_on) as date) as period_start, trained.*,
        coalesce(placed.placed_on <= trained.ended_on + interval 12 month, false) as is_placed
    from trained
    asof left join placed on trained.person_token = placed.person_token and trained.ended_on <= placed.placed_on
    cross join (values ('month'), ('quarter'), ('year')) as steps (period_type)
),

cells as (
    select
        period_type, period_start,
        case
            when language is not null then 'language'
            when programme is not null then 'skill_programme' when target_group is not null then 'target_group'
            when province is not null then 'province' when sex is not null then 'sex' else 'total'
        end as breakdown,
        coalesce(language, programme, target_group, province, sex, '') as member,
        count(distinct person_token) as persons,
        count(distinct person_token) filter (is_placed) as persons_placed
    from judged
    group by
        grouping sets ((period_type, period_start)),
        grouping sets ((), (language), (programme), (target_group), (province), (sex))
)

select
    'share' as measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(cells.breakdown, 'total') as breakdown,
    coalesce(cells.member, '') as member,
    cast(if(periods.is_mature, cells.persons_placed, null) as double) as numerator,
    cast(if(periods.is_mature, cells.persons, null) as double) as denominator,
    100 * numerator / nullif(denominator, 0) as value,
    if(value is null, 'not_available', periods.status) as status
from periods
left join cells using (period_type, period_start)
order by measure, periods.period_type, periods.period_start, breakdown, member
