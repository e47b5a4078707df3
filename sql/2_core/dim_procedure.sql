/* One row: one answer to the question whether the worker left by the legal procedure.
   Why: "unknown" and "other" are answers of their own and no silent yes or no. */
select
    code,
    name_id,
    name_en
from ref_procedure
order by code
