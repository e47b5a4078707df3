/* One row: one period whose scheme shares do not add up to 100.
   Why: published scheme tables have lost whole classes this way; ours carry UNK and UNKNOWN. */
select period_type, period, sum(value) as sum_of_shares
from figures
where kpi = 'PLC-06' and value is not null
group by period_type, period
having abs(sum(value) - 100) > 0.000001
