/* One row: share of the editions due in one period that came out by the day of the calendar.
   Why: GOV-01. An edition that is not out yet is late from the day after, whatever the reason. */
with periods as (
    select * from mart_available_periods where dataset = 'publication_calendar'
),

due as (
    select due_on, is_on_time
    from fct_publication_calendar
    cross join run
    where due_on <= run.as_of
),

cells as (
    select
        steps.period_type, cast(date_trunc(steps.period_type, due_on) as date) as period_start,
        count(*) as due, count(*) filter (is_on_time) as on_time
    from due
    cross join (values ('month'), ('quarter'), ('year')) as steps (period_type)
    group by steps.period_type, date_trunc(steps.period_type, due_on)
)

select
    'on_time_share' as measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    'total' as breakdown,
    '' as member,
    cast(if(periods.is_loaded, coalesce(cells.on_time, 0), null) as double) as numerator,
    cast(if(periods.is_loaded, coalesce(cells.due, 0), null) as double) as denominator,
    100 * numerator / nullif(denominator, 0) as value,
    if(value is null, 'not_available', periods.status) as status
from periods
left join cells using (period_type, period_start)
order by measure, periods.period_type, periods.period_start
