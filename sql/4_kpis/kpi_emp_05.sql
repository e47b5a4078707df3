/* One row: debtors of KUR for migrant workers paid out in one period and cell, their mean loan, or the share of what they
   still owe that is not performing.
   Why: EMP-05. Loans are delivered as they stand now, without a history, so the quality belongs to the period in which
   the loans were paid out and is no portfolio at the end of it. */
with periods as (
    select * from mart_available_periods where dataset = 'loans'
),

counts as (
    select period_type, period_start, breakdown, member, unnest([
        {'measure': 'debtors', 'part': cast(debtors as double), 'whole': cast(null as double)},
        {'measure': 'mean_idr', 'part': cast(disbursed_idr as double), 'whole': cast(loans as double)},
        {'measure': 'npl', 'part': cast(outstanding_bad_idr as double), 'whole': cast(outstanding_rated_idr as double)}
    ], recursive := true)
    from mart_kur_counts
)

select
    measures.measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(counts.breakdown, 'total') as breakdown,
    coalesce(counts.member, '') as member,
    if(periods.is_loaded, coalesce(counts.part, 0), null) as numerator,
    if(periods.is_loaded, counts.whole, null) as denominator,
    if(measures.scale is null, numerator, measures.scale * numerator / nullif(denominator, 0)) as value,
    if(value is null, 'not_available', periods.status) as status
from periods
cross join (values ('debtors', null), ('mean_idr', 1), ('npl', 100)) as measures (measure, scale)
left join counts
    on measures.measure = counts.measure
    and periods.period_type = counts.period_type
    and periods.period_start = counts.period_start
order by measures.measure, periods.period_type, periods.period_start, breakdown, member
