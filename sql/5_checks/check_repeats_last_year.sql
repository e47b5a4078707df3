/* One row: one total that equals the total of the same period a year before, to the last digit.
   Why: large flows never repeat exactly; a copied table or a wrong year block does. */
with totals as (
    select kpi, measure, period_type, period, period_start, value
    from figures
    where breakdown = 'total' and value >= 1000 and kpi in ('PLC-01', 'REM-01')
)

select totals.kpi, totals.measure, totals.period, before.period as period_before, totals.value
from totals
inner join totals as before
    on totals.kpi = before.kpi
    and totals.measure = before.measure
    and totals.period_type = before.period_type
    and before.period_start = cast(totals.period_start - to_years(1) as date)
    and totals.value = before.value
