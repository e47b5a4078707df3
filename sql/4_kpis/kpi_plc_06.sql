/* One row: share of one scheme in the services of one period.
   Why: PLC-06. The breakdown is the KPI, so there is no total row: its shares add up to 100, the class
   UNK included, which is what published shares fail to do. */
with periods as (
    select * from mart_available_periods where dataset = 'placements'
),

schemes as (
    select period_type, period, breakdown, member, services
    from mart_placement_counts
    where breakdown = 'scheme'
),

totals as (
    select period_type, period, services
    from mart_placement_counts
    where breakdown = 'total'
)

select
    'share' as measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    schemes.breakdown,
    schemes.member,
    cast(if(periods.is_loaded, schemes.services, null) as double) as numerator,
    cast(if(periods.is_loaded, totals.services, null) as double) as denominator,
    100 * numerator / nullif(denominator, 0) as value,
    if(value is null, 'not_available', periods.status) as status
from periods
inner join schemes using (period_type, period)
inner join totals using (period_type, period)
order by measure, periods.period_type, periods.period_start, schemes.breakdown, schemes.member
