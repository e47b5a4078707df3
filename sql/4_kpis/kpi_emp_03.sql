/* One row: share of the businesses formed in one period and cell that were still going after 6 or 12 months, or that
   somebody went to see by then.
   Why: EMP-03. A cohort shows only once its last business is that old. What nobody went to see is on neither side of
   survival, so the share that was seen stands beside it. */
with periods as (
    select * from mart_available_periods where dataset = 'businesses'
),

windows as (
    select *
    from (values ('active_12m', 12), ('active_6m', 6), ('seen_12m', 12)) as windows (measure, months)
),

cohorts as (
    select period_type, period_start, breakdown, member, unnest([
        {'measure': 'active_12m', 'part': active_at_12m, 'whole': seen_at_12m},
        {'measure': 'active_6m', 'part': active_at_6m, 'whole': seen_at_6m},
        {'measure': 'seen_12m', 'part': seen_at_12m, 'whole': formed}
    ], recursive := true)
    from mart_business_counts
),

judged as (
    select
        windows.measure,
        periods.*,
        periods.is_loaded and periods.period_end + to_months(windows.months) <= run.as_of as is_mature
    from periods
    cross join windows
    cross join run
)

select
    judged.measure,
    judged.period_type,
    judged.period,
    judged.period_start,
    coalesce(cohorts.breakdown, 'total') as breakdown,
    coalesce(cohorts.member, '') as member,
    cast(if(judged.is_mature, cohorts.part, null) as double) as numerator,
    cast(if(judged.is_mature, cohorts.whole, null) as double) as denominator,
    100 * numerator / nullif(denominator, 0) as value,
    if(value is null, 'not_available', judged.status) as status
from judged
left join cohorts
    on judged.measure = cohorts.measure
    and judged.period_type = cohorts.period_type
    and judged.period_start = cohorts.period_start
order by judged.measure, judged.period_type, judged.period_start, breakdown, member
