/* One row: one result of a legal service.
   Why: what was settled, won or lost has a name. */
select
    code,
    name_id,
    name_en
from ref_legal_result
order by code
