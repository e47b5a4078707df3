/* One row: one period whose countries send more than the total.
   Why: countries may leave a rest, never more than the whole; then two series were mixed. */
select
    period_type,
    period,
    sum(amount_usd) filter (breakdown = 'country') as sum_of_countries_usd,
    sum(amount_usd) filter (breakdown = 'total') as total_usd
from mart_remittances
group by period_type, period
having sum_of_countries_usd > total_usd
