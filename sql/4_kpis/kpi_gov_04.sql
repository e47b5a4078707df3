/* One row: the ministry's budget performance score of one period, or that score as a share of its target; in all or of one unit.
   Why: GOV-04. The score is the finance ministry's and comes with its paper. A target is only one that was published. */
with targets as (
    select period_type, period, target_value
    from dim_target
    cross join run
    where kpi = 'GOV-04' and measure = 'score' and (set_on is null or set_on <= run.as_of)
    qualify row_number() over (partition by period_type, period order by set_on desc nulls last, publication) = 1
),

scores as (
    select 'score' as measure, mart_manual_indicators.*, null as target_value
    from mart_manual_indicators
    where kpi = 'GOV-04'
    union all
    select 'attainment', mart_manual_indicators.*, targets.target_value
    from mart_manual_indicators
    inner join targets using (period_type, period)
    where kpi = 'GOV-04' and breakdown = 'total'
)

select
    measure,
    period_type,
    period,
    period_start,
    breakdown,
    member,
    indicator_value as numerator,
    cast(target_value as double) as denominator,
    if(measure = 'attainment', 100 * numerator / nullif(denominator, 0), numerator) as value,
    'reported' as status
from scores
order by measure, period_type, period_start, breakdown, member
