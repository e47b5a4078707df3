/* One row: share of the candidates who departed in one period and cell and whose qualification was recognised within 18
   months.
   Why: SKL-04. Recognition takes long, so a cohort of departure shows only once its last candidate has had 18 months.
   Programmes whose jobs need no recognised qualification (EPS, SSW) would only lower the share and stay out. */
with periods as (
    select periods.*, periods.is_loaded and periods.period_end + interval 18 month <= run.as_of as is_mature
    from mart_available_periods as periods
    cross join run
    where periods.dataset = 'candidates'
),

departed as (
    select
        steps.period_type, cast(date_trunc(steps.period_type, departed_on) as date) as period_start,
        coalesce(recognised_on <= departed_on + interval 18 month, false) as is_recognised,
        programme, coalesce(country, 'UNKNOWN') as country, coalesce(sex, 'UNKNOWN') as sex
    from fct_candidates
    cross join (values ('month'), ('quarter'), ('year')) as steps (period_type)
    where programme in ('TRIPLE_WIN', 'IJEPA') and departed_on is not null
),

cells as (
    select
        period_type,
        period_start,
        case
            when programme is not null then 'skill_programme' when country is not null then 'country'
            when sex is not null then 'sex' else 'total'
        end as breakdown,
        coalesce(programme, country, sex, '') as member,
        count(*) as departed,
        count(*) filter (is_recognised) as recognised
    from departed
    group by grouping sets ((period_type, period_start)), grouping sets ((), (programme), (country), (sex))
)

select
    'share' as measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(cells.breakdown, 'total') as breakdown,
    coalesce(cells.member, '') as member,
    cast(if(periods.is_mature, cells.recognised, null) as double) as numerator,
    cast(if(periods.is_mature, cells.departed, null) as double) as denominator,
    100 * numerator / nullif(denominator, 0) as value,
    if(value is null, 'not_available', periods.status) as status
from periods
left join cells using (period_type, period_start)
order by measure, periods.period_type, periods.period_start, breakdown, member
