/* One row: businesses formed in one period and cell that have sold through a market they were linked to, or their share.
   Why: EMP-06. The source says that a business has sold and not when, so it stands in the period in which it was formed;
   where nobody knows, a business is on neither side of the share. */
with periods as (
    select * from mart_available_periods where dataset = 'businesses'
),

counts as (
    select period_type, period_start, breakdown, member, sold_through_link, sale_known from mart_business_counts
)

select
    measures.measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(counts.breakdown, 'total') as breakdown,
    coalesce(counts.member, '') as member,
    cast(if(periods.is_loaded, coalesce(counts.sold_through_link, 0), null) as double) as numerator,
    cast(if(periods.is_loaded and measures.measure = 'share', coalesce(counts.sale_known, 0), null) as double) as denominator,
    if(measures.measure = 'share', 100 * numerator / nullif(denominator, 0), numerator) as value,
    if(value is null, 'not_available', periods.status) as status
from periods
cross join (values ('businesses'), ('share')) as measures (measure)
left join counts using (period_type, period_start)
order by measures.measure, periods.period_type, periods.period_start, breakdown, member
