/* One row: domains of migration policy met, of the six, in one period.
   Why: GOV-06. The answer is given to the United Nations every few years; the paper comes with it. */
select
    'domains_share' as measure,
    period_type,
    period,
    period_start,
    breakdown,
    member,
    indicator_value as numerator,
    cast(6 as double) as denominator,
    100 * numerator / nullif(denominator, 0) as value,
    'reported' as status
from mart_manual_indicators
where kpi = 'GOV-06'
order by measure, period_type, period_start, breakdown, member
