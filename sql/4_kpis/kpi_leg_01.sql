/* One row: share of the mediations that ended in one period and cell in which the parties settled.
   Why: LEG-01. Counted by the end, so that a mediation that goes on weighs on nobody; one that was
   withdrawn was mediated and did not settle. */
with periods as (
    select * from mart_available_periods where dataset = 'legal_aid'
),

counts as (
    select period_type, period, breakdown, member, mediations_settled, mediations_ended
    from mart_legal_aid_counts
    where breakdown <> 'path' and (breakdown = 'total' or mediations_ended > 0)
)

select
    'share_settled' as measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(counts.breakdown, 'total') as breakdown,
    coalesce(counts.member, '') as member,
    cast(if(periods.is_loaded, counts.mediations_settled, null) as double) as numerator,
    cast(if(periods.is_loaded, counts.mediations_ended, null) as double) as denominator,
    100 * numerator / nullif(denominator, 0) as value,
    if(value is null, 'not_available', periods.status) as status
from periods
left join counts using (period_type, period)
order by measure, periods.period_type, periods.period_start, breakdown, member
