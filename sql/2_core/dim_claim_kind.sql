/* One row: one kind of claim on the social security.
   Why: work accidents and deaths have figures of their own. */
select
    code,
    name_id,
    name_en
from ref_claim_kind
order by code
