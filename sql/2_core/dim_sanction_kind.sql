/* One row: one kind of sanction against a placement company.
   Why: a warning and a revocation are not one thing. */
select
    code,
    name_id,
    name_en
from ref_sanction_kind
order by code
