/* One row: share of services with an employer that is a legal entity, of one cell.
   Why: PLC-04. Households are the riskier employers; where no employer type is known at all the share
   is not available, not zero.
   The breakdown employer_type itself would only say 100 or 0, so it is left out.
   Of most regencies a month or a quarter is a handful, so they have years only. */
with periods as (
    select * from mart_available_periods where dataset = 'placements'
),

counts as (
    select period_type, period, breakdown, member, services_legal_employer, services_known_employer, services
    from mart_placement_counts
    where breakdown <> 'employer_type' and (breakdown <> 'regency' or period_type = 'year')
)

select
    'share' as measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(counts.breakdown, 'total') as breakdown,
    coalesce(counts.member, '') as member,
    cast(if(periods.is_loaded and counts.services_known_employer > 0, counts.services_legal_employer, null) as double) as numerator,
    cast(if(periods.is_loaded, counts.services, null) as double) as denominator,
    100 * numerator / nullif(denominator, 0) as value,
    if(value is null, 'not_available', periods.status) as status
from periods
left join counts using (period_type, period)
order by measure, periods.period_type, periods.period_start, breakdown, member
