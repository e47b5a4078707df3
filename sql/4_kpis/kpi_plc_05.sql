/* One row: share of services in occupations of medium or high skill (ISCO level 2 and above), of one cell.
   Why: PLC-05. The target of 60 per cent turns on the rule that a caregiver is medium, as ISCO-08 has it. A title that
   no list knows stays in the denominator; where no level is known at all the share is not available.
   The breakdown occupation itself would only say 100 or 0, so it is left out.
   Of most regencies a month or a quarter is a handful, so they have years only. */
with periods as (
    select * from mart_available_periods where dataset = 'placements'
),

counts as (
    select period_type, period, breakdown, member, services_skilled, services_known_skill, services
    from mart_placement_counts
    where breakdown <> 'occupation' and (breakdown <> 'regency' or period_type = 'year')
)

select
    'share' as measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(counts.breakdown, 'total') as breakdown,
    coalesce(counts.member, '') as member,
    cast(if(periods.is_loaded and counts.services_known_skill > 0, counts.services_skilled, null) as double) as numerator,
    cast(if(periods.is_loaded, counts.services, null) as double) as denominator,
    100 * numerator / nullif(denominator, 0) as value,
    if(value is null, 'not_available', periods.status) as status
from periods
left join counts using (period_type, period)
order by measure, periods.period_type, periods.period_start, breakdown, member
