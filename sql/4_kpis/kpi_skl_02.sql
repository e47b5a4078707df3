/* One row: share passed of the language examinations sat in one period and cell.
   Why: SKL-02. It counts in the period of the examination, not of the course, so a finished period does not change because
   a course still runs. A result that nobody reported yet is no pass. */
with periods as (
    select * from mart_available_periods where dataset = 'examinations'
),

sat as (
    select
        steps.period_type, cast(date_trunc(steps.period_type, sat_on) as date) as period_start, has_passed,
        coalesce(language, 'UNKNOWN') as language, coalesce(level, 'UNKNOWN') as level,
        coalesce(programme, 'UNKNOWN') as programme, coalesce(target_group, 'UNKNOWN') as target_group,
        coalesce(country, 'UNKNOWN') as country, coalesce(province_kemendagri, 'UNKNOWN') as province,
        coalesce(sex, 'UNKNOWN') as sex
    from fct_trainings
    cross join run
    cross join (values ('month'), ('quarter'), ('year')) as steps (period_type)
    where training_kind = 'BAHASA' and sat_on <= run.as_of
),

cells as (
    select
        period_type, period_start,
        case
            when language is not null then 'language' when level is not null then 'language_level'
            when programme is not null then 'skill_programme' when target_group is not null then 'target_group'
            when country is not null then 'country' when province is not null then 'province'
            when sex is not null then 'sex' else 'total'
        end as breakdown,
        coalesce(language, level, programme, target_group, country, province, sex, '') as member,
        count(*) filter (has_passed) as passed,
        count(*) as sat
    from sat
    group by
        grouping sets ((period_type, period_start)),
        grouping sets ((), (language), (level), (programme), (target_group), (country), (province), (sex))
)

select
    'share' as measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(cells.breakdown, 'total') as breakdown,
    coalesce(cells.member, '') as member,
    cast(if(periods.is_loaded, cells.passed, null) as double) as numerator,
    cast(if(periods.is_loaded, cells.sat, null) as double) as denominator,
    100 * numerator / nullif(denominator, 0) as value,
    if(value is null, 'not_available', periods.status) as status
from periods
left join cells using (period_type, period_start)
order by measure, periods.period_type, periods.period_start, breakdown, member
