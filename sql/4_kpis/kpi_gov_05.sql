/* One row: the Ombudsman's score of one period, in all or of one service unit.
   Why: GOV-05. The score is another body's; the ministry hands over the paper that says it. */
select
    'score' as measure,
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
where kpi = 'GOV-05'
order by measure, period_type, period_start, breakdown, member
