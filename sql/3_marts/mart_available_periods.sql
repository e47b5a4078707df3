/* One row: one period (month, quarter, year) of one dataset: are its figures there, and are they settled?
   Why: nothing counted is zero only where the dataset was loaded; elsewhere the figure is "not
   available". Every KPI takes its status from here, so the rule stands in one place. */
with ranges as (
    select
        dataset,
        any_value(settling_months) as settling_months,
        any_value(delivery_step) as delivery_step,
        min(month_start) as first_month,
        greatest(
            max(month_start),
            date_trunc(any_value(delivery_step), any_value(run.as_of) + 1) - interval 1 month
        ) as last_month
    from mart_available_months
    cross join run
    where month_start <= run.as_of
    group by dataset
),

calendar as (
    select dataset, first_month, unnest(generate_series(date_trunc('year', first_month), last_month, interval 1 month)) as month_start
    from ranges
),

periods as (
    select
        calendar.dataset,
        steps.period_type,
        cast(date_trunc(steps.period_type, calendar.month_start) as date) as period_start,
        bool_and(coalesce(mart_available_months.is_loaded, false)) as is_loaded
    from calendar
    left join mart_available_months using (dataset, month_start)
    cross join (values ('month'), ('quarter'), ('year')) as steps (period_type)
    group by all
    having bool_or(calendar.month_start >= calendar.first_month)
),

dated as (
    select
        *,
        case period_type
            when 'month' then strftime(period_start, '%Y-%m')
            when 'quarter' then strftime(period_start, '%Y') || '-Q' || quarter(period_start)
            else strftime(period_start, '%Y')
        end as period,
        cast(period_start + to_months(if(period_type = 'month', 1, if(period_type = 'quarter', 3, 12))) as date) - 1 as period_end
    from periods
)

select
    dated.dataset,
    dated.period_type,
    dated.period,
    dated.period_start,
    dated.period_end,
    dated.period_end <= run.as_of as has_ended,
    dated.is_loaded,
    ranges.delivery_step,
    case
        when not dated.is_loaded then 'not_available'
        when dated.period_end + to_months(ranges.settling_months) > run.as_of then 'provisional'
        else 'reported'
    end as status
from dated
inner join ranges using (dataset)
cross join run
where not (ranges.delivery_step = 'quarter' and dated.period_type = 'month')
    and not (ranges.delivery_step = 'year' and dated.period_type <> 'year')
order by dated.dataset, dated.period_type, dated.period_start
