/* One row: candidates who applied to programmes of skilled placement in one period and cell and have reached one stage.
   Why: SKL-03. A funnel follows the applicants of one period: who reaches a later stage is counted back in the period of
   the application, and in every stage before it. */
with periods as (
    select * from mart_available_periods where dataset = 'candidates'
),

stages as (
    select *
    from (values
        ('applied', 0), ('interviewed', 1), ('language_passed', 2), ('visa', 3), ('departed', 4), ('recognised', 5)
    ) as stages (measure, stage_no)
),

candidates as (
    select
        steps.period_type, cast(date_trunc(steps.period_type, applied_on) as date) as period_start, stage_no,
        coalesce(programme, 'UNKNOWN') as programme, coalesce(country, 'UNKNOWN') as country,
        coalesce(target_group, 'UNKNOWN') as target_group, coalesce(province_kemendagri, 'UNKNOWN') as province,
        coalesce(sex, 'UNKNOWN') as sex
    from fct_candidates
    cross join run
    cross join (values ('month'), ('quarter'), ('year')) as steps (period_type)
    where applied_on <= run.as_of
),

cells as (
    select
        stages.measure, period_type, period_start,
        case
            when programme is not null then 'skill_programme' when country is not null then 'country'
            when target_group is not null then 'target_group' when province is not null then 'province'
            when sex is not null then 'sex' else 'total'
        end as breakdown,
        coalesce(programme, country, target_group, province, sex, '') as member,
        count(*) filter (candidates.stage_no >= stages.stage_no) as reached
    from candidates
    cross join stages
    group by
        grouping sets ((stages.measure, period_type, period_start)),
        grouping sets ((), (programme), (country), (target_group), (province), (sex))
)

select
    stages.measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(cells.breakdown, 'total') as breakdown,
    coalesce(cells.member, '') as member,
    cast(if(periods.is_loaded, coalesce(cells.reached, 0), null) as double) as numerator,
    cast(null as double) as denominator,
    numerator as value,
    periods.status
from periods
cross join stages
left join cells
    on stages.measure = cells.measure
    and periods.period_type = cells.period_type
    and periods.period_start = cells.period_start
order by stages.measure, periods.period_type, periods.period_start, breakdown, member
