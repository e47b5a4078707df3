/* One row: share of the entitled workers who returned in one period and cell and had their first social empowerment within
   the time that the rule gave on the day of the return.
   Why: EMP-09. The clock PEMBERDAYAAN_SOSIAL starts with the return. A cohort shows only once its last worker has had that time. */
with periods as (
    select periods.*, periods.is_loaded and coalesce(clocks.last_due_on <= run.as_of, false) as is_mature
    from mart_available_periods as periods
    cross join run
    left join mart_clock_periods as clocks
        on clocks.code = 'PEMBERDAYAAN_SOSIAL'
        and periods.period_type = clocks.period_type
        and periods.period_start = clocks.period_start
    where periods.dataset = 'reintegration'
),

returned as (
    select
        steps.period_type, cast(date_trunc(steps.period_type, returned_on) as date) as period_start,
        coalesce(social_on <= returned_on + to_months(clocks.clock_months) + to_days(clocks.clock_days), false) as is_in_time,
        coalesce(country, 'UNKNOWN') as country, coalesce(province_kemendagri, 'UNKNOWN') as province,
        coalesce(sex, 'UNKNOWN') as sex, coalesce(unit, 'UNKNOWN') as unit
    from fct_reintegration
    inner join dim_legal_clock as clocks
        on clocks.code = 'PEMBERDAYAAN_SOSIAL'
        and returned_on between coalesce(clocks.valid_from, returned_on) and coalesce(clocks.valid_to, returned_on)
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
