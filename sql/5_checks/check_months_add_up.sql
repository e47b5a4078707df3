/* One row: one quarter or year of a flow that is not the sum of its months (remittances: quarters).
   Why: one figure seen in two places must be one figure. Stocks, persons and shares do not add up. */
with flows as (
    select kpi, measure, period_type, period, period_start, breakdown, member, value
    from figures
    where (kpi, measure) in (
        ('PLC-01', 'services'), ('PLC-01', 'departures'), ('CMP-01', 'received'), ('REM-01', 'amount_usd_million'),
        ('RET-01', 'returns'), ('RET-03', 'ill'), ('RET-04', 'deported'), ('BFR-03', 'prevented'),
        ('LEG-02', 'accompanied'), ('LEG-03', 'legal_aid_idr'), ('LEG-03', 'complaints_idr'), ('TPP-02', 'dead_and_missing'),
        ('EMP-01', 'participations'), ('EMP-04', 'disbursed_idr_billion'), ('EMP-06', 'businesses'), ('EMP-08', 'new_villages'),
        ('SKL-01', 'services')
    ) or kpi = 'SKL-03'
),

steps as (
    select *
    from (values ('month', 'quarter'), ('month', 'year'), ('quarter', 'year')) as steps (part, whole)
),

sums as (
    select
        flows.kpi, flows.measure, steps.part, steps.whole as period_type,
        cast(date_trunc(steps.whole, flows.period_start) as date) as period_start,
        flows.breakdown, flows.member, sum(flows.value) as sum_of_parts
    from flows
    inner join steps on flows.period_type = steps.part
    group by all
)

select
    wholes.kpi, wholes.measure, wholes.period, wholes.breakdown, wholes.member,
    sums.part, wholes.value, sums.sum_of_parts
from flows as wholes
inner join sums using (kpi, measure, period_type, period_start, breakdown, member)
where abs(wholes.value - coalesce(sums.sum_of_parts, 0)) > 0.000000001 * greatest(1, abs(wholes.value))
