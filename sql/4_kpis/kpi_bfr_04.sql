/* One row: what a worker pays to get the job, in months of income abroad, of one period, in all or of one country.
   Why: BFR-04. No register knows what workers pay; a survey does, and its paper stands behind the value. */
select
    'months' as measure,
    period_type,
    period,
    period_start,
    breakdown,
    member,
    indicator_value as numerator,
    cast(null as double) as denominator,
    numerator as value,
    'reported' as status
from mart_manual_indicators
where kpi = 'BFR-04'
order by measure, period_type, period_start, breakdown, member
