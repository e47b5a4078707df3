/* One row: one state of a promise.
   Why: a promise that both sides withdrew was not broken. */
select
    code,
    name_id,
    name_en
from ref_commitment_state
order by code
