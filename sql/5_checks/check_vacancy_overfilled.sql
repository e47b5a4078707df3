/* One row: one job order for which more workers were found than it asks for.
   Why: the fill rate would pass 100 %; either the order was raised or workers are booked on the wrong one. */
select source, row_key, p3mi, quota, filled, filled - quota as too_many
from fct_vacancies
where filled > quota
order by source, row_key
