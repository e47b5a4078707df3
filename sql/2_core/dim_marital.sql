/* One row: one marital status.
   Why: the label of the status, with both kinds of divorce merged as published. */
select
    code,
    name_id,
    name_en
from ref_marital
order by code
