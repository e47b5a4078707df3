/* One row: share of nonprocedural workers among the cases of one cell whose procedure is known.
   Why: CMP-07. "Other" and "unknown" are no answer and stay out of both sides; the breakdown procedure
   itself would only say 100 or 0, so it is left out. */
with periods as (
    select * from mart_available_periods where dataset = 'cases'
),

counts as (
    select period_type, period, breakdown, member, nonprocedural, procedure_known
    from mart_case_counts
    where breakdown not in ('procedure', 'sex', 'status')
)

select
    'share' as measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(counts.breakdown, 'total') as breakdown,
    coalesce(counts.member, '') as member,
    cast(if(periods.is_loaded, counts.nonprocedural, null) as double) as numerator,
    cast(if(periods.is_loaded, counts.procedure_known, null) as double) as denominator,
    100 * numerator / nullif(denominator, 0) as value,
    if(value is null, 'not_available', periods.status) as status
from periods
left join counts using (period_type, period)
order by measure, periods.period_type, periods.period_start, breakdown, member
