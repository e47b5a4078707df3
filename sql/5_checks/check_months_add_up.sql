/* One row: one quarter or year of a flow that is not the sum of its months (remittances: quarters).
   Why: one figure seen in two places must be one figure. Stocks, persons and shares do not add up. */
with flows as (
    select kpi, measure, period_type, period, period_start, breakdown, member, value
    from figures
    where (kpi, measure) in (
        ('PLC-01', 'services'), ('PLC-01', 'departures'), ('CMP-01', 'received'), ('REM-01', 'amount_usd_million'),
        ('PLC-09', 'offered'), ('BFR-01', 'briefed')
    )
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
where wholes.value is not null and abs(wholes.value - coalesce(sums.sum_of_parts, 0)) > 0.000001
