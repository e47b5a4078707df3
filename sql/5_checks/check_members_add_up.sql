/* One row: one breakdown whose members do not add up to the total of the period.
   Why: nobody may fall between two members; who is not known stands under UNKNOWN. */
with parts as (
    select kpi, measure, period_type, period, breakdown, value
    from figures
    where
        (kpi, measure) in (
            ('PLC-01', 'services'), ('PLC-01', 'departures'), ('CMP-01', 'received'),
            ('RET-01', 'returns'), ('RET-03', 'ill'), ('RET-04', 'deported'), ('BFR-03', 'prevented'),
            ('LEG-02', 'accompanied'), ('LEG-03', 'legal_aid_idr'), ('LEG-03', 'complaints_idr')
        )
        or kpi = 'CMP-05'
        or (kpi, measure) in (
            ('EMP-01', 'participations'), ('EMP-06', 'businesses'), ('EMP-08', 'villages'), ('EMP-08', 'new_villages'),
            ('SKL-01', 'services')
        )
        or kpi = 'SKL-03'
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
where
    totals.breakdown = 'total'
    and abs(totals.value - coalesce(sums.sum_of_members, 0)) > 0.000000001 * greatest(1, abs(totals.value))
