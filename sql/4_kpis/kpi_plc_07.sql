/* One row: share of women among the services of one cell.
   Why: PLC-07. Where the sex of nobody is known the share is not available, not zero. The breakdown
   sex itself would only say 100 or 0, so it is left out.
   Of most regencies a month or a quarter is a handful, so they have years only. */
with periods as (
    select * from mart_available_periods where dataset = 'placements'
),

counts as (
    select period_type, period, breakdown, member, services_women, services_known_sex, services
    from mart_placement_counts
    where breakdown <> 'sex' and (breakdown <> 'regency' or period_type = 'year')
)

select
    'share' as measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(counts.breakdown, 'total') as breakdown,
    coalesce(counts.member, '') as member,
    cast(if(periods.is_loaded and counts.services_known_sex > 0, counts.services_women, null) as double) as numerator,
    cast(if(periods.is_loaded, counts.services, null) as double) as denominator,
    100 * numerator / nullif(denominator, 0) as value,
    if(value is null, 'not_available', periods.status) as status
from periods
left join counts using (period_type, period)
order by measure, periods.period_type, periods.period_start, breakdown, member
