/* One row: share of the cases received in one period and cell that were resolved within 30, 90 or 180 days.
   Why: CMP-03. A share of young cases says nothing, so a cohort shows only once its last case has had
   its n days and events reach that far. Closing by administration or handing over is not resolving. */
with periods as (
    select * from mart_available_periods where dataset = 'case_outcomes'
),

windows as (
    select *
    from (values ('within_30', 30), ('within_90', 90), ('within_180', 180)) as windows (measure, days)
),

known_until as (
    select least(max(last_day(occurred_on)), max(run.as_of)) as known_on
    from fct_case_events
    cross join run
    where occurred_on <= run.as_of
),

cohorts as (
    select period_type, period, breakdown, member, received, unnest([
        {'measure': 'within_30', 'resolved': resolved_within_30_days},
        {'measure': 'within_90', 'resolved': resolved_within_90_days},
        {'measure': 'within_180', 'resolved': resolved_within_180_days}
    ], recursive := true)
    from mart_case_counts
    where breakdown not in ('sex', 'status')
),

judged as (
    select
        windows.measure,
        periods.*,
        periods.is_loaded and periods.period_end + windows.days <= known_until.known_on as is_mature
    from periods
    cross join windows
    cross join known_until
)

select
    judged.measure,
    judged.period_type,
    judged.period,
    judged.period_start,
    coalesce(cohorts.breakdown, 'total') as breakdown,
    coalesce(cohorts.member, '') as member,
    cast(if(judged.is_mature, cohorts.resolved, null) as double) as numerator,
    cast(if(judged.is_mature, cohorts.received, null) as double) as denominator,
    100 * numerator / nullif(denominator, 0) as value,
    if(value is null, 'not_available', judged.status) as status
from judged
left join cohorts
    on judged.measure = cohorts.measure
    and judged.period_type = cohorts.period_type
    and judged.period = cohorts.period
order by judged.measure, judged.period_type, judged.period_start, breakdown, member
