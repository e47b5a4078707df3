/* One row: one indicator that a paper hands over.
   Why: a value is only taken for an indicator that nothing here counts. */
select
    code,
    name_id,
    name_en
from ref_manual_indicator
order by code
