/* One row: one class of return.
   Why: returns, deportations, deaths and prevented departures are figures of their own. */
select
    code,
    name_id,
    name_en
from ref_return_class
order by code
