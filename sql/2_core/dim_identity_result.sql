/* One row: one answer of the civil register.
   Why: no answer but a match verifies a number. */
select
    code,
    name_id,
    name_en
from ref_identity_result
order by code
