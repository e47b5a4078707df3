/* One row: share of the promises due in one period that were kept by their day; in all, of one partner or of one theme.
   Why: COP-05. A promise that both sides withdrew was not broken and stands aside, and so does one without a day. */
with periods as (
    select * from mart_available_periods where dataset = 'cooperation_commitments'
),

due as (
    select due_on, is_kept_on_time, coalesce(partner, 'UNKNOWN') as partner, coalesce(theme, 'UNKNOWN') as theme
    from fct_cooperation_commitments
    cross join run
    where due_on <= run.as_of and state <> 'DITARIK'
),

cells as (
    select
        steps.period_type, cast(date_trunc(steps.period_type, due_on) as date) as period_start,
        case when partner is not null then 'partner' when theme is not null then 'theme' else 'total' end as breakdown,
        coalesce(partner, theme, '') as member,
        count(*) as due, count(*) filter (is_kept_on_time) as on_time
    from due
    cross join (values ('month'), ('quarter'), ('year')) as steps (period_type)
    group by steps.period_type, date_trunc(steps.period_type, due_on), grouping sets ((), (partner), (theme))
)

select
    'on_time_share' as measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(cells.breakdown, 'total') as breakdown,
    coalesce(cells.member, '') as member,
    cast(if(periods.is_loaded, coalesce(cells.on_time, 0), null) as double) as numerator,
    cast(if(periods.is_loaded, coalesce(cells.due, 0), null) as double) as denominator,
    100 * numerator / nullif(denominator, 0) as value,
    if(value is null, 'not_available', periods.status) as status
from periods
left join cells using (period_type, period_start)
order by measure, periods.period_type, periods.period_start, breakdown, member
