/* One row: share of the entitled workers who returned in one period and cell and had their first social empowerment within
   one month.
   Why: EMP-09. The regulation gives one month from the return. A cohort shows only once its last worker has had that month. */
with periods as (
    select periods.*, periods.is_loaded and periods.period_end + interval 1 month <= run.as_of as is_mature
    from mart_available_periods as periods
    cross join run
    where periods.dataset = 'reintegration'
),

returned as (
    select
        steps.period_type, cast(date_trunc(steps.period_type, returned_on) as date) as period_start,
        coalesce(social_on <= returned_on + interval 1 month, false) as is_in_time,
        coalesce(country, 'UNKNOWN') as country, coalesce(province_kemendagri, 'UNKNOWN') as province,
        coalesce(sex, 'UNKNOWN') as sex, coalesce(unit, 'UNKNOWN') as unit
    from fct_reintegration
    cross join (values ('month'), ('quarter'), ('year')) as steps (period_type)
    where is_eligible
),

counts as (
    select
        period_type,
        period_start,
        case
            when country is not null then 'country' when province is not null then 'province'
            when sex is not null then 'sex' when unit is not null then 'unit' else 'total'
        end as breakdown,
        coalesce(country, province, sex, unit, '') as member,
        count(*) as entitled,
        count(*) filter (is_in_time) as in_time
    from returned
    group by grouping sets ((period_type, period_start)), grouping sets ((), (country), (province), (sex), (unit))
)

select
    'share' as measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(counts.breakdown, 'total') as breakdown,
    coalesce(counts.member, '') as member,
    cast(if(periods.is_mature, counts.in_time, null) as double) as numerator,
    cast(if(periods.is_mature, counts.entitled, null) as double) as denominator,
    100 * numerator / nullif(denominator, 0) as value,
    if(value is null, 'not_available', periods.status) as status
from periods
left join counts using (period_type, period_start)
order by measure, periods.period_type, periods.period_start, breakdown, member
