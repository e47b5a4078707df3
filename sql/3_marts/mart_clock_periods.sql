/* One row: one legal clock and one period: the day on which the last clock that starts in the period has run.
   Why: a cohort is whole only then. Where the rule changes within the period the longest-running clock decides;
   a period in which no rule holds, or one in working days, has no such day and its cohort is not available. */
with periods as (
    select distinct period_type, period_start, period_end from mart_available_periods
)

select
    clocks.code,
    periods.period_type,
    periods.period_start,
    if(
        count(*) = count(clocks.clock_days),
        cast(max(
            least(periods.period_end, coalesce(clocks.valid_to, periods.period_end))
            + to_months(clocks.clock_months) + to_days(clocks.clock_days)
        ) as date),
        null
    ) as last_due_on
from periods
inner join dim_legal_clock as clocks
    on periods.period_start <= coalesce(clocks.valid_to, periods.period_start)
    and periods.period_end >= coalesce(clocks.valid_from, periods.period_end)
group by all
order by code, periods.period_type, periods.period_start
