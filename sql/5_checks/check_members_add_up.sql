/* One row: one breakdown whose members do not add up to the total of the period.
   Why: nobody may fall between two members; who is not known stands under UNKNOWN. */
with parts as (
    select kpi, measure, period_type, period, breakdown, value
    from figures
    where
        (kpi, measure) in (('PLC-01', 'services'), ('PLC-01', 'departures'), ('CMP-01', 'received'))
        or kpi = 'CMP-05'
        or (kpi, measure) in (
            ('PLC-09', 'offered'), ('PLC-09', 'filled'), ('PLC-09', 'unfilled'), ('BFR-01', 'briefed'),
            ('BFR-06', 'licensed'), ('BFR-06', 'sanctioned')
        )
),

sums as (
    select kpi, measure, period_type, period, breakdown, sum(value) as sum_of_members
    from parts
    where breakdown <> 'total'
    group by all
)

select
    totals.kpi, totals.measure, totals.period, sums.breakdown, totals.value, sums.sum_of_members
from parts as totals
inner join sums using (kpi, measure, period_type, period)
where totals.breakdown = 'total' and totals.value is not null and totals.value is distinct from sums.sum_of_members
